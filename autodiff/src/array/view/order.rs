//! The storage order of the axes of a view.

use crate::array::axes::Axes;
use crate::array::memory::{Layout, Tensor};

impl<T> Tensor<T> {
    /// The permutation of the axes that makes this view contiguous, if there is one and it keeps the last axis last.
    pub(crate) fn storage_order(&self) -> Option<Axes<usize>> {
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
    fn pointwise_results_keep_the_storage_order_of_permuted_operands() {
        let x = Tensor::<f64>::linspace(-1.0, 1.0, 4 * 3 * 5).reshape([4, 3, 5]).permute_view(&[1, 0, 2]);
        let row_major = x.contiguous();
        let results =
            |x: &Tensor<f64>| [x.exp(), x * x, x * 2.0, x.maximum(Tensor::scalar(0.1)), x.mul_strong_zero(x.cos())];
        for (y, expected) in results(&x).into_iter().zip(results(&row_major)) {
            assert_eq!(y, expected);
            assert!(y.permute_view(&[1, 0, 2]).is_contiguous());
        }
        assert!(x.sum().approx(&row_major.sum(), 1e-15).is_ok());
        // The result is row-major if the operands differ in storage order, or if the last axis is permuted.
        assert!([&x * &row_major, row_major.permute_view(&[0, 2, 1]).exp()].iter().all(Tensor::is_contiguous));
    }
}
