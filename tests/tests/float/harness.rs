//! Runs a scalar program on every number type and compares the results.

use autodiff::prelude::*;
use num_traits::Float;

pub(crate) fn c<T: Float>(c: f64) -> T {
    T::from(c).unwrap()
}

type Function<'a, T> = &'a dyn Fn(&[T]) -> T;
type Gradient<'a, T> = &'a dyn Fn(&[T]) -> (T, Vec<T>);
type Product<'a, T> = &'a dyn Fn(&[T], &[T]) -> Vec<T>;

/// A scalar program, instantiated for each number type and method.
pub(crate) struct Program<'a> {
    pub(crate) name: &'a str,
    pub(crate) x: &'a [f64],
    pub(crate) number: Function<'a, f64>,
    pub(crate) gradient: Gradient<'a, f64>,
    pub(crate) recorded: Gradient<'a, f64>,
    pub(crate) hvp: Product<'a, f64>,
    pub(crate) dual: Function<'a, Dual<f64>>,
    pub(crate) nested: Function<'a, Dual<Dual<f64>>>,
    pub(crate) dual_gradient: Gradient<'a, Dual<f64>>,
}

macro_rules! program {
    ($name:expr, $x:expr, $f:ident) => {
        $crate::harness::Program {
            name: $name,
            x: $x,
            number: &$f,
            gradient: &|x| ScalarTape::new().value_and_grad(x, $f),
            recorded: &|x| {
                let tape = Tape::new();
                let x: Vec<Var<'_, f64>> = x.iter().map(|&x| tape.variable(x)).collect();
                let y = $f(&x.iter().map(|x| x.scalar()).collect::<Vec<_>>()).on(x[0]);
                (y.value(), y.backward().of(&x))
            },
            hvp: &|x, v| ScalarTape::new().hvp(x, v, $f),
            dual: &$f,
            nested: &$f,
            dual_gradient: &|x| ScalarTape::new().value_and_grad(x, $f),
        }
    };
}

pub(crate) use program;

/// Asserts that two numbers agree up to `tolerance`, which is relative for large numbers.
#[track_caller]
pub(crate) fn assert_near(a: f64, b: f64, tolerance: f64, what: impl std::fmt::Display) {
    let near = (a - b).abs() <= tolerance * (1.0 + a.abs().max(b.abs()));
    assert!(a.is_finite() && b.is_finite() && near, "{what}: {a} and {b}");
}

pub(crate) fn bits(x: f64) -> u64 {
    x.to_bits()
}

impl Program<'_> {
    pub(crate) fn check(&self) {
        let v: Vec<f64> = (0..self.x.len()).map(|i| 1.0 - 0.7 * i as f64).collect();
        let along = |h: f64| -> Vec<f64> { self.x.iter().zip(&v).map(|(x, v)| x + h * v).collect() };
        let dot = |g: &[f64]| g.iter().zip(&v).map(|(g, v)| g * v).sum::<f64>();
        let name = self.name;

        let (value, gradient) = (self.gradient)(self.x);
        let y = (self.number)(self.x);
        // Those of the standard library lose digits, so they are computed otherwise here.
        let y = if ["asinh", "acosh", "atanh"].contains(&name) {
            assert_near(value, y, 1e-15, format!("{name}: the value and that of the standard library"));
            value
        } else {
            y
        };
        assert_eq!(bits(value), bits(y), "{name}: the value of value_and_grad: {value} and {y}");
        let difference = differentiate(|h| (self.number)(&along(h)));
        assert_near(dot(&gradient), difference, 1e-8, format!("{name}: the gradient and the finite difference"));

        let (value, recorded) = (self.recorded)(self.x);
        assert_eq!(bits(value), bits(y), "{name}: the recorded value: {value} and {y}");
        assert_eq!(
            (gradient.len(), recorded.len()),
            (self.x.len(), self.x.len()),
            "{name}: the lengths of the gradients"
        );
        for (g, recorded) in gradient.iter().zip(recorded) {
            assert_near(*g, recorded, 1e-14, format!("{name}: the gradient and the recorded gradient"));
        }

        let duals: Vec<Dual<f64>> = self.x.iter().zip(&v).map(|(&x, &v)| Dual::new(x, v)).collect();
        let dual = (self.dual)(&duals);
        assert_eq!(bits(dual.x), bits(y), "{name}: the value of the dual number");
        assert_near(dual.tangent(), dot(&gradient), 1e-13, format!("{name}: the tangent and the gradient"));

        let hvp = (self.hvp)(self.x, &v);
        let difference = differentiate(|h| dot(&(self.gradient)(&along(h)).1));
        assert_near(
            dot(&hvp),
            difference,
            1e-7,
            format!("{name}: the Hessian-vector product and the finite difference"),
        );
        let twice: Vec<_> = duals.iter().map(|&x| Dual::new(x, Dual::new(x.tangent(), 0.0))).collect();
        let second = (self.nested)(&twice).tangent().tangent();
        assert_near(second, dot(&hvp), 1e-12, format!("{name}: nested dual numbers and the Hessian-vector product"));

        let (value, gradient_of_duals) = (self.dual_gradient)(&duals);
        assert_eq!(bits(value.x), bits(y), "{name}: the value on a tape of dual numbers");
        assert_eq!(gradient_of_duals.len(), gradient.len(), "{name}: the length of the gradient of dual numbers");
        for (i, g) in gradient_of_duals.iter().enumerate() {
            assert_near(g.x, gradient[i], 1e-13, format!("{name}: the gradient of dual numbers by input {i}"));
            assert_near(g.tangent(), hvp[i], 1e-12, format!("{name}: forward over reverse by input {i}"));
        }
    }
}

/// Extrapolates central differences with three steps; the error is of order h⁶.
fn differentiate(f: impl Fn(f64) -> f64) -> f64 {
    let central = |h: f64| (f(h) - f(-h)) / (2.0 * h);
    let [a, b, c] = [4e-4, 2e-4, 1e-4].map(central);
    let [d, e] = [(4.0 * b - a) / 3.0, (4.0 * c - b) / 3.0];
    (16.0 * e - d) / 15.0
}
