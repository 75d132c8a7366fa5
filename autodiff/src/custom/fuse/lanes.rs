//! One element of a loop over many: the reading in which a formula is compiled into one vectorised loop.

use crate::algebra::{Element, Op, Pointwise, Value, operators, rule};
use crate::array::{Direct, Real, Shape, Tensor};
use crate::reading::{Dual, Tangent};

/// One element among the lanes of a vector.
///
/// Functions that [`Real`] has in a form without branches are vectorised by the compiler; the others are called for each
/// element. Sine and cosine are called too: their vectorised form is wrong for large arguments, and a formula cannot mend
/// the result afterwards as the loop of a single function does.
///
/// The tables of operations are inlined by force, so that the compiler sees which operation it is. In a debug build they
/// are not: there they would be copied in full for each operation of a formula, at ten seconds a formula.
///
/// `STRONG_ZERO` says whether the product of the chain rule looks out for zeros. A tangent need not: if it would have made a
/// difference, the tangent is NaN, and is computed again. The loop then takes a fifth less time
/// (`cargo bench -p autodiff --bench pointwise`).
#[derive(Clone, Copy)]
pub(crate) struct Lanes<T, const STRONG_ZERO: bool = true>(pub(crate) T);

/// An element with its tangent.
pub(crate) type DualLanes<T> = Dual<Lanes<T>, Lanes<T, false>>;

impl<T: Real + Element, const STRONG_ZERO: bool> Value for Lanes<T, STRONG_ZERO> {
    type Elem = T;
    const SCALAR: bool = true;

    fn apply(op: &Op, x: &[&Self]) -> Self {
        match op {
            Op::Pointwise(op) => Self::apply_pointwise(*op, x),
            Op::Linear(_) | Op::Matmul(_) | Op::LogSoftmax { .. } | Op::Custom(_) => not_pointwise(),
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
            (Pointwise::Sigmoid, [x]) => Real::sigmoid(x.0, true),
            (Pointwise::Softplus, [x]) => Real::softplus(x.0, true),
            (Pointwise::Erf, [x]) => Real::erf(x.0, true),
            (_, [a]) => T::apply_pointwise(op, &[&a.0]),
            (_, [a, b]) => T::apply_pointwise(op, &[&a.0, &b.0]),
            (_, [a, b, c]) => T::apply_pointwise(op, &[&a.0, &b.0, &c.0]),
            _ => unreachable!("pointwise operations have one to three operands"),
        })
    }
}

operators!([T: Real + Element, const STRONG_ZERO: bool] Lanes<T, STRONG_ZERO>);

/// One element knows neither the shape nor the other elements, and the answer for a single number would be wrong.
#[cold]
fn not_pointwise() -> ! {
    panic!("fuse: a formula is made of pointwise operations: nothing in it may depend on a shape, or on other elements")
}

/// The tangent is always there: unlike an optional one, it costs no branch, and the compiler drops products with a constant
/// zero.
impl<T: Real + Element> Tangent<Lanes<T>> for Lanes<T, false> {
    #[inline(always)]
    fn of_constant(_: &Lanes<T>) -> Self {
        Self(T::zero())
    }

    #[inline(always)]
    fn to_value(&self, _: &Lanes<T>) -> Lanes<T> {
        Lanes(self.0)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply_dual(op: Pointwise, x: &[&DualLanes<T>]) -> DualLanes<T> {
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
fn apply<T: Real + Element, const N: usize>(op: Pointwise, operands: [&DualLanes<T>; N]) -> DualLanes<T> {
    let y = Lanes::apply_pointwise(op, &operands.map(|operand| &operand.x));
    let x = operands.map(|operand| Lanes::<T, false>(operand.x.0));
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
