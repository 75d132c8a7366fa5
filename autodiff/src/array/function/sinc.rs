//! The normalised sinc function sin(πx)/(πx) and its derivatives.

use super::half_turns::sin_cos_pi;
use std::f64::consts::PI;

/// The derivative of order n of sin(πx)/(πx), which is πⁿ·fₙ(πx) for the derivatives fₙ of sin(u)/u; 0 at ±∞.
///
/// The n-th derivative of u·f₀(u) = sin u is u·fₙ + n·fₙ₋₁ = sin⁽ⁿ⁾ u. Read from n − 1 to n, the recurrence divides an error
/// by u/n; read from n to n − 1, it multiplies the error by u/n. So it runs upwards beyond n + 1 and downwards below, where
/// it is the sum Σ (−u)ʲ·n!/(n + 1 + j)!·sin⁽ⁿ⁺¹⁺ʲ⁾ u.
pub(super) fn sinc(n: u32, x: f64) -> f64 {
    if x.is_infinite() {
        return 0.0;
    }
    let (u, (sin, cos)) = (PI * x, sin_cos_pi(x));
    let sine = |order: u32| [sin, cos, -sin, -cos][order as usize % 4];
    let f = if u.abs() > f64::from(n) + 1.0 {
        (1..=n).fold(sin / u, |f, order| (sine(order) - f64::from(order) * f) / u)
    } else if n == 0 && u != 0.0 {
        sin / u
    } else {
        downwards(n, u, sine)
    };
    PI.powi(n as i32) * f
}

fn downwards(n: u32, u: f64, sine: impl Fn(u32) -> f64) -> f64 {
    // For odd n and small u, the sum is about as small as u.
    let negligible = 1e-20 * u.abs().min(1.0);
    let (mut sum, mut factor, mut order) = (0.0, 1.0 / (f64::from(n) + 1.0), n + 1);
    loop {
        sum += factor * sine(order);
        order += 1;
        factor *= -u / f64::from(order);
        if factor.is_nan() || factor.abs() <= negligible {
            return sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::sinc;
    use std::f64::consts::PI;

    #[test]
    fn derivatives_at_zero_are_those_of_the_series() {
        let known = [1.0, 0.0, -PI.powi(2) / 3.0, 0.0, PI.powi(4) / 5.0, 0.0, -PI.powi(6) / 7.0];
        for zero in [0.0, -0.0] {
            for (n, known) in (0..).zip(known) {
                assert!((sinc(n, zero) - known).abs() <= 1e-15 * known.abs(), "order {n}: {:e}", sinc(n, zero));
            }
        }
    }

    #[test]
    fn whole_numbers_are_exact_zeros_and_infinity_is_the_limit() {
        assert_eq!(sinc(0, f64::MAX), 0.0);
        for x in [1.0, -2.0, 3.0, 1e15, -1e300] {
            assert_eq!(sinc(0, x), 0.0);
            let slope = if x % 2.0 == 0.0 { 1.0 / x } else { -1.0 / x };
            assert!((sinc(1, x) - slope).abs() <= 1e-15 * slope.abs(), "at {x:e}: {:e}", sinc(1, x));
        }
        for n in 0..4 {
            assert_eq!([f64::INFINITY, f64::NEG_INFINITY].map(|x| sinc(n, x)), [0.0; 2]);
            assert!(sinc(n, f64::NAN).is_nan());
        }
    }

    /// Both directions of the recurrence, beside the derivative as the integral ∫₀¹ tⁿ·cos(ut + nπ/2) dt by Simpson's rule.
    #[test]
    fn derivatives_of_every_order_agree_with_the_integral() {
        for n in [0, 1, 2, 3, 5, 8, 13] {
            for x in [1e-9, 0.01, 0.3, 0.7, 1.1, 1.7, 2.4, 3.9, 6.1] {
                let f = |t: f64| t.powi(n as i32) * (PI * x * t + f64::from(n) * 0.5 * PI).cos();
                let m = 4000;
                let weight = |i: u32| {
                    if i == 0 || i == m {
                        1.0
                    } else if i % 2 == 1 {
                        4.0
                    } else {
                        2.0
                    }
                };
                let integral: f64 = (0..=m).map(|i| weight(i) * f(f64::from(i) / f64::from(m))).sum::<f64>();
                let integral = integral / (3.0 * f64::from(m));
                let found = sinc(n, x) / PI.powi(n as i32);
                assert!((found - integral).abs() < 1e-11, "order {n} at {x}: {found:e}, not {integral:e}");
            }
        }
    }
}
