//! Dual numbers, the reading that carries tangents forward.

use super::tangent::{Tangent, apply_any};
use crate::algebra::{Element, Op, Pointwise, Reading, compare_with_numbers, folds, tensor_operators};
use crate::array::{Number, Shape, Tensor};
use std::cmp::Ordering;
use std::fmt;
use std::iter::{Product, Sum, empty};

/// A value `x` with a tangent `dx`, its derivative along a direction of the input.
///
/// Every operation carries both forward, by the rules that a tape uses in its backward pass. `V` may be any reading:
/// tensors, variables (forward over reverse), or dual numbers (second order). A dual number over `f64` is an element
/// that a tensor or a tape can hold: `Tape<Dual<f64>>` is reverse mode with a forward derivative inside.
///
/// A dual number over numbers also implements [`num_traits::Float`] and
/// [more](crate::ScalarTape#what-a-program-may-ask-of-its-numbers). It is `Copy` and `'static`, so other libraries take it
/// where they take an `f64`.
///
/// `D` is the type of the tangent. The default, `Option<V>`, is absent for constants, for which nothing is computed. In
/// `Dual<f64, f64>` the tangent is always present, which is faster if few numbers are constant. See [`Tangent`].
///
/// ```
/// use autodiff::prelude::*;
/// let x = Dual::new(3.0, 1.0);
/// let y = x * x + x.sin();
/// assert_eq!(y.dx, Some(6.0 + 3.0f64.cos()));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Dual<V, D = Option<V>> {
    /// The value.
    pub x: V,
    /// The tangent; an absent tangent is zero.
    pub dx: D,
}

impl<V: Reading> Dual<V> {
    /// A value with a tangent of the same shape.
    ///
    /// # Panics
    /// Panics if the shapes differ.
    #[inline]
    #[track_caller]
    pub fn new(x: V, dx: V) -> Self {
        if !V::SCALAR && !x.has_shape_of(&dx) {
            panic!("Dual::new: the tangent has shape {}, but the value has shape {}", dx.shape(), x.shape());
        }
        Self { x, dx: Some(dx) }
    }

    /// A constant, whose tangent is absent.
    pub fn constant(x: V) -> Self {
        Self { x, dx: None }
    }
}

impl<V: Reading, D: Tangent<V>> Dual<V, D> {
    /// A constant, with a tangent of any type.
    #[inline(always)]
    pub fn from_value(x: V) -> Self {
        Self { dx: D::of_constant(&x), x }
    }

    /// The value, without its tangent.
    #[inline(always)]
    pub fn value(&self) -> V {
        self.x.clone()
    }

    /// The tangent; zeros if it is absent.
    #[inline]
    pub fn tangent(&self) -> V {
        self.dx.to_value(&self.x)
    }
}

impl<V: Reading, D: Tangent<V>> Reading for Dual<V, D> {
    type Elem = V::Elem;
    const SCALAR: bool = V::SCALAR;
    const RECORDS: bool = V::RECORDS;

    #[inline]
    #[track_caller]
    fn apply(op: &Op, x: &[&Self]) -> Self {
        op.check_number_of_operands(x.len());
        match op {
            Op::Pointwise(op) => D::apply_dual(*op, x),
            Op::Linear(_) | Op::Matmul(_) | Op::LogSoftmax { .. } | Op::Custom(_) => apply_any(op, x),
            #[cfg(feature = "linalg")]
            Op::Decomposition(_) => apply_any(op, x),
        }
    }

    #[inline(always)]
    #[track_caller]
    fn apply_pointwise(op: Pointwise, x: &[&Self]) -> Self {
        D::apply_dual(op, x)
    }

    fn shape(&self) -> Shape {
        self.x.shape()
    }

    fn primal(&self) -> Tensor<Self::Elem> {
        self.x.primal()
    }

    fn lift(&self, numbers: &Tensor<Self::Elem>) -> Self {
        Self::from_value(self.x.lift(numbers))
    }

    #[inline(always)]
    fn full_like(&self, c: f64) -> Self {
        Self::from_value(self.x.full_like(c))
    }

    fn identity(&self, n: usize) -> Self {
        Self::from_value(self.x.identity(n))
    }

    #[track_caller]
    fn argsort(&self, axis: isize) -> Tensor<usize> {
        self.x.argsort(axis)
    }

    #[track_caller]
    fn top_k_places(&self, axis: isize, k: usize) -> Tensor<usize> {
        self.x.top_k_places(axis, k)
    }

    #[inline(always)]
    #[track_caller]
    fn item(&self) -> Self::Elem {
        self.x.item()
    }

    fn batch_axes(&self) -> usize {
        self.x.batch_axes()
    }

    fn storage(&self, report: &mut dyn FnMut(usize, usize)) {
        self.x.storage(report);
        self.dx.storage(report);
    }
}

crate::operators!([V: Reading, D: Tangent<V>] Dual<V, D>);
tensor_operators!([V: Reading, D: Tangent<V>] Dual<V, D>, Tensor<V::Elem>);
folds!(
    [V: Reading + Sum + Product, D: Tangent<V>] Dual<V, D>,
    Self::from_value(empty::<V>().sum()),
    Self::from_value(empty::<V>().product())
);
compare_with_numbers!([V: Reading, D: Tangent<V>] Dual<V, D>);

impl<T: Element, D: Tangent<T> + Copy + fmt::Debug + Default + Send + Sync + 'static> Number for Dual<T, D> {
    const EPSILON: f64 = T::EPSILON;
    const MIN_POSITIVE: f64 = T::MIN_POSITIVE;

    #[inline(always)]
    fn from_f64(x: f64) -> Self {
        Self::from_value(T::from_f64(x))
    }

    #[inline(always)]
    fn to_f64(self) -> f64 {
        self.x.to_f64()
    }

    #[inline(always)]
    fn has_nan(&self) -> bool {
        self.x.has_nan() | self.tangent().has_nan()
    }

    fn mul_strong_zero(self, other: Self) -> Self {
        Self::apply_pointwise(Pointwise::MulStrongZero, &[&self, &other])
    }
}

impl<T: Element, D: Tangent<T> + Copy + fmt::Debug + Default + Send + Sync + 'static> Element for Dual<T, D> {
    crate::reading::compute::on_arrays!();

    fn pointwise(op: Pointwise, x: &[&Tensor<Self>]) -> Tensor<Self> {
        crate::array::loops::elementwise(x, |x| Self::apply_pointwise(op, x))
    }

    /// Decomposes the values, and pushes the tangents forward by the rule.
    #[cfg(feature = "linalg")]
    fn decompose(op: &crate::algebra::Decomposition, x: &[&Tensor<Self>]) -> Tensor<Self> {
        let split = |x: &&Tensor<Self>| Dual::new(x.map(|x| x.x), x.map(Self::tangent));
        let x: Vec<Dual<Tensor<T>>> = x.iter().map(split).collect();
        let y = Dual::apply(&op.clone().into(), &x.iter().collect::<Vec<_>>());
        let dy = y.tangent();
        let elements = y.x.iter().zip(dy.iter()).map(|(x, dx)| Self { x, dx: D::of_value(dx) });
        Tensor::contiguous_from(y.shape(), elements.collect())
    }

    fn exp_in_loop(self) -> Self {
        Self::apply_pointwise(Pointwise::Exp, &[&self])
    }
}

impl<T: Element, D: Tangent<T>> From<f64> for Dual<T, D> {
    #[inline(always)]
    fn from(c: f64) -> Self {
        Self::from_value(T::from_f64(c))
    }
}

/// Compares the values and ignores the tangents, so that programs branch as they do on plain numbers.
impl<T: PartialEq, D> PartialEq for Dual<T, D> {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        self.x == other.x
    }
}

impl<T: PartialOrd, D> PartialOrd for Dual<T, D> {
    #[inline(always)]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.x.partial_cmp(&other.x)
    }
}

impl<V: Reading + fmt::Display, D: Tangent<V>> fmt::Display for Dual<V, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.x, f)?;
        f.write_str(" + ")?;
        fmt::Display::fmt(&self.tangent(), f)?;
        f.write_str("ε")
    }
}

impl<V: Reading + fmt::LowerExp, D: Tangent<V>> fmt::LowerExp for Dual<V, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::LowerExp::fmt(&self.x, f)?;
        f.write_str(" + ")?;
        fmt::LowerExp::fmt(&self.tangent(), f)?;
        f.write_str("ε")
    }
}
