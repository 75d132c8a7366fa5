//! Copies of transposed matrices, in blocks.

/// The side of a block: it is read in rows, turned in registers, and written in rows.
const SIDE: usize = 4;

/// Writes a matrix with contiguous columns to `y`, row by row.
pub(super) fn transpose<T: Copy>(y: &mut [T], x: super::Matrix<'_, T>) {
    let (rows, columns) = (x.rows, x.columns);
    let (whole_rows, whole_columns) = (rows - rows % SIDE, columns - columns % SIDE);
    for j in (0..whole_columns).step_by(SIDE) {
        for i in (0..whole_rows).step_by(SIDE) {
            let block: [&[T; SIDE]; SIDE] =
                std::array::from_fn(|c| x.from(i, j + c).first_chunk().expect("a block lies in the matrix"));
            for r in 0..SIDE {
                let row = y[(i + r) * columns + j..].first_chunk_mut().expect("a block lies in the matrix");
                *row = block.map(|column| column[r]);
            }
        }
    }
    let mut copy = |i: usize, j: usize| y[i * columns + j] = x.from(i, j)[0];
    (whole_rows..rows).for_each(|i| (0..whole_columns).for_each(|j| copy(i, j)));
    (0..rows).for_each(|i| (whole_columns..columns).for_each(|j| copy(i, j)));
}
