//! Equality of tensors up to rounding, by the traits of the crate `approx`.

use crate::array::memory::Tensor;
use approx::{AbsDiffEq, RelativeEq, UlpsEq};

impl<T> Tensor<T> {
    /// Whether the shapes are equal, and all pairs of elements satisfy `equal`.
    fn all_equal(&self, other: &Self, equal: impl Fn(&T, &T) -> bool) -> bool {
        self.shape == other.shape && self.refs().zip(other.refs()).all(|(a, b)| equal(a, b))
    }
}

/// Tensors are equal if their shapes and all elements are. The tolerance is that of an element.
impl<T: AbsDiffEq<Epsilon: Clone>> AbsDiffEq for Tensor<T> {
    type Epsilon = T::Epsilon;

    fn default_epsilon() -> T::Epsilon {
        T::default_epsilon()
    }

    fn abs_diff_eq(&self, other: &Self, epsilon: T::Epsilon) -> bool {
        self.all_equal(other, |a, b| a.abs_diff_eq(b, epsilon.clone()))
    }
}

/// Tensors are equal if their shapes and all elements are. The tolerances are those of an element.
impl<T: RelativeEq<Epsilon: Clone>> RelativeEq for Tensor<T> {
    fn default_max_relative() -> T::Epsilon {
        T::default_max_relative()
    }

    fn relative_eq(&self, other: &Self, epsilon: T::Epsilon, max_relative: T::Epsilon) -> bool {
        self.all_equal(other, |a, b| a.relative_eq(b, epsilon.clone(), max_relative.clone()))
    }
}

/// Tensors are equal if their shapes and all elements are. The tolerances are those of an element.
impl<T: UlpsEq<Epsilon: Clone>> UlpsEq for Tensor<T> {
    fn default_max_ulps() -> u32 {
        T::default_max_ulps()
    }

    fn ulps_eq(&self, other: &Self, epsilon: T::Epsilon, max_ulps: u32) -> bool {
        self.all_equal(other, |a, b| a.ulps_eq(b, epsilon.clone(), max_ulps))
    }
}
