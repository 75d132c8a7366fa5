//! The pointwise operations.

use num_traits::NumCast;

/// The pointwise operations. All operands have one shape, and the result has it too: broadcasting is an operation of
/// its own, [`Linear::Broadcast`](crate::Linear::Broadcast), so that its transpose is the only place that sums back.
///
/// Every parameter is an `f64`, whole numbers too, so that an operation is passed in two registers. The compiler then
/// knows a constant operation before it inlines a table of operations, and inlines one line of the table. With an `i32`
/// among the parameters it passes a pointer and inlines whole tables: a fused formula took three times as long to
/// compile. `repr(u64)` makes a copy load exactly what was stored (store forwarding).
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(u64)]
pub enum Pointwise {
    /// −x
    Neg,
    /// c·x
    Scale(f64),
    /// x + c
    Shift(f64),
    /// c − x
    SubFrom(f64),
    /// x/c
    DivBy(f64),
    /// c/x
    DivInto(f64),
    /// 1/x
    Recip,
    /// x²
    Square,
    /// √x
    Sqrt,
    /// ∛x
    Cbrt,
    /// xⁿ for a whole n within the range of `i32`
    Powi(f64),
    /// xᶜ
    Powf(f64),
    /// eˣ
    Exp,
    /// eˣ − 1, accurate near 0
    Expm1,
    /// 2ˣ
    Exp2,
    /// The natural logarithm
    Ln,
    /// The logarithm to base 2
    Log2,
    /// The logarithm to base 10
    Log10,
    /// ln(1 + x), accurate near 0
    Ln1p,
    /// The sine
    Sin,
    /// The cosine
    Cos,
    /// The tangent
    Tan,
    /// The inverse sine
    Asin,
    /// The inverse cosine
    Acos,
    /// The inverse tangent
    Atan,
    /// The hyperbolic sine
    Sinh,
    /// The hyperbolic cosine
    Cosh,
    /// The hyperbolic tangent
    Tanh,
    /// sech²x₀, the derivative of tanh
    SechSquared,
    /// The inverse hyperbolic sine
    Asinh,
    /// The inverse hyperbolic cosine
    Acosh,
    /// The inverse hyperbolic tangent
    Atanh,
    /// 1/(1 + e⁻ˣ)
    Sigmoid,
    /// ln(1 + eˣ)
    Softplus,
    /// The error function
    Erf,
    /// 1 − erf(x), accurate where erf is near 1
    Erfc,
    /// ln |Γ(x)|
    Lgamma,
    /// ψ⁽ⁿ⁾(x), the derivative of order n + 1 of ln |Γ(x)|, for a whole n ≥ 0
    Polygamma(f64),
    /// The derivative of order n ≥ 0 of sin(πx)/(πx), with n = 0 for the function itself
    Sinc(f64),
    /// max(0, x)
    Relu,
    /// |x|
    Abs,
    /// max(x, c)
    ClampMin(f64),
    /// min(x, c)
    ClampMax(f64),
    /// −1, 0 or 1; derivative zero
    Sign,
    /// 1 where x ≥ 0, else 0; derivative zero
    Step,
    /// The largest whole number ≤ x; derivative zero
    Floor,
    /// x itself, with no derivative beyond here
    Detach,
    /// x₀ + x₁
    Add,
    /// x₀ − x₁
    Sub,
    /// x₀·x₁
    Mul,
    /// x₀·x₁, and 0 where either is 0, whatever the other: the product of the chain rule
    MulStrongZero,
    /// x₀/x₁
    Div,
    /// x₀ − trunc(x₀/x₁)·x₁, the remainder with the sign of x₀
    Rem,
    /// x₀ to the power x₁
    Pow,
    /// The angle of the point (x₁, x₀)
    Atan2,
    /// √(x₀² + x₁²) without overflow
    Hypot,
    /// The larger operand
    Maximum,
    /// The smaller operand
    Minimum,
    /// 1 where x₀ > x₁, else 0; derivative zero
    Greater,
    /// 1 where x₀ = x₁, else 0; derivative zero
    Equal,
    /// x₀·x₁ + x₂, rounded once
    MulAdd,
    /// x₁ where x₀ ≠ 0, else x₂; no derivative with respect to x₀
    Select,
}

// Each `match` lists all operations, without `_`: a new operation does not compile until each has decided.
impl Pointwise {
    /// The number of operands.
    #[inline]
    pub fn arity(self) -> usize {
        use Pointwise::*;
        match self {
            Neg | Scale(_) | Shift(_) | SubFrom(_) | DivBy(_) | DivInto(_) | Recip | Square | Sqrt | Cbrt | Powi(_)
            | Powf(_) | Exp | Expm1 | Exp2 | Ln | Log2 | Log10 | Ln1p | Sin | Cos | Tan | Asin | Acos | Atan | Sinh
            | Cosh | Tanh | SechSquared | Asinh | Acosh | Atanh | Sigmoid | Softplus | Erf | Erfc | Lgamma
            | Polygamma(_) | Sinc(_) | Relu | Abs | ClampMin(_) | ClampMax(_) | Sign | Step | Floor | Detach => 1,
            Add | Sub | Mul | MulStrongZero | Div | Rem | Pow | Atan2 | Hypot | Maximum | Minimum | Greater | Equal => {
                2
            }
            MulAdd | Select => 3,
        }
    }

    /// Whether the result depends on operand `i` in a differentiable way. If not, no derivative passes through it.
    #[inline]
    pub fn differentiable(self, i: usize) -> bool {
        use Pointwise::*;
        match self {
            Sign | Step | Floor | Detach | Greater | Equal => false,
            Powi(n) => n != 0.0,
            Powf(c) => c != 0.0,
            Select => i > 0,
            Neg | Scale(_) | Shift(_) | SubFrom(_) | DivBy(_) | DivInto(_) | Recip | Square | Sqrt | Cbrt | Exp
            | Expm1 | Exp2 | Ln | Log2 | Log10 | Ln1p | Sin | Cos | Tan | Asin | Acos | Atan | Sinh | Cosh | Tanh
            | SechSquared | Asinh | Acosh | Atanh | Sigmoid | Softplus | Erf | Erfc | Lgamma | Polygamma(_)
            | Sinc(_) | Relu | Abs | ClampMin(_) | ClampMax(_) | Add | Sub | Mul | MulStrongZero | Div | Rem | Pow
            | Atan2 | Hypot | Maximum | Minimum | MulAdd => true,
        }
    }

    /// The number inside the operation, if it has one.
    pub(crate) fn parameter(self) -> Option<f64> {
        use Pointwise::*;
        match self {
            Scale(c) | Shift(c) | SubFrom(c) | DivBy(c) | DivInto(c) | Powf(c) | ClampMin(c) | ClampMax(c) => Some(c),
            Powi(n) | Polygamma(n) => Some(n),
            Sinc(n) => (n > 0.0).then_some(n),
            Neg | Recip | Square | Sqrt | Cbrt | Exp | Expm1 | Exp2 | Ln | Log2 | Log10 | Ln1p | Sin | Cos | Tan
            | Asin | Acos | Atan | Sinh | Cosh | Tanh | SechSquared | Asinh | Acosh | Atanh | Sigmoid | Softplus
            | Erf | Erfc | Lgamma | Relu | Abs | Sign | Step | Floor | Detach | Add | Sub | Mul | MulStrongZero
            | Div | Rem | Pow | Atan2 | Hypot | Maximum | Minimum | Greater | Equal | MulAdd | Select => None,
        }
    }
}

/// The parameter of an operation as an integer.
///
/// # Panics
/// Panics if it is not whole, or out of range.
#[inline]
pub(crate) fn whole<N: NumCast>(op: &str, n: f64) -> N {
    let whole = if n.fract() == 0.0 { num_traits::cast(n) } else { None };
    whole.unwrap_or_else(|| panic!("{op}: n = {n} must be a whole number, and in the range of the operation"))
}

#[cfg(test)]
mod tests {
    use crate::algebra::{Pointwise, Reading};
    use crate::array::Tensor;

    #[test]
    #[should_panic(expected = "powi: n = 2.5 must be a whole number")]
    fn power_by_a_fraction_is_powf() {
        let _ = Tensor::apply_pointwise(Pointwise::Powi(2.5), &[&Tensor::from([1.0, 4.0])]);
    }

    #[test]
    #[should_panic(expected = "polygamma: n = -1 must be a whole number, and in the range of the operation")]
    fn polygamma_has_no_negative_order() {
        let _ = f64::apply_pointwise(Pointwise::Polygamma(-1.0), &[&1.0]);
    }
}
