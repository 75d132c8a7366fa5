//! Active numbers, which record a scalar program for first derivatives.

use super::jacobian_tape::{JacobianTape, chain_product};
use crate::algebra::{
    Element, Op, Operands, Pointwise, Reading, compare_with_numbers, folds, per_operand, rule, slope,
};
use crate::array::{Shape, Tensor};
use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ptr;

/// A number in a program that is differentiated once: its value, and its derivative with respect to at most one earlier
/// node.
///
/// It implements [`num_traits::Float`] and [more](crate::ScalarTape#what-a-program-may-ask-of-its-numbers).
/// [`ScalarTape::grad`](crate::ScalarTape::grad) and the methods beside it pass active numbers to a program. `T` is
/// `f64`, `f32`, or `Dual<T>` for second derivatives. Constants, and results computed from constants alone, carry no
/// derivative.
///
/// Operations combine the derivatives by the chain rule, as [`Dual`](crate::Dual) numbers do. Only a result that
/// depends on two nodes is recorded, as a new node. A function of one number, an operation with a constant and a
/// product x·x therefore take no memory. This is the preaccumulation of Griewank and Walther, *Evaluating Derivatives*
/// (2008), 10.2, along chains of operations on one variable.
///
/// On 64-bit targets, a number of `f64` takes 32 bytes. A node or an input takes 24 bytes on the tape.
///
/// ```
/// use autodiff::prelude::*;
/// use num_traits::Float;
/// fn energy<T: Float + std::iter::Sum>(x: &[T]) -> T {
///     x.iter().map(|&x| x * x).sum()
/// }
/// assert_eq!(ScalarTape::new().grad(&[3.0, 4.0], energy), [6.0, 8.0]);
/// let unit: Active<'_, f64> = Active::constant(1.0); // the closure below needs its type
/// assert_eq!(ScalarTape::new().grad(&[3.0], |x| x[0].max(unit)), [1.0]);
/// ```
pub struct Active<'t, T> {
    /// Absent for a constant.
    tape: Option<&'t JacobianTape<T>>,
    value: T,
    /// The derivative with respect to the node `source`.
    partial: T,
    source: u32,
}

const _: () = assert!(size_of::<Active<'_, f64>>() <= 32);

impl<T: Copy> Clone for Active<'_, T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Copy> Copy for Active<'_, T> {}

impl<'t, T: Element> Active<'t, T> {
    /// A constant, which has no derivative.
    #[inline(always)]
    pub fn constant(value: T) -> Self {
        Self::const_constant(value, T::default())
    }

    /// As [`constant`](Self::constant) in constant expressions, which cannot compute the `zero` of a generic type.
    #[inline(always)]
    pub(super) const fn const_constant(value: T, zero: T) -> Self {
        Self { tape: None, value, partial: zero, source: 0 }
    }

    /// The value, without its derivatives with respect to the inputs.
    #[inline(always)]
    pub fn value(self) -> T {
        self.value
    }

    /// The input with the given index.
    pub(crate) fn input(tape: &'t JacobianTape<T>, index: usize, value: T) -> Self {
        Self { tape: Some(tape), value, partial: T::from_f64(1.0), source: index as u32 }
    }

    /// Appends the derivatives with respect to the `n` inputs.
    pub(crate) fn backward(self, n: usize, derivatives: &mut Vec<T>) {
        match self.tape {
            Some(tape) => tape.backward(self.partial, self.source, derivatives),
            None => derivatives.resize(derivatives.len() + n, T::from_f64(0.0)),
        }
    }

    /// The partial derivative with respect to a node of the tape, and the number of the node. A constant has none.
    pub(crate) fn partial(self) -> Option<(T, u32)> {
        self.tape.map(|_| (self.partial, self.source))
    }

    /// The tape of an operand with respect to which the operation is differentiable.
    #[inline(always)]
    fn tape_for(self, op: Pointwise, i: usize) -> Option<&'t JacobianTape<T>> {
        if op.differentiable(i) { self.tape } else { None }
    }

    /// A result that depends on this number alone.
    #[inline(always)]
    fn map(self, value: T, slope: Slope<T>) -> Self {
        Self { value, partial: slope.chain(self.partial), ..self }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    #[track_caller]
    fn unary(op: Pointwise, a: Self) -> Self {
        // The value is copied, because a number whose address is passed to a function would lie in memory.
        let x = [&{ a.value }];
        let y = T::apply_pointwise(op, &x);
        match a.tape_for(op, 0) {
            Some(_) => a.map(y, Slope::of(op, 0, &x, &y)),
            None => Self::constant(y),
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    #[track_caller]
    fn binary(op: Pointwise, a: Self, b: Self) -> Self {
        let x = [&{ a.value }, &{ b.value }];
        let y = T::apply_pointwise(op, &x);
        match (a.tape_for(op, 0), b.tape_for(op, 1)) {
            // Two variables come first, with a single comparison for both.
            (tape, other) if is_same(tape, other) => {
                let Some(tape) = tape else { return Self::constant(y) };
                let slopes = (Slope::of(op, 0, &x, &y), Slope::of(op, 1, &x, &y));
                a.join(b, tape, y, Slope::chain_both(slopes, (a.partial, b.partial)))
            }
            (Some(_), None) => a.map(y, Slope::of(op, 0, &x, &y)),
            (None, Some(_)) => b.map(y, Slope::of(op, 1, &x, &y)),
            _ => different_tapes(),
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    #[track_caller]
    fn ternary(op: Pointwise, a: Self, b: Self, c: Self) -> Self {
        let x = [&{ a.value }, &{ b.value }, &{ c.value }];
        let y = T::apply_pointwise(op, &x);
        let contribution = |i: usize, x: Self, slope: Slope<T>| match x.tape_for(op, i) {
            Some(_) => x.map(y, slope),
            None => Self::constant(y),
        };
        let a = contribution(0, a, Slope::of(op, 0, &x, &y));
        let b = contribution(1, b, Slope::of(op, 1, &x, &y));
        let c = contribution(2, c, Slope::of(op, 2, &x, &y));
        a.add_contribution(b).add_contribution(c)
    }

    /// A result with its partials by two numbers. It is recorded unless both numbers depend on the same node.
    #[inline(always)]
    #[track_caller]
    fn join(self, other: Self, tape: &JacobianTape<T>, value: T, partials: (T, T)) -> Self {
        if self.source == other.source {
            return Self { value, partial: partials.0 + partials.1, ..self };
        }
        let source = tape.push(partials, (self.source, other.source));
        Self { value, partial: T::from_f64(1.0), source, ..self }
    }

    /// As [`apply`](Reading::apply), for operations that are not pointwise.
    #[cold]
    #[track_caller]
    fn apply_any(op: &Op, x: &[&Self]) -> Self {
        let values = per_operand(x, |x| &x.value);
        let (y, one) = (T::apply(op, &values), T::from_f64(1.0));
        let contribution = |(i, x): (usize, &&Self)| {
            let dx: Operands<Option<&T>> = (0..values.len()).map(|j| (i == j).then_some(&one)).collect();
            match rule::push(op, &values, &y, &dx) {
                Some(slope) if x.tape.is_some() => x.map(y, Slope::By(slope)),
                _ => Self::constant(y),
            }
        };
        let total = x.iter().enumerate().map(contribution).reduce(Self::add_contribution);
        total.unwrap_or_else(|| Self::constant(y))
    }

    /// Adds the derivatives of two contributions to one result.
    #[track_caller]
    fn add_contribution(self, other: Self) -> Self {
        match (self.tape, other.tape) {
            (Some(_), None) => self,
            (None, _) => other,
            (Some(tape), other_tape) if is_same(Some(tape), other_tape) => {
                self.join(other, tape, self.value, (self.partial, other.partial))
            }
            _ => different_tapes(),
        }
    }
}

/// The derivative of an operation by an operand. A derivative of ±1 costs no multiplication.
#[derive(Clone, Copy)]
enum Slope<T> {
    One,
    MinusOne,
    By(T),
}

impl<T: Element> Slope<T> {
    // No closure leads to the table of rules: closures cannot be `inline(always)`, and the operation would be matched
    // at run time. A debug build does not inline, because unoptimised code for fifty operations would overflow the
    // stack.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn of(op: Pointwise, i: usize, x: &[&T], y: &T) -> Self {
        use Pointwise::*;
        match op {
            Add | Shift(_) => Self::One,
            Sub if i == 0 => Self::One,
            Sub | SubFrom(_) | Neg => Self::MinusOne,
            Mul => Self::By(*x[1 - i]),
            // If |y| < ½, 1 − y² loses no digits, and it saves the exponential of the rule.
            Tanh if y.to_f64().abs() < 0.5 => Self::By(T::from_f64(1.0) - *y * *y),
            op => Self::By(slope(op, i, x, y, &T::from_f64(1.0))),
        }
    }

    /// The chain rule: the derivative of the result of an operation on a number with the derivative `partial`.
    #[inline(always)]
    fn chain(self, partial: T) -> T {
        match self {
            Self::One => partial,
            Self::MinusOne => -partial,
            Self::By(slope) => chain_product(partial, slope),
        }
    }

    /// As [`chain`](Self::chain) by two operands. A single comparison tells whether a product is NaN.
    #[inline(always)]
    fn chain_both(slopes: (Self, Self), partials: (T, T)) -> (T, T) {
        #[cold]
        #[inline(never)]
        fn slow<T: Element>(a: T, da: T, b: T, db: T) -> (T, T) {
            (chain_product(a, da), chain_product(b, db))
        }

        match slopes {
            (Self::By(da), Self::By(db)) => {
                let products = (partials.0 * da, partials.1 * db);
                let has_nan = products.0.has_nan() | products.1.has_nan();
                if has_nan { slow(partials.0, da, partials.1, db) } else { products }
            }
            _ => (slopes.0.chain(partials.0), slopes.1.chain(partials.1)),
        }
    }
}

#[inline(always)]
fn is_same<T>(a: Option<&JacobianTape<T>>, b: Option<&JacobianTape<T>>) -> bool {
    let address = |tape: Option<&JacobianTape<T>>| tape.map_or(ptr::null(), ptr::from_ref);
    ptr::eq(address(a), address(b))
}

#[cold]
#[inline(never)]
#[track_caller]
fn different_tapes() -> ! {
    panic!("Active: the numbers are on two different tapes")
}

impl<T: Element> Reading for Active<'_, T> {
    type Elem = f64;
    type Tangent = Option<Self>;
    const SCALAR: bool = true;

    #[track_caller]
    fn apply(op: &Op, x: &[&Self]) -> Self {
        op.check_number_of_operands(x.len());
        match op {
            Op::Pointwise(op) => Self::apply_pointwise(*op, x),
            _ => Self::apply_any(op, x),
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    #[track_caller]
    fn apply_pointwise(op: Pointwise, x: &[&Self]) -> Self {
        match *x {
            [&a] => Self::unary(op, a),
            [&a, &b] => Self::binary(op, a, b),
            [&a, &b, &c] => Self::ternary(op, a, b, c),
            _ => Self::apply_any(&op.into(), x),
        }
    }

    fn shape(&self) -> Shape {
        Shape::scalar()
    }

    fn primal(&self) -> Tensor<f64> {
        Tensor::scalar(self.item())
    }

    #[inline(always)]
    fn item(&self) -> f64 {
        self.value.to_f64()
    }

    #[track_caller]
    fn lift(&self, numbers: &Tensor<f64>) -> Self {
        self.full_like(numbers.item())
    }

    #[inline(always)]
    fn full_like(&self, c: f64) -> Self {
        c.into()
    }
}

crate::operators!(['t, T: Element] Active<'t, T>);
compare_with_numbers!(['t, T: Element] Active<'t, T>);
folds!(@references ['t, T: Element] Active<'t, T>, Sum sum);
folds!(@values ['t, T: Element] Active<'t, T>, Product product Mul::mul, Self::constant(T::from_f64(1.0)));
folds!(@references ['t, T: Element] Active<'t, T>, Product product);

impl<'t, T: Element> Sum for Active<'t, T> {
    // Begins with a constant, which is not recorded. So the loop has the only addition, and the terms are inlined there.
    #[inline]
    #[track_caller]
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        let mut sum = Self::constant(T::from_f64(-0.0)); // adding −0 changes no term, not even −0
        for term in items {
            sum += term;
        }
        sum
    }
}

impl<T: Element> From<f64> for Active<'_, T> {
    #[inline(always)]
    fn from(c: f64) -> Self {
        Self::constant(T::from_f64(c))
    }
}

impl<T: Element> Default for Active<'_, T> {
    fn default() -> Self {
        Self::constant(T::default())
    }
}

/// Equality and order compare the values alone, so a program takes the same branches as on plain numbers.
impl<T: PartialEq> PartialEq for Active<'_, T> {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: PartialOrd> PartialOrd for Active<'_, T> {
    #[inline(always)]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl<T: fmt::Debug> fmt::Debug for Active<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple(if self.tape.is_some() { "Variable" } else { "Constant" }).field(&self.value).finish()
    }
}

impl<T: fmt::Display> fmt::Display for Active<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.value, f)
    }
}

impl<T: fmt::LowerExp> fmt::LowerExp for Active<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::LowerExp::fmt(&self.value, f)
    }
}
