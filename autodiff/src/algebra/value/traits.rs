//! The central traits of this crate: [`Reading`], [`Element`], [`Update`] and [`Value`].
//!
//! The first three refer to each other, so they share a file. A reading has elements, and an element is itself a
//! reading of rank 0. The rules are written for readings, so they also run element by element in a loop over an array.

use super::dual::Tangent;
use super::operand::Operand;
#[cfg(feature = "linalg")]
use crate::algebra::op::Decomposition;
use crate::algebra::op::{Linear, Op, Pointwise};
use crate::array::{Number, Shape, ShapeError, Tensor};
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, Sub, SubAssign};

/// A type on which the primitive operations act. Each type interprets the operations in its own way, its *reading* of
/// them: one computes numbers, another records nodes, a third pushes tangents forward.
///
/// | reading | type | has axes | nests | records | folds constants | orders |
/// |---|---|---|---|---|---|---|
/// | compute | [`Tensor`] | yes | – | no | no | 0 |
/// | compute | `f32`, `f64` | no | – | no | no | 0 |
/// | push forward | [`Dual`](crate::Dual) | as its primal | yes | no | no | 1 more than its primal |
/// | batch | [`Batched`](crate::Batched) | yes | yes | no | no | as the batched value |
/// | record | [`Var`](crate::Var) | as the recorded value | yes | yes | no | any |
/// | record, for scalar programs | [`Scalar`](crate::Scalar) | no | yes | yes | yes | any |
/// | preaccumulate, for scalar programs | [`Active`](crate::Active) | no | over [`Dual`](crate::Dual) | partials only | yes | 1, or 2 over `Dual` |
/// | any of these, type-erased | [`Dyn`](crate::Dyn) | as inside | as inside | as inside | as inside | as inside |
///
/// A type of your own implements this trait: four methods and two types are required. A function that is generic over
/// its values asks for [`Value`], which adds arithmetic with plain numbers.
///
/// The named functions are built on the four methods, in extension traits: [`Math`](crate::Math) (pointwise),
/// [`Structural`](crate::Structural) (axes), [`LinearAlgebra`](crate::LinearAlgebra) (matrices) and
/// [`Composite`](crate::Composite) (functions composed of others). `use autodiff::prelude::*` imports all of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value that can be differentiated",
    label = "a value is an `f64`, an `f32`, a `Tensor` of them, or a variable, dual number or batch",
    note = "a whole number is written with a point, as `2.0`; a `Tensor<usize>` holds indices, which `.map(|&i| i as f64)` converts",
    note = "several values, such as an array or a model, are a tree: see `value_and_grad` and the functions that end in `_tree`"
)]
pub trait Reading:
    Clone
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + for<'a> Add<&'a Self, Output = Self>
    + for<'a> Sub<&'a Self, Output = Self>
    + for<'a> Mul<&'a Self, Output = Self>
    + for<'a> Div<&'a Self, Output = Self>
{
    // Required.

    /// The element type of the innermost array.
    type Elem: Element;

    /// The tangent of a [`Dual`](crate::Dual) number over this type. For a type of your own, `Option<Self>`: absent for
    /// a constant, for which nothing is computed.
    type Tangent: Tangent<Self>;

    /// Applies a primitive operation. The operands of a pointwise operation must have one shape; nothing is broadcast.
    ///
    /// # Panics
    /// Panics at the caller's line if the shapes do not fit, with the operation and all shapes.
    #[track_caller]
    fn apply(op: &Op, x: &[&Self]) -> Self;

    /// The sizes of the axes.
    fn shape(&self) -> Shape;

    /// The numbers of the innermost array, without tape, batch or tangent around it. Decisions that are not
    /// differentiable, such as a sort or a branch, read them. An element that is itself a dual number keeps its
    /// tangent.
    fn primal(&self) -> Tensor<Self::Elem>;

    /// Wraps numbers as a constant of the same kind as `self`, such as one on the same tape. The value of `self` is not
    /// used.
    #[track_caller]
    fn lift(&self, numbers: &Tensor<Self::Elem>) -> Self;

    // Provided.

    /// A constant of the same shape with all elements equal to `c`.
    #[track_caller]
    fn full_like(&self, c: f64) -> Self {
        self.lift(&Tensor::full(self.shape(), Self::Elem::from_f64(c)))
    }

    /// The number of a value of one element: the only one of [`primal`](Reading::primal).
    ///
    /// # Panics
    /// Panics if the value does not have exactly one element.
    #[track_caller]
    fn item(&self) -> Self::Elem {
        self.primal().item()
    }

    /// Does the same as [`apply`](Reading::apply), or returns an error.
    ///
    /// # Errors
    /// Returns an error as [`Op::infer`] does, and if the result of plain numbers would have axes.
    #[track_caller]
    fn try_apply(op: &Op, x: &[&Self]) -> Result<Self, ShapeError> {
        let shapes: Vec<Shape> = x.iter().map(|x| x.shape()).collect();
        let shape = op.infer(&shapes.iter().collect::<Vec<_>>())?;
        match Self::SCALAR && shape.rank() > 0 {
            true => Err(ShapeError::of_plain_number(op.name(), &shape)),
            false => Ok(Self::apply(op, x)),
        }
    }

    /// The identity matrix of size n, as a constant of the same kind as `self`. Jacobians begin with it.
    #[track_caller]
    fn identity(&self, n: usize) -> Self {
        self.lift(&Tensor::eye(n))
    }

    /// The indices that sort the elements along one axis in ascending order. Equal elements keep their order, and NaN
    /// comes last. The axis counts from the end if it is negative.
    ///
    /// # Panics
    /// Panics if there is no such axis.
    #[track_caller]
    fn argsort(&self, axis: isize) -> Tensor<usize> {
        self.primal().argsort(from_end("argsort", axis, &self.shape()))
    }

    /// The indices of the `k` largest elements along one axis, in descending order. Equal elements keep their order,
    /// and NaN comes first. The axis has size `k` in the result.
    ///
    /// # Panics
    /// Panics if there is no such axis, or if it has fewer than `k` elements.
    #[track_caller]
    fn top_k_indices(&self, axis: isize, k: usize) -> Tensor<usize> {
        self.primal().top_k_indices(from_end("top_k_indices", axis, &self.shape()), k)
    }

    /// The sum of all elements of several values, as one number. It is not finite if an element is not, so it is the
    /// first look at a gradient.
    #[track_caller]
    fn sum_all(values: &[&Self]) -> f64 {
        let sum = |x: &&Self| Self::apply(&Linear::SumTo(Shape::scalar()).into(), &[*x]);
        values.iter().map(sum).reduce(|total, sum| total + sum).map_or(0.0, |total| total.item().to_f64())
    }

    /// Replaces the elements of `y` by those that an [`Update`] computes from them and from the elements of `x`. All
    /// shapes must be equal.
    ///
    /// # Panics
    /// Panics if the shapes differ.
    #[track_caller]
    fn update_together<const N: usize>(y: [&mut Self; N], x: &Self, update: impl Update<N>) {
        let new = update.apply(std::array::from_fn(|i| y[i].clone()), x.clone());
        for (y, new) in y.into_iter().zip(new) {
            *y = new;
        }
    }

    /// Applies an operation by [`Tensor`]: copies the operands to the host, and lifts the result. A type of your own
    /// can begin with this for all operations, and keep it for those that its library lacks. The copies lose what a
    /// reading wraps around its numbers: a tape, a batch or a tangent.
    #[track_caller]
    fn apply_on_host(op: &Op, x: &[&Self]) -> Self {
        op.check_any_operand(x);
        let numbers: Vec<Tensor<Self::Elem>> = x.iter().map(|x| x.primal()).collect();
        x[0].lift(&Self::Elem::apply_to_arrays(op, &numbers.iter().collect::<Vec<_>>()))
    }

    /// The number of batch axes: one for each batch that encloses the value. They are the leading axes of
    /// [`primal`](Reading::primal), and [`shape`](Reading::shape) does not contain them.
    fn batch_axes(&self) -> usize {
        0
    }

    /// Reports the address and the size in bytes of each block of memory that the value holds on the heap.
    fn storage(&self, _report: &mut dyn FnMut(usize, usize)) {}

    // For speed only: the defaults are right for every reading.

    /// Whether every value of this type has rank 0, so that nothing needs to be broadcast.
    #[doc(hidden)]
    const SCALAR: bool = false;

    /// Whether values of this type write to a tape themselves. A fused formula then computes its derivatives with its
    /// value.
    #[doc(hidden)]
    const RECORDS: bool = false;

    /// Whether values of this type are nothing but their elements. A clone of a variable is more: the same node of its tape.
    #[doc(hidden)]
    const PLAIN: bool = false;

    /// Does the same as [`apply`](Reading::apply), for a pointwise operation by value. On numbers, a named function
    /// then compiles to the few instructions of its operation.
    #[doc(hidden)]
    #[inline(always)]
    #[track_caller]
    fn apply_pointwise(op: Pointwise, x: &[&Self]) -> Self {
        Self::apply(&Op::Pointwise(op), x)
    }

    /// The number of elements.
    #[doc(hidden)]
    fn elements(&self) -> usize {
        self.shape().size()
    }

    /// Whether another value has the same shape.
    #[doc(hidden)]
    fn has_shape_of(&self, other: &Self) -> bool {
        self.shape() == other.shape()
    }

    /// A pullback of this reading that is faster than the rule: the cotangent of operand `i` for the cotangent `g` of
    /// the result. `None` means the rule. For a pointwise operation it is also the tangent of the result for the
    /// tangent `g` of the operand.
    #[doc(hidden)]
    #[inline(always)]
    fn own_pull(_op: &Op, _i: usize, _x: &[&Self], _y: &Self, _g: &Self) -> Option<Self> {
        None
    }

    /// Adds the cotangent `g` of a slice to this cotangent of the sliced value, in place. Returns whether it did; if
    /// not, `g` is to be padded with zeros and accumulated.
    #[doc(hidden)]
    fn accumulate_in_slice(&mut self, _slice: &Linear, _g: &Self) -> bool {
        false
    }

    /// Adds `g` to this cotangent, in place if its storage is not shared.
    #[doc(hidden)]
    #[track_caller]
    fn accumulate(&mut self, g: Self) {
        if !Self::SCALAR && !self.has_shape_of(&g) {
            panic!("accumulate: {} × {}: the shapes differ", self.shape(), g.shape());
        }
        *self = self.clone() + g;
    }
}

/// An axis of a shape, counted from the end, as it is in the numbers of a batch too.
#[track_caller]
pub(crate) fn from_end(name: &str, axis: isize, shape: &Shape) -> isize {
    shape.checked_axis(name, axis) as isize - shape.rank() as isize
}

/// How N values change together, element by element: the new values for the old ones and for one more value, such as
/// the weights and moments of an optimiser for a gradient.
///
/// It is written once, in operations on any reading. [`Reading::update_together`] runs it: on tensors as one loop over
/// numbers, in place; on any other value operation by operation.
///
/// ```
/// use autodiff::prelude::*;
/// /// Gradient descent with momentum ½.
/// #[derive(Clone, Copy)]
/// struct HeavyBall { rate: f64 }
/// impl autodiff::Update<2> for HeavyBall {
///     fn apply<V: Reading>(&self, [w, v]: [V; 2], g: V) -> [V; 2] {
///         let v = v.scale(0.5) + g;
///         [w - v.scale(self.rate), v]
///     }
/// }
/// let (mut w, mut v) = (Tensor::from([1.0, 2.0]), Tensor::from([0.0, 8.0]));
/// Tensor::update_together([&mut w, &mut v], &Tensor::from([4.0, 4.0]), HeavyBall { rate: 1.0 });
/// assert_eq!((w.to_vec(), v.to_vec()), (vec![-3.0, -6.0], vec![4.0, 8.0]));
/// ```
pub trait Update<const N: usize>: Copy + Send {
    /// The new values. Only pointwise operations are allowed: on tensors, the values are single elements.
    fn apply<V: Reading>(&self, y: [V; N], x: V) -> [V; N];
}

/// A value in a generic function: a [`Reading`] with arithmetic between values and plain numbers.
///
/// A function that is generic over `V: Value` runs in all readings. With tensors it computes; with variables it is
/// recorded. Every reading whose operators take an `f64` is a value, so nothing needs to implement this trait.
///
/// ```
/// use autodiff::prelude::*;
/// fn bump<V: Value>(x: &V) -> V {
///     (-x.square() * 2.0 + 1e-5).exp()
/// }
/// assert_eq!(bump(&0.0), 1e-5f64.exp()); // a number
/// assert_eq!(bump(&Tensor::from([0.0, 0.0])).to_vec(), [1e-5f64.exp(); 2]); // a tensor
/// assert_eq!(grad(&1.0, |x| bump(&x)), -4.0 * (1e-5 - 2.0f64).exp()); // a variable
/// ```
///
/// # Operators
///
/// | expression | for tensors, variables, dual numbers, batches | in a function over `V: Value` |
/// |---|---|---|
/// | `x + y`, `x + &y`, `x += &y`, `-x` | yes | yes |
/// | `&x + y`, `&x + &y`, `-&x` | yes | `x.clone() + &y`: a clone of a tensor shares its elements |
/// | `x * 2.0`, `x += 1e-5`, `x % 2.0` | yes | yes |
/// | `2.0 * x`, `1.0 / x` | yes | `x * 2.0`, [`x.recip()`](crate::Math::recip), [`x.div_into(c)`](crate::Math::div_into) |
/// | `2 * x`, `x / 2` | yes | `x * 2.0`, `x / 2.0` |
/// | `x > 0.0`, for one element | yes | no; for a mask `x.greater(0.0)`, for both branches [`select`](crate::Math::select) |
/// | `x.maximum(0.0)`, `x.pow(y)`, `x.pow(&y)`, `x.less(1.0)` | yes | yes |
/// | `x * c` for `c: f32` | `x * f64::from(c)` | `x * f64::from(c)` |
/// | `x * &tensor`, `x.matmul(&tensor)`, `x.matmul(tensor)` | yes, the tensor becomes a constant | [`x.lift(&tensor)`](Reading::lift) |
///
/// A trait can promise operators of its own type only, so `&x + &y` and `2.0 * x` need bounds of their own in a generic
/// function: `for<'a> &'a V: Add<&'a V, Output = V>` and `f64: Mul<V, Output = V>`. A product with an `f32` would make
/// `(x * 2.0).sum()` ambiguous.
///
/// A plain `f32` is a reading but no value: Rust has no product of an `f32` and an `f64`, and no other crate can add
/// one. Pass it as `Tensor<f32>` or record it on a tape.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no arithmetic with `f64`, which a `Value` needs",
    label = "a value is an `f64`, a `Tensor`, or a variable, dual number or batch",
    note = "for `f32`, use a `Tensor<f32>`, or bound the function by `Reading` in place of `Value`",
    note = "a whole number is written with a point, as `2.0`",
    note = "a type of your own is a `Value` if it implements `Reading` and has all operators with `f64`",
    note = "a struct for `tree!` is declared without the bound `Value`, which its functions have"
)]
pub trait Value:
    Reading
    + Operand<Self>
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<f64, Output = Self>
    + Div<f64, Output = Self>
    + Rem<Output = Self>
    + for<'a> Rem<&'a Self, Output = Self>
    + AddAssign
    + for<'a> AddAssign<&'a Self>
    + SubAssign
    + for<'a> SubAssign<&'a Self>
    + MulAssign
    + for<'a> MulAssign<&'a Self>
    + DivAssign
    + for<'a> DivAssign<&'a Self>
    + Rem<f64, Output = Self>
    + AddAssign<f64>
    + SubAssign<f64>
    + MulAssign<f64>
    + DivAssign<f64>
{
}

#[diagnostic::do_not_recommend]
impl<V> Value for V where
    V: Reading
        + Operand<V>
        + Add<f64, Output = V>
        + Sub<f64, Output = V>
        + Mul<f64, Output = V>
        + Div<f64, Output = V>
        + Rem<Output = V>
        + for<'a> Rem<&'a V, Output = V>
        + AddAssign
        + for<'a> AddAssign<&'a V>
        + SubAssign
        + for<'a> SubAssign<&'a V>
        + MulAssign
        + for<'a> MulAssign<&'a V>
        + DivAssign
        + for<'a> DivAssign<&'a V>
        + Rem<f64, Output = V>
        + AddAssign<f64>
        + SubAssign<f64>
        + MulAssign<f64>
        + DivAssign<f64>
{
}

/// A number that a [`Tensor`] can hold: `f32`, `f64`, or a [`Dual`](crate::Dual) number over them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that can be differentiated",
    label = "the elements are `f64`, `f32`, or dual numbers over them",
    note = "a `Tensor<usize>` holds indices and labels, which `.map(|&i| i as f64)` converts"
)]
pub trait Element: Reading<Tangent = Self> + Number {
    /// Applies an operation to whole arrays.
    #[doc(hidden)]
    #[track_caller]
    fn apply_to_arrays(op: &Op, x: &[&Tensor<Self>]) -> Tensor<Self>;

    /// `g` times the partial derivative of a pointwise operation with respect to operand `i`, on whole arrays.
    #[doc(hidden)]
    fn slope_of_arrays(
        op: Pointwise,
        i: usize,
        x: &[&Tensor<Self>],
        y: &Tensor<Self>,
        g: &Tensor<Self>,
    ) -> Tensor<Self>;

    /// Applies a pointwise operation to whole arrays of one shape.
    #[doc(hidden)]
    fn pointwise(op: Pointwise, x: &[&Tensor<Self>]) -> Tensor<Self>;

    /// Applies a decomposition to the matrices along the last two axes. The shapes have been checked.
    #[cfg(feature = "linalg")]
    #[doc(hidden)]
    fn decompose(op: &Decomposition, x: &[&Tensor<Self>]) -> Tensor<Self>;

    /// eˣ for an element in a loop. For `f32` and `f64` it has no branches, so the compiler can vectorise the loop.
    #[doc(hidden)]
    fn exp_in_loop(self) -> Self;
}
