//! Sine and cosine for vectorised loops, without branches or tables, as in [`vector_math`](super::vector_math).
//!
//! Argument reduction subtracts a multiple of π/2 in exact parts (Cody and Waite, *Software Manual for the Elementary
//! Functions*, 1980, chapter 8; Muller, *Elementary Functions*, 2016, 11.2); a polynomial takes the remainder. The
//! parts are exact up to [`LARGEST`]. Above it the standard library is called, since the reduction of Payne and Hanek
//! needs a table of the digits of 2/π.
//!
//! The polynomials are minimax fits by the Remez exchange algorithm in 40 digits, for the relative error of the
//! function. The largest errors, against mpmath, are 0.501 units in the last place for every third `f32`, and 0.77 for
//! 400,000 random `f64`, among them neighbours of multiples of π/2.

use super::vector_math::double::{ROUND, series};

/// The largest absolute value of an argument for which these functions are accurate.
pub(crate) const LARGEST: f64 = 1e5;

pub(crate) mod single {
    use super::{ROUND, series};
    use std::f64::consts::FRAC_1_PI;

    const PI_HIGH: f64 = 3.141_592_653_468_251_2; // 33 bits, so that integer multiples are exact
    const PI_LOW: f64 = 1.215_420_101_301_238_4e-10;

    /// (sin r − r)/r³ in r², for |r| ≤ π/2; the error is 2⁻³⁵ of sin r.
    const SIN: [f64; 5] = [
        -0.166_666_666_318_122_38,
        0.008_333_331_324_636_779,
        -0.000_198_408_940_198_222_84,
        2.752_660_515_434_248e-6,
        -2.390_887_177_932_339_8e-8,
    ];

    #[inline(always)]
    pub(crate) fn sin(x: f32) -> f32 {
        let (y, odd) = sin_by_half_turns(x, 0.0);
        (if odd { -y } else { y }) as f32
    }

    #[inline(always)]
    pub(crate) fn cos(x: f32) -> f32 {
        let (y, odd) = sin_by_half_turns(x, 0.5);
        (if odd { y } else { -y }) as f32
    }

    /// Returns sin r, and whether n is odd, for x = (n + phase)·π + r with the smallest |r|.
    ///
    /// Computed in `f64`, whose precision allows one polynomial for a half turn; the `f64` functions need two for a
    /// quarter turn.
    #[inline(always)]
    fn sin_by_half_turns(x: f32, phase: f64) -> (f64, bool) {
        let x = f64::from(x);
        let rounded = x.mul_add(FRAC_1_PI, -phase) + ROUND;
        let n = (rounded - ROUND) + phase;
        let r = n.mul_add(-PI_LOW, n.mul_add(-PI_HIGH, x));
        let z = r * r;
        (r * z.mul_add(series(&SIN, z), 1.0), rounded.to_bits() & 1 != 0)
    }
}

pub(crate) mod double {
    use super::{ROUND, series};
    use std::f64::consts::FRAC_2_PI;

    /// π/2 in three parts. The first two have 37 bits, so that their multiples by less than 2¹⁶ are exact.
    const HALF_PI: [f64; 3] = [1.570_796_326_792_333_3, 2.563_344_151_583_955_8e-12, 1.056_299_906_698_742_8e-23];

    /// (sin r − r)/r³ in r², for |r| ≤ π/4; the error is 2⁻⁵⁸ of sin r.
    const SIN: [f64; 6] = [
        -0.166_666_666_666_666_32,
        0.008_333_333_333_322_37,
        -0.000_198_412_698_297_712_9,
        2.755_731_367_869_859e-6,
        -2.505_075_596_534_190_5e-8,
        1.589_666_668_174_760_2e-10,
    ];

    /// (cos r − 1 + r²/2)/r⁴ in r², for |r| ≤ π/4; the error is 2⁻⁶⁴.
    const COS: [f64; 6] = [
        0.041_666_666_666_666_6,
        -0.001_388_888_888_887_407_3,
        2.480_158_728_944_659_2e-5,
        -2.755_731_434_128_989e-7,
        2.087_572_168_304_905e-9,
        -1.135_956_139_336_270_3e-11,
    ];

    #[inline(always)]
    pub(crate) fn sin(x: f64) -> f64 {
        let y = sin_plus_quarters(x, 0);
        if x == 0.0 { x } else { y } // keeps −0
    }

    #[inline(always)]
    pub(crate) fn cos(x: f64) -> f64 {
        sin_plus_quarters(x, 1)
    }

    /// sin(x + quarters·π/2).
    #[inline(always)]
    fn sin_plus_quarters(x: f64, quarters: u64) -> f64 {
        let rounded = x.mul_add(FRAC_2_PI, ROUND);
        let n = rounded - ROUND;
        let quadrant = rounded.to_bits().wrapping_add(quarters);
        // x = n·π/2 + r + low. The rounding error of r is computed exactly: the operands are multiples of 2⁻⁷³ and,
        // unless the first is the larger, below 2⁻²⁰.
        let (first, second) = (n.mul_add(-HALF_PI[0], x), n * HALF_PI[1]);
        let r = first - second;
        let low = n.mul_add(-HALF_PI[2], (first - r) - second);
        let y = if quadrant & 1 == 0 { sin_reduced(r, low) } else { cos_reduced(r, low) };
        f64::from_bits(y.to_bits() ^ (quadrant & 2) << 62)
    }

    /// sin(r + low) = sin r + low·cos r.
    #[inline(always)]
    fn sin_reduced(r: f64, low: f64) -> f64 {
        let z = r * r;
        r + (z * r).mul_add(series(&SIN, z), low * z.mul_add(-0.5, 1.0))
    }

    /// cos(r + low) = cos r − low·sin r.
    #[inline(always)]
    fn cos_reduced(r: f64, low: f64) -> f64 {
        let z = r * r;
        let half = 0.5 * z;
        let leading = 1.0 - half;
        leading + (((1.0 - leading) - half) + (z * z).mul_add(series(&COS, z), -(r * low)))
    }
}

#[cfg(test)]
mod tests {
    use super::{LARGEST, double, single};
    use crate::array::function::golden::SIN_COS;
    use crate::array::function::ulps::{ulps, ulps_single};
    use crate::prelude::*;
    use std::f64::consts::FRAC_PI_4;

    type Pair = (&'static str, fn(f32) -> f32, fn(f64) -> f64, fn(f64) -> f64);
    const FUNCTIONS: [Pair; 2] =
        [("sin", single::sin, double::sin, f64::sin), ("cos", single::cos, double::cos, f64::cos)];

    /// Tests every 1009th float up to [`LARGEST`], of both signs, and the neighbours of multiples of π/4.
    #[test]
    fn single_functions_are_within_one_ulp_of_the_double_reference() {
        let largest = (LARGEST as f32).to_bits();
        let spread = (0..=largest).step_by(1009).map(f32::from_bits);
        let near = (0..127_000u32).flat_map(|i| {
            let bits = (f64::from(i) * FRAC_PI_4) as f32;
            [bits.next_down(), bits, bits.next_up()]
        });
        for x in spread.chain(near).flat_map(|x| [x, -x]) {
            for (name, single, _, reference) in FUNCTIONS {
                let (y, expected) = (single(x), reference(f64::from(x)));
                assert!(ulps_single(y, expected) <= 1.0, "{name}({x:e}) = {y:e}, not {expected:e}");
            }
        }
    }

    /// The bound is 2 rather than 1, because the standard library has an error of up to one unit.
    #[test]
    fn double_functions_agree_with_the_standard_library() {
        let spread = (0..300_000).map(|i| (f64::from(i) * -1e-4).exp2() * LARGEST);
        let near = (0..127_000).flat_map(|i| {
            let x = f64::from(i) * FRAC_PI_4;
            [x.next_down(), x, x.next_up()]
        });
        for x in spread.chain(near).flat_map(|x| [x, -x]) {
            for (name, _, double, reference) in FUNCTIONS {
                let (y, expected) = (double(x), reference(x));
                assert!(ulps(y, expected) <= 2.0, "{name}({x:e}) = {y:e}, not {expected:e}");
            }
        }
    }

    #[test]
    fn double_functions_are_within_one_ulp_of_the_true_values() {
        for [x, sin, cos] in SIN_COS.map(|row| row.map(f64::from_bits)) {
            assert!(ulps(double::sin(x), sin) <= 1.0, "sin({x:e}) = {:e}, not {sin:e}", double::sin(x));
            assert!(ulps(double::cos(x), cos) <= 1.0, "cos({x:e}) = {:e}, not {cos:e}", double::cos(x));
        }
    }

    /// Zeros keep their signs; large, infinite and NaN arguments are passed to the standard library.
    #[test]
    fn sine_and_cosine_of_arrays_are_accurate_and_independent_of_neighbours() {
        let edges = [0.0, -0.0, 5e-324, 1e-310, 0.5, 99_999.0, 1e6, -1e22, 1e300, f64::INFINITY, f64::NAN, 3.0];
        let x: Vec<f64> = (0..10_000).map(|i| if i < 5000 { 0.5 } else { edges[i % edges.len()] }).collect();
        let (sin, cos) = (Tensor::from(x.clone()).sin(), Tensor::from(x.clone()).cos());
        let (sin, cos) = (sin.as_slice().expect("contiguous"), cos.as_slice().expect("contiguous"));
        for ((&x, &sin), &cos) in x.iter().zip(sin).zip(cos) {
            let fits = x.abs() <= LARGEST;
            let expected = if fits { [double::sin(x), double::cos(x)] } else { [f64::sin(x), f64::cos(x)] };
            let y = [sin, cos];
            let same = |j: usize| y[j].to_bits() == expected[j].to_bits() || y[j].is_nan() && expected[j].is_nan();
            assert!(same(0) && same(1), "sin, cos of {x:e}: {y:?}, not {expected:?}");
            assert!(x != 0.0 || y[0].to_bits() == x.to_bits());
        }
        let large = Tensor::from(vec![1e5f32, 1.00001e5, 1e30]);
        assert_eq!(large.sin().as_slice(), Some(&[single::sin(1e5), 1.00001e5f32.sin(), 1e30f32.sin()][..]));
    }
}
