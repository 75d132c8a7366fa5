//! The offsets in the storage at which rows start.

use crate::array::axes::Axes;

/// The storage offsets of all indices of some axes, in row-major order. The last axis has its own counter, since most
/// steps are along it.
pub(crate) struct Starts {
    /// The next offset, if any remain along the last axis.
    offset: usize,
    /// The number of offsets that remain along the last axis, and the size and stride of that axis.
    remaining: usize,
    len: usize,
    stride: isize,
    /// The axes before the last, and the current index along them.
    outer_sizes: Axes<usize>,
    outer_strides: Axes<isize>,
    outer_index: Axes<usize>,
    is_over: bool,
}

impl Starts {
    pub(crate) fn new(sizes: &[usize], strides: &[isize], offset: usize) -> Self {
        let (&len, outer) = sizes.split_last().unwrap_or((&1, &[]));
        let (&stride, outer_strides) = strides.split_last().unwrap_or((&0, &[]));
        let is_over = sizes.contains(&0);
        Self {
            offset,
            remaining: if is_over { 0 } else { len },
            len,
            stride,
            outer_sizes: outer.into(),
            outer_strides: outer_strides.into(),
            outer_index: Axes::repeat(0, outer.len()),
            is_over,
        }
    }

    /// The offsets after the first `n`, in constant time.
    pub(crate) fn skipping(mut self, n: usize) -> Self {
        if self.is_over {
            return self;
        }
        let (mut outer, along) = (n / self.len, n % self.len);
        self.remaining = self.len - along;
        let mut distance = along as isize * self.stride;
        for axis in (0..self.outer_sizes.len()).rev() {
            self.outer_index[axis] = outer % self.outer_sizes[axis];
            outer /= self.outer_sizes[axis];
            distance += self.outer_index[axis] as isize * self.outer_strides[axis];
        }
        self.offset = self.offset.wrapping_add_signed(distance);
        if outer > 0 {
            (self.remaining, self.is_over) = (0, true);
        }
        self
    }

    /// Moves to the next index along the outer axes; returns whether there is one.
    fn advance_outer(&mut self) -> bool {
        self.offset = self.offset.wrapping_add_signed(-(self.stride * self.len as isize));
        for axis in (0..self.outer_sizes.len()).rev() {
            self.outer_index[axis] += 1;
            if self.outer_index[axis] < self.outer_sizes[axis] {
                self.offset = self.offset.wrapping_add_signed(self.outer_strides[axis]);
                self.remaining = self.len;
                return true;
            }
            self.offset =
                self.offset.wrapping_add_signed(-(self.outer_strides[axis] * (self.outer_sizes[axis] as isize - 1)));
            self.outer_index[axis] = 0;
        }
        self.is_over = true;
        false
    }
}

impl Iterator for Starts {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        if self.remaining == 0 && (self.is_over || !self.advance_outer()) {
            return None;
        }
        self.remaining -= 1;
        let offset = self.offset;
        self.offset = offset.wrapping_add_signed(self.stride);
        Some(offset)
    }
}

#[cfg(test)]
mod tests {
    use super::Starts;

    #[test]
    fn skipping_yields_the_remaining_offsets() {
        for (sizes, strides) in [
            (&[][..], &[][..]),
            (&[3], &[-2]),
            (&[2, 3], &[1, 10]),
            (&[2, 3, 4], &[0, -7, 20]),
            (&[2, 0, 3], &[1, 1, 1]),
        ] {
            let all: Vec<usize> = Starts::new(sizes, strides, 100).collect();
            assert_eq!(all.len(), sizes.iter().product::<usize>());
            for n in 0..all.len() + 2 {
                let rest: Vec<usize> = Starts::new(sizes, strides, 100).skipping(n).collect();
                assert_eq!(rest, all.get(n..).unwrap_or(&[]), "{sizes:?} {strides:?} after {n}");
            }
        }
        let offsets: Vec<usize> = Starts::new(&[2, 3], &[1, 10], 5).collect();
        assert_eq!(offsets, [5, 15, 25, 6, 16, 26]);
    }
}
