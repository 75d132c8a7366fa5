//! The Rosenbrock function in 100,000 dimensions: short expressions and one long sum.

use crate::workload::{ByHand, Number, Workload, c, noise};

pub(crate) struct Rosenbrock;

impl Workload for Rosenbrock {
    const NAME: &str = "rosenbrock_1e5";

    fn inputs(&self) -> Vec<f64> {
        noise(100_000, 1)
    }

    fn program<T: Number>(&self, x: &[T]) -> T {
        let term = |x: &[T]| (T::one() - x[0]).powi(2) + c::<T>(100.0) * (x[1] - x[0] * x[0]).powi(2);
        x.windows(2).map(term).sum()
    }
}

impl ByHand for Rosenbrock {
    fn by_hand(&mut self, x: &[f64], g: &mut [f64]) -> f64 {
        g.fill(0.0);
        let mut sum = 0.0;
        for i in 1..x.len() {
            let (a, b) = (1.0 - x[i - 1], x[i] - x[i - 1] * x[i - 1]);
            sum += a * a + 100.0 * (b * b);
            g[i - 1] -= 2.0 * a + 400.0 * b * x[i - 1];
            g[i] = 200.0 * b;
        }
        sum
    }
}
