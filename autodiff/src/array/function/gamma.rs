//! The derivatives of ln |Γ|: the polygamma functions.
//!
//! Formulas: *NIST Digital Library of Mathematical Functions* (DLMF), 5.5, 5.11 and 5.15, and 25.11.43 for the asymptotic
//! series of the Hurwitz zeta function. A polygamma function is a multiple of it.

use super::half_turns::sin_cos_pi;
use std::f64::consts::PI;

/// 2j and the Bernoulli number B₂ⱼ.
const BERNOULLI: [(f64, f64); 10] = [
    (2.0, 1.0 / 6.0),
    (4.0, -1.0 / 30.0),
    (6.0, 1.0 / 42.0),
    (8.0, -1.0 / 30.0),
    (10.0, 5.0 / 66.0),
    (12.0, -691.0 / 2730.0),
    (14.0, 7.0 / 6.0),
    (16.0, -3617.0 / 510.0),
    (18.0, 43867.0 / 798.0),
    (20.0, -174611.0 / 330.0),
];

/// ψ⁽ⁿ⁾(x), the derivative of order n + 1 of ln |Γ|. At a pole it is the limit from the right, at −0 that from the left.
pub(super) fn polygamma(n: u32, x: f64) -> f64 {
    if x > 0.0 {
        return of_positive(n, x);
    }
    // ψ⁽ⁿ⁾(x) = (−1)ⁿ·ψ⁽ⁿ⁾(1 − x) − π·dⁿ/dxⁿ cot πx
    let reflected = of_positive(n, 1.0 - x);
    (if n.is_multiple_of(2) { reflected } else { -reflected }) - cotangent(n, x)
}

/// By the recurrence ψ⁽ⁿ⁾(x) = ψ⁽ⁿ⁾(x + 1) − (−1)ⁿ·n!/xⁿ⁺¹, up to an argument at which ten terms of the asymptotic series
/// are exact to the last digit.
fn of_positive(n: u32, x: f64) -> f64 {
    let order = f64::from(n);
    let steps = (order + 10.0 - x).ceil().max(0.0);
    let large = x + steps;
    // The smallest terms first, since they are of one sign.
    let terms = || (0..steps as u32).rev().map(|k| x + f64::from(k));
    if n == 0 {
        // Σ B₂ⱼ/(2j·z²ʲ)
        let series = BERNOULLI.iter().rev().fold(0.0, |sum, (i, b)| (sum + b / i) / large / large);
        return large.ln() - 0.5 / large - series - terms().map(f64::recip).sum::<f64>();
    }
    // (n − 1)!/zⁿ·(1 + n/(2z) + Σ B₂ⱼ·(n + 2j − 1)!/((n − 1)!·(2j)!·z²ʲ))
    let ratio = |i: f64| (order + i - 2.0) / (i - 1.0) * (order + i - 1.0) / i / large / large;
    let series = BERNOULLI.iter().rev().fold(0.0, |sum, (i, b)| (sum + b) * ratio(*i));
    let rest = factorial_over_power(n - 1, large) * (1.0 + (0.5 * order / large + series));
    let sum = terms().fold(rest, |sum, x| sum + factorial_over_power(n, x));
    if n.is_multiple_of(2) { -sum } else { sum }
}

/// n!/xⁿ⁺¹, in an order of factors in which no product overflows before the result does.
fn factorial_over_power(n: u32, x: f64) -> f64 {
    (1..=n).fold(1.0 / x, |product, j| product * (f64::from(j) / x))
}

/// π·dⁿ/dxⁿ cot πx. The derivatives are polynomials in the cotangent c, since the derivative of c is −π·(1 + c²).
fn cotangent(n: u32, x: f64) -> f64 {
    let mut polynomial = vec![0.0, 1.0];
    for _ in 0..n {
        let mut next = vec![0.0; polynomial.len() + 1];
        for (i, coefficient) in polynomial.iter().enumerate().skip(1) {
            next[i - 1] -= i as f64 * coefficient;
            next[i + 1] -= i as f64 * coefficient;
        }
        polynomial = next;
    }
    let (sin, cos) = sin_cos_pi(x);
    let cot = cos / sin;
    let value = polynomial.into_iter().rev().reduce(|sum, coefficient| sum * cot + coefficient);
    value.expect("a coefficient") * PI.powi(n as i32 + 1)
}

#[cfg(test)]
mod tests {
    use super::polygamma;
    use std::f64::consts::PI;

    const INF: f64 = f64::INFINITY;

    #[test]
    fn values_at_one_are_those_of_the_zeta_function() {
        let zeta_3 = 1.202_056_903_159_594_2;
        let known = [-0.577_215_664_901_532_9, PI.powi(2) / 6.0, -2.0 * zeta_3, PI.powi(4) / 15.0];
        for (n, known) in (0..).zip(known) {
            let found = polygamma(n, 1.0);
            assert!((found / known - 1.0).abs() < 1e-15, "order {n}: {found:e}, not {known:e}");
        }
    }

    #[test]
    fn poles_have_the_limits_from_the_right_and_negative_zero_that_from_the_left() {
        for pole in [0.0, -1.0, -2.0, -7.0, -1e15, -1e300, f64::MIN] {
            assert_eq!([0, 1, 2, 3].map(|n| polygamma(n, pole)), [-INF, INF, -INF, INF], "at {pole}");
        }
        assert_eq!([0, 1, 2, 3].map(|n| polygamma(n, -0.0)), [INF; 4]);
    }

    #[test]
    fn values_at_the_ends_of_the_range() {
        assert_eq!([0, 1, 2].map(|n| polygamma(n, INF)), [INF, 0.0, 0.0]);
        assert_eq!(polygamma(0, f64::MAX), f64::MAX.ln());
        for n in 0..3 {
            assert!([-INF, f64::NAN].iter().all(|&x| polygamma(n, x).is_nan()));
        }
        // No product overflows on the way: 62!/10⁵⁽⁶³⁾ is a normal number.
        assert!((polygamma(62, 1e5) / -5.079e-227).is_finite() && polygamma(62, 1e5) < 0.0);
    }
}
