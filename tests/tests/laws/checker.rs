//! The public checker on the table: it passes what is right, and catches each fault that is planted.

use autodiff::check::{Cause, Finding, Stencil};
use autodiff::prelude::*;
use std::collections::BTreeSet;
use tests::domain::{direction, rng};
use tests::law::{Verdict, every};
use tests::planted_faults::{Fault, Faulty, SliceForSum};
use tests::table::{Row, loss};

/// A cut derivative is not what differences give, which is what `detach` is for.
fn differentiable() -> impl Iterator<Item = Row> {
    Row::ALL.iter().copied().filter(|row| *row != Row::detach)
}

fn passes(result: Result<autodiff::check::Report, Box<autodiff::check::Failure>>) -> Verdict {
    let report = result.map_err(|failure| failure.to_string())?;
    assert!(report.comparisons > 0);
    Ok(())
}

#[test]
fn what_is_right_passes_to_the_third_order() {
    every(differentiable(), |row| {
        let x = row.split(&row.point(5));
        passes(check_grads_tree(&x, &Options::order(3), |_, x| row.call(&x)))?;
        let smooth = Options { stencil: Stencil::FivePoints, seed: 1, ..Options::order(2) };
        passes(check_grads_tree(&x, &smooth, |_, x| loss(&row.call(&x))))
    });
}

#[test]
fn in_single_precision_too() {
    every(differentiable(), |row| {
        let x: Vec<Tensor<f32>> = row.split(&row.point(5)).iter().map(|x| x.map(|&x| x as f32)).collect();
        passes(check_grads_tree(&x, &Options::order(2), |_, x| row.call(&x)))
    });
}

#[test]
fn of_plain_numbers_too() {
    every(differentiable().take_while(|row| *row < Row::add_column), |row| {
        let first = |x: &Tensor<f64>| x.iter().next().expect("an element");
        let x: Vec<f64> = row.split(&row.point(5)).iter().map(first).collect();
        passes(check_grads_tree(&x, &Options::order(3), |_, x| row.call(&x)))
    });
}

/// Plants a fault into the rule of one operand of each row, and demands that it is caught, at the order at which it
/// shows, and laid at the door of the rule. Gives the rows of which no operand's derivative is changed by it.
fn planted(fault: Fault) -> BTreeSet<Row> {
    let (mut caught, mut unchanged) = (0, BTreeSet::new());
    for row in differentiable() {
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
            let below = check(1, i);
            assert_eq!(below.is_err(), order == 1, "{row:?}, {fault:?} of {i}, at order 1: {below:?}");
            let failure = check(order, i);
            let failure = failure.expect_err(&format!("{row:?}, {fault:?} of {i}: is not caught"));
            assert_eq!(failure.order, order, "{row:?}, {fault:?} of {i}: {failure}");
            let Cause::Rule { site, .. } = &failure.cause else { panic!("{row:?}, {fault:?} of {i}: {failure}") };
            assert!(site.node.contains("= faulty"), "{row:?}, {fault:?} of {i}: {failure}");
            caught += 1;
        }
    }
    assert!(caught > 20, "{fault:?} was planted {caught} times");
    unchanged
}

fn refs<V>(x: &[V]) -> Vec<&V> {
    x.iter().collect()
}

/// The rows that are constant between their jumps: 2.001 times no derivative is none.
fn constant() -> BTreeSet<Row> {
    [Row::powi_of_0, Row::sign, Row::step, Row::floor, Row::greater, Row::equal].into()
}

/// The rows without a second derivative of their own: there is nothing to be wrong.
fn straight() -> BTreeSet<Row> {
    let curvature = |row: Row| {
        let weights = direction(row.flat(&row.point(5)).size(), &mut rng(1));
        hessian(&row.point(5), |x| (row.flat(&x) * &weights).sum())
    };
    differentiable().filter(|&row| curvature(row).iter().all(|h| h.abs() < 1e-9)).collect()
}

#[test]
fn a_wrong_factor_is_caught() {
    assert_eq!(planted(Fault::Factor), constant());
}

#[test]
fn a_derivative_that_is_dropped_is_caught() {
    assert_eq!(planted(Fault::Dropped), constant());
}

#[test]
fn a_factor_that_shows_at_second_order_is_caught() {
    assert_eq!(planted(Fault::FactorAtSecondOrder), straight());
}

#[test]
fn a_rule_that_detaches_is_caught() {
    assert_eq!(planted(Fault::Detached), straight());
}

/// Only operands of one shape can be mistaken for each other, and those of a sum may be.
#[test]
fn swapped_operands_are_caught() {
    let unchanged = planted(Fault::Swapped);
    let several = |row: &&Row| row.operands().len() > 1 && row.operands()[0].shape == row.operands()[1].shape;
    let unchanged: BTreeSet<Row> = unchanged.iter().filter(several).copied().collect();
    assert_eq!(unchanged, [Row::add, Row::greater, Row::equal].into());
}

fn spread<V: Value>(x: &V, shape: &Shape) -> V {
    match x.shape() == *shape {
        true => x.clone(),
        false => custom(SliceForSum(shape.clone()), &[x]),
    }
}

/// A broadcast whose pullback takes the first of the cotangents that it should add up.
#[test]
fn a_missing_sum_after_broadcasting_is_caught() {
    let rows = [Row::add_column, Row::sub_row, Row::mul_scalar, Row::div_outer, Row::broadcast];
    for row in rows {
        let x = row.split(&row.point(5));
        let shape = row.call(&x).shape().clone();
        let failure = check_grads_tree(&x, &Options::order(1), |_, x| {
            row.call(&x.iter().map(|x| spread(x, &shape)).collect::<Vec<_>>())
        });
        let failure = failure.expect_err(&format!("{row:?}: is not caught"));
        let Cause::Rule { site, .. } = &failure.cause else { panic!("{row:?}: {failure}") };
        assert!(site.node.contains("= slice for sum"), "{row:?}: {failure}");
    }
}

/// A tangent that is right, and a cotangent that is not: no difference is needed to see it.
#[test]
fn forward_and_reverse_that_differ_are_caught() {
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
    assert!(matches!(failure.finding, Finding::Ways { .. }), "{failure}");
    assert!(matches!(failure.cause, Cause::Rule { .. }), "{failure}");
}

#[test]
fn other_faults_are_told_apart() {
    let x = Tensor::from([0.3, 0.8, -1.0]);
    let order = Options::order(1);
    let draws = std::cell::Cell::new(0.0);
    let failure = check_grads(&x, &order, |x| {
        draws.set(draws.get() + 1.0);
        x * draws.get()
    });
    assert!(matches!(failure.unwrap_err().finding, Finding::NotAFunction(_)));

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

/// The text of a failure has both numbers, the operation, its operands and the line.
#[test]
fn a_failure_reads_well() {
    let x = (Tensor::from([[0.3, 0.8]]), Tensor::from([[0.5, 0.2]]));
    let line = line!() + 2;
    let failure = check_grads_tree(&x, &Options::order(1), |_, (a, b)| {
        let faulty = custom(Faulty::new(Row::mul, Fault::Factor, 1), &[&a.exp(), &b]);
        faulty.named("energy").sum()
    });
    let text = failure.unwrap_err().to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("order 1, by 1: the derivative: "), "{text}");
    assert!(lines[0].contains(" differences: ") && lines[0].ends_with(" allowed"), "{text}");
    assert_eq!(lines[1], "the first operation whose own derivative disagrees is");
    assert_eq!(lines[2], "%3 = faulty mul %2 %1 : [1, 2]  # energy");
    assert!(lines[3].starts_with(&format!("  at {}:{line}:", file!())), "{text}");
    assert!(lines[4].starts_with("  from %2 = exp %0 : [1, 2], from 1.349"), "{text}");
    assert_eq!(lines[5], "  from %1 = variable : [1, 2]  # 1, from 0.2 to 0.5");
    assert!(lines[7].starts_with("by itself: order 1, by operand 1: the derivative: "), "{text}");
}
