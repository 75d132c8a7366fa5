//! The small product by dot products: an element of c at a time, for few rows or columns.

use super::lanes::Lanes;
use super::matrix::Product;
use pulp::Simd;

/// The independent sums of a dot product.
const SUMS: usize = 4;

/// c = product, for contiguous rows of a and columns of b.
#[inline(always)]
pub(super) fn product<S: Simd, T: Lanes<S>>(simd: S, c: &mut [T], Product { a, b, addend }: Product<'_, T>) {
    let k = a.columns;
    for i in 0..a.rows {
        let x = &a.data[i * a.row_stride..][..k];
        for j in 0..b.columns {
            let dot = dot(simd, x, &b.data[j * b.column_stride..][..k]);
            c[i * b.columns + j] = match addend {
                Some(addend) => addend.data[i * addend.row_stride + j] + dot,
                None => dot,
            };
        }
    }
}

#[inline(always)]
fn dot<S: Simd, T: Lanes<S>>(simd: S, mut x: &[T], mut y: &[T]) -> T {
    let (mut sum, size) = (T::splat(simd, T::default()), SUMS * T::LANES);
    if x.len() >= size {
        let mut sums = [sum; SUMS];
        while x.len() >= size && y.len() >= size {
            for s in 0..SUMS {
                let [x, y] = [&x[s * T::LANES..size], &y[s * T::LANES..size]];
                sums[s] = T::mul_add(simd, T::load(simd, x), T::load(simd, y), sums[s]);
            }
            (x, y) = (&x[size..], &y[size..]);
        }
        let [a, b, c, d] = sums;
        sum = T::add_lanes(simd, T::add_lanes(simd, a, b), T::add_lanes(simd, c, d));
    }
    while x.len() >= T::LANES && y.len() >= T::LANES {
        sum = T::mul_add(simd, T::load(simd, x), T::load(simd, y), sum);
        (x, y) = (&x[T::LANES..], &y[T::LANES..]);
    }
    if !x.is_empty() {
        sum = T::mul_add(simd, T::load(simd, x), T::load(simd, y), sum);
    }
    T::sum(simd, sum)
}
