//! The interface of the benchmark programs, here and in `nn/benches/peers`.

use num_traits::Float;
use std::iter::Sum;
use std::ops::AddAssign;

/// The arithmetic that a scalar program needs.
pub(crate) trait Number: Float + Sum + AddAssign {}

impl<T: Float + Sum + AddAssign> Number for T {}

/// A program and its inputs.
pub(crate) trait Workload {
    const NAME: &str;

    fn inputs(&self) -> Vec<f64>;

    fn program<T: Number>(&self, x: &[T]) -> T;
}

/// A program with a gradient written by hand.
pub(crate) trait ByHand: Workload {
    /// Returns the value, and writes the gradient to `g`.
    fn by_hand(&mut self, x: &[f64], g: &mut [f64]) -> f64;
}

/// A constant of the number type.
pub(crate) fn c<T: Float>(c: f64) -> T {
    T::from(c).expect("every f64 can be converted")
}

/// `n` pseudorandom numbers in [−1, 1), the same on every machine.
pub(crate) fn noise(n: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    };
    (0..n).map(|_| next()).collect()
}
