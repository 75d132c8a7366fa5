//! Arithmetic as people write it, on every type of number: operators, assignment, comparisons, sums of iterators, and
//! formats.

use autodiff::prelude::*;
use std::iter::{Product, Sum};

#[test]
fn assignment_operators_act_on_variables() {
    fn steps<'t, V: Value>(x: Var<'t, V>) -> Var<'t, V> {
        let mut y = x;
        y += x.square();
        y -= &x;
        y *= 3.0;
        y /= x + 1.0;
        y += 2.0;
        y
    }
    // y = 3x²/(x + 1) + 2, so y′ = 3(x² + 2x)/(x + 1)².
    assert_eq!(value_and_grad(&1.0, |_, x| steps(x)), (3.5, 2.25));
    assert_eq!(grad(&Tensor::from([1.0]), |x| steps(x).sum()).to_vec(), [2.25]);
}

#[test]
fn assignment_operators_act_on_tensors_duals_and_batches() {
    let mut w = Tensor::from([1.0, 2.0]);
    w -= &Tensor::from([0.5, 1.0]) * 0.1;
    w *= 2.0;
    assert_eq!(w.to_vec(), [1.9, 3.8]);
    let mut x = Dual::new(3.0, 1.0);
    x *= x;
    x %= Dual::constant(5.0);
    assert_eq!((x.x, x.tangent()), (4.0, 6.0));
    let rows = vmap(&Tensor::from([[1.0], [2.0]]), |mut x| {
        x += 1.0;
        x.square().sum()
    });
    assert_eq!(rows.to_vec(), [4.0, 9.0]);
}

#[test]
fn generic_functions_compute_with_plain_numbers() {
    fn formula<V: Value>(x: &V, y: &V) -> V {
        let mut sum = x.exp() + 1.0;
        sum += x.clone() * y * 2.0 + 1e-5;
        sum -= 0.5;
        sum % 100.0 / 4.0 - x
    }
    let expected = |x: f64, y: f64| (x.exp() + 1.0 + (x * y * 2.0 + 1e-5) - 0.5) % 100.0 / 4.0 - x;
    let (x, y) = (0.3, -1.5);
    assert_eq!(formula(&x, &y), expected(x, y));
    assert_eq!(formula(&Tensor::scalar(x), &Tensor::scalar(y)).item(), expected(x, y));
    assert_eq!(formula(&Dual::new(x, 1.0), &Dual::constant(y)).dx, (x.exp() + y * 2.0) / 4.0 - 1.0);
    assert_eq!(value_and_grad(&(x, y), |_, (x, y)| formula(&x, &y)).0, expected(x, y));
    let single = value_and_grad(&(x as f32, y as f32), |_, (x, y)| formula(&x, &y)).0;
    assert!((f64::from(single) - expected(x, y)).abs() < 1e-6);
    let rows = |x: &Tensor<f64>| vmap(x, |x| formula(&x, &x));
    assert_eq!(rows(&Tensor::from([x, y])).to_vec(), [expected(x, x), expected(y, y)]);
}

#[test]
fn whole_numbers_are_operands() {
    assert_eq!(grad(&3.0, |x| 2 * x * x - x / 2 + 1), 11.5);
    assert_eq!(grad(&2.0, |x| 12 / x - (1 - x)), -2.0);
    let mut x = Tensor::from([7.0f32, -7.0]);
    x += 1;
    x *= 2;
    assert_eq!((x % 5).to_vec(), [1.0, -2.0]);
    let x = Dual::new(2.0, 1.0);
    assert_eq!((3 * x - 1).x, 5.0);
}

#[test]
fn remainders_by_numbers_have_derivatives() {
    assert_eq!(value_and_grad(&7.5, |_, x| x % 2.0 * x), (11.25, 9.0));
    // 10 % x = 10 − 3x near x = 3.
    assert_eq!(value_and_grad(&3.0, |_, x| 10.0 % x), (1.0, -3.0));
    assert_eq!(ScalarTape::new().grad(&[7.5], |x| x[0] % 2.0 * x[0]), [9.0]);
}

#[test]
#[expect(clippy::op_ref, reason = "both operands may be references")]
fn tensors_are_operands_in_every_reading() {
    let w = Tensor::from([1.0, 2.0]);
    assert_eq!(grad(&w, |x| (x * w.clone() - &w * x * 0.5 + w.clone() % &x).sum()).to_vec(), [-0.5, 0.0]);
    assert_eq!(grad(&w, |x| (&x * &w + &w / &x - &w).sum()).to_vec(), [0.0, 1.5]);
    let y = Dual::new(w.clone(), w.clone()) * &w;
    assert_eq!(y.tangent().to_vec(), [1.0, 4.0]);
    let rows = vmap(&Tensor::from([[1.0, 1.0], [2.0, 3.0]]), |x| (&w - x * &w).sum());
    assert_eq!(rows.to_vec(), [0.0, -5.0]);
    assert_eq!(hvp(&w, &w, |x| (x.square() * x * &w).sum()).to_vec(), [6.0, 48.0]);
}

#[test]
fn tensors_are_operands_of_products() {
    let w = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    let x = Tensor::from([1.0, -1.0]);
    assert_eq!(grad(&x, |x| x.matmul(&w).sum() + x.matmul_t(&w).dot(x)).to_vec(), [0.0, 4.0]);
    assert_eq!(grad(&x, |x| x.t_matmul(x).dot(&w)).to_vec(), [20.0, -20.0]);
    assert_eq!(vmap(&w, |row| row.dot(&x)).to_vec(), [-1.0, -1.0]);
    assert_eq!(Dual::new(x.clone(), x.clone()).matmul(&w).tangent().to_vec(), [-2.0, -2.0]);
}

#[test]
fn numbers_compare_with_plain_numbers() {
    fn branch<T: Copy + PartialOrd<f64>>(x: T) -> [bool; 4] {
        [x > 0.0, x <= 2.0, x == 2.0, x != 0.0]
    }
    let tape = Tape::new();
    let x = tape.variable(2.0);
    let arrays = Tape::new();
    let active: Active<'_, f64> = Active::constant(2.0);
    let expected = [true; 4];
    assert_eq!(branch(x), expected);
    assert_eq!(branch(x.scalar()), expected);
    assert_eq!(branch(arrays.variable(Tensor::from([2.0f32]))), expected);
    assert_eq!(branch(Dual::new(2.0, 1.0)), expected);
    assert_eq!(branch(active), expected);
}

#[test]
#[should_panic(expected = "comparison with a number: one element is needed, but the shape is [2]")]
fn comparisons_of_arrays_with_numbers_are_refused() {
    let tape = Tape::new();
    let _ = tape.variable(Tensor::from([1.0, 2.0])) > 0.0;
}

#[test]
fn nested_arrays_and_lists_are_tensors() {
    let matrix = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    assert_eq!(Tensor::from(vec![vec![1.0, 2.0], vec![3.0, 4.0]]), matrix);
    assert_eq!(Tensor::from(vec![[1.0, 2.0], [3.0, 4.0]]), matrix);
    let single = Tensor::<f32>::from([[0.5]]);
    assert_eq!(single, Tensor::from(vec![vec![0.5f32]]));
    assert_eq!(Tensor::from([[[0, 1, 2]], [[3, 4, 5]]]).shape(), [2, 1, 3]);
    assert_eq!(Tensor::from(Vec::<Vec<f64>>::new()).shape(), [0, 0]);
}

#[test]
#[should_panic(expected = "Tensor::from: row 1 has 1 numbers, but row 0 has 2")]
fn lists_of_different_lengths_are_no_matrix() {
    let _ = Tensor::from(vec![vec![1.0, 2.0], vec![3.0]]);
}

#[test]
fn iterators_of_variables_have_sums_and_products() {
    let x = vec![1.0, 2.0, 3.0];
    let gradient = |f: for<'t> fn(Vec<Var<'t, f64>>) -> Var<'t, f64>| value_and_grad(&x, |_, x| f(x)).1;
    assert_eq!(gradient(|x| x.into_iter().map(|x| x.square()).sum()), [2.0, 4.0, 6.0]);
    assert_eq!(gradient(|x| x.into_iter().product()), [6.0, 3.0, 2.0]);
}

#[test]
fn iterators_of_tensors_and_of_references_have_sums_and_products() {
    let x = [Tensor::from([1.0, 2.0]), Tensor::from([3.0, 4.0]), Tensor::scalar(10.0)];
    assert_eq!(x.iter().sum::<Tensor<_>>().to_vec(), [14.0, 16.0]);
    assert_eq!(x.iter().product::<Tensor<_>>().to_vec(), [30.0, 80.0]);
    assert_eq!(x.into_iter().map(|x| x * 2.0).sum::<Tensor<_>>().to_vec(), [28.0, 32.0]);
    let none: [Tensor<f64>; 0] = [];
    assert_eq!((none.iter().sum::<Tensor<_>>().item(), none.iter().product::<Tensor<_>>().item()), (0.0, 1.0));
    let tape = Tape::new();
    let v = [tape.variable(3.0), tape.variable(4.0)];
    assert_eq!(v.iter().sum::<Var<'_, _>>().backward().of(&v), [1.0, 1.0]);
    assert_eq!(v.iter().product::<Var<'_, _>>().backward().of(&v), [4.0, 3.0]);
}

#[test]
fn generic_sums_and_products_run_in_every_reading() {
    fn polynomial<V: Value + Sum + Product>(x: &V) -> V {
        let powers = || (1..4).map(|n| x.powi(n));
        powers().sum::<V>() + powers().product::<V>()
    }
    let (y, dy) = (2.0 + 4.0 + 8.0 + 64.0, 1.0 + 4.0 + 12.0 + 6.0 * 32.0);
    let two = Tensor::from([2.0]);
    assert_eq!(polynomial(&2.0), y);
    assert_eq!(polynomial(&two).item(), y);
    assert_eq!(polynomial(&Dual::new(2.0, 1.0)).dx, dy);
    assert_eq!(polynomial(&Dual::new(two.clone(), Tensor::ones([1]))).tangent().item(), dy);
    assert_eq!(grad(&two, |x| polynomial(&x).sum()).item(), dy);
    assert_eq!(vmap(&Tensor::from([[2.0], [2.0]]), |x| polynomial(&x)).to_vec(), [y, y]);
    assert_eq!(jvp(&two, &Tensor::ones([1]), |x| polynomial(&x)).1.item(), dy);
    assert_eq!(ScalarTape::new().derivative(2.0, |x| polynomial(&x)), dy);
    assert_eq!(ScalarTape::new().nth_derivative(1, 2.0, |x| polynomial(&x)), dy);
}

#[test]
fn sums_and_products_of_no_numbers_are_those_of_plain_numbers() {
    fn none<V: Sum + Product>() -> [V; 2] {
        [std::iter::empty().sum(), std::iter::empty().product()]
    }
    let bits = |numbers: [f64; 2]| numbers.map(f64::to_bits);
    let expected = bits(none());
    assert_eq!(bits(none::<Dual<f64>>().map(|y| y.x)), expected);
    assert_eq!(bits(none::<Dual<f64>>().map(|y| y.x)), expected);
    assert_eq!(bits(none::<Active<'_, f64>>().map(Active::value)), expected);
    assert_eq!(bits(none::<Scalar<'_, f64>>().map(Scalar::value)), expected);
}

#[test]
fn numbers_are_operands_of_functions_of_two() {
    let x = Tensor::from([-1.0, 0.5, 3.0]);
    assert_eq!(x.maximum(0.0).to_vec(), [0.0, 0.5, 3.0]);
    assert_eq!(grad(&x, |x| x.minimum(1.0).pow(2.0).sum()).to_vec(), [-2.0, 1.0, 0.0]);
    assert_eq!(vmap(&x, |x| x.less(1.0) * x).to_vec(), [-1.0, 0.5, 0.0]);
    assert_eq!(Dual::new(3.0, 1.0).pow(2.0).dx, 6.0);
    assert_eq!((Composite::max(&2.0), grad(&2.0, |x| x.min())), (2.0, 1.0));
}

#[test]
fn tensors_of_one_element_compare_and_print_as_numbers() {
    let loss = Tensor::scalar(0.01235);
    assert!(loss > 0.01 && loss != 0.0);
    assert_eq!(format!("{loss:.3e} {loss:.3} {loss:8.2}"), "1.235e-2 0.012     0.01");
    let x = Tensor::from([1.0, 22.0, 1e-17]);
    assert_eq!(format!("{x:.2}"), "[ 1.00, 22.00,  0.00]");
    assert_eq!(format!("{:4}", Tensor::from([1, 22])), "[   1,   22]");
}

#[test]
#[should_panic(expected = "at: [2]: there is no element at [2]")]
fn elements_outside_are_refused() {
    Structural::at(&Tensor::from([1.0, 2.0]), [2]);
}

#[test]
#[should_panic(expected = "sum: there are no variables, so the sum belongs to no tape")]
fn sum_of_no_variables_is_refused() {
    Vec::<Var<'_, f64>>::new().into_iter().sum::<Var<'_, f64>>();
}

#[test]
fn numbers_are_written_in_the_format_that_is_asked_for() {
    let tape = Tape::new();
    let x = tape.variable(2.0f64.sqrt());
    assert_eq!(format!("{x:.2} {x:e}"), "1.41 1.4142135623730951e0");
    assert_eq!(format!("{:.1}", tape.variable(0.25) * 3.0), "0.8");
    let dual = Dual::new(0.125, 2.0);
    assert_eq!(format!("{dual} {dual:.1} {dual:e}"), "0.125 + 2ε 0.1 + 2.0ε 1.25e-1 + 2e0ε");
    let active: Active<'_, f64> = Active::constant(1.5);
    assert_eq!(format!("{active:.2} {active:e}"), "1.50 1.5e0");
    let vector = Tape::new();
    let v = vector.variable(Tensor::from([1.0, 2.0]));
    assert_eq!(v.to_string(), Tensor::from([1.0, 2.0]).to_string());
}
