//! The Monte Carlo price of an option under stochastic volatility: 6,000 paths of 8 steps, few inputs.

use crate::workload::{ByHand, Number, Workload, c, noise};

const PATHS: usize = 6_000;
const STEPS: usize = 8;
const DT: f64 = 0.125;
const SQRT_DT: f64 = 0.353_553_390_593_273_8;

pub(crate) struct MonteCarlo {
    noise: Vec<f64>,
}

impl MonteCarlo {
    pub(crate) fn new() -> Self {
        Self { noise: noise(PATHS * STEPS * 2, 4).iter().map(|z| 1.7 * z).collect() }
    }
}

impl Workload for MonteCarlo {
    const NAME: &str = "monte_carlo";

    /// The initial price, the interest rate and the strike; the initial value, reversion speed, mean and volatility of
    /// the log volatility; and the correlation of the two.
    fn inputs(&self) -> Vec<f64> {
        vec![100.0, 0.03, 105.0, -1.6, 1.5, -1.5, 0.4, -0.5]
    }

    fn program<T: Number>(&self, x: &[T]) -> T {
        let (dt, sqrt_dt) = (c::<T>(DT), c::<T>(SQRT_DT));
        let independent = (T::one() - x[7] * x[7]).sqrt();
        let path = |z: &[f64]| {
            let (mut log_price, mut log_volatility) = (x[0].ln(), x[3]);
            for z in z.chunks_exact(2) {
                let (z0, z1) = (c::<T>(z[0]), c::<T>(z[1]));
                let volatility = log_volatility.exp();
                log_price += (x[1] - volatility * volatility * c(0.5)) * dt;
                log_price += volatility * sqrt_dt * (x[7] * z0 + independent * z1);
                log_volatility += x[4] * (x[5] - log_volatility) * dt + x[6] * sqrt_dt * z0;
            }
            (log_price.exp() - x[2]).max(T::zero())
        };
        let sum: T = self.noise.chunks_exact(2 * STEPS).map(path).sum();
        (-x[1] * c(DT * STEPS as f64)).exp() * sum * c(1.0 / PATHS as f64)
    }
}

impl ByHand for MonteCarlo {
    fn by_hand(&mut self, x: &[f64], g: &mut [f64]) -> f64 {
        let &[start, rate, strike, level, speed, mean, spread, rho] = x else { unreachable!("eight inputs") };
        let independent = (1.0 - rho * rho).sqrt();
        let (log_start, mut sum, mut d) = (start.ln(), 0.0, [0.0; 8]);
        let mut d_independent = 0.0;
        for z in self.noise.chunks_exact(2 * STEPS) {
            let (mut log_price, mut log_volatility) = (log_start, level);
            let mut steps = [(0.0, 0.0, 0.0); STEPS];
            for (z, step) in z.chunks_exact(2).zip(&mut steps) {
                let volatility = log_volatility.exp();
                let shock = rho * z[0] + independent * z[1];
                *step = (log_volatility, volatility, shock);
                log_price += (rate - volatility * volatility * 0.5) * DT + volatility * SQRT_DT * shock;
                log_volatility += speed * (mean - log_volatility) * DT + spread * SQRT_DT * z[0];
            }
            let price = log_price.exp();
            if price <= strike {
                continue;
            }
            sum += price - strike;
            d[2] -= 1.0;
            d[1] += price * DT * STEPS as f64;
            let mut d_level = 0.0;
            for (z, (log_volatility, volatility, shock)) in z.chunks_exact(2).zip(steps).rev() {
                d[4] += d_level * (mean - log_volatility) * DT;
                d[5] += d_level * speed * DT;
                d[6] += d_level * SQRT_DT * z[0];
                let d_shock = price * volatility * SQRT_DT;
                d[7] += d_shock * z[0];
                d_independent += d_shock * z[1];
                d_level *= 1.0 - speed * DT;
                d_level += price * (SQRT_DT * shock - volatility * DT) * volatility;
            }
            d[3] += d_level;
            d[0] += price;
        }
        let discount = (-rate * DT * STEPS as f64).exp() / PATHS as f64;
        d[0] /= start;
        d[1] -= sum * DT * STEPS as f64;
        d[7] -= d_independent * rho / independent;
        g.iter_mut().zip(d).for_each(|(g, d)| *g = d * discount);
        sum * discount
    }
}
