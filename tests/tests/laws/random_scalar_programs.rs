//! Random scalar programs: `Tape::value_and_grad` and `Tape::hvp` agree with the fully recorded tape.

use autodiff::prelude::*;
use num_traits::Float;
use proptest::prelude::*;
use std::iter::Sum;

/// An operation on two earlier values, given by their distance from the end of the list.
#[derive(Clone, Copy, Debug)]
struct Step {
    op: u8,
    a: usize,
    b: usize,
}

const OPERATIONS: u8 = 32;

fn c<T: Float>(c: f64) -> T {
    T::from(c).unwrap()
}

/// Bounded functions of bounded values, with every kind of dependence on one or two numbers.
fn apply<T: Float + Sum>(op: u8, a: T, b: T) -> T {
    match op {
        0 => (a + b) * c(0.5),
        1 => a - b * c(0.5),
        2 => (a * b).tanh(),
        3 => a.sin() * b.cos(),
        4 => a / (b * b + T::one()),
        5 => (a * a + c(0.5)).sqrt(),
        6 => (a * a + c(0.5)).ln(),
        7 => a.tanh().exp(),
        8 => a.max(b),
        9 => a.min(b),
        10 => a.abs(),
        11 => a.atan2(b + c(0.1)),
        12 => a.hypot(b),
        13 => a.sin().powi(3),
        14 => (a * a + c(0.5)).powf(c(0.7)),
        15 => (a * a + c(0.5)).powf(b.sin()),
        16 => (a.sin() * c(0.9)).asin() + (b.cos() * c(0.9)).acos(),
        17 => a.mul_add(c(0.5), b) - c::<T>(0.3).mul_add(b, a.sin()),
        18 => a % c(1.7),
        19 => -a,
        20 => (a * a + T::one()).recip(),
        21 => c(0.3),
        22 => [a, b.sin(), a.sin() * b.cos(), c(0.2)].into_iter().sum::<T>() * c(0.3),
        23 => a.floor() * c(0.1) + b.fract(),
        24 => a.tanh().sinh() - b.tanh().cosh(),
        25 => (a * a + c(0.1)).cbrt(),
        26 => a.tanh().exp_m1() + (b * b).ln_1p(),
        27 => a.signum() * b,
        28 => a.abs_sub(b),
        29 => a * a - a * b,
        30 => (a.tanh() * c(0.9)).atanh() + b.asinh(),
        _ => a.copysign(b).tan().atan(),
    }
}

fn run<T: Float + Sum>(steps: &[Step], x: &[T]) -> T {
    let mut values = x.to_vec();
    for step in steps {
        let value = |back: usize| values[values.len() - 1 - back % values.len()];
        let y = apply(step.op, value(step.a), value(step.b));
        values.push(y);
    }
    values.iter().map(|&value| value.sin()).sum()
}

/// The value, the gradient and the product of the Hessian with `v`, on the recorded tape.
fn recorded(steps: &[Step], x: &[f64], v: &[f64]) -> (f64, Vec<f64>, Vec<f64>) {
    let tape = Tape::new();
    let x: Vec<Var<'_, f64>> = x.iter().map(|&x| tape.variable(x)).collect();
    let y = run(steps, &x.iter().map(|x| x.scalar()).collect::<Vec<_>>()).on(x[0]);
    let product = ScalarTape::new().hessian(&x.iter().map(|x| x.value()).collect::<Vec<_>>(), |x| run(steps, x));
    let product = product.matmul(Tensor::from_vec([x.len(), 1], v.to_vec()));
    (y.value(), y.backward().of(&x), product.to_vec())
}

/// Whether two gradients agree up to rounding, relative to the largest entry.
fn near(a: &[f64], b: &[f64]) -> bool {
    let size = a.iter().filter(|a| a.is_finite()).fold(1.0f64, |size, a| size.max(a.abs()));
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b || (a - b).abs() <= 1e-11 * size)
}

fn step() -> impl Strategy<Value = Step> {
    (0..OPERATIONS, 0..12usize, 0..12usize).prop_map(|(op, a, b)| Step { op, a, b })
}

proptest! {
    #![proptest_config(tests::cases(512))]

    #[test]
    fn scalar_derivatives_agree_with_the_recorded_tape(
        steps in prop::collection::vec(step(), 1..40),
        x in prop::collection::vec(-2.0..2.0f64, 1..6),
    ) {
        let v: Vec<f64> = (0..x.len()).map(|i| 1.0 - 0.3 * i as f64).collect();
        let (value, gradient, product) = recorded(&steps, &x, &v);
        let mut tape = ScalarTape::new();
        let (scalar_value, scalar) = tape.value_and_grad(&x, |x| run(&steps, x));
        prop_assert_eq!(value.to_bits(), scalar_value.to_bits());
        prop_assert!(near(&gradient, &scalar), "gradient: {:?} and {:?}", gradient, scalar);
        let scalar = tape.hvp(&x, &v, |x| run(&steps, x));
        prop_assert!(near(&product, &scalar), "Hessian-vector product: {:?} and {:?}", product, scalar);
        let (values, tangents) = tape.jvp(&x, &v, |x| vec![run(&steps, x)]);
        prop_assert_eq!(value.to_bits(), values[0].to_bits());
        let along: f64 = gradient.iter().zip(&v).map(|(g, v)| g * v).sum();
        let size: f64 = gradient.iter().zip(&v).map(|(g, v)| (g * v).abs()).sum();
        let agree = !size.is_finite() || (along - tangents[0]).abs() <= 1e-11 * size.max(1.0);
        prop_assert!(agree, "tangent: {} and {}", along, tangents[0]);
        // One function takes passes back; more functions than inputs take passes forward.
        for m in [1, x.len() + 1] {
            let jacobian = tape.jacobian(&x, |x| vec![run(&steps, x); m]);
            for row in jacobian.to_vec().chunks(x.len()) {
                prop_assert!(near(&gradient, row), "Jacobian of {} rows: {:?} and {:?}", m, gradient, row);
            }
        }
    }

    /// The inputs take few values, so that ties, zeros and whole numbers are common.
    #[test]
    fn scalar_derivatives_agree_with_the_recorded_tape_at_kinks(
        steps in prop::collection::vec(step(), 1..12),
        x in prop::collection::vec(prop::sample::select(vec![-1.0, -0.0, 0.0, 0.5, 1.0]), 1..5),
    ) {
        let (value, gradient, _) = recorded(&steps, &x, &vec![0.0; x.len()]);
        let (scalar_value, scalar) = ScalarTape::new().value_and_grad(&x, |x| run(&steps, x));
        prop_assert_eq!(value.to_bits(), scalar_value.to_bits());
        prop_assert!(near(&gradient, &scalar), "gradient: {:?} and {:?}", gradient, scalar);
    }
}
