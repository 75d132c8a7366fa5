//! Numbers in a loop over many: the readings in which a formula is compiled into one vectorised loop.

use super::Tensor;
use super::number::Real;
use crate::kernel::Direct;
use crate::op::{Op, Pointwise};
use crate::operators::operators;
use crate::rule;
use crate::shape::Shape;
use crate::value::Value;

/// One of many numbers. Those of its functions that [`Real`] has in a form without branches are vectorised by the
/// compiler; the others are called for each element. So are sine and cosine: their form without branches is not right for
/// large arguments, and to look for these afterwards, as the loop of the one function does, is not open to a formula,
/// where an argument is what other functions made.
///
/// The tables of operations are inlined by force, so that the compiler sees which line it is; but not in a program that is
/// built for debugging: there they would be copied out in full for each operation of a formula, at ten seconds a formula.
///
/// `CHAIN` says whether the product of the chain rule looks out for zeros, as it should. In derivatives it need not: where
/// it would have made a difference there is a NaN afterwards, to be mended, and the loop takes a fifth less time.
#[derive(Clone, Copy)]
pub(crate) struct Many<T, const CHAIN: bool = true>(pub(crate) T);

impl<T: Real, const CHAIN: bool> Value for Many<T, CHAIN> {
    type Elem = T;
    const SCALAR: bool = true;

    fn apply(op: &Op, x: &[&Self]) -> Self {
        match op {
            Op::Pointwise(op) => Self::apply_pointwise(*op, x),
            _ => not_pointwise(),
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply_pointwise(op: Pointwise, x: &[&Self]) -> Self {
        Self(match (op, x) {
            (Pointwise::Chain, [a, b]) if !CHAIN => a.0 * b.0,
            (Pointwise::Exp, [x]) => Real::exp(x.0, true),
            (Pointwise::Expm1, [x]) => Real::expm1(x.0, true),
            (Pointwise::Ln, [x]) => Real::ln(x.0, true),
            (Pointwise::Ln1p, [x]) => Real::ln1p(x.0, true),
            (Pointwise::Tanh, [x]) => Real::tanh(x.0, true),
            (Pointwise::Sigmoid, [x]) => Real::sigmoid(x.0, true),
            (Pointwise::Softplus, [x]) => Real::softplus(x.0, true),
            (Pointwise::Erf, [x]) => Real::erf(x.0, true),
            (_, [a]) => T::evaluate(op, &[&a.0]),
            (_, [a, b]) => T::evaluate(op, &[&a.0, &b.0]),
            (_, [a, b, c]) => T::evaluate(op, &[&a.0, &b.0, &c.0]),
            _ => unreachable!("pointwise operations have one to three operands"),
        })
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
        Self(T::of(c))
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn slope(op: Pointwise, i: usize, x: &[&Self], y: &Self, g: &Self) -> Self {
        rule::pointwise(op, i, Direct { x, y: Some(y), g: Some(g) })
    }
}

operators!([T: Real, const CHAIN: bool] Many<T, CHAIN>);

/// One element knows neither the shape nor the others: what asks for them has no place in a formula, and the answer for
/// a number alone would be wrong without a word.
#[cold]
fn not_pointwise() -> ! {
    panic!("fuse: a formula is made of pointwise operations: nothing in it may depend on a shape, or on other elements")
}

/// One of many numbers, with a tangent that is always there: where a [`Dual`](crate::Dual) would ask whether it is, the
/// compiler drops what a zero multiplies.
#[derive(Clone, Copy)]
pub(crate) struct MovingMany<T> {
    pub(crate) x: Many<T>,
    pub(crate) dx: Many<T, false>,
}

impl<T: Real> MovingMany<T> {
    /// One that moves with the tangent 1, or not at all.
    #[inline(always)]
    pub(crate) fn new(x: T, moves: bool) -> Self {
        Self { x: Many(x), dx: Many(if moves { T::one() } else { T::zero() }) }
    }
}

impl<T: Real> Value for MovingMany<T> {
    type Elem = T;
    const SCALAR: bool = true;

    fn apply(op: &Op, x: &[&Self]) -> Self {
        match op {
            Op::Pointwise(op) => Self::apply_pointwise(*op, x),
            _ => not_pointwise(),
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn apply_pointwise(op: Pointwise, operands: &[&Self]) -> Self {
        match *operands {
            [a] => push(op, [&a.x], [&a.dx]),
            [a, b] => push(op, [&a.x, &b.x], [&a.dx, &b.dx]),
            [a, b, c] => push(op, [&a.x, &b.x, &c.x], [&a.dx, &b.dx, &c.dx]),
            _ => unreachable!("pointwise operations have one to three operands"),
        }
    }

    fn shape(&self) -> Shape {
        not_pointwise()
    }

    fn primal(&self) -> Tensor<T> {
        self.x.primal()
    }

    fn lift(&self, numbers: &Tensor<T>) -> Self {
        Self { x: self.x.lift(numbers), dx: self.dx.full_like(0.0) }
    }

    #[inline(always)]
    fn full_like(&self, c: f64) -> Self {
        Self { x: self.x.full_like(c), dx: self.dx.full_like(0.0) }
    }
}

operators!([T: Real] MovingMany<T>);

#[cfg_attr(not(debug_assertions), inline(always))]
fn push<T: Real, const N: usize>(op: Pointwise, x: [&Many<T>; N], dx: [&Many<T, false>; N]) -> MovingMany<T> {
    let y = Many::apply_pointwise(op, &x);
    let mut dy = Many(T::zero());
    let x = x.map(|x| Many(x.0));
    for (i, dx) in dx.into_iter().enumerate() {
        if op.differentiable(i) {
            let part = Many::slope(op, i, &x.each_ref(), &Many(y.0), dx);
            dy = if i == 0 { part } else { dy + part };
        }
    }
    MovingMany { x: y, dx: dy }
}
