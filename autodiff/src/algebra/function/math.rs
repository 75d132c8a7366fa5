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
            Self::apply_pointwise(Pointwise::$op $(($c))?, &[self])
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
/// The other operand of a function of two is a reference to a value, a number (`x.maximum(0.0)`), or a plain tensor (see
/// [`Operand`]). Operands are broadcast to their common shape by numpy's rule. Each function states the domain on which it is smooth.
/// Outside the domain and at its edge, values follow IEEE arithmetic, and derivatives follow the
/// [table of kinks](crate::kinks). The [table of accuracies](crate::accuracy) bounds the rounding errors of each function
/// and of its first two derivatives.
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
        /// √x, for x > 0.
        sqrt() => Sqrt;
        /// ∛x, for x ≠ 0.
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
        /// max(0, x), for x ≠ 0.
        relu() => Relu;
        /// |x|, for x ≠ 0.
        abs() => Abs;
        /// max(x, c), for x ≠ c.
        clamp_min(c: f64) => ClampMin;
        /// min(x, c), for x ≠ c.
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
        /// would make a whole gradient NaN. Here a zero partial derivative means «no influence». The product is
        /// associative, so forward and reverse mode give the same result.
        ///
        /// ```
        /// use autodiff::prelude::*;
        /// assert_eq!(Math::mul_strong_zero(&0.0, &f64::INFINITY), 0.0);
        /// let slope = grad(&0.0, |x| x.greater(0.0).select(&x.sqrt(), &x.full_like(0.0)));
        /// assert_eq!(slope, 0.0); // the slope of the root is infinite, but the root is not selected
        /// ```
        mul_strong_zero => MulStrongZero;
        /// The remainder x − trunc(x/y)·y, with the sign of x, unless x/y is an integer.
        rem => Rem;
        /// xʸ, for x > 0.
        pow => Pow;
        /// The angle in (−π, π] from the positive x-axis to the point (x, y), where y is `self`. It is smooth away from
        /// the origin and the negative x-axis.
        atan2 => Atan2;
        /// √(x² + y²), without overflow, away from the origin.
        hypot => Hypot;
        /// The larger of two numbers, for x ≠ y.
        maximum => Maximum;
        /// The smaller of two numbers, for x ≠ y.
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

    /// 1 if x ≥ y, else 0, with derivative 0.
    #[track_caller]
    fn greater_equal(&self, other: impl Operand<Self>) -> Self {
        let other = &*other.cast(self);
        check_broadcast("greater_equal", self, other);
        self.greater(other) + self.equal(other)
    }

    /// 1 if x < y, else 0, with derivative 0.
    #[track_caller]
    fn less(&self, other: impl Operand<Self>) -> Self {
        let other = &*other.cast(self);
        check_broadcast("less", self, other);
        other.greater(self)
    }

    /// 1 if x ≤ y, else 0, with derivative 0.
    #[track_caller]
    fn less_equal(&self, other: impl Operand<Self>) -> Self {
        let other = &*other.cast(self);
        check_broadcast("less_equal", self, other);
        other.greater_equal(self)
    }

    /// 1 if x ≠ y, else 0, with derivative 0. NaN differs from every number and from itself.
    #[track_caller]
    fn not_equal(&self, other: impl Operand<Self>) -> Self {
        let other = &*other.cast(self);
        check_broadcast("not_equal", self, other);
        self.equal(other).sub_from(1.0)
    }

    /// min(max(x, low), high), for x other than `low` and `high`.
    #[track_caller]
    fn clamp(&self, low: f64, high: f64) -> Self {
        self.clamp_min(low).clamp_max(high)
    }

    /// x·a + b, rounded once.
    #[track_caller]
    fn mul_add(&self, a: &Self, b: &Self) -> Self {
        ternary(Pointwise::MulAdd, [self, a, b])
    }

    /// `yes` if this mask is not 0, else `no`. The branch that is not selected has derivative 0, even if it is
    /// singular.
    #[track_caller]
    fn select(&self, yes: &Self, no: &Self) -> Self {
        ternary(Pointwise::Select, [self, yes, no])
    }
}

impl<V: Reading> Math for V {}
