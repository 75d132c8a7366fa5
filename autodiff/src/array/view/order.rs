//! The order in which the elements of a view are stored.

use crate::array::axes::Axes;
use crate::array::memory::{Layout, Tensor};

impl<T> Tensor<T> {
    /// The axes in the order in which the elements lie, where they lie without gaps and rows along the last axis are whole:
    /// slices that were exchanged.
    pub(crate) fn order(&self) -> Option<Axes<usize>> {
        let Layout::Strided(strides) = &self.layout else { return None };
        let mut order: Axes<usize> = (0..self.shape.rank()).collect();
        order.sort_by_key(|&axis| (-strides[axis], axis));
        let last = order.last() == Some(&(self.shape.rank() - 1));
        (last && self.permute_view(&order).is_contiguous()).then_some(order)
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    #[test]
    fn what_is_computed_of_exchanged_slices_lies_as_they_do() {
        let x = Tensor::<f64>::linspace(-1.0, 1.0, 4 * 3 * 5).reshape([4, 3, 5]).permute_view(&[1, 0, 2]);
        let row_major = x.contiguous();
        let results =
            |x: &Tensor<f64>| [x.exp(), x * x, x * 2.0, x.maximum(&Tensor::scalar(0.1)), x.mul_strong_zero(&x.cos())];
        for (y, expected) in results(&x).into_iter().zip(results(&row_major)) {
            assert_eq!(y, expected);
            assert!(y.permute_view(&[1, 0, 2]).is_contiguous());
        }
        assert!(x.sum().approx(&row_major.sum(), 1e-15).is_ok());
        // Of operands that lie differently, and where rows are not whole, results lie in row-major order.
        assert!([&x * &row_major, row_major.permute_view(&[0, 2, 1]).exp()].iter().all(Tensor::is_contiguous));
    }
}
