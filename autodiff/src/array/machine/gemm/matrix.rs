//! Matrices in slices.

/// A matrix in a slice: element (i, j) is at `i * row_stride + j * column_stride`.
#[derive(Clone, Copy)]
pub struct Matrix<'a, T> {
    pub(crate) data: &'a [T],
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) row_stride: usize,
    pub(crate) column_stride: usize,
}

impl<'a, T> Matrix<'a, T> {
    /// A row-major matrix.
    #[inline]
    pub(crate) fn row_major(data: &'a [T], rows: usize, columns: usize) -> Self {
        Self { data, rows, columns, row_stride: columns, column_stride: 1 }
    }

    #[inline]
    pub(crate) fn transposed(self) -> Self {
        let Self { data, rows, columns, row_stride, column_stride } = self;
        Self { data, rows: columns, columns: rows, row_stride: column_stride, column_stride: row_stride }
    }

    /// Some rows.
    #[inline]
    pub(super) fn rows(self, first: usize, count: usize) -> Self {
        Self { data: self.data.get(first * self.row_stride..).unwrap_or_default(), rows: count, ..self }
    }

    /// The elements from row `i` and column `j` on.
    #[inline(always)]
    pub(super) fn from(&self, i: usize, j: usize) -> &'a [T] {
        &self.data[i * self.row_stride + j * self.column_stride..]
    }
}

/// A product c = a·b, or a·b + addend, for row-major c. The rows of the addend are contiguous; a bias has row stride 0.
#[derive(Clone, Copy)]
pub(crate) struct Product<'a, T> {
    pub(crate) a: Matrix<'a, T>,
    pub(crate) b: Matrix<'a, T>,
    pub(crate) addend: Option<Matrix<'a, T>>,
}

impl<T> Product<'_, T> {
    /// The rows from `first` on.
    #[inline]
    pub(super) fn rows(self, first: usize, count: usize) -> Self {
        Self { a: self.a.rows(first, count), addend: self.addend.map(|addend| addend.rows(first, count)), ..self }
    }

    /// The number of multiply-adds.
    #[inline]
    pub(super) fn work(&self) -> usize {
        self.a.rows * self.a.columns * self.b.columns
    }
}
