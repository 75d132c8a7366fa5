//! Ten steps of the Runge–Kutta method of fourth order, for yᵢ′ = xᵢ·yᵢ₋₁ with y₋₁ = 1 and y(0) = 1: vectors of numbers
//! that are stored and read again.
//!
//! The equation comes from the speed tests of CppAD (`ode_evaluate`).

use crate::workload::{Number, Workload, c, noise};

const STEPS: usize = 10;

/// The number of components.
pub(crate) struct Ode<const N: usize>;

/// The derivatives y′ of the components.
fn rates<T: Number>(x: &[T], y: &[T], rates: &mut [T]) {
    rates[0] = x[0];
    for i in 1..x.len() {
        rates[i] = x[i] * y[i - 1];
    }
}

impl<const N: usize> Workload for Ode<N> {
    const NAME: &str = if N == 1_000 { "ode_1e3" } else { "ode_1e4" };

    fn inputs(&self) -> Vec<f64> {
        noise(N, 8)
    }

    /// The sum of the components at time 1.
    fn program<T: Number>(&self, x: &[T]) -> T {
        let h = c::<T>(1.0 / STEPS as f64);
        let (half, sixth) = (h * c(0.5), h / c(6.0));
        let mut y = vec![T::one(); N];
        let mut between = y.clone();
        let [mut k1, mut k2, mut k3, mut k4] = [(); 4].map(|()| y.clone());
        for _ in 0..STEPS {
            rates(x, &y, &mut k1);
            (0..N).for_each(|i| between[i] = y[i] + k1[i] * half);
            rates(x, &between, &mut k2);
            (0..N).for_each(|i| between[i] = y[i] + k2[i] * half);
            rates(x, &between, &mut k3);
            (0..N).for_each(|i| between[i] = y[i] + k3[i] * h);
            rates(x, &between, &mut k4);
            (0..N).for_each(|i| y[i] += (k1[i] + (k2[i] + k3[i]) * c(2.0) + k4[i]) * sixth);
        }
        y.into_iter().sum()
    }
}
