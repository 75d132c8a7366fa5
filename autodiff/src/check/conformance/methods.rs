//! The methods and operators of a type.

use super::case::numbers;
use super::compare::{Checker, Subject};
use super::disagreement::Disagreement;
use crate::algebra::{Linear, Reading, Structural, Update, Value};
use crate::array::{Number, Shape, Tensor};

type Result = std::result::Result<(), Box<Disagreement>>;

fn of(method: &str) -> Subject<'_> {
    Subject { operation: method, what: "the result", order: 0 }
}

/// Numbers into a value and back: contiguous, transposed, repeated, empty, and without axes.
pub(super) fn conversions<V: Reading>(checker: &mut Checker<impl Fn(&Tensor<V::Elem>) -> V>) -> Result {
    let matrix: Tensor<V::Elem> = numbers(&[2, 3], 0);
    let half = V::Elem::from_f64(0.5);
    let tensors = [matrix.clone(), matrix.t(), Tensor::full([2, 3], half), numbers(&[0, 3], 0), Tensor::scalar(half)];
    for x in &tensors {
        let made = checker.make(x);
        checker.compare(&of("the function `make`, and `primal`"), &made, x)?;
        checker.compare(&of("lift"), &made.lift(x), x)?;
        checker.compare(&of("lift to another shape"), &made.lift(&matrix), &matrix)?;
        checker.compare(&of("full_like"), &made.full_like(0.5), &Tensor::full(x.shape(), half))?;
        checker.compare(&of("clone"), &made.clone(), x)?;
    }
    let one = checker.make(&Tensor::full([1, 1], half));
    checker.numbers(&of("item"), &Tensor::scalar(one.item()), &Tensor::scalar(half))?;
    for n in [0, 1, 3] {
        checker.compare(&of("identity"), &one.identity(n), &Tensor::eye(n))?;
    }
    Ok(())
}

/// Decisions that the numbers make, with ties and NaN.
pub(super) fn choices<V: Reading>(checker: &mut Checker<impl Fn(&Tensor<V::Elem>) -> V>) -> Result {
    let row = [0.5, -1.0, f64::NAN, 0.5, f64::INFINITY, -1.0, 0.0, -0.0].map(V::Elem::from_f64);
    let x = Tensor::from_vec([2, 4], row.to_vec());
    let made = checker.make(&x);
    for axis in [0, 1, -1, -2] {
        checker.places(&of("argsort"), &made.argsort(axis), &x.argsort(axis))?;
        checker.places(&of("top_k_indices"), &made.top_k_indices(axis, 2), &x.top_k_indices(axis, 2))?;
    }
    let [a, b] = [numbers(&[2, 3], 0), numbers(&[4], 1)];
    let sum = Tensor::scalar(V::Elem::from_f64(V::sum_all(&[&checker.make(&a), &checker.make(&b)])));
    checker.numbers(&of("sum_all"), &sum, &(a.sum() + b.sum()))
}

/// Changes in place, which must leave a clone as it is.
pub(super) fn changes<V: Reading>(checker: &mut Checker<impl Fn(&Tensor<V::Elem>) -> V>) -> Result {
    let [x, g]: [Tensor<V::Elem>; 2] = [numbers(&[4, 3], 0), numbers(&[4, 3], 1)];
    let (mut found, mut expected) = (checker.make(&x), x.clone());
    let before = found.clone();
    found.accumulate(checker.make(&g));
    expected.accumulate(g.clone());
    checker.compare(&of("accumulate"), &found, &expected)?;
    checker.compare(&of("a clone made before `accumulate`"), &before, &x)?;
    let slice = Linear::Slice { axis: 0, start: 1, len: 2, step: 2 };
    let part: Tensor<V::Elem> = numbers(&[2, 3], 2);
    let before_slice = found.clone();
    if found.accumulate_in_slice(&slice, &checker.make(&part)) {
        let padded = Linear::Pad { axis: 0, start: 1, size: 4, step: 2 };
        checker.compare(&of("a clone made before `accumulate_in_slice`"), &before_slice, &expected)?;
        expected.accumulate(Tensor::apply(&padded.into(), &[&part]));
        checker.compare(&of("accumulate_in_slice"), &found, &expected)?;
    }
    let (changed, unchanged) = (found.clone(), expected.clone());
    let (mut other, mut expected_other) = (checker.make(&g), g.clone());
    V::update_together([&mut found, &mut other], &before, Rotation);
    Tensor::update_together([&mut expected, &mut expected_other], &x, Rotation);
    checker.compare(&of("update_together"), &found, &expected)?;
    checker.compare(&of("update_together"), &other, &expected_other)?;
    checker.compare(&of("a clone made before `update_together`"), &changed, &unchanged)
}

/// An update that mixes all its values.
#[derive(Clone, Copy)]
struct Rotation;

impl Update<2> for Rotation {
    fn apply<V: Reading>(&self, [a, b]: [V; 2], x: V) -> [V; 2] {
        [a.clone() * &x - &b, a + b * x]
    }
}

/// The operators, with operands that are broadcast, and with numbers.
pub(super) fn operators<V: Value>(checker: &mut Checker<impl Fn(&Tensor<V::Elem>) -> V>) -> Result {
    let shapes: [[&[usize]; 2]; 4] = [[&[2, 3], &[2, 3]], [&[2, 3], &[3]], [&[2, 1], &[1, 3]], [&[], &[2, 2]]];
    for [left, right] in shapes {
        let (a, b): (Tensor<V::Elem>, Tensor<V::Elem>) = (numbers(left, 0), numbers(right, 1));
        let found = results(&checker.make(&a), &checker.make(&b));
        for ((name, found), (_, expected)) in found.iter().zip(results(&a, &b)) {
            let subject = format!("the operator `{name}` on {} and {}", Shape::from(left), Shape::from(right));
            checker.compare(&of(&subject), found, &expected)?;
        }
    }
    Ok(())
}

fn results<V: Value>(a: &V, b: &V) -> Vec<(&'static str, V)> {
    let changed = |change: &dyn Fn(&mut V)| {
        let mut a = a.clone();
        change(&mut a);
        a
    };
    let (x, y) = (|| a.clone(), || b.clone());
    vec![
        ("-a", -x()),
        ("a + b", x() + y()),
        ("a + &b", x() + b),
        ("a - b", x() - y()),
        ("a - &b", x() - b),
        ("a * b", x() * y()),
        ("a * &b", x() * b),
        ("a / b", x() / y()),
        ("a / &b", x() / b),
        ("a % b", x() % y()),
        ("a % &b", x() % b),
        ("a + 0.7", x() + 0.7),
        ("a - 0.7", x() - 0.7),
        ("a * 0.7", x() * 0.7),
        ("a / 0.7", x() / 0.7),
        ("a % 0.7", x() % 0.7),
        ("a += b", changed(&|a| *a += y())),
        ("a += &b", changed(&|a| *a += b)),
        ("a -= b", changed(&|a| *a -= y())),
        ("a -= &b", changed(&|a| *a -= b)),
        ("a *= b", changed(&|a| *a *= y())),
        ("a *= &b", changed(&|a| *a *= b)),
        ("a /= b", changed(&|a| *a /= y())),
        ("a /= &b", changed(&|a| *a /= b)),
        ("a += 0.7", changed(&|a| *a += 0.7)),
        ("a -= 0.7", changed(&|a| *a -= 0.7)),
        ("a *= 0.7", changed(&|a| *a *= 0.7)),
        ("a /= 0.7", changed(&|a| *a /= 0.7)),
    ]
}
