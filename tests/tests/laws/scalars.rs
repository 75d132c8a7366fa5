//! Pointwise rows on plain numbers: values and derivatives agree with those of a tensor's elements.

use autodiff::prelude::*;
use tests::law::{Verdict, agree, every};
use tests::table::Row;

/// The operands of a row, and the first element of each.
fn numbers_and_tensors(row: Row) -> (Vec<f64>, Vec<Tensor<f64>>) {
    let operands = row.split(&row.point(9));
    let first = operands.iter().map(|x| x.iter().next().expect("an element")).collect();
    (first, operands)
}

fn same(what: &str, left: f64, right: f64) -> Verdict {
    agree(what, &Tensor::scalar(left), &Tensor::scalar(right), 1e-14)
}

#[test]
fn function_of_a_number_equals_that_of_a_tensor_element() {
    every(Row::elementwise(), |row| {
        let (x, operands) = numbers_and_tensors(row);
        let element = row.call(&operands).iter().next().expect("an element");
        same("value", row.call(&x), element)?;
        let rank_0: Vec<_> = x.iter().map(|&x| Tensor::scalar(x)).collect();
        same("rank 0", row.call(&rank_0).item(), element)?;
        let tape = Tape::new();
        let single: Vec<_> = x.iter().map(|&x| tape.variable(x as f32)).collect();
        agree("f32", &Tensor::scalar(row.call(&single).value() as f64), &Tensor::scalar(element), 3e-6)
    });
}

#[test]
fn jacobians_and_hessians_of_a_number_are_its_derivatives() {
    let cube = |x: f64| jacobian(&x, |x| x.powi(3));
    assert_eq!(cube(2.0), 12.0);
    for mode in [Mode::Forward, Mode::Reverse] {
        assert_eq!(jacobian_by(mode, &2.0, |x| x.powi(3)), 12.0);
        assert_eq!(jacobian_by(mode, &2.0, |x| x.constant(3.0)), 0.0);
        assert_eq!(jacobian_tree(&(2.0, 3.0, 4.0), |_, (x, y, _)| x * y), (3.0, 2.0, 0.0));
        assert_eq!(grad_and_hvp_tree(&(2.0, 3.0), &(1.0, 0.0), |_, (x, y)| x * y), ((3.0, 2.0), (0.0, 1.0)));
        assert_eq!(jacobian_by(mode, &Dual::new(2.0, 1.0), |x| x.powi(3)).dx, 12.0);
    }
    assert_eq!((hessian(&2.0, |x| x.powi(3)), laplacian(&2.0, |x| x.powi(3))), (12.0, 12.0));
    let tape = Tape::new();
    let x = tape.variable(2.0);
    assert_eq!(x.powi(3).jacobian(x).jacobian(x).value(), 12.0);
    assert_eq!(x.powi(3).jacobian(x.square()).value(), 0.0);
}

/// The exponent n − 1 of the derivative does not fit, and is odd, which decides the sign at −1.
#[test]
fn derivatives_of_the_smallest_integer_power_are_right() {
    let n = f64::from(i32::MIN);
    for x in [1.0, -1.0] {
        let [first, second] = [1, 2].map(|order| nth_derivative(order, &x, |x| x.powi(i32::MIN)));
        assert_eq!((first, second), (n * x, n * (n - 1.0)));
        assert_eq!(nth_derivative(1, &(x as f32), |x| x.powi(i32::MIN)), (n * x) as f32);
        assert_eq!(hvp(&x, &1.0, |x| x.powi(i32::MIN)), n * (n - 1.0));
        assert_eq!(ScalarTape::new().derivative(x, |x| num_traits::Float::powi(x, i32::MIN)), n * x);
    }
    assert_eq!(grad(&2.0, |x| x.powi(i32::MIN)), 0.0);
    assert_eq!(grad(&0.5, |x| x.powi(i32::MIN)), f64::NEG_INFINITY);
}

#[test]
fn derivatives_of_numbers_equal_those_of_tensor_elements() {
    every(Row::elementwise(), |row| {
        let (x, operands) = numbers_and_tensors(row);
        let tape = Tape::new();
        let vars: Vec<_> = operands.iter().map(|x| tape.variable(x.clone())).collect();
        let y = row.call(&vars);
        let tensors = y.grad_with(y.full_like(1.0), [vars[0]])[0];
        let [second] = tensors.grad_with(y.full_like(1.0), [vars[0]]);

        let scalar_tape = Tape::new();
        let scalars: Vec<_> = x.iter().map(|&x| scalar_tape.variable(x)).collect();
        let y = row.call(&scalars);
        let [first] = y.grad([scalars[0]]);
        let first_element = |x: Tensor<f64>| x.iter().next().expect("an element");
        same("first", first.value(), first_element(tensors.value()))?;
        same("backward", y.backward().of(&scalars[0]), first.value())?;
        same("second", first.grad([scalars[0]])[0].value(), first_element(second.value()))?;

        let dual = |(i, &x): (usize, &f64)| if i == 0 { Dual::new(x, 1.0) } else { Dual::constant(x) };
        let duals: Vec<Dual<f64>> = x.iter().enumerate().map(dual).collect();
        same("dual", row.call(&duals).tangent(), first.value())?;
        let twice =
            |(i, x): (usize, Dual<f64>)| if i == 0 { Dual::new(x, Dual::constant(1.0)) } else { Dual::constant(x) };
        let twice: Vec<Dual<Dual<f64>>> = duals.into_iter().enumerate().map(twice).collect();
        same("dual of dual", row.call(&twice).tangent().tangent(), first_element(second.value()))?;

        let mut tape = ScalarTape::new();
        same("grad of a scalar program", tape.grad(&x, |x| row.call(x))[0], first.value())?;
        let direction: Vec<f64> = (0..x.len()).map(|i| if i == 0 { 1.0 } else { 0.0 }).collect();
        let product = tape.hvp(&x, &direction, |x| row.call(x));
        same("hvp of a scalar program", product[0], first_element(second.value()))
    });
}

/// An input without a derivative is unconnected: no cotangent reaches it, not even a zero.
#[test]
fn numbers_and_tensors_depend_on_the_same_inputs() {
    fn connected<'t, V: Value>(x: &[Var<'t, V>], y: Var<'t, V>) -> [Vec<bool>; 2] {
        let numbers = y.backward_with(y.value().full_like(1.0));
        let recorded = |x: &Var<'t, V>| !y.grad_with(y.full_like(1.0), [*x])[0].is_unconnected();
        [x.iter().map(|x| numbers.try_of(*x).is_ok()).collect(), x.iter().map(recorded).collect()]
    }
    every(Row::elementwise(), |row| {
        let (x, operands) = numbers_and_tensors(row);
        let (tape, scalar_tape) = (Tape::new(), Tape::new());
        let vars: Vec<_> = operands.into_iter().map(|x| tape.variable(x)).collect();
        let scalars: Vec<_> = x.into_iter().map(|x| scalar_tape.variable(x)).collect();
        let [numbers, recorded] = connected(&scalars, row.call(&scalars));
        let tensors = connected(&vars, row.call(&vars));
        match tensors == [numbers.clone(), numbers.clone()] && recorded == numbers {
            true => Ok(()),
            false => Err(format!("numbers {numbers:?}, recorded {recorded:?}, tensors {tensors:?}")),
        }
    });
}
