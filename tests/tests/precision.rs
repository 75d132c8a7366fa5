//! Parts of a single-precision program that are computed in double precision.

use autodiff::prelude::*;

/// Σ (1 − cos x)·y, which cancels near x = 0.
fn cancelling<V: Value>(x: &V, y: &V) -> V {
    (y.clone() - x.cos() * y).sum()
}

fn precise<V: Reading>(x: &V, y: &V) -> V {
    in_f64(|x| cancelling(&x[0], &x[1]), &[x, y])
}

fn arguments() -> (Tensor<f32>, Tensor<f32>) {
    (Tensor::from([1e-4, 3e-4, -2e-4]), Tensor::from([1.0, -0.5, 2.0]))
}

fn wide((x, y): &(Tensor<f32>, Tensor<f32>)) -> (Tensor<f64>, Tensor<f64>) {
    (x.map(|&x| x.into()), y.map(|&y| y.into()))
}

/// The numbers of `f64`, rounded to `f32`. The bound is relative to each number, because all of them are small.
#[track_caller]
fn rounded(found: &Tensor<f32>, expected: &Tensor<f64>) {
    assert_eq!(found.shape(), expected.shape());
    for (found, expected) in found.iter().zip(expected.iter()) {
        let difference = (f64::from(found) - expected).abs();
        assert!(difference <= 2.0 * f64::from(f32::EPSILON) * expected.abs(), "{found} ≠ {expected}");
    }
}

#[test]
fn value_and_gradient_have_the_digits_of_double_precision() {
    let (value, gradient) = value_and_grad(&arguments(), |_, (x, y)| precise(&x, &y));
    let (expected, slopes) = value_and_grad(&wide(&arguments()), |_, (x, y)| cancelling(&x, &y));
    rounded(&value, &expected);
    rounded(&gradient.0, &slopes.0);
    rounded(&gradient.1, &slopes.1);
    // In single precision no digit of the value is right.
    let single = value_and_grad(&arguments(), |_, (x, y)| cancelling(&x, &y)).0;
    assert!((f64::from(single.item()) - expected.item()).abs() > 0.1 * expected.item().abs());
}

#[test]
fn second_derivatives_and_all_modes_have_the_digits_of_double_precision() {
    let (x, y) = arguments();
    let (wide_x, wide_y) = wide(&arguments());
    let v = Tensor::from([1.0f32, 2.0, -1.0]);
    let wide_v = v.map(|&v| f64::from(v));
    let product = hvp(&y, &v, |y| (precise(&y.constant(x.clone()), &y) * precise(&y.constant(x.clone()), &y)).sum());
    let expected = hvp(&wide_y, &wide_v, |y| {
        let value = cancelling(&y.constant(wide_x.clone()), &y);
        (value * value).sum()
    });
    rounded(&product, &expected);
    let tangent = jvp(&x, &v, |x| precise(&x, &x.lift(&y))).1;
    rounded(&tangent, &jvp(&wide_x, &wide_v, |x| cancelling(&x, &x.lift(&wide_y))).1);
    let third = |x: &Tensor<f32>| nth_derivative(3, x, |x| precise(&x, &x.full_like(1.0)));
    rounded(&third(&Tensor::scalar(1e-4)), &Tensor::scalar(-f64::from(1e-4f32).sin()));
}

#[test]
fn batches_have_the_digits_of_double_precision() {
    let (x, y) = arguments();
    let (wide_x, wide_y) = wide(&arguments());
    let rows = Tensor::stack(0, &[&x, &(&x * 2.0)]);
    let wide_rows = rows.map(|&x| f64::from(x));
    rounded(
        &vmap(&rows, |x| precise(&x, &Batched::shared(y.clone()))),
        &vmap(&wide_rows, |x| cancelling(&x, &Batched::shared(wide_y.clone()))),
    );
    rounded(
        &vmap(&rows, |x| grad(&x, |x| precise(&x, &x.lift(&y)))),
        &vmap(&wide_rows, |x| grad(&x, |x| cancelling(&x, &x.lift(&wide_y)))),
    );
    rounded(&jacobian(&x, |x| precise(&x, &x.lift(&y))), &jacobian(&wide_x, |x| cancelling(&x, &x.lift(&wide_y))));
    // The slope with respect to y is 1 − cos x, which cancels too.
    rounded(
        &hessian(&y, |y| precise(&y.lift(&x), &y.square())),
        &hessian(&wide_y, |y| cancelling(&y.lift(&wide_x), &y.square())),
    );
}

#[test]
fn plain_numbers_are_widened() {
    assert_eq!(f64::from(grad(&1e-4f32, |x| precise(&x, &x.full_like(1.0)))), f64::from(1e-4f32));
}
