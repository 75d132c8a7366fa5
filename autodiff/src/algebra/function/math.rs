//! Pointwise functions: elementary functions, powers, comparisons, and a mask.

use crate::algebra::op::Pointwise;
use crate::algebra::value::{Operand, Reading, binary, check_broadcast, ternary, try_binary};
use crate::array::ShapeError;

macro_rules! unary {
    ($($(#[$doc:meta])* $name:ident($($c:ident: $type:ty)?) => $op:ident;)*) => {$(
        $(#[$doc])*
        #[inline(always)]
        #[track_caller]
        fn $name(&self $(, $c: $type)?) -> Self {
            Self::apply_pointwise(Pointwise::$op $(($c.into()))?, &[self])
        }
    )*};
}

macro_rules! binary {
    ($($(#[$doc:meta])* $name:ident => $op:ident;)*) => {$(
        $(#[$doc])*
        #[inline(always)]
        #[track_caller]
        fn $name(&self, other: impl Operand<Self>) -> Self {
            binary(Pointwise::$op, self, &*other.cast(self))
        }
    )*};
}

macro_rules! try_binary {
    ($($name:ident => $op:ident;)*) => {$(
        #[doc = concat!("Does the same as the operator `", stringify!($op), "`, or returns an error.\n\n# Errors\n")]
        /// Returns an error if the shapes do not broadcast.
        #[track_caller]
        fn $name(&self, other: &Self) -> Result<Self, ShapeError> {
            try_binary(Pointwise::$op, self, other)
        }
    )*};
}

/// Pointwise functions, which act element by element.
///
/// The other operand of a function of two is a reference to a value, a number (`x.maximum(0.0)`), or a plain tensor
/// (see [`Operand`]). Operands are broadcast to their common shape by numpy's rule. Each function states the domain on
/// which it is smooth. Outside the domain and at its edge, values follow IEEE arithmetic, and derivatives follow the
/// [table of kinks](crate::kinks). The [table of accuracies](crate::accuracy) bounds the rounding errors of each
/// function and of its first two derivatives.
///
/// # Panics
/// Each function panics at the caller's line if the shapes do not broadcast, with the operation and all shapes.
pub trait Math: Reading {
    unary! {
        /// −x, of a reference. On an owned value of a generic type, `x.neg()` is the method of [`std::ops::Neg`], which
        /// takes `x`.
        neg() => Neg;
        /// c·x. This method and those beside it do the same as the operators, without taking or cloning x.
        scale(c: f64) => Scale;
        /// x + c.
        shift(c: f64) => Shift;
        /// c − x.
        sub_from(c: f64) => SubFrom;
        /// x/c, rounded once; a product with 1/c would round twice.
        div_by(c: f64) => DivBy;
        /// c/x, for x ≠ 0.
        div_into(c: f64) => DivInto;
        /// 1/x, for x ≠ 0.
        recip() => Recip;
        /// x².
        square() => Square;
        /// √x, smooth for x > 0.
        sqrt() => Sqrt;
        /// ∛x, smooth for x ≠ 0.
        cbrt() => Cbrt;
        /// xⁿ for an integer n; for a negative n, x ≠ 0.
        powi(n: i32) => Powi;
        /// xᶜ, for x > 0.
        powf(c: f64) => Powf;
        /// eˣ.
        exp() => Exp;
        /// eˣ − 1, without cancellation near 0.
        expm1() => Expm1;
        /// 2ˣ.
        exp2() => Exp2;
        /// The natural logarithm, for x > 0.
        ln() => Ln;
        /// The logarithm to base 2, for x > 0.
        log2() => Log2;
        /// The logarithm to base 10, for x > 0.
        log10() => Log10;
        /// ln(1 + x), without cancellation near 0, for x > −1.
        ln1p() => Ln1p;
        /// The sine.
        sin() => Sin;
        /// The cosine.
        cos() => Cos;
        /// The tangent, away from its poles.
        tan() => Tan;
        /// The inverse sine, for |x| < 1.
        asin() => Asin;
        /// The inverse cosine, for |x| < 1.
        acos() => Acos;
        /// The inverse tangent.
        atan() => Atan;
        /// The hyperbolic sine.
        sinh() => Sinh;
        /// The hyperbolic cosine.
        cosh() => Cosh;
        /// The hyperbolic tangent.
        tanh() => Tanh;
        /// sech²x = 1 − tanh²x, the derivative of tanh, without cancellation.
        sech_squared() => SechSquared;
        /// The inverse hyperbolic sine.
        asinh() => Asinh;
        /// The inverse hyperbolic cosine, for x > 1.
        acosh() => Acosh;
        /// The inverse hyperbolic tangent, for |x| < 1.
        atanh() => Atanh;
        /// The logistic function 1/(1 + e⁻ˣ), without overflow.
        sigmoid() => Sigmoid;
        /// ln(1 + eˣ), without overflow.
        softplus() => Softplus;
        /// The error function 2/√π ∫₀ˣ e^(−t²) dt.
        erf() => Erf;
        /// The complementary error function 1 − erf(x), without cancellation for x > 0.
        erfc() => Erfc;
        /// ln |Γ(x)|, the logarithm of the absolute value of the gamma function, for x other than 0, −1, −2, …
        lgamma() => Lgamma;
        /// ψ⁽ⁿ⁾(x), the derivative of order n + 1 of ln |Γ(x)|, for x other than 0, −1, −2, …
        polygamma(n: u32) => Polygamma;
        /// max(0, x), smooth for x ≠ 0.
        relu() => Relu;
        /// |x|, smooth for x ≠ 0.
        abs() => Abs;
        /// max(x, c), smooth for x ≠ c.
        clamp_min(c: f64) => ClampMin;
        /// min(x, c), smooth for x ≠ c.
        clamp_max(c: f64) => ClampMax;
        /// −1, 0 or 1, with derivative 0.
        sign() => Sign;
        /// 1 if x ≥ 0, else 0, with derivative 0.
        step() => Step;
        /// The largest integer ≤ x, with derivative 0.
        floor() => Floor;
        /// x as a constant: its derivative is 0, in this transform and in all that enclose it.
        ///
        /// ```
        /// use autodiff::prelude::*;
        /// assert_eq!(grad(&3.0, |x| x * x.detach()), 3.0);
        /// ```
        detach() => Detach;
    }

    binary! {
        /// The strong-zero product: x·y, but 0 if either factor is 0, even if the other one is infinite or NaN.
        ///
        /// The chain rule uses this product. In IEEE arithmetic 0·∞ is NaN, so one singular element without influence
        /// would make a whole gradient NaN. Here a zero partial derivative means “no influence”. The product is
        /// associative, so forward and reverse mode give the same result.
        ///
        /// ```
        /// use autodiff::prelude::*;
        /// assert_eq!(Math::mul_strong_zero(&0.0, &f64::INFINITY), 0.0);
        /// let slope = grad(&0.0, |x| x.greater(0.0).select(&x.sqrt(), &x.full_like(0.0)));
        /// assert_eq!(slope, 0.0); // the slope of the root is infinite, but the root is not selected
        /// ```
        mul_strong_zero => MulStrongZero;
        /// The remainder x − trunc(x/y)·y, with the sign of x; smooth unless x/y is an integer.
        rem => Rem;
        /// xʸ, for x > 0.
        pow => Pow;
        /// The angle in (−π, π] from the positive x-axis to the point (x, y), where y is `self`. It is smooth away from
        /// the origin and the negative x-axis.
        atan2 => Atan2;
        /// √(x² + y²), without overflow; smooth away from the origin.
        hypot => Hypot;
        /// The larger of two numbers, smooth for x ≠ y.
        maximum => Maximum;
        /// The smaller of two numbers, smooth for x ≠ y.
        minimum => Minimum;
        /// 1 if x > y, else 0, with derivative 0.
        greater => Greater;
        /// 1 if x = y, else 0, with derivative 0.
        equal => Equal;
    }

    try_binary! {
        try_add => Add;
        try_sub => Sub;
        try_mul => Mul;
        try_div => Div;
    }

    // The functions of several operations are inlined too, so that a fused formula stays one vectorised loop.

    /// 1 if x ≥ y, else 0, with derivative 0.
    #[inline(always)]
    #[track_caller]
    fn greater_equal(&self, other: impl Operand<Self>) -> Self {
        let other = &*other.cast(self);
        check_broadcast("greater_equal", self, other);
        self.greater(other) + self.equal(other)
    }

    /// 1 if x < y, else 0, with derivative 0.
    #[inline(always)]
    #[track_caller]
    fn less(&self, other: impl Operand<Self>) -> Self {
        let other = &*other.cast(self);
        check_broadcast("less", self, other);
        other.greater(self)
    }

    /// 1 if x ≤ y, else 0, with derivative 0.
    #[inline(always)]
    #[track_caller]
    fn less_equal(&self, other: impl Operand<Self>) -> Self {
        let other = &*other.cast(self);
        check_broadcast("less_equal", self, other);
        other.greater_equal(self)
    }

    /// 1 if x ≠ y, else 0, with derivative 0. NaN differs from every number and from itself.
    #[inline(always)]
    #[track_caller]
    fn not_equal(&self, other: impl Operand<Self>) -> Self {
        let other = &*other.cast(self);
        check_broadcast("not_equal", self, other);
        self.equal(other).sub_from(1.0)
    }

    /// ψ(x), the derivative of ln |Γ(x)|, for x other than 0, −1, −2, …
    #[inline(always)]
    #[track_caller]
    fn digamma(&self) -> Self {
        self.polygamma(0)
    }

    /// sin(πx)/(πx) and 1 at 0, as numpy defines it. The whole numbers other than 0 are zeros; at ±∞ it is 0.
    #[inline(always)]
    #[track_caller]
    fn sinc(&self) -> Self {
        Self::apply_pointwise(Pointwise::Sinc(0.0), &[self])
    }

    /// ln(x/(1 − x)), the inverse of [`sigmoid`](Math::sigmoid), for 0 < x < 1. Keeps its digits near 0, ½ and 1.
    #[inline(always)]
    #[track_caller]
    fn logit(&self) -> Self {
        let small = self.less(&self.full_like(0.25));
        let near_zero = self.ln() - self.neg().ln1p();
        small.select(&near_zero, &self.scale(2.0).shift(-1.0).atanh().scale(2.0))
    }

    /// ln(eˣ + eʸ), without overflow.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// assert_eq!(1000f64.logaddexp(1000.0), 1000.0 + 2f64.ln());
    /// assert_eq!(f64::NEG_INFINITY.logaddexp(3.0), 3.0);
    /// ```
    #[inline(always)]
    #[track_caller]
    fn logaddexp(&self, other: impl Operand<Self>) -> Self {
        let other = &*other.cast(self);
        check_broadcast("logaddexp", self, other);
        let is_smaller = other.greater(self);
        let (large, small) = (is_smaller.select(other, self), is_smaller.select(self, other));
        let distance = small.clone() - &large;
        let equal_infinities = large.equal(&small) * distance.not_equal(&distance); // ∞ − ∞ is NaN
        let mean = (large.clone() + small).scale(0.5);
        equal_infinities.select(&mean, &(large + distance.softplus()))
    }

    /// x·ln y, and 0 if x is 0 and y is 0 or ∞; for y > 0. The entropy of probabilities p is −Σ p·ln p.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let p = Tensor::from([0.0, 0.5, 0.5]);
    /// assert_eq!(-p.xlogy(&p).sum(), Tensor::scalar(2f64.ln()));
    /// ```
    #[inline(always)]
    #[track_caller]
    fn xlogy(&self, other: impl Operand<Self>) -> Self {
        let other = &*other.cast(self);
        check_broadcast("xlogy", self, other);
        let ln = other.ln();
        let infinite = ln.abs().equal(&ln.full_like(f64::INFINITY));
        infinite.select(&self.mul_strong_zero(&ln), &binary(Pointwise::Mul, self, &ln))
    }

    /// min(max(x, low), high), for x other than `low` and `high`.
    #[inline(always)]
    #[track_caller]
    fn clamp(&self, low: f64, high: f64) -> Self {
        self.clamp_min(low).clamp_max(high)
    }

    /// x·a + b, rounded once.
    #[inline(always)]
    #[track_caller]
    fn mul_add(&self, a: &Self, b: &Self) -> Self {
        ternary(Pointwise::MulAdd, [self, a, b])
    }

    /// `yes` if this mask is not 0, else `no`. The branch that is not selected has derivative 0, even if it is
    /// singular.
    #[inline(always)]
    #[track_caller]
    fn select(&self, yes: &Self, no: &Self) -> Self {
        ternary(Pointwise::Select, [self, yes, no])
    }
}

impl<V: Reading> Math for V {}
