//! How accurate the pointwise functions and their derivatives are.
//!
//! The table bounds the errors of the value and of the first two derivatives, in units. A unit is ε times the size of the
//! exact result, with ε = 2⁻²³ for `f32` and 2⁻⁵² for `f64`: at most two units in the last place. For derivatives, and
//! for the values of `gelu`, `lgamma`, `digamma` and `polygamma`, the unit also includes the change of the result when x is
//! multiplied by 1 + ε, since most formulas round a multiple or a square of x. Numbers and tensors keep the bounds in
//! every mode of differentiation.
//!
//! | function | value | first derivative | second derivative |
//! |---|---|---|---|
//! | `div`, `div_into`, `recip`, `square`, `sqrt` | 1 | 1 | 2 |
//! | `cbrt`, `powi`, `powf`, `exp`, `expm1`, `exp2`, `ln`, `log2`, `log10`, `ln1p` | 2 | 2 | 2 |
//! | `sin`, `cos`, `tan`, `asin`, `acos`, `atan` | 2 | 2 | 2 |
//! | `sinh`, `cosh`, `asinh`, `acosh`, `atanh` | 2 | 2 | 2 |
//! | `tanh`, `sech_squared`, `sigmoid`, `softplus` | 2 | 2 | 3 |
//! | `erf`, `softsign` | 2 | 2 | 2 |
//! | `erfc` | 8 | 2 | 2 |
//! | `lgamma`, `digamma`, `polygamma` | 3 | 3 | 3 |
//! | `sinc`, `logit` | 2 | 3 | 3 |
//! | `pow` | 2 | 6 | 6 |
//! | `logaddexp`, `xlogy` | 2 | 2 | 2 |
//! | `atan2`, `hypot` | 2 | 2 | 2 |
//! | `silu`, `gelu` | 3 | 3 | 3 |
//!
//! `neg`, `scale`, `shift`, `sub_from`, `div_by`, `mul_strong_zero`, `mul_add`, `relu`, `abs`, `clamp_min`, `clamp_max`,
//! `clamp`, `sign`, `step`, `floor`, `detach`, `rem`, `maximum`, `minimum`, `greater`, `greater_equal`, `less`,
//! `less_equal`, `equal`, `not_equal` and `select` are exact or rounded once, and so are their derivatives. A constant is
//! rounded to the type of the value first.
//!
//! Three limits:
//! - A result below the smallest normal number has an absolute error of about that number.
//! - `powi(n)` multiplies, so its value is off by up to n/2 units. As if x had been rounded, it would be off by n units.
//! - The slope of `logaddexp` by the smaller operand is e⁻ᵈ/(1 + e⁻ᵈ) for the distance d, so the rounding of a distance
//!   costs up to d/2 units.
//!
//! The tests compare with golden values from mpmath, over the whole range of each function. They are samples: the worst
//! cases may exceed a bound by a fraction of a unit.
