//! One operation in all modes: its value, its derivatives, and in a batch.

use super::case::{Case, numbers};
use super::compare::{Checker, Subject};
use super::disagreement::Disagreement;
use crate::algebra::{Dual, Math, Op, Reading, Structural};
use crate::array::Tensor;
use crate::reading::Batched;
use crate::tape::{Tape, Var};
use std::panic::{AssertUnwindSafe, catch_unwind};

type Result = std::result::Result<(), Box<Disagreement>>;

/// The value, also by the method that refuses operands with an error.
pub(super) fn value<V: Reading>(checker: &mut Checker<impl Fn(&Tensor<V::Elem>) -> V>, case: &Case<V::Elem>) -> Result {
    let x: Vec<V> = case.x.iter().map(|x| checker.make(x)).collect();
    let x: Vec<&V> = x.iter().collect();
    checker.case(case, ("the value", 0), &V::apply(&case.op, &x), &case.result())?;
    if matches!(case.op, Op::Custom(_)) {
        return Ok(()); // its shape is known only after it is applied
    }
    match V::try_apply(&case.op, &x) {
        Ok(y) => checker.case(case, ("the value by `try_apply`", 0), &y, &case.result()),
        Err(error) => {
            let subject = Subject { operation: &case.name(), what: "`try_apply`", order: 0 };
            Err(subject.disagrees(String::new(), format!("the error {:?}", error.to_string()), "a value".into()))
        }
    }
}

/// The gradients, computed and recorded, the second derivatives by two backward passes, and the tangent of a dual
/// number.
pub(super) fn derivatives<V: Reading>(
    checker: &mut Checker<impl Fn(&Tensor<V::Elem>) -> V>,
    case: &Case<V::Elem>,
) -> Result {
    let x: Vec<V> = case.x.iter().map(|x| checker.make(x)).collect();
    let passes = two_passes(&case.op, &x).into_iter().zip(two_passes(&case.op, &case.x));
    let names = [("the gradient", 1), ("the recorded gradient", 1), ("the second derivative", 2)];
    for ((name, order), (found, expected)) in names.into_iter().zip(passes) {
        for (i, (found, expected)) in found.iter().zip(&expected).enumerate() {
            checker.case(case, (&format!("{name} with respect to operand {i}"), order), found, expected)?;
        }
    }
    checker.case(case, ("the tangent in forward mode", 1), &tangent(&case.op, &x), &tangent(&case.op, &case.x))
}

/// The gradient of the weighted sum of the result, the same recorded, and the gradient of its product with a direction.
fn two_passes<V: Reading>(op: &Op, x: &[V]) -> [Vec<V>; 3] {
    let tape = Tape::new();
    let x: Vec<Var<'_, V>> = x.iter().map(|x| tape.variable(x.clone())).collect();
    let y = Var::apply(op, &x.iter().collect::<Vec<_>>());
    let computed = y.backward_with(weights(&y.value(), 2)).of(&x);
    let recorded = y.mul_strong_zero(weights(&y, 2)).sum().grad_tree(&x);
    let along = recorded.iter().map(|g| g.mul_strong_zero(weights(g, 3)).sum()).reduce(|sum, part| sum + part);
    let along = along.expect("an operation has operands");
    [computed, recorded.iter().map(|g| g.value()).collect(), along.backward().of(&x)]
}

/// The derivative along a direction.
fn tangent<V: Reading>(op: &Op, x: &[V]) -> V {
    let dual = |(i, x): (usize, &V)| Dual::new(x.clone(), x.lift(&numbers(&x.shape(), 4 + i)));
    let x: Vec<Dual<V>> = x.iter().enumerate().map(dual).collect();
    Dual::apply(op, &x.iter().collect::<Vec<_>>()).tangent()
}

fn weights<V: Reading>(like: &V, seed: usize) -> V {
    like.lift(&numbers(&like.shape(), seed))
}

/// A batch of two, in which the operands after the first are shared and then are not.
pub(super) fn batch<V: Reading>(checker: &mut Checker<impl Fn(&Tensor<V::Elem>) -> V>, case: &Case<V::Elem>) -> Result {
    let pairs = case.x.iter().zip(case.halved());
    let stacked: Vec<Tensor<V::Elem>> = pairs.map(|(x, half)| Tensor::stack(0, &[x, &half])).collect();
    for (shared, what) in [(true, "the value in a batch with shared operands"), (false, "the value in a batch")] {
        let found = batched(
            &case.op,
            |i| match shared && i > 0 {
                true => Batched::shared(checker.make(&case.x[i])),
                false => Batched::from_batch(checker.make(&stacked[i])),
            },
            case.x.len(),
        );
        let expected = batched(
            &case.op,
            |i| match shared && i > 0 {
                true => Batched::shared(case.x[i].clone()),
                false => Batched::from_batch(stacked[i].clone()),
            },
            case.x.len(),
        );
        checker.case(case, (what, 0), &found, &expected)?;
    }
    Ok(())
}

fn batched<V: Reading>(op: &Op, operand: impl Fn(usize) -> Batched<V>, n: usize) -> V {
    let x: Vec<Batched<V>> = (0..n).map(operand).collect();
    Batched::apply(op, &x.iter().collect::<Vec<_>>()).into_batch(2)
}

/// Operands that do not fit are refused, and not broadcast.
pub(super) fn misfit<V: Reading>(checker: &Checker<impl Fn(&Tensor<V::Elem>) -> V>, case: &Case<V::Elem>) -> Result {
    let x: Vec<V> = case.x.iter().map(|x| checker.make(x)).collect();
    let applied = catch_unwind(AssertUnwindSafe(|| V::apply(&case.op, &x.iter().collect::<Vec<_>>())));
    match applied {
        Err(_) => Ok(()),
        Ok(y) => {
            let subject = Subject { operation: &case.name(), what: "the result", order: 0 };
            Err(subject.disagrees(String::new(), format!("a value of shape {}", y.shape()), "a panic".into()))
        }
    }
}
