//! Constructors of tensors.

use super::layout::Layout;
use super::storage::Storage;
use super::tensor::Tensor;
use crate::array::number::Number;
use crate::array::shape::{Shape, ShapeError, TOO_LARGE};
use rand::distr::Distribution;
use rand_distr::StandardNormal;

impl<T> Tensor<T> {
    /// A tensor of the given elements in row-major order.
    ///
    /// # Panics
    /// Panics if the number of elements does not fit the shape; see [`try_from_vec`](Tensor::try_from_vec).
    #[track_caller]
    pub fn from_vec(shape: impl Into<Shape>, data: Vec<T>) -> Self {
        match Self::try_from_vec(shape, data) {
            Ok(tensor) => tensor,
            Err(error) => panic!("{error}"),
        }
    }

    /// A tensor of the given elements in row-major order.
    ///
    /// # Errors
    /// Returns an error if the number of elements does not fit the shape.
    pub fn try_from_vec(shape: impl Into<Shape>, data: Vec<T>) -> Result<Self, ShapeError> {
        let shape = shape.into();
        match shape.checked_size() {
            Some(size) if size == data.len() => Ok(Self::contiguous_from(shape, data)),
            size => {
                let needed = size.map_or("too many elements are".to_owned(), |size| format!("{size} elements are"));
                Err(ShapeError::new("from_vec", [&shape], format!("{needed} needed, but {} given", data.len())))
            }
        }
    }

    /// A tensor whose element at each index is `f(index)`.
    ///
    /// # Panics
    /// Panics if there are too many elements, see [`Shape::checked_size`], or more than fit in memory.
    #[track_caller]
    pub fn from_fn(shape: impl Into<Shape>, f: impl FnMut(&[usize]) -> T) -> Self {
        Self::generate("from_fn", shape.into(), f)
    }

    /// As [`from_fn`](Tensor::from_fn). Messages bear the name of the calling function.
    #[track_caller]
    fn generate(name: &str, shape: Shape, mut f: impl FnMut(&[usize]) -> T) -> Self {
        let size = checked_size(name, &shape);
        let mut index = vec![0; shape.rank()];
        let mut data = Vec::new();
        if data.try_reserve_exact(size).is_err() {
            panic!("{name}: {shape}: {size} elements do not fit in memory");
        }
        for _ in 0..size {
            data.push(f(&index));
            for axis in (0..shape.rank()).rev() {
                index[axis] += 1;
                if index[axis] < shape[axis] {
                    break;
                }
                index[axis] = 0;
            }
        }
        Self::contiguous_from(shape, data)
    }

    /// A tensor of rank 0.
    pub fn scalar(x: T) -> Self {
        Self::contiguous_from(Shape::scalar(), vec![x])
    }
}

impl<T: Copy + Default + 'static> Tensor<T> {
    /// A tensor filled with `x`, which is stored once.
    ///
    /// # Panics
    /// Panics if there are too many elements, see [`Shape::checked_size`].
    #[track_caller]
    pub fn full(shape: impl Into<Shape>, x: T) -> Self {
        Self::repeat("full", shape.into(), x)
    }

    /// As [`full`](Tensor::full). Messages bear the name of the calling function.
    #[track_caller]
    fn repeat(name: &str, shape: Shape, x: T) -> Self {
        checked_size(name, &shape);
        let mut data = Storage::recycled(1);
        data[0] = x;
        Self { data, offset: 0, layout: Layout::repeated(&shape), shape }
    }
}

impl<T: Number> Tensor<T> {
    /// A tensor of zeros.
    #[track_caller]
    pub fn zeros(shape: impl Into<Shape>) -> Self {
        Self::repeat("zeros", shape.into(), T::from_f64(0.0))
    }

    /// A tensor of ones.
    #[track_caller]
    pub fn ones(shape: impl Into<Shape>) -> Self {
        Self::repeat("ones", shape.into(), T::from_f64(1.0))
    }

    /// The n×n identity matrix.
    #[track_caller]
    pub fn eye(n: usize) -> Self {
        Self::generate("eye", [n, n].into(), |i| T::from_f64(if i[0] == i[1] { 1.0 } else { 0.0 }))
    }

    /// The numbers 0, 1, …, n − 1.
    #[track_caller]
    pub fn arange(n: usize) -> Self {
        Self::generate("arange", [n].into(), |i| T::from_f64(i[0] as f64))
    }

    /// `n` evenly spaced numbers from `start` to `end`, both included; for `n` = 1, `start` alone.
    #[track_caller]
    pub fn linspace(start: f64, end: f64, n: usize) -> Self {
        let step = (end - start) / (n.max(2) - 1) as f64;
        let number = |i: usize| if i > 0 && i + 1 == n { end } else { start + step * i as f64 };
        Self::generate("linspace", [n].into(), |i| T::from_f64(number(i[0])))
    }

    /// Independent draws, uniform in \[low, high).
    ///
    /// # Panics
    /// Panics if the range is empty or not finite.
    #[track_caller]
    pub fn uniform(shape: impl Into<Shape>, low: f64, high: f64, rng: &mut impl rand::Rng) -> Self {
        let Ok(range) = rand::distr::Uniform::new(low, high) else {
            panic!("uniform: the range [{low}, {high}) is empty or not finite")
        };
        Self::generate("uniform", shape.into(), |_| {
            let x = T::from_f64(range.sample(rng));
            if x.to_f64() < high { x } else { T::from_f64(low) } // a draw may be rounded up to `high`
        })
    }

    /// Independent draws from the normal distribution with the given mean and standard deviation.
    #[track_caller]
    pub fn normal(shape: impl Into<Shape>, mean: f64, std: f64, rng: &mut impl rand::Rng) -> Self {
        Self::generate("normal", shape.into(), |_| {
            let standard: f64 = StandardNormal.sample(rng);
            T::from_f64(mean + std * standard)
        })
    }
}

/// The number of elements of a new tensor.
#[inline]
#[track_caller]
fn checked_size(name: &str, shape: &Shape) -> usize {
    match shape.checked_size() {
        Some(size) => size,
        None => panic!("{name}: {shape}: {TOO_LARGE}"),
    }
}

/// A number, or an index, as an entry of a nested array, for [`Tensor::from`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an entry of a tensor",
    label = "the entries are numbers (`f64` or `f32`) or indices (`usize`)",
    note = "convert other numbers first, as in `f64::from(x)` or `x as f64`"
)]
pub trait Entry {}

impl<T: Number> Entry for T {}
impl Entry for usize {}

/// Converts nested arrays and lists, row by row.
macro_rules! from_arrays {
    ($([$($size:ident),+] $type:ty, $array:ident => $data:expr;)*) => {$(
        impl<T: Entry, $(const $size: usize),+> From<$type> for Tensor<T> {
            fn from($array: $type) -> Self {
                Self::contiguous_from([$($size),+].into(), $data)
            }
        }
    )*};
}

from_arrays! {
    [A] [T; A], x => x.into();
    [A, B] [[T; B]; A], x => x.into_iter().flatten().collect();
    [A, B, C] [[[T; C]; B]; A], x => x.into_iter().flatten().flatten().collect();
    [A, B, C, D] [[[[T; D]; C]; B]; A], x => x.into_iter().flatten().flatten().flatten().collect();
}

impl<T: Entry> From<Vec<T>> for Tensor<T> {
    fn from(numbers: Vec<T>) -> Self {
        Self::contiguous_from([numbers.len()].into(), numbers)
    }
}

impl<T: Entry + Clone> From<&[T]> for Tensor<T> {
    fn from(numbers: &[T]) -> Self {
        numbers.to_vec().into()
    }
}

impl<T: Entry, const N: usize> From<Vec<[T; N]>> for Tensor<T> {
    fn from(rows: Vec<[T; N]>) -> Self {
        Self::contiguous_from([rows.len(), N].into(), rows.into_iter().flatten().collect())
    }
}

/// A matrix of its rows.
///
/// # Panics
/// Panics if the rows have different lengths.
impl<T: Entry> From<Vec<Vec<T>>> for Tensor<T> {
    #[track_caller]
    fn from(rows: Vec<Vec<T>>) -> Self {
        let columns = rows.first().map_or(0, Vec::len);
        if let Some(i) = rows.iter().position(|row| row.len() != columns) {
            panic!("Tensor::from: row {i} has {} numbers, but row 0 has {columns}", rows[i].len());
        }
        Self::contiguous_from([rows.len(), columns].into(), rows.into_iter().flatten().collect())
    }
}
