//! Shapes, numpy's broadcasting rule, and the error for shapes that do not fit an operation.

use super::axes::Axes;
use std::fmt;
use std::ops::Deref;

/// The largest number of elements of an array.
const MAX_ELEMENTS: usize = isize::MAX as usize / 16;

pub(crate) const TOO_LARGE: &str = "the number of elements overflows";

/// The sizes of a value's axes, outermost first; empty for a scalar.
///
/// ```
/// use autodiff::Shape;
/// let shape = Shape::from([32, 64]);
/// assert_eq!(shape.size(), 2048);
/// assert_eq!(shape.to_string(), "[32, 64]");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Shape(Axes<usize>);

impl Shape {
    /// The shape of a scalar: no axes, one element.
    #[inline]
    pub fn scalar() -> Self {
        Self::default()
    }

    /// The number of elements.
    ///
    /// # Panics
    /// Panics if there are too many, as [`checked_size`](Shape::checked_size) says.
    #[inline]
    #[track_caller]
    pub fn size(&self) -> usize {
        match self.checked_size() {
            Some(size) => size,
            None => panic!("Shape::size: {self}: {TOO_LARGE}"),
        }
    }

    /// The number of elements, or `None` if there are too many: if the sizes other than 0 multiply to more than
    /// `isize::MAX / 16`. No operation returns a larger array, so the bytes and the strides of an array fit in an `isize`.
    #[inline]
    pub fn checked_size(&self) -> Option<usize> {
        let (mut size, mut is_empty) = (1usize, false);
        for &axis in self.iter() {
            is_empty |= axis == 0;
            size = size.checked_mul(axis.max(1))?;
        }
        (size <= MAX_ELEMENTS).then_some(if is_empty { 0 } else { size })
    }

    /// The number of elements of a shape that is known not to have too many, as every array's is.
    #[inline]
    pub(crate) fn known_size(&self) -> usize {
        self.iter().product()
    }

    /// The number of axes.
    #[inline]
    pub fn rank(&self) -> usize {
        self.0.len()
    }

    /// Resolves an axis that may be counted from the end (−1 is the last), or `None` if it is out of range.
    pub fn axis(&self, axis: isize) -> Option<usize> {
        let resolved = if axis < 0 { axis + self.rank() as isize } else { axis };
        (0..self.rank() as isize).contains(&resolved).then_some(resolved as usize)
    }

    /// As [`axis`](Shape::axis).
    ///
    /// # Panics
    /// Panics with the name of the calling function if there is no such axis.
    #[track_caller]
    pub(crate) fn checked_axis(&self, name: &str, axis: isize) -> usize {
        match self.axis(axis) {
            Some(axis) => axis,
            None => panic!("{name}: {self}: axis {axis} is out of range for rank {}", self.rank()),
        }
    }

    /// The shape with `size` at `axis`.
    ///
    /// # Panics
    /// Panics if the axis is out of range.
    #[inline]
    #[track_caller]
    pub fn with(&self, axis: usize, size: usize) -> Self {
        let mut shape = self.clone();
        match shape.0.get_mut(axis) {
            Some(place) => *place = size,
            None => self.no_axis("with", axis),
        }
        shape
    }

    /// The shape with other sizes along the last two axes.
    #[inline]
    pub(crate) fn with_matrix(&self, sizes: [usize; 2]) -> Self {
        if self.rank() == 2 {
            return sizes.into(); // a clone that is written and moved would stall on store forwarding
        }
        let mut shape = self.clone();
        *shape.0.last_chunk_mut().expect("a matrix has at least two axes") = sizes;
        shape
    }

    /// The shape with a new axis of `size` before `axis`.
    ///
    /// # Panics
    /// Panics if `axis` exceeds the rank.
    #[track_caller]
    pub fn insert(&self, axis: usize, size: usize) -> Self {
        if axis > self.rank() {
            panic!("Shape::insert: {self}: position {axis} is out of range for a new axis");
        }
        let mut shape = self.clone();
        shape.0.insert(axis, size);
        shape
    }

    /// The shape without `axis`.
    ///
    /// # Panics
    /// Panics if the axis is out of range.
    #[track_caller]
    pub fn remove(&self, axis: usize) -> Self {
        if axis >= self.rank() {
            self.no_axis("remove", axis);
        }
        let mut shape = self.clone();
        shape.0.remove(axis);
        shape
    }

    #[cold]
    #[track_caller]
    fn no_axis(&self, name: &str, axis: usize) -> ! {
        panic!("Shape::{name}: {self}: axis {axis} is out of range for rank {}", self.rank())
    }

    /// The common shape of two operands by numpy's rule: aligned at the last axis, sizes agree or one of them is 1.
    /// Returns `None` if they do not broadcast.
    pub fn broadcast(&self, other: &Self) -> Option<Self> {
        let rank = self.rank().max(other.rank());
        let from_end = |shape: &Self, back: usize| if back < shape.rank() { shape[shape.rank() - 1 - back] } else { 1 };
        let sizes = (0..rank).rev().map(|back| match (from_end(self, back), from_end(other, back)) {
            (a, b) if a == b => Some(a),
            (1, b) => Some(b),
            (a, 1) => Some(a),
            _ => None,
        });
        sizes.collect()
    }

    /// Whether a value of this shape broadcasts to exactly `target`.
    pub fn broadcasts_to(&self, target: &Self) -> bool {
        let aligned = self.iter().rev().zip(target.iter().rev());
        self.rank() <= target.rank() && aligned.fold(true, |fits, (size, to)| fits & (size == to || *size == 1))
    }

    /// The strides, in elements, of a contiguous row-major array of this shape.
    pub(crate) fn strides(&self) -> Axes<isize> {
        let mut strides = Axes::repeat(0, self.rank());
        let mut step = 1isize;
        for (stride, &size) in strides.iter_mut().zip(&**self).rev() {
            *stride = step;
            step *= size.max(1) as isize;
        }
        strides
    }
}

impl Deref for Shape {
    type Target = [usize];
    #[inline]
    fn deref(&self) -> &[usize] {
        &self.0
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<&[usize]> for Shape {
    fn from(sizes: &[usize]) -> Self {
        Self(sizes.into())
    }
}

impl<const N: usize> From<[usize; N]> for Shape {
    fn from(sizes: [usize; N]) -> Self {
        Self(sizes[..].into())
    }
}

impl From<&Shape> for Shape {
    fn from(shape: &Shape) -> Self {
        shape.clone()
    }
}

/// `x.shape() == [2, 3]`, for a shape that is returned by value.
impl<const N: usize> PartialEq<[usize; N]> for Shape {
    fn eq(&self, sizes: &[usize; N]) -> bool {
        **self == sizes[..]
    }
}

/// `x.shape() == [2, 3]`, for the shape of a tensor.
impl<const N: usize> PartialEq<[usize; N]> for &Shape {
    fn eq(&self, sizes: &[usize; N]) -> bool {
        **self == *sizes
    }
}

impl FromIterator<usize> for Shape {
    #[inline]
    fn from_iter<I: IntoIterator<Item = usize>>(sizes: I) -> Self {
        Self(sizes.into_iter().collect())
    }
}

/// The error for operands whose shapes do not fit an operation: the operation, the shapes, and the reason.
///
/// The plain functions panic with this text at the caller's line; the `try_` functions return the error.
///
/// ```
/// use autodiff::prelude::*;
/// let (x, w) = (Tensor::<f64>::zeros([32, 64]), Tensor::zeros([10, 64]));
/// let error = x.try_matmul(&w).unwrap_err();
/// assert_eq!(error.to_string(), "matmul: [32, 64] × [10, 64]: inner sizes 64 and 10 differ");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeError {
    op: String,
    shapes: Vec<Shape>,
    reason: String,
}

impl ShapeError {
    pub(crate) fn new<'a>(
        op: impl Into<String>,
        shapes: impl IntoIterator<Item = &'a Shape>,
        reason: impl Into<String>,
    ) -> Self {
        Self { op: op.into(), shapes: shapes.into_iter().cloned().collect(), reason: reason.into() }
    }

    /// The error for a plain number whose result would have axes.
    pub(crate) fn of_plain_number(op: impl Into<String>, result: &Shape) -> Self {
        let reason = format!("the result has shape {result}, but a plain number has no axes: use a Tensor of rank 0");
        Self::new(op, [&Shape::scalar()], reason)
    }

    /// The error for an entry of an index that is out of range.
    #[cold]
    pub(crate) fn out_of_range(op: &str, shape: &Shape, i: usize, size: usize) -> Self {
        Self::new(op, [shape], format!("index {i} is out of range for an axis of size {size}"))
    }

    pub(crate) fn with_shapes(self, shapes: &[Shape]) -> Self {
        Self { shapes: shapes.to_vec(), ..self }
    }

    /// The same error under the name of another function, which the user called.
    pub(crate) fn of(self, op: &str) -> Self {
        Self { op: op.into(), ..self }
    }

    /// The name of the operation.
    pub fn op(&self) -> &str {
        &self.op
    }

    /// The shapes of the operands, in order.
    pub fn shapes(&self) -> &[Shape] {
        &self.shapes
    }
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shapes: Vec<_> = self.shapes.iter().map(Shape::to_string).collect();
        match shapes.is_empty() {
            true => write!(f, "{}: {}", self.op, self.reason),
            false => write!(f, "{}: {}: {}", self.op, shapes.join(" × "), self.reason),
        }
    }
}

impl std::error::Error for ShapeError {}

/// Panics with the error's text at the caller's line; `Result::unwrap` would show the debug form instead.
pub(crate) trait OrPanic<T> {
    fn or_panic(self) -> T;
}

impl<T> OrPanic<T> for Result<T, ShapeError> {
    #[track_caller]
    fn or_panic(self) -> T {
        match self {
            Ok(value) => value,
            Err(error) => panic!("{error}"),
        }
    }
}
