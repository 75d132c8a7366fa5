//! How the elements of an operand lie in memory changes nothing: not a value, and not a derivative.

use autodiff::prelude::*;
use tests::law::{Verdict, agree, every_row};
use tests::table::{Row, loss};

/// Products and sums take their elements in the order in which they lie.
const ROUNDING: f64 = 1e-14;

/// A way to lay out the same numbers.
type Layout = fn(&Tensor<f64>) -> Tensor<f64>;

/// Axes in the reverse order in memory.
fn transposed(x: &Tensor<f64>) -> Tensor<f64> {
    let reversed: Vec<usize> = (0..x.shape().rank()).rev().collect();
    x.permute(&reversed).contiguous().permute(&reversed)
}

/// Backwards in memory: negative strides.
fn flipped(x: &Tensor<f64>) -> Tensor<f64> {
    (0..x.shape().rank() as isize).fold(x.clone(), |x, axis| x.flip(axis).contiguous().flip(axis))
}

/// Every second element of a larger storage, from its middle; what lies between would spoil a result.
fn strided(x: &Tensor<f64>) -> Tensor<f64> {
    let Some(n) = x.shape().last().copied() else { return x.clone() };
    let noise = x.map(|_| f64::NAN);
    let mixed = Tensor::stack(-1, &[&noise, x]);
    let shape = mixed.shape().remove(mixed.shape().rank() - 1).with(x.shape().rank() - 1, 2 * n);
    mixed.reshape(shape).slice_by(-1, 1, 2 * n, 2)
}

/// As in the table, but each operand repeats its first element: stored once, with stride 0.
fn repeated(x: &Tensor<f64>) -> Tensor<f64> {
    Tensor::full(x.shape(), x.iter().next().expect("an element"))
}

fn derivatives(row: Row, x: &[Tensor<f64>]) -> [Vec<Tensor<f64>>; 3] {
    let tape = Tape::new();
    let vars: Vec<_> = x.iter().map(|x| tape.variable(x.clone())).collect();
    let y = row.call(&vars);
    let y = loss(&y);
    let first = y.backward().of(&vars);
    let recorded = y.grad_tree(&vars);
    let second = recorded.into_iter().map(|g| g.square().sum()).reduce(|a, b| a + b).expect("operands");
    let second = second.backward().of(&vars);
    let duals: Vec<_> = x.iter().map(|x| Dual::new(x.clone(), x.clone())).collect();
    [first, second, vec![row.call(&duals).tangent()]]
}

fn same_for(row: Row, layout: Layout, reference: Layout) -> Verdict {
    let x = row.split(&row.point(5));
    let (laid, plain): (Vec<_>, Vec<_>) = x.iter().map(|x| (layout(x), reference(x).contiguous())).unzip();
    assert!(laid.iter().zip(&plain).all(|(a, b)| a == b), "the layout changes the numbers");
    agree("values", &row.call(&laid), &row.call(&plain), ROUNDING)?;
    for (order, (left, right)) in derivatives(row, &laid).iter().zip(&derivatives(row, &plain)).enumerate() {
        for (left, right) in left.iter().zip(right) {
            agree(["gradient", "second", "tangent"][order], left, right, 1e-12)?;
        }
    }
    Ok(())
}

#[test]
fn transposed_operands() {
    every_row(|row| same_for(row, transposed, Tensor::clone));
}

#[test]
fn flipped_operands() {
    every_row(|row| same_for(row, flipped, Tensor::clone));
}

#[test]
fn strided_operands() {
    every_row(|row| same_for(row, strided, Tensor::clone));
}

/// Ties, and points where a deviation is zero, are not smooth, but a layout must not show there either.
#[test]
fn repeated_operands() {
    let singular = [Row::std, Row::std_axis];
    tests::law::every(Row::ALL.iter().copied().filter(|row| !singular.contains(row)), |row| {
        same_for(row, repeated, |x| Tensor::from_vec(x.shape(), repeated(x).to_vec()))
    });
}

#[test]
fn the_layouts_are_what_they_are_called() {
    let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    for layout in [transposed, flipped, strided, repeated] {
        assert!(!layout(&x).is_contiguous());
    }
}
