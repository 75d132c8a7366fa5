//! The small product by tiles of rows and vectors: c is computed in tiles that stay in registers. For each index of the sum,
//! a tile reads a vector from a row of b and multiplies it by elements of a.

use super::lanes::Lanes;
use super::matrix::Product;
use pulp::Simd;

/// The rows of a tile. With two vectors a row, its twelve sums hide the latency of a multiply-add and fit the sixteen
/// registers of AVX2.
const ROWS: usize = 6;

/// The number of terms that are summed before they are added to the total, which bounds the rounding error.
const TERMS: usize = 256;

/// c = product, for b with contiguous rows.
///
/// The last tile of a row or a column overlaps the one before it, so that all tiles are full: it computes some elements
/// again, with the same bits.
#[inline(always)]
pub(super) fn product<S: Simd, T: Lanes<S>>(simd: S, c: &mut [T], product: Product<'_, T>) {
    let (rows, mut i) = (product.a.rows, 0);
    while i < rows {
        if rows < ROWS {
            row_of_tiles::<S, T, 1>(simd, c, product, i);
            i += 1;
        } else {
            row_of_tiles::<S, T, ROWS>(simd, c, product, i.min(rows - ROWS));
            i += ROWS;
        }
    }
}

/// R rows from row `i` on.
#[inline(always)]
fn row_of_tiles<S: Simd, T: Lanes<S>, const R: usize>(simd: S, c: &mut [T], product: Product<'_, T>, i: usize) {
    let (columns, pair, mut j) = (product.b.columns, 2 * T::LANES, 0);
    if columns < T::LANES {
        return tile::<S, T, R, 1, false>(simd, c, product, i, 0);
    }
    while columns - j > T::LANES && columns >= pair {
        tile::<S, T, R, 2, true>(simd, c, product, i, j.min(columns - pair));
        j = columns.min(j + pair);
    }
    while j < columns {
        tile::<S, T, R, 1, true>(simd, c, product, i, j.min(columns - T::LANES));
        j = columns.min(j + T::LANES);
    }
}

/// R rows from row `i` on, V vectors each from column `j` on.
#[inline(always)]
fn tile<S: Simd, T: Lanes<S>, const R: usize, const V: usize, const FULL: bool>(
    simd: S,
    c: &mut [T],
    Product { a, b, addend }: Product<'_, T>,
    i: usize,
    j: usize,
) {
    let (n, width) = (b.columns, if FULL { V * T::LANES } else { b.columns - j });
    let c = &mut c[i * n..][..R * n];
    let mut sums = [[T::splat(simd, T::default()); V]; R];
    if let Some(addend) = addend {
        for (sums, i) in sums.iter_mut().zip(i..) {
            *sums = load(simd, &addend.data[i * addend.row_stride + j..][..width]);
        }
    }
    // The elements of a that meet row k of b are `stride` apart.
    let (stride, span) = (a.row_stride, (R - 1) * a.row_stride + 1);
    let mut start = 0;
    while start < a.columns {
        let end = a.columns.min(start + TERMS);
        for k in start..end {
            let factors: [T::Vector; V] = load(simd, &b.data[k * b.row_stride + j..][..width]);
            let x = &a.data[i * stride + k * a.column_stride..][..span];
            for r in 0..R {
                let x = T::splat(simd, x[r * stride]);
                for v in 0..V {
                    sums[r][v] = T::mul_add(simd, x, factors[v], sums[r][v]);
                }
            }
        }
        for (row, sums) in c.chunks_exact_mut(n).zip(&mut sums) {
            let y = &mut row[j..][..width];
            if start > 0 {
                let before: [T::Vector; V] = load(simd, y);
                for v in 0..V {
                    sums[v] = T::add_lanes(simd, before[v], sums[v]);
                }
            }
            for v in 0..V {
                T::store(simd, &mut y[v * T::LANES..], sums[v]);
            }
        }
        sums = [[T::splat(simd, T::default()); V]; R];
        start = end;
    }
}

#[inline(always)]
fn load<S: Simd, T: Lanes<S>, const V: usize>(simd: S, row: &[T]) -> [T::Vector; V] {
    let mut vectors = [T::splat(simd, T::default()); V];
    for v in 0..V {
        vectors[v] = T::load(simd, &row[v * T::LANES..]);
    }
    vectors
}
