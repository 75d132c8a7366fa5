//! Scalar programs at the speed of first derivatives: numbers that keep their last derivatives to themselves.

use super::jacobian_tape::{JacobianTape, Partial};
use super::local_gradient::LocalGradient;
use crate::algebra::{Element, Op, Operands, Pointwise, Value, operators, per_operand, rule, slope};
use crate::array::{Shape, Tensor};
use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;

/// A number in a program of which the first derivatives are wanted: its value, and its derivatives by two earlier
/// numbers at most.
///
/// Operations combine these derivatives, by the one table of rules, as [`Dual`](crate::Dual) numbers do; only where
/// they would be by more than two numbers something is recorded, and the result depends on that alone. So a whole
/// expression of two variables costs no memory, and a step `sum + w * x` of a sum one record: the preaccumulation of
/// Griewank and Walther, *Evaluating Derivatives* (2008), 10.2, with statements that are found as the program runs.
///
/// It implements [`num_traits::Float`]. Constants, and what is computed from them, carry no derivative.
/// [`Tape::grad`](crate::ScalarTape::grad) and its like hand these numbers to a program; `T` is `f64`, `f32`, or
/// `Dual<T, T>` for second derivatives. A number of `f64` takes 40 bytes, and a record 12 for each number that
/// it is derived by. A [`Sum`] over an iterator is one record, and so is a dot product that is written as the sum of
/// an iterator of products.
///
/// ```
/// use autodiff::prelude::*;
/// use num_traits::Float;
/// fn energy<T: Float + std::iter::Sum>(x: &[T]) -> T {
///     x.iter().map(|&x| x * x).sum()
/// }
/// assert_eq!(ScalarTape::new().grad(&[3.0, 4.0], energy), [6.0, 8.0]);
/// let unit: Active<'_, f64> = Active::constant(1.0); // a number of a closure that needs its type
/// assert_eq!(ScalarTape::new().grad(&[3.0], |x| x[0].max(unit)), [1.0]);
/// ```
pub struct Active<'t, T> {
    /// Absent for a constant.
    tape: Option<&'t JacobianTape<T>>,
    value: T,
    gradient: LocalGradient<T>,
}

const _: () = assert!(size_of::<Active<'_, f64>>() <= 40);

impl<T: Copy> Clone for Active<'_, T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Copy> Copy for Active<'_, T> {}

impl<'t, T: Element> Active<'t, T> {
    /// A number that nothing depends on.
    #[inline(always)]
    pub fn constant(value: T) -> Self {
        Self { tape: None, value, gradient: LocalGradient::zero() }
    }

    /// The value, without any derivative by the inputs.
    #[inline(always)]
    pub fn value(self) -> T {
        self.value
    }

    /// The input of the given number.
    pub(crate) fn input(tape: &'t JacobianTape<T>, number: usize, value: T) -> Self {
        Self { tape: Some(tape), value, gradient: LocalGradient::of(number as u32) }
    }

    /// The derivatives by the first `n` inputs.
    pub(crate) fn backward(self, n: usize) -> Vec<T> {
        match self.tape {
            Some(tape) => tape.reverse(&self.gradient.partials(), n),
            None => vec![T::from_f64(0.0); n],
        }
    }

    /// The partial derivatives by nodes of the tape.
    pub(crate) fn partials(self) -> Vec<Partial<T>> {
        self.gradient.partials()
    }

    /// The sum of the derivatives, with the value left to be filled in.
    #[inline(always)]
    #[track_caller]
    fn join(self, other: Self) -> Self {
        let (Some(tape), Some(others)) = (self.tape, other.tape) else {
            return if self.tape.is_some() { self } else { other };
        };
        check_same(tape, others);
        Self { gradient: self.gradient.plus(other.gradient, tape), ..self }
    }

    /// What operand `i` contributes to the derivatives of a result. (No closures on the way to the table of rules: they
    /// could not be inlined by force, and the operation would have to be looked up as the program runs. In a program
    /// that is built for debugging nothing is thinned out, so it is not inlined: a function of fifty operations would
    /// fill the stack.)
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn part(self, op: Pointwise, i: usize, x: &[&T], y: &T) -> Self {
        if self.tape.is_none() || !op.differentiable(i) {
            return Self::constant(self.value);
        }
        Self { gradient: self.gradient.times(slope(op, i, x, y, &T::from_f64(1.0))), ..self }
    }

    /// As a node of its own, if it is the result of more than arithmetic: of a function that takes longer than a record
    /// does, and is often used more than once (an activation); each use of a node makes shorter records.
    #[inline(always)]
    fn recorded_for(self, op: Pointwise) -> Self {
        use Pointwise::{DivBy, DivInto, Neg, Powi, Recip, Scale, Shift, Square, SubFrom};
        match (op, self.tape) {
            (Neg | Scale(_) | Shift(_) | SubFrom(_) | DivBy(_) | DivInto(_) | Recip | Square | Powi(_), _) => self,
            (_, Some(tape)) => Self { gradient: self.gradient.single(tape), ..self },
            (_, None) => self,
        }
    }

    /// This sum with one more term: a node that grows, since nobody else knows it yet. (If it is the last one no more,
    /// another node begins with it.)
    #[inline(always)]
    #[track_caller]
    fn with_term(self, term: Self) -> Self {
        let value = self.value + term.value;
        let Some(tape) = term.tape else { return Self { value, ..self } };
        let Some(ours) = self.tape else { return Self { value, gradient: term.gradient.push_to(tape), ..term } };
        check_same(ours, tape);
        let gradient = if self.gradient.is_last(tape) { self.gradient } else { self.gradient.push_to(tape) };
        term.gradient.append_to(tape);
        Self { value, gradient, ..self }
    }

    /// As [`apply`](Value::apply), for what is not pointwise.
    #[cold]
    #[track_caller]
    fn apply_any(op: &Op, x: &[&Self]) -> Self {
        let values = per_operand(x, |x| &x.value);
        let (y, one) = (T::apply(op, &values), T::from_f64(1.0));
        let part = |(i, x): (usize, &&Self)| {
            let dx: Operands<Option<&T>> = (0..values.len()).map(|j| (i == j).then_some(&one)).collect();
            match rule::push(op, &values, &y, &dx) {
                Some(partial) if x.tape.is_some() => Self { gradient: x.gradient.times(partial), ..**x },
                _ => Self::constant(y),
            }
        };
        let parts = x.iter().enumerate().map(part).reduce(Self::join);
        Self { value: y, ..parts.unwrap_or_else(|| Self::constant(y)) }
    }
}

#[inline(always)]
#[track_caller]
fn check_same<T>(tape: &JacobianTape<T>, others: &JacobianTape<T>) {
    assert!(std::ptr::eq(tape, others), "variables of two different tapes meet");
}

impl<T: Element> Value for Active<'_, T> {
    type Elem = f64;
    const SCALAR: bool = true;

    #[track_caller]
    fn apply(op: &Op, x: &[&Self]) -> Self {
        match op {
            Op::Pointwise(op) => Self::apply_pointwise(*op, x),
            _ => Self::apply_any(op, x),
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    #[track_caller]
    fn apply_pointwise(op: Pointwise, x: &[&Self]) -> Self {
        let (value, joined) = match *x {
            [a] => {
                let x = [&a.value];
                let y = T::apply_pointwise(op, &x);
                (y, a.part(op, 0, &x, &y).recorded_for(op))
            }
            [a, b] => {
                let x = [&a.value, &b.value];
                let y = T::apply_pointwise(op, &x);
                (y, a.part(op, 0, &x, &y).join(b.part(op, 1, &x, &y)))
            }
            [a, b, c] => {
                let x = [&a.value, &b.value, &c.value];
                let y = T::apply_pointwise(op, &x);
                (y, a.part(op, 0, &x, &y).join(b.part(op, 1, &x, &y)).join(c.part(op, 2, &x, &y)))
            }
            _ => return Self::apply_any(&op.into(), x),
        };
        Self { value, ..joined }
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

operators!(['t, T: Element] Active<'t, T>);

/// A sum is one node, whatever the number of its terms (or one more for each term that records nodes of its own).
impl<'t, T: Element> Sum for Active<'t, T> {
    #[inline]
    #[track_caller]
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        let mut sum = Self::constant(T::from_f64(-0.0)); // which changes no term, not even −0
        for term in items {
            sum = sum.with_term(term);
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

/// Equality looks at the values alone, and so does order: a branch is taken as the numbers would take it.
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
