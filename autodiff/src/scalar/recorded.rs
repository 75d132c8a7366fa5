//! Scalar programs on a tape, with constants folded.

use crate::algebra::{Op, Operand, Pointwise, Reading, compare_with_numbers, folds, per_operand};
use crate::array::{Number, Shape, Tensor};
use crate::tape::Var;
use std::cmp::Ordering;
use std::fmt;

/// A number in a recorded program: a variable, or a constant, which needs no node.
///
/// It implements [`num_traits::Float`] and [more](crate::ScalarTape#what-a-program-may-ask-of-its-numbers), so that a
/// function `fn f<T: Float>(x: &[T]) -> T` is differentiated unchanged, to any order, by a
/// [`ScalarTape`](crate::ScalarTape) or on a [`Tape`](crate::Tape). For first derivatives and
/// Hessian-vector products, [`Active`](crate::Active) numbers record less, but they cannot be differentiated again.
///
/// ```
/// use autodiff::prelude::*;
/// use num_traits::Float;
/// fn oscillation<T: Float>(t: T) -> T {
///     let rate = T::from(0.5).unwrap();
///     (-rate * t).exp() * (t + t).sin()
/// }
/// assert_eq!(ScalarTape::new().nth_derivative(2, 0.0, oscillation), -2.0);
/// let tape = Tape::new();
/// let t = tape.variable(0.0);
/// let [slope] = oscillation(t.scalar()).on(t).grad([t]);
/// assert_eq!((slope.value(), slope.backward().of(&t)), (2.0, -2.0));
/// ```
///
/// Operations on constants alone are not recorded. An operation between a variable and a constant is one node, which
/// holds the constant. In `atan2`, `hypot`, `%`, `mul_add`, a power of a constant base, and a tie in `max` or `min`,
/// the constant gets its own node. Values equal those of the same program on plain numbers, to the last bit.
/// Comparisons, roundings and conversions to plain numbers read the value and have no derivative.
///
/// `V` is the type of the values on the tape: `f64`, `f32`, a [`Dual`](crate::Dual), or a [`Tensor`] of rank 0. With
/// tensors, scalar code and tensor code share one tape:
///
/// ```
/// use autodiff::prelude::*;
/// use num_traits::Float;
/// fn gain<T: Float>(t: T) -> T { t.powi(3) }
/// let tape = Tape::new();
/// let t = tape.variable(Tensor::scalar(2.0));
/// let x = tape.variable(Tensor::from([1.0, 10.0]));
/// let y = (x * gain(t.scalar()).on(t)).sum();
/// assert_eq!(y.backward().of(&t).item(), 11.0 * 12.0);
/// ```
pub enum Scalar<'t, V> {
    /// A plain number.
    Constant(f64),
    /// A number on a tape.
    Variable(Var<'t, V>),
}

impl<V> Clone for Scalar<'_, V> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for Scalar<'_, V> {}

impl<'t, V: Reading> Scalar<'t, V> {
    /// The number as a variable: a constant is recorded on the tape of `other`, and a variable is returned as it is.
    pub fn on(self, other: Var<'t, V>) -> Var<'t, V> {
        match self {
            Self::Constant(c) => c.cast(&other).into_owned(),
            Self::Variable(x) => x,
        }
    }

    /// The value, without its derivatives.
    pub fn value(self) -> V::Elem {
        match self {
            Self::Constant(c) => V::Elem::from_f64(c),
            Self::Variable(x) => x.item(),
        }
    }

    /// As [`apply`](Reading::apply), without folding: if any operand is a variable, the constants are recorded too.
    #[track_caller]
    fn apply_any(op: &Op, x: &[&Self]) -> Self {
        match x.iter().find_map(|x| x.variable()) {
            Some(other) => {
                let x = per_operand(x, |x| x.on(other));
                Self::Variable(Var::apply(op, &per_operand(&x, |x| x)))
            }
            None => {
                let x = per_operand(x, |x| x.value());
                Self::Constant(V::Elem::apply(op, &per_operand(&x, |x| x)).to_f64())
            }
        }
    }

    #[cold]
    #[track_caller]
    fn apply_pair(op: Pointwise, x: Self, y: Self) -> Self {
        Self::apply_any(&op.into(), &[&x, &y])
    }

    fn variable(&self) -> Option<Var<'t, V>> {
        match self {
            Self::Constant(_) => None,
            Self::Variable(x) => Some(*x),
        }
    }
}

impl<V> From<f64> for Scalar<'_, V> {
    fn from(c: f64) -> Self {
        Self::Constant(c)
    }
}

impl<'t, V: Reading> Var<'t, V> {
    /// This variable as a number in a scalar program.
    ///
    /// # Panics
    /// Panics if the variable has axes.
    #[track_caller]
    pub fn scalar(self) -> Scalar<'t, V> {
        let shape = self.shape();
        assert!(shape.rank() == 0, "scalar: a number has rank 0, but the variable has shape {shape}");
        Scalar::Variable(self)
    }
}

impl<V> Default for Scalar<'_, V> {
    fn default() -> Self {
        Self::Constant(0.0)
    }
}

impl<V: Reading> Reading for Scalar<'_, V> {
    type Elem = f64;
    type Tangent = Option<Self>;
    const SCALAR: bool = V::SCALAR;

    #[track_caller]
    fn apply(op: &Op, x: &[&Self]) -> Self {
        op.check_number_of_operands(x.len());
        match op {
            Op::Pointwise(op) => Self::apply_pointwise(*op, x),
            _ => Self::apply_any(op, x),
        }
    }

    #[inline(always)]
    #[track_caller]
    fn apply_pointwise(op: Pointwise, x: &[&Self]) -> Self {
        use Scalar::{Constant, Variable};
        // No closures, which would lose the caller's line. The rare path takes copies, because an operand passed by
        // reference must lie in memory.
        match *x {
            [Variable(x)] => Variable(Var::apply_pointwise(op, &[x])),
            [Variable(x), Variable(y)] => Variable(Var::apply_pointwise(op, &[x, y])),
            [&x, &y] => {
                let folded = match (x, y) {
                    (Variable(x), Constant(c)) => folded(op, c).0.zip(Some(x)),
                    (Constant(c), Variable(x)) => folded(op, c).1.zip(Some(x)),
                    _ => None,
                };
                match folded {
                    Some((op, x)) => Variable(Var::apply_pointwise(op, &[&x])),
                    None => Self::apply_pair(op, x, y),
                }
            }
            _ => Self::apply_any(&op.into(), x),
        }
    }

    fn shape(&self) -> Shape {
        self.variable().map_or_else(Shape::scalar, |x| x.shape())
    }

    fn primal(&self) -> Tensor<f64> {
        Tensor::scalar(self.item())
    }

    #[inline]
    fn item(&self) -> f64 {
        self.value().to_f64()
    }

    #[track_caller]
    fn lift(&self, numbers: &Tensor<f64>) -> Self {
        Self::Constant(numbers.item())
    }

    fn full_like(&self, c: f64) -> Self {
        Self::Constant(c)
    }
}

crate::operators!(['t, V: Reading] Scalar<'t, V>);
folds!(['t, V: Reading] Scalar<'t, V>, Self::Constant(-0.0), Self::Constant(1.0)); // as sums of `f64`
compare_with_numbers!(['t, V: Reading] Scalar<'t, V>);

/// The unary operations that equal `x op c` and `c op x` to the last bit, where there are such.
#[inline(always)]
fn folded(op: Pointwise, c: f64) -> (Option<Pointwise>, Option<Pointwise>) {
    use Pointwise::*;
    match op {
        Add => (Some(Shift(c)), Some(Shift(c))),
        Sub => (Some(Shift(-c)), Some(SubFrom(c))),
        Mul => (Some(Scale(c)), Some(Scale(c))),
        Div => (Some(DivBy(c)), Some(DivInto(c))),
        Pow => (Some(Powf(c)), None),
        Neg | Scale(_) | Shift(_) | SubFrom(_) | DivBy(_) | DivInto(_) | Recip | Square | Sqrt | Cbrt | Powi(_)
        | Powf(_) | Exp | Expm1 | Exp2 | Ln | Log2 | Log10 | Ln1p | Sin | Cos | Tan | Asin | Acos | Atan | Sinh
        | Cosh | Tanh | SechSquared | Asinh | Acosh | Atanh | Sigmoid | Softplus | Erf | Erfc | Lgamma
        | Polygamma(_) | Sinc(_) | Relu | Abs | ClampMin(_) | ClampMax(_) | Sign | Step | Floor | Detach
        | MulStrongZero | Rem | Atan2 | Hypot | Maximum | Minimum | Greater | Equal | MulAdd | Select => (None, None),
    }
}

impl<V: Reading> PartialEq for Scalar<'_, V> {
    fn eq(&self, other: &Self) -> bool {
        self.value() == other.value()
    }
}

impl<V: Reading> PartialOrd for Scalar<'_, V> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value().partial_cmp(&other.value())
    }
}

impl<V: Reading + fmt::Debug> fmt::Debug for Scalar<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant(c) => f.debug_tuple("Constant").field(c).finish(),
            Self::Variable(x) => x.fmt(f),
        }
    }
}

impl<V: Reading> fmt::Display for Scalar<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.value(), f)
    }
}
