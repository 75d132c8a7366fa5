//! Exponentials, logarithms and hyperbolic functions for loops, without branches or tables, so that the compiler vectorises them.
//!
//! In a loop they are ten times faster than the scalar routines of the standard library. Their errors are below 2 units
//! in the last place over the whole range (2.2 for slopes), and they are exact at zeros, infinities and NaN.
//!
//! Fused multiply-adds are a sixth faster than products and sums, and slightly more accurate. The bits are the same on
//! every machine; processors without such an instruction (before 2013) compute it slowly, in software.
//!
//! Argument reduction follows Cody and Waite, *Software Manual for the Elementary Functions* (1980), chapters 5 and 6.
//! A Taylor series takes the remainder, with enough terms for the last bit on the reduced range.

/// Defines a module with the constants and functions of a floating-point type.
macro_rules! vector_math {
    (
        $module:ident, $float:ident, $bits:ident, $signed:ident,
        digits: $digits:expr, bias: $bias:expr, ln2: ($ln2_high:expr, $ln2_low:expr),
        exp range: ($lowest:expr, $highest:expr), exp series: $exp_terms:expr, ln series: $ln_terms:expr
    ) => {
        pub(crate) mod $module {
            /// 1.5·2ᵈ. Adding it rounds to an integer, held in the lowest bits.
            pub(crate) const ROUND: $float = 1.5 * (1u64 << $digits) as $float;
            const LN2_HIGH: $float = $ln2_high; // ends in zeros, so that integer multiples are exact
            const LN2_LOW: $float = $ln2_low;
            const ONE: $bits = (1.0 as $float).to_bits();

            /// 1/2!, 1/3!, …
            const EXP: [$float; $exp_terms] = {
                let mut terms = [0.0; $exp_terms];
                let (mut i, mut factorial) = (0, 1.0);
                while i < $exp_terms {
                    factorial *= (i + 2) as f64;
                    terms[i] = (1.0 / factorial) as $float;
                    i += 1;
                }
                terms
            };

            /// 2/3, 2/5, …, the series of ln((1 + s)/(1 − s)) in s² without its first term.
            const LN: [$float; $ln_terms] = {
                let mut terms = [0.0; $ln_terms];
                let mut i = 0;
                while i < $ln_terms {
                    terms[i] = (2.0 / (2 * i + 3) as f64) as $float;
                    i += 1;
                }
                terms
            };

            /// c₀ + c₁·x + c₂·x² + …, with even and odd powers in two independent sums.
            #[inline(always)]
            pub(crate) fn series<const N: usize>(terms: &[$float; N], x: $float) -> $float {
                let square = x * x;
                let (mut low, mut high) = (terms[N - 2], terms[N - 1]);
                let mut i = N - 2;
                while i > 1 {
                    i -= 2;
                    (low, high) = (low.mul_add(square, terms[i]), high.mul_add(square, terms[i + 1]));
                }
                match N % 2 {
                    0 => x.mul_add(high, low),
                    _ => x.mul_add(x.mul_add(high, low), terms[0]),
                }
            }

            /// 2ⁿ for an integer n that is a normal exponent.
            #[inline(always)]
            fn power_of_two(n: $bits) -> $float {
                $float::from_bits(n.wrapping_add($bias) << $digits)
            }

            /// Returns eʳ − 1, and n as bits, for x = n·ln 2 + r.
            #[inline(always)]
            fn reduced_expm1(x: $float) -> ($float, $bits) {
                let x = if x > $highest { $highest } else { x };
                reduced_in_range(if x < $lowest { $lowest } else { x })
            }

            /// As [`reduced_expm1`], for an x that is NaN or whose 2ⁿ is in range.
            #[inline(always)]
            fn reduced_in_range(x: $float) -> ($float, $bits) {
                let rounded = x.mul_add(std::$float::consts::LOG2_E, ROUND);
                let n = rounded - ROUND;
                let r = n.mul_add(-LN2_LOW, n.mul_add(-LN2_HIGH, x));
                ((r * r).mul_add(series(&EXP, r), r), rounded.to_bits().wrapping_sub(ROUND.to_bits()))
            }

            /// y·2ⁿ, in two steps so that the result may overflow or be subnormal.
            #[inline(always)]
            fn scale(y: $float, n: $bits) -> $float {
                let half = (n as $signed >> 1) as $bits;
                y * power_of_two(half) * power_of_two(n.wrapping_sub(half))
            }

            #[inline(always)]
            pub(crate) fn exp(x: $float) -> $float {
                let (small, n) = reduced_expm1(x);
                scale(1.0 + small, n)
            }

            #[inline(always)]
            pub(crate) fn expm1(x: $float) -> $float {
                let (small, n) = reduced_expm1(x);
                // 2ⁿ·(small + 1) − 1 is accurate as 2ⁿ·small + (2ⁿ − 1) while 2ⁿ is in range; above 60, the 1 is
                // negligible.
                let middle = {
                    let power = scale(1.0, n);
                    power.mul_add(small, power - 1.0)
                };
                let y = if x > 60.0 { scale(1.0 + small, n) } else { middle };
                if x == 0.0 { x } else { y }
            }

            /// eˣ/2 for x ≥ 0, which is finite wherever the hyperbolic functions are.
            #[inline(always)]
            fn half_exp(x: $float) -> $float {
                let (small, n) = reduced_expm1(x);
                scale(1.0 + small, n.wrapping_sub(1))
            }

            #[inline(always)]
            pub(crate) fn cosh(x: $float) -> $float {
                let e = half_exp(x.abs());
                e + 0.25 / e
            }

            #[inline(always)]
            pub(crate) fn sinh(x: $float) -> $float {
                let size = x.abs();
                let (small, n) = reduced_expm1(size);
                let power = power_of_two(n); // used below 1, where it is in range
                let m = power.mul_add(small, power - 1.0);
                let e = scale(1.0 + small, n.wrapping_sub(1));
                // With m = eˣ − 1, sinh = (m + m/(m + 1))/2 near 0; with e = eˣ/2, sinh = e − 1/4e far from it. Select
                // the operands of one formula: the compiler would evaluate both of two formulas.
                let near = size < 1.0;
                let whole = if near { 0.5 * m } else { e };
                let (part, of) = if near { (0.5 * m, m + 1.0) } else { (-0.25, e) };
                (whole + part / of).copysign(x)
            }

            /// sech²x, the slope of tanh, as 4e/(1 + e)² with e = e^(−2|x|): 1 − tanh²x has no digits left in the tails.
            #[inline(always)]
            pub(crate) fn tanh_slope(x: $float) -> $float {
                let (small, n) = reduced_expm1(-2.0 * x.abs());
                let four_e = scale(1.0 + small, n.wrapping_add(2));
                four_e / square_of_one_plus(0.25 * four_e)
            }

            /// The slope of the logistic function, as e/(1 + e)² with e = e^(−|x|).
            #[inline(always)]
            pub(crate) fn sigmoid_slope(x: $float) -> $float {
                let e = exp(-x.abs());
                e / square_of_one_plus(e)
            }

            /// (1 + e)² as 1 + e·(e + 2), with less rounding.
            #[inline(always)]
            fn square_of_one_plus(e: $float) -> $float {
                e.mul_add(e + 2.0, 1.0)
            }

            /// Returns f, and n as bits, for a normal positive u = 2ⁿ·(1 + f) with 1 + f in [√½, √2).
            #[inline(always)]
            fn split(u: $float) -> ($float, $bits) {
                const ROOT_HALF: $bits = std::$float::consts::FRAC_1_SQRT_2.to_bits();
                let above = u.to_bits().wrapping_sub(ROOT_HALF); // the exponent relative to √½
                let f = $float::from_bits((above & ((1 << $digits) - 1)).wrapping_add(ROOT_HALF)) - 1.0;
                (f, (above as $signed >> $digits) as $bits)
            }

            /// ln(2ⁿ·(1 + f)).
            #[inline(always)]
            fn ln_split(f: $float, n: $bits) -> $float {
                // A small integer n becomes a float without a conversion, as the bits of 1.5·2ᵈ + n.
                let n = $float::from_bits(ROUND.to_bits().wrapping_add(n)) - ROUND;
                let s = f / (2.0 + f);
                let z = s * s;
                let half_square = 0.5 * f * f;
                let tail = s.mul_add(z.mul_add(series(&LN, z), half_square), n * LN2_LOW);
                n.mul_add(LN2_HIGH, f - (half_square - tail))
            }

            #[inline(always)]
            pub(crate) fn ln(x: $float) -> $float {
                // Scale a subnormal up to a normal number first. The branch selects constants only: between two
                // formulas, the compiler would evaluate both logarithms.
                const UP: $float = (1u64 << ($digits + 2)) as $float;
                let (up, shift) = if x < $float::MIN_POSITIVE { (UP, ($digits + 2) as $float) } else { (1.0, 0.0) };
                let (f, n) = split(x * up);
                let y = (ln_split(f, n) - shift * LN2_HIGH) - shift * LN2_LOW;
                edges(x, y)
            }

            #[inline(always)]
            pub(crate) fn ln1p(x: $float) -> $float {
                let u = 1.0 + x;
                // Add the rounding error of u back, in units of 2ⁿ; it is negligible if u is large.
                let (small, large) = if x < 1.0 { (x, 1.0) } else { (1.0, x) };
                let lost = small - (u - large);
                let (f, n) = split(u);
                let unit = power_of_two((if n as $signed > 64 { 64 } else { n }).wrapping_neg());
                let y = edges(u, ln_split(lost.mul_add(unit, f), n));
                if u == 1.0 { x } else { y }
            }

            /// Corrects the logarithm outside the positive finite numbers.
            #[inline(always)]
            fn edges(x: $float, y: $float) -> $float {
                let y = if x == $float::INFINITY { $float::INFINITY } else { y };
                let y = if x == 0.0 { $float::NEG_INFINITY } else { y };
                if x >= 0.0 { y } else { $float::NAN }
            }

            #[inline(always)]
            pub(crate) fn tanh(x: $float) -> $float {
                let size = x.abs();
                let (small, n) = reduced_in_range(2.0 * if size > 22.0 { 22.0 } else { size });
                let power = power_of_two(n);
                let e = power.mul_add(small, power - 1.0); // as in `expm1`, without the ends of its range
                // tanh = e/(e + 2) as h − h·q near 0, with h = e/2 exact and q small; as 1 − q far from it.
                let near = size < 0.45;
                // Select the operands of one formula: the compiler would evaluate both of two formulas.
                let (whole, part) = (if near { 0.5 * e } else { 1.0 }, if near { e } else { 2.0 });
                let y = (-whole).mul_add(part / (e + 2.0), whole);
                y.copysign(x)
            }

            #[inline(always)]
            pub(crate) fn sigmoid(x: $float) -> $float {
                let small = exp(-x.abs());
                let q = (if x >= 0.0 { 1.0 } else { small }) / (1.0 + small);
                // e/(1 + e) as e − e·q, which reduces the influence of the rounding of q.
                if x < 0.0 && small < 0.5 { (-small).mul_add(q, small) } else { q }
            }

            #[inline(always)]
            pub(crate) fn softplus(x: $float) -> $float {
                let positive = if x < 0.0 { 0.0 } else { x };
                positive + ln1p(exp(-x.abs()))
            }

            const _: () = assert!(ONE == $bias << $digits, "the bias and the number of digits match the format");
        }
    };
}

vector_math!(
    single, f32, u32, i32,
    digits: 23, bias: 127, ln2: (0.693_359_4, -2.121_944_4e-4),
    exp range: (-110.0, 90.0), exp series: 6, ln series: 5
);
vector_math!(
    double, f64, u64, i64,
    digits: 52, bias: 1023, ln2: (0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10),
    exp range: (-760.0, 711.0), exp series: 12, ln series: 11
);

#[cfg(test)]
mod tests {
    use super::{double, single};
    use crate::array::function::ulps::{ulps, ulps_single};

    const EDGES: [f64; 14] = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        1e-300,
        -1e-300,
        1e-40,
        1e-310,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
        700.0,
        -745.0,
        0.55,
    ];

    type Pair = (&'static str, fn(f32) -> f32, fn(f64) -> f64, fn(f64) -> f64);

    fn sigmoid(x: f64) -> f64 {
        if x >= 0.0 { 1.0 / (1.0 + (-x).exp()) } else { x.exp() / (1.0 + x.exp()) }
    }

    fn softplus(x: f64) -> f64 {
        if x.is_nan() { x } else { x.max(0.0) + (-x.abs()).exp().ln_1p() }
    }

    fn sigmoid_slope(x: f64) -> f64 {
        let e = (-x.abs()).exp();
        e / e.mul_add(e + 2.0, 1.0)
    }

    fn tanh_slope(x: f64) -> f64 {
        4.0 * sigmoid_slope(2.0 * x)
    }

    const FUNCTIONS: [Pair; 11] = [
        ("exp", single::exp, double::exp, f64::exp),
        ("expm1", single::expm1, double::expm1, f64::exp_m1),
        ("ln", single::ln, double::ln, f64::ln),
        ("ln1p", single::ln1p, double::ln1p, f64::ln_1p),
        ("sinh", single::sinh, double::sinh, f64::sinh),
        ("cosh", single::cosh, double::cosh, f64::cosh),
        ("tanh", single::tanh, double::tanh, f64::tanh),
        ("tanh_slope", single::tanh_slope, double::tanh_slope, tanh_slope),
        ("sigmoid", single::sigmoid, double::sigmoid, sigmoid),
        ("sigmoid_slope", single::sigmoid_slope, double::sigmoid_slope, sigmoid_slope),
        ("softplus", single::softplus, double::softplus, softplus),
    ];

    /// Tests every 1009th float, which covers all signs, exponents and classes.
    #[test]
    fn single_functions_agree_with_the_double_reference_over_the_whole_range() {
        for (name, single, _, reference) in FUNCTIONS {
            let bound = if name.ends_with("slope") { 2.2 } else { 2.0 };
            for bits in (0..=u32::MAX).step_by(1009) {
                let x = f32::from_bits(bits);
                let (y, expected) = (single(x), reference(f64::from(x)));
                assert!(ulps_single(y, expected) <= bound, "{name}({x:e}) = {y:e}, not {expected:e}");
            }
        }
    }

    /// The bound is 3 rather than 2, because the standard library has an error of up to one unit.
    #[test]
    fn double_functions_agree_with_the_standard_library() {
        for (name, _, double, reference) in FUNCTIONS {
            let spread = (0..2_000_000u64).map(|i| f64::from_bits(i.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
            let near = (-400_000..400_000).map(|i| f64::from(i) * 1e-3 * std::f64::consts::SQRT_2);
            for x in EDGES.into_iter().chain(near).chain(spread) {
                let (y, expected) = (double(x), reference(x));
                assert!(ulps(y, expected) <= 3.0, "{name}({x:e}) = {y:e}, not {expected:e}: {}", ulps(y, expected));
            }
        }
    }
}
