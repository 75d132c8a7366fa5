//! A formula, evaluated by the rules of its notation, gives the value of the variable.

use super::Equations;
use super::expression::Expression::{self, *};
use crate::algebra::Pointwise::{self, *};
use crate::algebra::{Composite, LinearAlgebra, Math, Op, Reading, Structural};
use crate::array::Tensor;
use crate::tape::{Tape, Var};
use std::collections::HashMap;

type T = Tensor<f64>;
type V<'t> = Var<'t, T>;

const UNARY: [Pointwise; 33] = [
    Neg,
    Recip,
    Square,
    Sqrt,
    Cbrt,
    Exp,
    Expm1,
    Exp2,
    Ln,
    Log2,
    Log10,
    Ln1p,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Tanh,
    SechSquared,
    Asinh,
    Atanh,
    Sigmoid,
    Softplus,
    Erf,
    Erfc,
    Lgamma,
    Relu,
    Abs,
    Sign,
    Step,
];
const WITH_NUMBER: [Pointwise; 14] = [
    Scale(2.5),
    Shift(-0.25),
    SubFrom(1.5),
    DivBy(3.0),
    DivBy(4.0),
    DivInto(0.7),
    Powi(3.0),
    Powi(-2.0),
    Powf(1.3),
    ClampMin(0.4),
    ClampMax(0.4),
    Polygamma(1.0),
    Sinc(0.0),
    Sinc(1.0),
];
const BINARY: [Pointwise; 12] = [Add, Sub, Mul, MulStrongZero, Div, Rem, Pow, Atan2, Hypot, Maximum, Minimum, Greater];
const TERNARY: [Pointwise; 2] = [MulAdd, Select];
const OTHER: [Pointwise; 4] = [Acosh, Floor, Detach, Equal];

fn evaluate(equations: &Equations, leaves: &HashMap<&str, T>) -> T {
    let mut parts: HashMap<String, T> = leaves.iter().map(|(name, x)| ((*name).to_owned(), x.clone())).collect();
    let mut last = Tensor::scalar(f64::NAN);
    for (name, expression) in &equations.lines {
        last = value(expression, &parts);
        parts.extend(name.clone().map(|name| (name, last.clone())));
    }
    last
}

fn value(x: &Expression, parts: &HashMap<String, T>) -> T {
    let value = |x: &Expression| value(x, parts);
    match x {
        Number(c) => Tensor::scalar(*c),
        Name { text, .. } => parts[text].clone(),
        Sum(terms) => terms.iter().map(value).reduce(|a, b| a + b).expect("terms"),
        Product { coefficient, above, below } => {
            let above = above.iter().map(value).fold(Tensor::scalar(*coefficient), |a, b| a * b);
            below.iter().map(value).fold(above, |a, b| a / b)
        }
        Matmul { factors, .. } => value(&factors[0]).matmul(value(&factors[1])),
        Transpose(x) => value(x).t(),
        Power(x, exponent) => value(x).powf(*exponent),
        Total { axes: None, of } => value(of).sum(),
        Total { axes: Some(axes), of } => axes.iter().rev().fold(value(of), |sum, &axis| sum.sum_axis(axis as isize)),
        Call { function, x, .. } => call(function, &x.iter().map(value).collect::<Vec<_>>()),
        Elements { of, index, .. } => {
            let column = index.strip_prefix(":, ").expect("a column").parse().expect("a number");
            value(of).index_axis(1, column)
        }
    }
}

fn call(function: &str, x: &[T]) -> T {
    match (function, x) {
        ("max", [a, b]) => a.maximum(b),
        ("min", [a, b]) => a.minimum(b),
        ("relu′", [x]) => x.relu().sign(),
        ("tanh′", [x]) => (1.0 - x.tanh()) * (1.0 + x.tanh()),
        ("sigmoid′", [x]) => x.sigmoid() * (1.0 - x.sigmoid()),
        ("polygamma", [n, x]) => x.polygamma(n.item() as u32),
        (sinc, [x]) if sinc.starts_with("sinc") => T::apply_pointwise(Sinc(sinc.matches('′').count() as f64), &[x]),
        ("log_softmax", [x]) => x.log_softmax(-1),
        // A row would broadcast by itself, so this is a column.
        ("broadcast[2, 2]", [x]) => x.reshape([2, 1]).broadcast_to([2, 2]),
        ("select", [mask, a, b]) => mask.select(a, b),
        _ => {
            let all = UNARY.iter().chain(&BINARY).chain(&TERNARY).chain(&OTHER);
            let op = all.copied().find(|&op| Op::from(op).name() == function);
            let op = op.unwrap_or_else(|| panic!("{function} with {} arguments", x.len()));
            match x {
                [x] => T::apply_pointwise(op, &[x]),
                [a, b] => {
                    let both = a.clone() + b; // gives both the shape of the result
                    let full = |x: &T| x.broadcast_to(both.shape());
                    T::apply_pointwise(op, &[&full(a), &full(b)])
                }
                _ => unreachable!("{function}"),
            }
        }
    }
}

/// Compares the formulas of a program and of its derivatives up to order 2 with their values.
fn check(name: &str, program: impl for<'t> Fn(V<'t>, V<'t>) -> V<'t>) {
    let (x, w) =
        (Tensor::from([[0.3, 0.7, 0.45], [0.9, 0.2, 0.6]]), Tensor::from([[0.8, 0.35, 0.15], [0.55, 0.4, 0.65]]));
    let leaves = HashMap::from([("x", x.clone()), ("w", w.clone())]);
    let tape = Tape::new();
    let (vx, vw) = (tape.variable(x).named("x"), tape.variable(w).named("w"));
    let mut y = program(vx, vw);
    for order in 0..=2 {
        let (equations, expected) = (y.formula(), y.value());
        let found = evaluate(&equations, &leaves);
        for (&a, &b) in (found + expected.full_like(0.0)).to_vec().iter().zip(&expected.to_vec()) {
            assert!((a - b).abs() <= 1e-9 * b.abs().max(1.0), "{name}, order {order}: {a} and {b}\n{equations}");
        }
        y = (y * vw).sum().grad([vx])[0];
    }
}

#[test]
fn formulas_of_pointwise_operations_and_their_derivatives_have_their_values() {
    for op in UNARY.into_iter().chain(WITH_NUMBER) {
        check(&format!("{op:?}"), |x, w| V::apply_pointwise(op, &[&x]) * w);
    }
    check("Acosh", |x, w| (x + 1.5).acosh() * w);
    for op in BINARY {
        check(&format!("{op:?}"), |x, w| V::apply_pointwise(op, &[&x, &w]));
        check(&format!("{op:?}, exchanged"), |x, w| V::apply_pointwise(op, &[&w, &x]));
    }
    check("MulAdd", |x, w| x.mul_add(&w, &x));
    check("Select", |x, w| x.greater(w).select(&x.square(), &w));
    check("Floor, Detach, Equal", |x, w| x.floor() + x.detach() * x * x.equal(w));
}

#[test]
fn formulas_of_programs_over_arrays_have_their_values() {
    check("matrix products", |x, w| x.matmul_t(w).sigmoid().matmul(w) * 0.5 + x);
    check("sums and broadcasts", |x, w| (x - x.sum_axis(0) * 0.5).square() * w.sum() / (x.square().sum() + 1.0));
    check("a transpose", |x, w| x.t().t_matmul(w.t()).tanh().matmul(w));
    check("shared parts", |x, w| {
        let part = (x * w).sin() + x.exp();
        part * part.cos() + part / (part + 2.0) + (x + x) * part
    });
    check("log softmax", |x, w| x.matmul_t(w).log_softmax(-1).matmul(w));
    check("a norm", |x, w| x.square().sum().sqrt() * w + x.mean());
}

#[test]
fn a_broadcast_that_numpy_does_not_do_is_written_out() {
    let tape = Tape::new();
    let x = tape.variable(Tensor::from([[1.0], [2.0]])).named("x");
    let y = x.broadcast_to([2, 3]).sum();
    assert_eq!(y.formula().to_string(), "Σ broadcast[2, 3](x)");
    let b = tape.variable(Tensor::scalar(2.0)).named("b");
    assert_eq!(b.broadcast_to([2, 3]).sum().formula().to_string(), "6·b");
}

#[test]
fn a_long_chain_is_split_into_lines_and_needs_no_deep_stack() {
    let tape = Tape::new();
    let mut x = tape.variable(0.5);
    for _ in 0..100_000 {
        x = x.sin();
    }
    let text = x.formula().to_string();
    assert!(text.starts_with("t₁ = sin(sin("), "{}", &text[..100]);
    assert!(text.lines().count() > 1000);
}

#[test]
fn names_do_not_collide() {
    let tape = Tape::new();
    let (a, b, c) = (tape.variable(1.0).named("x"), tape.variable(2.0), tape.variable(3.0).named("x"));
    assert_eq!((a * b + c).formula().to_string(), "x·x₂ + x₁");
    assert_eq!((a * 1.0 + 0.0 * b - 0.0).formula().to_string(), "x");
}
