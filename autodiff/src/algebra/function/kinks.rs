//! Kinks, ties and edges: the derivatives that are a convention.
//!
//! Where a function has no derivative, or an infinite one, this is what it is taken to be: in every mode, and at every
//! order, since one rule serves all.
//!
//! | function | at | derivative | why |
//! |---|---|---|---|
//! | `relu` | 0 | 0 | as in the literature (Glorot, Bordes and Bengio 2011) |
//! | `leaky_relu`, `elu` | 0 | the slope below, `alpha` | as `relu`, which is the case of slope 0 |
//! | `abs` | 0 | 0 | the middle of the subdifferential \[−1, 1\] |
//! | `maximum`, `minimum` | a tie | ½ to each | the middle of the subdifferential |
//! | `clamp_min`, `clamp_max`, `clamp` | the bound | 1 | the bound itself is still inside |
//! | `max`, `min` along an axis | a tie | 1 to the first, 0 to the others | they gather the first extreme element |
//! | `sign`, `step`, `floor`, `greater`, `equal` | everywhere | 0, and no dependence | a piecewise constant function |
//! | `rem` | a whole quotient | 1 by x₀, −trunc(x₀/x₁) by x₁ | those of the branch that the value is on |
//! | `sqrt`, `cbrt`, `powf(c)` with c < 1 | 0 | +∞ | the limit from the right |
//! | `powi(0)`, `powf(0.0)` | everywhere | 0 | x⁰ is 1 |
//! | `pow` | x₀ = 0, by x₁ > 0 | 0 | the limit of xᵖ·ln x |
//! | `hypot`, `atan2` | the origin | 0 | the middle of the subdifferential; for `atan2` by convention. `hypot` is a cone: its second derivative is +∞ |
//! | `norm` | 0 | 0 | the smallest subgradient |
//! | `logsumexp` | all −∞ | 0 | no element has any weight |
//! | `select` | – | only the chosen branch's | the other branch has no influence, however singular |
//! | any | 0·∞ in a product of the chain rule | 0 | see [`Math::mul_strong_zero`](crate::Math::mul_strong_zero) |
//! | `matmul` | 0·∞ in it | NaN | it adds up plain products: `select` its operands, rather than its result |
