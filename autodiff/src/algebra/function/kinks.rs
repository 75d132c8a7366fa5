//! Conventions for derivatives at kinks, ties and edges of a domain.
//!
//! A function may have no derivative at a point, or an infinite one. The table states which value is used there. One
//! rule serves all modes and orders, so the convention is the same in each of them. **The chain rule counts 0·∞ as 0,
//! which may be wrong:** if an infinite slope meets an outer slope that happens to vanish, the derivative is indeterminate.
//! At 0, the library gives the derivative 0 for `x.sqrt().square()`, `x.sqrt() * x.sqrt()`, `x.ln().exp()`,
//! `x.cbrt().powi(3)`, `x.powf(0.5).square()` and `x.recip().recip()`, and at 1 for `x.atanh().tanh()`; the right one is 1.
//! `x.norm().square()` has the second derivative 0 at 0; the right one is 2.
//!
//! Where infinite slopes of equal functions cancel, as in `x.log2() - x.ln()` at 0, a recorded derivative may be finite or
//! infinite in place of NaN: it adds the terms before it multiplies them by the slope that they share.
//!
//! - Simplify such a function: write `x` for `x.sqrt().square()`, and
//!   [`norm_squared`](crate::Composite::norm_squared) for `norm().square()`.
//! - [`Var::indeterminate_forms`](crate::Var::indeterminate_forms) finds these products in a recorded derivative, and
//!   [`check_grads`](crate::check::check_grads) reports them at every order. In a branch without influence, such as the
//!   one that `select` does not take, 0·∞ = 0 is exact, and is not reported.
//!
//! | function | at | derivative | why |
//! |---|---|---|---|
//! | `relu` | 0 | 0 | as in the literature (Glorot, Bordes and Bengio 2011) |
//! | `leaky_relu`, `elu` | 0 | the derivative from the left, the parameter | as for `relu`, the case of slope 0 |
//! | `abs` | 0 | 0 | the middle of the subdifferential \[−1, 1\] |
//! | `maximum`, `minimum` | a tie | ½ for each | the middle of the subdifferential |
//! | `clamp_min`, `clamp_max`, `clamp` | the bound | 1 | the bound belongs to the interval |
//! | `max`, `min` along an axis | a tie | 1 for the first, 0 for the others | the functions gather the first extreme element |
//! | `cummax`, `max_pool1d`, `max_pool2d` | a tie | 1 for the first, 0 for the others | as for `max`; the first in row-major order |
//! | `sign`, `step`, `floor`, `greater`, `equal` | everywhere | 0, and the input is unconnected | the function is piecewise constant |
//! | `rem` | a whole quotient | 1 by x₀, −trunc(x₀/x₁) by x₁ | the derivatives of the branch that holds the value |
//! | `sqrt`, `cbrt`, `powf(c)` with c < 1 | 0 | +∞, and alternating infinities at higher orders | the limits from the right; for `cbrt`, at −0 those from the left |
//! | `ln`, `log2`, `log10` | 0 and −0 | +∞, and alternating infinities at higher orders | the limits from the right |
//! | `recip`, x₀/x₁ | x₁ = 0 | infinite, with the signs of the limits | the limits from the right, at −0 those from the left |
//! | `asin`, `atanh` | ±1 | +∞, at order n the sign of xⁿ⁻¹ | the limits from inside the domain |
//! | `acos` | ±1 | −∞, at order n the opposite sign of `asin` | as for `asin` |
//! | `acosh` | 1 | +∞, and alternating infinities at higher orders | the limits from the right |
//! | `logit` | 0 and 1 | +∞, at order n the sign of (2x − 1)ⁿ⁻¹ | the limits from inside the domain |
//! | `lgamma`, `digamma`, `polygamma` | 0, −1, −2, … | infinite, with the signs of the limits | the limits from the right, at −0 those from the left |
//! | `sinc` | ±∞ | 0 at every order | the limits |
//! | `xlogy` | x₀ = 0, x₁ = 0 | −∞ by x₀, 0 by x₁, ∞ by both | the limits for x₁ from the right, at x₀ = 0 |
//! | `xlogy` | x₀ = ±∞, or x₁ < 0 | NaN, infinite or 0 | a product with ∞, and a logarithm outside its domain |
//! | `logaddexp` | equal infinities | ½ for each, 0 at higher orders | as at every tie |
//! | `powi(0)`, `powf(0.0)` | everywhere | 0 | x⁰ is constant |
//! | `pow` | x₀ = 0, by x₁ > 0 | 0 | the limit of xᵖ·ln x |
//! | `pow` | x₀ < 0 or −0, by x₁ | NaN, infinite or 0 | a power of a negative number is defined for whole exponents only |
//! | `pow` | a power or its product with ln x₀ that overflows | derivatives mixed by x₀ and x₁ may differ by their order | the slope by x₁ holds the overflowed power as a factor |
//! | `hypot`, `atan2` | the origin | 0, at every order | the middle of the subdifferential, as for `norm`; for `atan2` a convention |
//! | `hypot` | an operand of NaN | NaN, and NaN or 0 at higher orders | NaN is neither the larger nor the smaller operand |
//! | `norm` | 0 | 0 | the smallest subgradient |
//! | `std`, `std_axis` | equal elements | 0 | as for `norm`, the case of deviations of 0 |
//! | `logsumexp` | all −∞ | 0 | every element has weight 0 |
//! | `logsumexp` | an element of ∞ | 1 for the first one, 0 for the others | as for `max` |
//! | `eigh` | equal eigenvalues | 1/0 counts as 0: the vectors do not turn within their space | first derivatives are right for functions of the values that treat equal ones alike, and of the projection on their whole space; derivatives of every order, if they are linear in the equal values. **Not** for a function of the matrix, V·diag f(w)·Vᵀ: within that space, its derivative is 0 in place of f′(w)·dA. Written with products, traces, determinants and solutions, as tr A² for Σλ², functions are right at every order |
//! | `svd`, `singular_values` | equal singular values | as for `eigh` | as for `eigh`, at first order |
//! | `svd`, `singular_values` | 0 up to rounding | 0, and 1/0 counts as 0 for the vectors | the middle of the subdifferential, as for `abs` |
//! | `qr` | dependent columns | NaN | one direction of Q is arbitrary |
//! | `select` | – | from the selected branch only | the other branch has no influence, even if it is singular |
//! | any | 0·∞ in the chain rule | 0 | a strong-zero product, see [`Math::mul_strong_zero`](crate::Math::mul_strong_zero) |
//! | `matmul` | 0·∞ among its products | NaN | a matrix product sums plain products; mask its operands with `select`, rather than its result |
