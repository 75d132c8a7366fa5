//! The product by its definition.

use super::matrix::Product;
use std::ops::{Add, Mul};

/// The arithmetic that the plain product needs.
pub(crate) trait Arithmetic: Copy + Default + Add<Output = Self> + Mul<Output = Self> + Send + Sync {}

impl<T: Copy + Default + Add<Output = T> + Mul<Output = T> + Send + Sync> Arithmetic for T {}

/// c = product.
#[inline]
pub(super) fn rows<T: Arithmetic>(c: &mut [T], Product { a, b, addend }: Product<'_, T>) {
    for (row, i) in c.chunks_exact_mut(b.columns).zip(0..) {
        if let Some(addend) = addend {
            row.copy_from_slice(&addend.from(i, 0)[..b.columns]);
        }
        for (j, c) in row.iter_mut().enumerate() {
            let mut sum = if addend.is_some() { *c } else { T::default() };
            for k in 0..a.columns {
                let x = a.data[i * a.row_stride + k * a.column_stride];
                sum = sum + x * b.data[k * b.row_stride + j * b.column_stride];
            }
            *c = sum;
        }
    }
}
