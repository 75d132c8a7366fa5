//! Dual numbers as a reading, and as elements.

use super::tangent::apply_any;
use crate::algebra::{Dual, Element, Op, Pointwise, Reading, Tangent, compare_with_numbers, folds, tensor_operators};
use crate::array::{Number, Shape, Tensor};
use std::cmp::Ordering;
use std::fmt;
use std::iter::{Product, Sum, empty};

impl<V: Reading, D: Tangent<V>> Reading for Dual<V, D> {
    type Elem = V::Elem;
    type Tangent = D::Outer;
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
    fn top_k_indices(&self, axis: isize, k: usize) -> Tensor<usize> {
        self.x.top_k_indices(axis, k)
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

impl<T: Element> Number for Dual<T, T> {
    const EPSILON: f64 = T::EPSILON;
    const MIN_POSITIVE: f64 = T::MIN_POSITIVE;
    const MAX: f64 = T::MAX;

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
        self.x.has_nan() | self.dx.has_nan()
    }

    #[inline(always)]
    fn vanishes(&self) -> bool {
        self.x.vanishes() & self.dx.vanishes()
    }

    fn mul_strong_zero(self, other: Self) -> Self {
        Self::apply_pointwise(Pointwise::MulStrongZero, &[&self, &other])
    }
}

impl<T: Element> Element for Dual<T, T> {
    crate::reading::compute::on_arrays!();

    fn pointwise(op: Pointwise, x: &[&Tensor<Self>]) -> Tensor<Self> {
        crate::array::loops::elementwise(x, |x| Self::apply_pointwise(op, x))
    }

    /// Decomposes the values, and pushes the tangents forward by the rule.
    #[cfg(feature = "linalg")]
    fn decompose(op: &crate::algebra::Decomposition, x: &[&Tensor<Self>]) -> Tensor<Self> {
        let split = |x: &&Tensor<Self>| Dual::new(x.map(|x| x.x), x.map(|x| x.dx));
        let x: Vec<Dual<Tensor<T>>> = x.iter().map(split).collect();
        let y = Dual::apply(&op.clone().into(), &x.iter().collect::<Vec<_>>());
        let dy = y.tangent();
        let elements = y.x.iter().zip(dy.iter()).map(|(x, dx)| Self { x, dx });
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
impl<T: Reading + PartialEq, D> PartialEq for Dual<T, D> {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        self.x == other.x
    }
}

impl<T: Reading + PartialOrd, D> PartialOrd for Dual<T, D> {
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
