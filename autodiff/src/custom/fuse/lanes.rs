//! The reading in which a formula is compiled to one vectorised loop.

use crate::algebra::{Dual, Element, Op, Pointwise, Reading, Tangent, rule};
use crate::array::{Direct, Real, Shape, Tensor};

/// One element of a vectorised loop, which the compiler places in the lanes of vector registers.
///
/// The compiler vectorises the functions that [`Real`] has in a form without branches. Other functions are called for
/// each element, sine and cosine among them: their vectorised form is wrong for large arguments, and a formula cannot
/// correct the result afterwards, as the loop of a single function does.
///
/// The tables of operations are forced inline, so that the compiler knows the operation. A debug build does not inline
/// them, because it would copy the whole table for each operation and take ten seconds for each formula.
///
/// `STRONG_ZERO` states whether the strong-zero product checks for zeros. Tangents go without the check, which
/// matters only for 0·∞. That gives NaN, and a NaN tangent is computed again with the check. This makes the loop a fifth faster (`cargo bench
/// -p autodiff --bench pointwise`).
#[derive(Clone, Copy)]
pub(crate) struct Lanes<T, const STRONG_ZERO: bool = true>(pub(crate) T);

/// An element with its tangent.
pub(crate) type DualLanes<T, const STRONG_ZERO: bool> = Dual<Lanes<T>, Lanes<T, STRONG_ZERO>>;

impl<T: Real + Element, const STRONG_ZERO: bool> Reading for Lanes<T, STRONG_ZERO> {
    type Elem = T;
    type Tangent = Option<Self>;
    const SCALAR: bool = true;

    fn apply(op: &Op, x: &[&Self]) -> Self {
        match op {
            Op::Pointwise(op) => Self::apply_pointwise(*op, x),
            Op::Linear(_) | Op::Matmul(_) | Op::LogSoftmax { .. } | Op::Custom(_) => not_pointwise(),
            #[cfg(feature = "linalg")]
            Op::Decomposition(_) => not_pointwise(),
        }
    }

    fn shape(&self) -> Shape {
        not_pointwise()
    }

    fn primal(&self) -> Tensor<T> {
        Tensor::scalar(self.0)
    }

    fn lift(&self, numbers: &Tensor<T>) -> Self {
        Self(numbers.item())
    }

    #[inline(always)]
    fn full_like(&self, c: f64) -> Self {
        Self(T::from_f64(c))
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply_pointwise(op: Pointwise, x: &[&Self]) -> Self {
        Self(match (op, x) {
            (Pointwise::MulStrongZero, [a, b]) if !STRONG_ZERO => a.0 * b.0,
            (Pointwise::Exp, [x]) => Real::exp(x.0, true),
            (Pointwise::Expm1, [x]) => Real::expm1(x.0, true),
            (Pointwise::Ln, [x]) => Real::ln(x.0, true),
            (Pointwise::Ln1p, [x]) => Real::ln1p(x.0, true),
            (Pointwise::Tanh, [x]) => Real::tanh(x.0, true),
            (Pointwise::SechSquared, [x]) => Real::tanh_slope(x.0, true),
            (Pointwise::Sigmoid, [x]) => Real::sigmoid(x.0, true),
            (Pointwise::Softplus, [x]) => Real::softplus(x.0, true),
            (Pointwise::Sinh, [x]) => Real::sinh(x.0, true),
            (Pointwise::Cosh, [x]) => Real::cosh(x.0, true),
            (Pointwise::Erf, [x]) => Real::erf(x.0, true),
            (Pointwise::Erfc, [x]) => Real::erfc(x.0, true),
            (_, [a]) => T::apply_pointwise(op, &[&a.0]),
            (_, [a, b]) => T::apply_pointwise(op, &[&a.0, &b.0]),
            (_, [a, b, c]) => T::apply_pointwise(op, &[&a.0, &b.0, &c.0]),
            _ => unreachable!("pointwise operations have one to three operands"),
        })
    }
}

crate::operators!([T: Real + Element, const STRONG_ZERO: bool] Lanes<T, STRONG_ZERO>);

/// A lane does not see the array around it, so reductions and shapes are refused.
#[cold]
fn not_pointwise() -> ! {
    panic!("fuse: a formula may hold pointwise operations only, and may not depend on a shape or on other elements")
}

/// The tangent is dense rather than optional: it needs no branch, and the compiler removes products with a constant
/// zero.
impl<T: Real + Element, const STRONG_ZERO: bool> Tangent<Lanes<T>> for Lanes<T, STRONG_ZERO> {
    type Outer = Option<Dual<Lanes<T>, Self>>;

    fn of_value(dx: Lanes<T>) -> Self {
        Self(dx.0)
    }

    #[inline(always)]
    fn of_constant(_: &Lanes<T>) -> Self {
        Self(T::zero())
    }

    #[inline(always)]
    fn to_value(&self, _: &Lanes<T>) -> Lanes<T> {
        Lanes(self.0)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply_dual(op: Pointwise, x: &[&DualLanes<T, STRONG_ZERO>]) -> DualLanes<T, STRONG_ZERO> {
        match *x {
            [a] => apply(op, [a]),
            [a, b] => apply(op, [a, b]),
            [a, b, c] => apply(op, [a, b, c]),
            _ => unreachable!("pointwise operations have one to three operands"),
        }
    }

    fn push_tangent(_: &Op, _: &[&Lanes<T>], _: &Lanes<T>, _: &[&Self]) -> Self {
        not_pointwise()
    }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn apply<T: Real + Element, const N: usize, const STRONG_ZERO: bool>(
    op: Pointwise,
    operands: [&DualLanes<T, STRONG_ZERO>; N],
) -> DualLanes<T, STRONG_ZERO> {
    let y = Lanes::apply_pointwise(op, &operands.map(|operand| &operand.x));
    let x = operands.map(|operand| Lanes::<T, STRONG_ZERO>(operand.x.0));
    let mut dy = Lanes(T::zero());
    for (i, operand) in operands.into_iter().enumerate() {
        if op.differentiable(i) {
            let direct = Direct { x: &x.each_ref(), y: Some(&Lanes(y.0)), g: Some(&operand.dx) };
            let part = rule::pointwise(op, i, direct);
            dy = if i == 0 { part } else { dy + part };
        }
    }
    Dual { x: y, dx: dy }
}
