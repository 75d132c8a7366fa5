//! The table is complete: if an operation is added without a row, these tests fail or do not compile.

use autodiff::{Decomposition, Linear, Matmul, Op, Pointwise, Tape};
use std::collections::BTreeSet;
use tests::table::Row;

/// Assigns a row to each operation. The `match` has no `_` arm, so the compiler names an operation without a row. The
/// list is for the tests.
macro_rules! row_of {
    ($function:ident, $list:ident: $kind:ident, $($variant:ident => $row:ident,)*) => {
        fn $function(op: &$kind) -> Row {
            match op {
                $($kind::$variant { .. } => Row::$row,)*
            }
        }

        const $list: &[(&str, Row)] = &[$((stringify!($variant), Row::$row)),*];
    };
}

row_of! { row_of_pointwise, POINTWISE: Pointwise,
    Neg => neg, Scale => scale, Shift => shift, Recip => recip, Square => square, Sqrt => sqrt, Cbrt => cbrt,
    Powi => powi, Powf => powf, Exp => exp, Expm1 => expm1, Ln => ln, Ln1p => ln1p, Sin => sin, Cos => cos, Tan => tan,
    Asin => asin, Acos => acos, Atan => atan, Sinh => sinh, Cosh => cosh, Tanh => tanh, SechSquared => sech_squared, Asinh => asinh,
    Acosh => acosh, Atanh => atanh, Sigmoid => sigmoid, Softplus => softplus, Erf => erf, Erfc => erfc, Relu => relu, Abs => abs,
    ClampMin => clamp_min, ClampMax => clamp_max, Sign => sign, Step => step, Floor => floor, Detach => detach, Add => add,
    Sub => sub, Mul => mul, MulStrongZero => mul_strong_zero, Div => div, Pow => pow, Atan2 => atan2, Hypot => hypot,
    Maximum => maximum, Minimum => minimum, Greater => greater, Equal => equal, Select => select,
    SubFrom => sub_from, DivBy => div_by, DivInto => div_into, Exp2 => exp2, Log2 => log2, Log10 => log10, Rem => rem,
    MulAdd => mul_add, Lgamma => lgamma, Polygamma => polygamma, Sinc => sinc,
}

row_of! { row_of_linear, LINEAR: Linear,
    Broadcast => broadcast, SumTo => sum_to, Reshape => reshape, Permute => permute, Slice => slice_by, Pad => pad_by,
    Flip => flip, CumSum => cumsum, Unfold => unfold, Fold => fold, Gather => gather, ScatterAdd => scatter_add, Concat => concat,
}

row_of! { row_of_decomposition, DECOMPOSITION: Decomposition,
    Cholesky => cholesky, TriangularSolve => triangular_solve, Solve => solve, Det => det, LogDet => log_det, Qr => qr,
    Eigh => eigh, Svd => svd,
}

fn row_of_matmul(op: &Matmul) -> Row {
    match (op.transpose_lhs, op.transpose_rhs) {
        (false, false) => Row::matmul,
        (false, true) => Row::matmul_t,
        (true, false) => Row::t_matmul,
        (true, true) => Row::t_matmul_t,
    }
}

fn row_of(op: &Op) -> Row {
    match op {
        Op::Pointwise(op) => row_of_pointwise(op),
        Op::Linear(op) => row_of_linear(op),
        Op::Matmul(op) => row_of_matmul(op),
        Op::LogSoftmax { .. } => Row::log_softmax,
        Op::Decomposition(op) => row_of_decomposition(op),
        Op::Custom(_) => Row::custom_cube,
    }
}

/// The names of the operations that a row records, without underscores.
fn recorded(row: Row) -> BTreeSet<String> {
    let tape = Tape::new();
    row.call(&row.split(&row.point(1)).into_iter().map(|x| tape.variable(x)).collect::<Vec<_>>());
    let op = |line: &str| {
        let text = line.split_once(" = ").expect("each line of a tape holds ` = `").1;
        let text = if text.contains('·') { "matmul" } else { text }; // written with its operands
        text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').filter(|c| *c != '_').collect()
    };
    tape.to_string().lines().map(op).collect()
}

#[test]
fn every_primitive_has_a_row_that_applies_it() {
    for (variant, row) in POINTWISE.iter().chain(LINEAR).chain(DECOMPOSITION) {
        assert!(recorded(*row).contains(&variant.to_lowercase()), "{row:?} does not apply {variant}");
    }
    let plain = Matmul { transpose_lhs: false, transpose_rhs: false };
    for op in [Op::from(Pointwise::Exp), Linear::Flip(0).into(), plain.into(), Op::LogSoftmax { axis: 0 }] {
        assert!(recorded(row_of(&op)).contains(&op.name().replace('_', "")), "{op} has the wrong row");
    }
}

#[test]
fn every_transposition_of_a_matrix_product_has_a_row() {
    for (lhs, rhs) in [(false, false), (false, true), (true, false), (true, true)] {
        let row = row_of_matmul(&Matmul { transpose_lhs: lhs, transpose_rhs: rhs });
        let tape = Tape::new();
        row.call(&row.split(&row.point(1)).into_iter().map(|x| tape.variable(x)).collect::<Vec<_>>());
        let text = tape.to_string();
        let is_expected = |line: &str| {
            line.split_once('·').is_some_and(|(a, b)| {
                let b = b.split(' ').next().unwrap_or_default();
                [a.ends_with('ᵀ'), b.ends_with('ᵀ')] == [lhs, rhs]
            })
        };
        assert!(
            text.lines().any(is_expected),
            "{row:?} does not apply a product with transpositions {lhs}, {rhs}:\n{text}"
        );
    }
}

/// The sources of the traits of named functions. The methods of a trait are listed nowhere else.
const TRAITS: [&str; 6] = [
    include_str!("../../../autodiff/src/algebra/function/math.rs"),
    include_str!("../../../autodiff/src/algebra/function/structural.rs"),
    include_str!("../../../autodiff/src/algebra/function/linear_algebra.rs"),
    include_str!("../../../autodiff/src/algebra/function/composite.rs"),
    include_str!("../../../autodiff/src/algebra/function/convolution/mod.rs"),
    include_str!("../../../autodiff/src/algebra/function/decompositions/mod.rs"),
];

/// The names of the functions of the trait in a source file, without the checked variants (`try_…`).
fn methods(source: &str) -> Vec<&str> {
    let start = source.split_once("pub trait ").expect("the file has a trait").1;
    let body = start.split_once("\n}\n").expect("the trait ends").0;
    body.lines()
        .filter_map(|line| line.strip_prefix("    fn "))
        .filter_map(|line| line.split(['(', '<']).next())
        .filter(|name| !name.starts_with("try_"))
        .collect()
}

#[test]
fn every_named_function_has_a_row() {
    let rows: BTreeSet<String> = Row::ALL.iter().map(|row| format!("{row:?}")).collect();
    let names: Vec<&str> = TRAITS.iter().flat_map(|source| methods(source)).collect();
    assert!(names.len() > 60, "only {} functions found: the search in the sources is broken", names.len());
    let alias = |name: &str| match name {
        "broadcast_to" => "broadcast".to_owned(),
        _ => name.to_owned(),
    };
    let missing: Vec<_> = names.iter().filter(|name| !rows.contains(&alias(name))).collect();
    assert!(missing.is_empty(), "functions without a row: {missing:?}");
}
