//! The memory layout of an operand affects neither values nor derivatives.

use autodiff::prelude::*;
use tests::law::{Verdict, agree, every_row};
use tests::table::{Row, loss};

/// Products and sums add their elements in memory order.
const ROUNDING: f64 = 1e-14;

/// Returns the same numbers in another memory layout.
type Layout = fn(&Tensor<f64>) -> Tensor<f64>;

/// The axes lie in reverse order.
fn transposed(x: &Tensor<f64>) -> Tensor<f64> {
    let reversed: Vec<usize> = (0..x.shape().rank()).rev().collect();
    x.permute(&reversed).contiguous().permute(&reversed)
}

/// The elements lie backwards, with negative strides.
fn flipped(x: &Tensor<f64>) -> Tensor<f64> {
    (0..x.shape().rank() as isize).fold(x.clone(), |x, axis| x.flip(axis).contiguous().flip(axis))
}

/// The elements lie two apart in a larger buffer, with NaN in between.
fn strided(x: &Tensor<f64>) -> Tensor<f64> {
    let Some(n) = x.shape().last().copied() else { return x.clone() };
    let noise = x.map(|_| f64::NAN);
    let mixed = Tensor::stack(-1, &[&noise, x]);
    let shape = mixed.shape().remove(mixed.shape().rank() - 1).with(x.shape().rank() - 1, 2 * n);
    mixed.reshape(shape).slice_by(-1, 1, 2 * n, 2)
}

/// Repeats the first element of an operand, stored once with stride 0.
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

fn layout_has_no_effect(row: Row, layout: Layout, reference: Layout) -> Verdict {
    let x = row.split(&row.point(5));
    let (laid, plain): (Vec<_>, Vec<_>) = x.iter().map(|x| (layout(x), reference(x).contiguous())).unzip();
    assert_eq!(laid, plain, "the layout changes the numbers");
    agree("values", &row.call(&laid), &row.call(&plain), ROUNDING)?;
    for (order, (left, right)) in derivatives(row, &laid).iter().zip(&derivatives(row, &plain)).enumerate() {
        for (left, right) in left.iter().zip(right) {
            agree(["gradient", "second", "tangent"][order], left, right, 1e-12)?;
        }
    }
    Ok(())
}

#[test]
fn transposed_operands_give_the_same_values_and_derivatives() {
    every_row(|row| layout_has_no_effect(row, transposed, Tensor::clone));
}

#[test]
fn flipped_operands_give_the_same_values_and_derivatives() {
    every_row(|row| layout_has_no_effect(row, flipped, Tensor::clone));
}

#[test]
fn strided_operands_give_the_same_values_and_derivatives() {
    every_row(|row| layout_has_no_effect(row, strided, Tensor::clone));
}

/// Equal elements are ties, where a function need not be smooth; a standard deviation of 0 is singular.
#[test]
fn broadcast_operands_give_the_same_values_and_derivatives() {
    let singular = [Row::std, Row::std_axis];
    tests::law::every(Row::ALL.iter().copied().filter(|row| !singular.contains(row)), |row| {
        layout_has_no_effect(row, repeated, |x| Tensor::from_vec(x.shape(), repeated(x).to_vec()))
    });
}

#[test]
fn no_layout_under_test_is_contiguous() {
    let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    for layout in [transposed, flipped, strided, repeated] {
        assert!(!layout(&x).is_contiguous());
    }
}
