//! Whole scalar programs: their derivatives of all orders, and the nodes they record.

use crate::harness::{assert_near, c, program};
use autodiff::prelude::*;
use num_traits::{Float, NumCast};

fn horner<T: Float>(x: T) -> T {
    [3.0, 2.0, 0.5].iter().fold(c(1.0), |y, &a| y * x + c(a))
}

fn rosenbrock<T: Float + std::iter::Sum>(x: &[T]) -> T {
    x.windows(2).map(|x| (T::one() - x[0]).powi(2) + c::<T>(100.0) * (x[1] - x[0] * x[0]).powi(2)).sum()
}

/// A bouncing ball, integrated by Heun's method. The step is halved if the error is too large.
fn bounce<T: Float>(x: &[T]) -> T {
    let (drag, restitution) = (x[2], x[3]);
    let slope = |v: T| -c::<T>(9.81) - drag * v * v.abs();
    let (mut height, mut speed, mut t, mut step) = (x[0], x[1], T::zero(), c::<T>(0.05));
    while t < c(1.5) {
        let [a, b] = [slope(speed), slope(speed + step * slope(speed))];
        if ((a - b) * step).abs() > c(2e-3) {
            step = step / c(2.0);
            continue;
        }
        height = height + step * (speed + step * (a + b) / c(4.0));
        speed = speed + step * (a + b) / c(2.0);
        t = t + step;
        if height < T::zero() && speed < T::zero() {
            (height, speed) = (-height, -restitution * speed);
        }
        step = (step * c(1.5)).min(c(0.05));
    }
    height + speed / c(10.0)
}

/// The loss of a network with 2, 3 and 1 units on one sample.
fn mlp<T: Float + std::iter::Sum + std::ops::AddAssign>(w: &[T]) -> T {
    let x = [c::<T>(0.4), c(-0.9)];
    let hidden: Vec<T> = w[..9].chunks(3).map(|w| (w[0] * x[0] + w[1] * x[1] + w[2]).tanh()).collect();
    let mut y = w[12];
    for (&w, &h) in w[9..12].iter().zip(&hidden) {
        y += w * h;
    }
    (y - c(0.3)).powi(2) + c::<T>(1e-3) * w.iter().map(|&w| w * w).sum::<T>()
}

/// The square root by Newton's method, iterated until it converges.
fn newton<T: Float>(x: &[T]) -> T {
    let mut y = x[0];
    loop {
        let next = (y + x[0] / y) / c(2.0);
        if (next - y).abs() < T::epsilon() * c(4.0) {
            return next;
        }
        y = next;
    }
}

#[test]
fn generic_programs_have_correct_derivatives_without_changes() {
    program!("rosenbrock", &[0.3, -0.7, 1.1, 0.9], rosenbrock).check();
    program!("bounce", &[1.0, 0.5, 0.02, 0.8], bounce).check();
    let weights: Vec<f64> = (0..13).map(|i| (i as f64).sin()).collect();
    program!("mlp", &weights, mlp).check();
    program!("newton", &[2.0], newton).check();
    assert_eq!(ScalarTape::new().derivative(2.0, horner), 12.0 + 12.0 + 2.0);
}

#[test]
fn second_and_higher_derivatives_are_correct() {
    let x = [0.3, -0.7, 1.1];
    let mut tape = ScalarTape::new();
    let h = tape.hessian(&x, rosenbrock);
    for i in 0..3 {
        let unit: Vec<f64> = (0..3).map(|j| if i == j { 1.0 } else { 0.0 }).collect();
        let row = tape.hvp(&x, &unit, rosenbrock);
        row.iter().enumerate().for_each(|(j, &row)| assert_near(row, h[[i, j]], 1e-15, "a row of the Hessian"));
        assert_near(h[[i, (i + 1) % 3]], h[[(i + 1) % 3, i]], 1e-15, "the Hessian is symmetric");
    }
    assert_near(h[[0, 0]], 1200.0 * 0.3 * 0.3 + 400.0 * 0.7 + 2.0, 1e-15, "∂²/∂x₀²");
    assert_eq!(h[[0, 2]], 0.0);
    assert_eq!(tape.nth_derivative(3, 2.0, horner), 6.0);
    assert_eq!(tape.nth_derivative(4, 2.0, horner), 0.0);
    assert_near(
        tape.nth_derivative(7, 0.5, |x| x.exp() * x),
        7.5 * 0.5f64.exp(),
        1e-14,
        "the seventh derivative of x·eˣ",
    );
}

#[test]
fn derivatives_by_unused_inputs_are_zero() {
    let mut tape = ScalarTape::new();
    assert_eq!(tape.value_and_grad(&[1.0, 2.0], |_| 3.0.into()), (3.0, vec![0.0, 0.0]));
    assert_eq!(tape.value_and_grad(&[1.0, 2.0], |x| x[1] * x[1]), (4.0, vec![0.0, 4.0]));
    assert_eq!(tape.hvp(&[1.0, 2.0], &[1.0, 1.0], |_| 3.0.into()), [0.0, 0.0]);
    assert_eq!(tape.hessian(&[1.0], |x| x[0] + x[0]).to_vec(), [0.0]);
    assert_eq!(tape.nth_derivative(0, 1.0, |_| Scalar::Constant(3.0)), 3.0);
    assert_eq!(tape.nth_derivative(2, 1.0, |_| Scalar::Constant(3.0)), 0.0);
    assert_eq!(tape.grad(&[], rosenbrock), []);
}

#[test]
fn single_precision_programs_round_like_f32() {
    let x = [0.3f32, -0.7, 1.1];
    let (y, gradient) = ScalarTape::new().value_and_grad(&x, rosenbrock);
    assert_eq!(y.to_bits(), rosenbrock(&x).to_bits());
    let wide = ScalarTape::new().grad(&x.map(|x| x.to_f64()), rosenbrock);
    assert_eq!(gradient.len(), wide.len());
    gradient
        .iter()
        .zip(wide)
        .for_each(|(&g, wide)| assert_near(g.into(), wide, 1e-6, "the gradients in single and double precision"));
    let third = <Scalar<'_, f32> as NumCast>::from(1.0 / 3.0).unwrap();
    assert_eq!((third.exp() / third).value(), (1.0f32 / 3.0).exp() / (1.0 / 3.0));
}

#[test]
fn scalar_program_inside_a_tensor_program_is_differentiated() {
    let tape = Tape::new();
    let w = tape.variable(Tensor::from([0.3, -0.7, 1.1]));
    // The scalar program takes elements of a tensor, and its result scales a tensor.
    let parts: Vec<_> = (0..3).map(|i| w.slice(0, i, i + 1).sum().scalar()).collect();
    let energy = rosenbrock(&parts).on(w);
    let loss = (energy * w.square()).sum();
    let gradient = loss.backward().of(&w);
    let (e, de) = ScalarTape::new().value_and_grad(&[0.3, -0.7, 1.1], rosenbrock);
    let squares = 0.3 * 0.3 + 0.7 * 0.7 + 1.1 * 1.1;
    for (i, w) in [0.3, -0.7, 1.1].into_iter().enumerate() {
        assert_near(gradient[[i]], de[i] * squares + e * 2.0 * w, 1e-14, "the gradient");
    }
    let [second] = loss.grad([w])[0].sum().grad([w]);
    let whole = ScalarTape::new()
        .hessian(&[0.3, -0.7, 1.1], |w| rosenbrock(w) * w.iter().map(|&w| w * w).sum::<Scalar<'_, _>>());
    for i in 0..3 {
        let row: f64 = (0..3).map(|j| whole[[i, j]]).sum();
        assert_near(second.value()[[i]], row, 1e-13, "a row sum of the Hessian");
    }
}

#[test]
fn dual_numbers_over_recorded_scalars_give_second_derivatives() {
    let tape = Tape::new();
    let x = tape.variable(2.0);
    let y = horner(Dual::new(x.scalar(), Scalar::Constant(1.0)));
    assert_eq!(y.x.value(), horner(2.0));
    let slope = y.tangent().on(x);
    assert_eq!((slope.value(), slope.backward().of(&x)), (26.0, 18.0));
}

/// The number of nodes that a piece of a program records.
fn nodes<'t>(tape: &'t Tape<f64>, piece: impl FnOnce() -> Scalar<'t, f64>) -> usize {
    let before = tape.len();
    piece();
    tape.len() - before
}

#[test]
fn operations_on_constants_record_no_nodes() {
    let tape = Tape::new();
    let (x, two) = (tape.variable(3.0).scalar(), Scalar::Constant(2.0));
    assert_eq!(nodes(&tape, || (two * two + two).sin().max(two).powf(two) % two), 0, "operations on constants");
    assert_eq!(
        nodes(&tape, || x.max(two) - x.min(two)),
        1,
        "max and min with a constant record nothing, only their difference does"
    );
    macro_rules! one_node {
        ($($piece:expr),*) => { $(assert_eq!(nodes(&tape, || $piece), 1, stringify!($piece));)* };
    }
    one_node!(x + two, two + x, x - two, two - x, x * two, two * x, x / two, two / x, x.powf(two), x.powi(2));
    one_node!(x + x, x * x, -x, x.recip(), x.fract(), x.to_degrees(), 2.0 * x, x - 1.0, 1.0 / x);
    assert_eq!(nodes(&tape, || horner(x)), 6);
    assert!(!tape.to_string().contains("constant"), "{tape}");
}
