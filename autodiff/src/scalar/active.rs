//! Active numbers, which record a scalar program for first derivatives.

use super::jacobian_tape::{JacobianTape, Partial};
use super::local_gradient::LocalGradient;
use crate::algebra::{
    Element, Op, Operands, Pointwise, Reading, compare_with_numbers, folds, per_operand, rule, slope,
};
use crate::array::{Shape, Tensor};
use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;

/// A number in a program that is differentiated once: its value, and its derivatives with respect to at most two
/// earlier nodes.
///
/// It implements [`num_traits::Float`] and [more](crate::ScalarTape#what-a-program-may-ask-of-its-numbers).
/// [`ScalarTape::grad`](crate::ScalarTape::grad) and the methods beside it pass active numbers to a program. `T` is `f64`, `f32`, or `Dual<T>` for second derivatives. Constants, and results
/// computed from constants alone, carry no derivative.
///
/// Operations combine the derivatives by the chain rule, as [`Dual`](crate::Dual) numbers do. Only a result that
/// depends on more than two nodes is recorded, as a new node. An expression of two variables therefore takes no memory,
/// and a step `sum + w * x` takes one node. This is the preaccumulation of Griewank and Walther, *Evaluating
/// Derivatives* (2008), 10.2, with statements found at run time. A [`Sum`] over an iterator is one node, and so is a
/// dot product written as the sum of an iterator of products.
///
/// A number of `f64` takes 40 bytes, and a node 12 bytes for each of its partial derivatives.
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
    /// A constant, which has no derivative.
    #[inline(always)]
    pub fn constant(value: T) -> Self {
        Self::const_constant(value, T::default())
    }

    /// As [`constant`](Self::constant) in constant expressions, which cannot compute the `zero` of a generic type.
    #[inline(always)]
    pub(super) const fn const_constant(value: T, zero: T) -> Self {
        Self { tape: None, value, gradient: LocalGradient::absent(zero) }
    }

    /// The value, without its derivatives with respect to the inputs.
    #[inline(always)]
    pub fn value(self) -> T {
        self.value
    }

    /// The input with the given index.
    pub(crate) fn input(tape: &'t JacobianTape<T>, index: usize, value: T) -> Self {
        Self { tape: Some(tape), value, gradient: LocalGradient::of(index as u32) }
    }

    /// Appends the derivatives with respect to the first `n` inputs.
    pub(crate) fn backward(self, n: usize, derivatives: &mut Vec<T>) {
        match self.tape {
            Some(tape) => tape.backward(self.partials(), n, derivatives),
            None => derivatives.resize(derivatives.len() + n, T::from_f64(0.0)),
        }
    }

    /// The partial derivatives with respect to nodes of the tape.
    pub(crate) fn partials(self) -> impl Iterator<Item = Partial<T>> {
        self.gradient.partials()
    }

    /// The tape of an operand with respect to which the operation is differentiable.
    #[inline(always)]
    fn tape_for(self, op: Pointwise, i: usize) -> Option<&'t JacobianTape<T>> {
        if op.differentiable(i) { self.tape } else { None }
    }

    /// The contribution of operand `i` to the derivatives of a result.
    // No closure leads to the table of rules: closures cannot be `inline(always)`, and the operation would be matched
    // at run time. A debug build does not inline, because unoptimised code for fifty operations would overflow the
    // stack.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn contribution(self, op: Pointwise, i: usize, x: &[&T], y: &T) -> LocalGradient<T> {
        use Pointwise::*;
        match op {
            // Shortcuts: a strong-zero product with 1 takes longer than these rules.
            Add | Shift(_) => self.gradient,
            Sub if i == 0 => self.gradient,
            Sub | SubFrom(_) | Neg => self.gradient.neg(),
            Mul => self.gradient.chain(*x[1 - i]),
            op => self.gradient.chain(slope(op, i, x, y, &T::from_f64(1.0))),
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    #[track_caller]
    fn unary(op: Pointwise, a: Self) -> Self {
        // The value is copied, because a number whose address is passed to a function would lie in memory.
        let x = [&{ a.value }];
        let y = T::apply_pointwise(op, &x);
        match a.tape_for(op, 0) {
            Some(_) => Self { value: y, gradient: a.contribution(op, 0, &x, &y), ..a }.recorded_for(op),
            None => Self::constant(y),
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    #[track_caller]
    fn binary(op: Pointwise, a: Self, b: Self) -> Self {
        let x = [&{ a.value }, &{ b.value }];
        let y = T::apply_pointwise(op, &x);
        match (a.tape_for(op, 0), b.tape_for(op, 1)) {
            (Some(tape), Some(other)) => {
                check_same(tape, other);
                let (da, db) = (a.contribution(op, 0, &x, &y), b.contribution(op, 1, &x, &y));
                Self { value: y, gradient: da.add(db, tape), ..a }
            }
            (Some(_), None) => Self { value: y, gradient: a.contribution(op, 0, &x, &y), ..a },
            (None, Some(_)) => Self { value: y, gradient: b.contribution(op, 1, &x, &y), ..b },
            (None, None) => Self::constant(y),
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    #[track_caller]
    fn ternary(op: Pointwise, a: Self, b: Self, c: Self) -> Self {
        let x = [&{ a.value }, &{ b.value }, &{ c.value }];
        let y = T::apply_pointwise(op, &x);
        let contribution = |i: usize, x: Self, gradient: LocalGradient<T>| match x.tape_for(op, i) {
            Some(_) => Self { value: y, gradient, ..x },
            None => Self::constant(y),
        };
        let a = contribution(0, a, a.contribution(op, 0, &x, &y));
        let b = contribution(1, b, b.contribution(op, 1, &x, &y));
        let c = contribution(2, c, c.contribution(op, 2, &x, &y));
        a.add_gradient(b).add_gradient(c)
    }

    /// Records the result of a non-arithmetic function as its own node. Such results are costly compared with a record
    /// and are often used again, and each use of a node makes records shorter.
    #[inline(always)]
    fn recorded_for(self, op: Pointwise) -> Self {
        use Pointwise::*;
        let is_arithmetic = match op {
            Neg | Scale(_) | Shift(_) | SubFrom(_) | DivBy(_) | DivInto(_) | Recip | Square | Powi(_) => true,
            Add | Sub | Mul | MulStrongZero | Div | MulAdd => true,
            Sqrt | Cbrt | Powf(_) | Exp | Expm1 | Exp2 | Ln | Log2 | Log10 | Ln1p | Sin | Cos | Tan | Asin | Acos
            | Atan | Sinh | Cosh | Tanh | SechSquared | Asinh | Acosh | Atanh | Sigmoid | Softplus | Erf | Erfc
            | Lgamma | Polygamma(_) | Sinc(_) | Relu | Abs | ClampMin(_) | ClampMax(_) | Sign | Step | Floor
            | Detach | Rem | Pow | Atan2 | Hypot | Maximum | Minimum | Greater | Equal | Select => false,
        };
        match self.tape {
            Some(tape) if !is_arithmetic => Self { gradient: self.gradient.to_single(tape), ..self },
            _ => self,
        }
    }

    /// Adds a term to a running sum. The node of the sum grows as long as it is the last node; otherwise a new node
    /// begins with it.
    #[inline(always)]
    #[track_caller]
    fn with_term(self, term: Self) -> Self {
        let value = self.value + term.value;
        let Some(tape) = term.tape else { return Self { value, ..self } };
        let Some(own_tape) = self.tape else { return Self { value, gradient: term.gradient.push_to(tape), ..term } };
        check_same(own_tape, tape);
        let gradient = if self.gradient.is_last(tape) { self.gradient } else { self.gradient.push_to(tape) };
        term.gradient.append_to(tape);
        Self { value, gradient, ..self }
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
                Some(partial) if x.tape.is_some() => Self { gradient: x.gradient.chain(partial), ..**x },
                _ => Self::constant(y),
            }
        };
        let total = x.iter().enumerate().map(contribution).reduce(Self::add_gradient);
        Self { value: y, ..total.unwrap_or_else(|| Self::constant(y)) }
    }

    /// Adds the derivatives of two contributions. The caller sets the value.
    #[track_caller]
    fn add_gradient(self, other: Self) -> Self {
        let (Some(tape), Some(other_tape)) = (self.tape, other.tape) else {
            return if self.tape.is_some() { self } else { other };
        };
        check_same(tape, other_tape);
        Self { gradient: self.gradient.add(other.gradient, tape), ..self }
    }
}

#[inline(always)]
#[track_caller]
fn check_same<T>(a: &JacobianTape<T>, b: &JacobianTape<T>) {
    assert!(std::ptr::eq(a, b), "Active: the numbers are on two different tapes");
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

/// A sum is one node for any number of terms. Each term that records nodes of its own adds one more.
impl<'t, T: Element> Sum for Active<'t, T> {
    #[inline]
    #[track_caller]
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        let mut sum = Self::constant(T::from_f64(-0.0)); // adding −0 changes no term, not even −0
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
