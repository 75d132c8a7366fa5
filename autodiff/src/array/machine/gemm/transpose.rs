//! Copies of transposed matrices, in blocks.

use super::Matrix;

/// The side of a block: it is read in rows, turned in registers, and written in rows.
const SIDE: usize = 4;

type Block<T> = [[T; SIDE]; SIDE];

/// A number whose blocks can be turned.
pub(crate) trait Turn: Copy {
    /// The transposed block.
    #[inline(always)]
    fn turned(block: Block<Self>) -> Block<Self> {
        std::array::from_fn(|i| block.map(|row| row[i]))
    }
}

impl Turn for f64 {}

#[cfg(not(target_arch = "x86_64"))]
impl Turn for f32 {}

// By shuffles, which the compiler does not find by itself: they take 0.6 of the time.
#[cfg(target_arch = "x86_64")]
impl Turn for f32 {
    #[inline(always)]
    fn turned(block: Block<f32>) -> Block<f32> {
        use pulp::{cast, core_arch::x86::Sse};
        let sse = Sse::try_new().expect("every x86_64 has SSE");
        let [a, b, c, d] = block.map(cast);
        let (ab, cd) = (sse._mm_unpacklo_ps(a, b), sse._mm_unpacklo_ps(c, d));
        let (ab_high, cd_high) = (sse._mm_unpackhi_ps(a, b), sse._mm_unpackhi_ps(c, d));
        let low = [sse._mm_movelh_ps(ab, cd), sse._mm_movehl_ps(cd, ab)];
        let high = [sse._mm_movelh_ps(ab_high, cd_high), sse._mm_movehl_ps(cd_high, ab_high)];
        [cast(low[0]), cast(low[1]), cast(high[0]), cast(high[1])]
    }
}

/// Writes a matrix with contiguous columns to `y`, row by row.
pub(super) fn transpose<T: Turn>(y: &mut [T], x: Matrix<'_, T>) {
    let (rows, columns) = (x.rows, x.columns);
    let (whole_rows, whole_columns) = (rows - rows % SIDE, columns - columns % SIDE);
    let block = |i: usize, j: usize| *x.from(i, j).first_chunk().expect("a block lies in the matrix");
    // Each row is cut into blocks before the loop, so that only reads are checked against the bounds.
    for (band, i) in y.chunks_exact_mut((SIDE * columns).max(1)).zip((0..).step_by(SIDE)) {
        let (top, bottom) = band.split_at_mut(2 * columns);
        let ((a, b), (c, d)) = (top.split_at_mut(columns), bottom.split_at_mut(columns));
        let [a, b, c, d] = [a, b, c, d].map(|row| row.as_chunks_mut::<SIDE>().0);
        for ((((a, b), c), d), j) in a.iter_mut().zip(b).zip(c).zip(d).zip((0..).step_by(SIDE)) {
            [*a, *b, *c, *d] = T::turned([block(i, j), block(i, j + 1), block(i, j + 2), block(i, j + 3)]);
        }
    }
    let mut copy = |i: usize, j: usize| y[i * columns + j] = x.from(i, j)[0];
    (whole_rows..rows).for_each(|i| (0..whole_columns).for_each(|j| copy(i, j)));
    (0..rows).for_each(|i| (whole_columns..columns).for_each(|j| copy(i, j)));
}
