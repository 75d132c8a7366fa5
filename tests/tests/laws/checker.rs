//! The gradient checker, tried on the table: it accepts every correct rule and finds every planted fault.

use autodiff::check::{Cause, Finding, Stencil};
use autodiff::prelude::*;
use std::collections::BTreeSet;
use tests::domain::{direction, rng};
use tests::law::{Verdict, every};
use tests::planted_faults::{Fault, Faulty, SliceForSum};
use tests::table::{Row, loss};

fn passes(result: Result<autodiff::check::Report, Box<autodiff::check::Failure>>) -> Verdict {
    let report = result.map_err(|failure| failure.to_string())?;
    assert!(report.comparisons > 0, "the checker compared nothing");
    Ok(())
}

#[test]
fn checker_accepts_every_correct_rule_to_third_order() {
    every(Row::differentiable(), |row| {
        let x = row.split(&row.point(5));
        passes(check_grads_tree(&x, &Options::order(3), |_, x| row.call(&x)))?;
        let smooth = Options { stencil: Stencil::FivePoints, seed: 1, ..Options::order(2) };
        passes(check_grads_tree(&x, &smooth, |_, x| loss(&row.call(&x))))
    });
}

#[test]
fn checker_accepts_every_correct_rule_in_single_precision() {
    every(Row::differentiable(), |row| {
        let x: Vec<Tensor<f32>> = row.split(&row.point(5)).iter().map(|x| x.map(|&x| x as f32)).collect();
        passes(check_grads_tree(&x, &Options::order(2), |_, x| row.call(&x)))
    });
}

#[test]
fn checker_accepts_every_correct_rule_on_plain_numbers() {
    every(Row::pointwise().filter(|row| *row != Row::detach), |row| {
        let first = |x: &Tensor<f64>| x.iter().next().expect("an element");
        let x: Vec<f64> = row.split(&row.point(5)).iter().map(first).collect();
        passes(check_grads_tree(&x, &Options::order(3), |_, x| row.call(&x)))
    });
}

/// Plants a fault into the rule of each operand of each row. Asserts that the checker finds each fault that changes a
/// derivative, at the order of the fault, and blames the rule. Returns the rows that the fault does not change.
fn rows_without_effect_of(fault: Fault) -> BTreeSet<Row> {
    let (mut found, mut unchanged) = (0, BTreeSet::new());
    for row in Row::differentiable() {
        let x = row.split(&row.point(5));
        let check = |order, i| {
            check_grads_tree(&x, &Options::order(order), |_, x| loss(&custom(Faulty::new(row, fault, i), &refs(&x))))
        };
        let changed: Vec<usize> = (0..x.len()).filter(|&i| fault.changes(row, &x, i)).collect();
        if changed.is_empty() {
            unchanged.insert(row);
        }
        for i in changed {
            let order = fault.order();
            let first = check(1, i);
            assert_eq!(first.is_err(), order == 1, "{row:?}, {fault:?} in operand {i}, at order 1: {first:?}");
            let failure = check(order, i);
            let failure =
                failure.expect_err(&format!("{row:?}, {fault:?} in operand {i}: the checker does not find it"));
            assert_eq!(failure.order, order, "{row:?}, {fault:?} in operand {i}: {failure}");
            let Cause::Rule { site, .. } = &failure.cause else {
                panic!("{row:?}, {fault:?} in operand {i}: {failure}")
            };
            assert!(site.node.contains("= faulty"), "{row:?}, {fault:?} in operand {i}: {failure}");
            found += 1;
        }
    }
    assert!(found > 20, "{fault:?} was planted only {found} times");
    unchanged
}

fn refs<V>(x: &[V]) -> Vec<&V> {
    x.iter().collect()
}

const COMPARISONS: [Row; 6] =
    [Row::greater, Row::greater_equal, Row::less, Row::less_equal, Row::equal, Row::not_equal];

/// The piecewise constant rows. Their derivative is zero, so neither a factor nor a drop changes it.
fn piecewise_constant() -> BTreeSet<Row> {
    [Row::powi_of_0, Row::sign, Row::step, Row::floor].into_iter().chain(COMPARISONS).collect()
}

/// The rows whose second derivative is zero, so a fault at second order changes nothing.
fn without_curvature() -> BTreeSet<Row> {
    let curvature = |row: Row| {
        let weights = direction(row.flat(&row.point(5)).size(), &mut rng(1));
        hessian(&row.point(5), |x| (row.flat(&x) * &weights).sum())
    };
    Row::differentiable().filter(|&row| curvature(row).iter().all(|h| h.abs() < 1e-9)).collect()
}

#[test]
fn checker_finds_a_wrong_factor() {
    assert_eq!(rows_without_effect_of(Fault::Factor), piecewise_constant());
}

#[test]
fn checker_finds_a_dropped_derivative() {
    assert_eq!(rows_without_effect_of(Fault::Dropped), piecewise_constant());
}

#[test]
fn checker_finds_a_wrong_factor_at_second_order() {
    assert_eq!(rows_without_effect_of(Fault::FactorAtSecondOrder), without_curvature());
}

#[test]
fn checker_finds_a_rule_that_detaches_its_operands() {
    assert_eq!(rows_without_effect_of(Fault::Detached), without_curvature());
}

/// Only operands of the same shape can be swapped. Swapping changes nothing in a sum or in a comparison.
#[test]
fn checker_finds_swapped_operands() {
    let unchanged = rows_without_effect_of(Fault::Swapped);
    let several = |row: &&Row| row.operands().len() > 1 && row.operands()[0].shape == row.operands()[1].shape;
    let unchanged: BTreeSet<Row> = unchanged.iter().filter(several).copied().collect();
    assert_eq!(unchanged, [Row::add].into_iter().chain(COMPARISONS).collect());
}

/// Broadcasts with a faulty pullback.
fn faulty_broadcast<V: Value>(x: &V, shape: &Shape) -> V {
    match x.shape() == *shape {
        true => x.clone(),
        false => custom(SliceForSum(shape.clone()), &[x]),
    }
}

#[test]
fn checker_finds_a_missing_sum_after_broadcasting() {
    let rows = [Row::add_column, Row::sub_row, Row::mul_scalar, Row::div_outer, Row::broadcast];
    for row in rows {
        let x = row.split(&row.point(5));
        let shape = row.call(&x).shape().clone();
        let failure = check_grads_tree(&x, &Options::order(1), |_, x| {
            row.call(&x.iter().map(|x| faulty_broadcast(x, &shape)).collect::<Vec<_>>())
        });
        let failure = failure.expect_err(&format!("{row:?}: the checker does not find the fault"));
        let Cause::Rule { site, .. } = &failure.cause else { panic!("{row:?}: {failure}") };
        assert!(site.node.contains("= slice for sum"), "{row:?}: {failure}");
    }
}

/// The error of 10⁻⁹ is too small for finite differences, but not for the comparison of forward and reverse mode.
#[test]
fn checker_finds_forward_and_reverse_rules_that_differ() {
    struct Lopsided;
    impl Primitive for Lopsided {
        fn name(&self) -> &str {
            "lopsided"
        }
        fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
            x[0].sin()
        }
        fn pull<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
            vec![g * x[0].cos()]
        }
        fn push<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, dx: &[Dyn<'a>]) -> Option<Dyn<'a>> {
            Some(dx[0] * x[0].cos() * (1.0 + 1e-9))
        }
    }
    let x = Tensor::from([0.3, 0.8, -1.0]);
    let failure = check_grads(&x, &Options::order(1), |x| custom(Lopsided, &[&x]).exp()).unwrap_err();
    assert!(matches!(failure.finding, Finding::Methods { .. }), "{failure}");
    assert!(matches!(failure.cause, Cause::Rule { .. }), "{failure}");
}

#[test]
fn checker_names_the_cause_of_other_faults() {
    let x = Tensor::from([0.3, 0.8, -1.0]);
    let order = Options::order(1);
    let draws = std::cell::Cell::new(0.0);
    let failure = check_grads(&x, &order, |x| {
        draws.set(draws.get() + 1.0);
        x * draws.get()
    });
    let failure = failure.unwrap_err();
    assert!(matches!(failure.finding, Finding::NotAFunction(_)), "{failure}");

    let failure = check_grads(&x, &order, |x| x * &x.value().sin()).unwrap_err();
    assert!(matches!(&failure.cause, Cause::Constant(site) if site.location.unwrap().file() == file!()), "{failure}");

    let failure = check_grads(&x, &order, |x| x * x.sin().detach()).unwrap_err();
    assert!(matches!(&failure.cause, Cause::Detach(site) if site.node == "%2 = detach %1 : [3]"), "{failure}");

    let kink = check_grads(&Tensor::from([0.0, 1.0]), &order, |x| x.relu().exp()).unwrap_err();
    assert!(matches!(&kink.cause, Cause::Rule { site, .. } if site.node == "%1 = relu %0 : [2]"), "{kink}");

    let failure = check_grads(&Tensor::from([0.0, 1.0]), &order, |x| x.sqrt()).unwrap_err();
    let Finding::NotFinite { site: Some(site), .. } = &failure.finding else { panic!("{failure}") };
    assert_eq!(site.derivative_of.as_deref(), Some("%1 = sqrt %0 : [2]"));
}

#[test]
fn report_shows_both_numbers_the_operation_its_operands_and_the_line() {
    let x = (Tensor::from([[0.3, 0.8]]), Tensor::from([[0.5, 0.2]]));
    let line = line!() + 2;
    let failure = check_grads_tree(&x, &Options::order(1), |_, (a, b)| {
        let faulty = custom(Faulty::new(Row::mul, Fault::Factor, 1), &[&a.exp(), &b]);
        faulty.named("energy").sum()
    });
    let text = failure.unwrap_err().to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("derivative of order 1 with respect to input 1 (from 0): autodiff gives "), "{text}");
    assert!(lines[0].contains("but the finite difference gives ") && lines[0].ends_with(" is allowed"), "{text}");
    assert_eq!(lines[1], "the first operation whose own derivative is wrong is");
    assert_eq!(lines[2], "%3 = faulty mul %2 %1 : [1, 2]  # energy");
    assert!(lines[3].starts_with(&format!("  at {}:{line}:", file!())), "{text}");
    assert!(lines[4].starts_with("  from %2 = exp %0 : [1, 2], from 1.349"), "{text}");
    assert_eq!(lines[5], "  from %1 = variable : [1, 2]  # 1, from 0.2 to 0.5");
    assert!(
        lines[7].starts_with("on its own: derivative of order 1 with respect to operand 1: autodiff gives "),
        "{text}"
    );
}

/// The other branch ends at another node, or lies on the other side only.
#[test]
fn branches_are_found_at_the_end_and_on_either_side() {
    let order = Options::order(1);
    let longer = check_grads(&0.5, &order, |x| if x.value() > 0.5 { x * 2.0 } else { x.sin() }).unwrap_err();
    assert!(matches!(longer.cause, Cause::Branch(_)), "{longer}");
    let above = check_grads(&0.5, &order, |x| if x.value() > 0.5 { (x * 2.0).exp() } else { x * 2.0 }).unwrap_err();
    assert!(matches!(above.cause, Cause::Branch(_)), "{above}");
    let below = check_grads(&0.5, &order, |x| if x.value() < 0.5 { x.cos() } else { x.sin() }).unwrap_err();
    assert!(matches!(below.cause, Cause::Branch(_)), "{below}");
}

#[test]
fn operand_that_a_primitive_calls_not_differentiable_is_found() {
    struct Forgetful;
    impl Primitive for Forgetful {
        fn name(&self) -> &str {
            "forgetful"
        }
        fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
            x[0] * x[1]
        }
        fn pull<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
            vec![g * x[1], g * x[0]]
        }
        fn differentiable(&self, i: usize) -> bool {
            i == 0
        }
    }
    let failure = check_grads(&2.0, &Options::order(1), |x| custom(Forgetful, &[&x, &x])).unwrap_err();
    assert!(matches!(&failure.cause, Cause::Detach(site) if site.node.contains("forgetful")), "{failure}");
}

/// A mask of −∞ is meant. The product that makes a NaN of it is the first fault.
#[test]
fn infinite_constants_are_blamed_for_infinities_and_not_for_nan() {
    let tape = Tape::traced();
    let x = tape.variable(Tensor::from([1.0, 2.0]));
    let mask = tape.constant(Tensor::from([0.0, f64::NEG_INFINITY]));
    let masked = (x + mask).log_softmax(0);
    let (product, line) = (masked * &Tensor::from([1.0, 0.0]), line!());
    let fault = product.sum().first_not_finite().expect("a NaN");
    assert_eq!(
        (fault.op.map(|op| op.to_string()), fault.location.map(|place| place.line())),
        (Some("mul".into()), Some(line))
    );
    assert!(masked.first_not_finite().expect("an infinity").node.starts_with("%1 = constant"));
    // An infinity that an operation made is blamed, also if a later operation makes a NaN of it.
    let overflow = (x * 1e3).exp();
    assert!((overflow + mask).sum().first_not_finite().expect("a NaN").node.contains(" = exp "));
    let nan = tape.constant(Tensor::from([f64::NAN, f64::INFINITY]));
    assert!((x * nan).first_not_finite().expect("a NaN").node.contains(" = constant"));
    assert!((x - x.detach() * f64::INFINITY).sum().first_not_finite().is_some());
    // One row of a batch holds the fault.
    vmap(&Tensor::from([[1.0, 2.0], [0.0, 3.0]]), |row| {
        let tape = Tape::new();
        let x = tape.variable(row);
        let fault = (x.ln() * x).sum().first_not_finite().expect("ln 0");
        assert!(fault.node.contains(" = ln "), "{}", fault.node);
        x.value()
    });
}
