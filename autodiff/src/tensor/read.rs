//! Reading elements.

use super::Tensor;
use crate::axes::Axes;

impl<T> Tensor<T> {
    /// The place in the storage of the element at an index.
    fn place(&self, index: &[usize]) -> Option<usize> {
        let inside = index.len() == self.shape.rank() && index.iter().zip(&*self.shape).all(|(i, size)| i < size);
        if inside { self.offset.checked_add_signed(self.distance(index)) } else { None }
    }

    /// The element at an index, or `None` outside of the shape.
    pub fn get(&self, index: &[usize]) -> Option<&T> {
        self.place(index).map(|place| &self.data[place])
    }

    /// Starts of the longest rows that one stride leads through, in row-major order, with their length and stride: the
    /// last axis, and those before it that go on where it ends.
    pub(super) fn rows(&self) -> (Starts, usize, isize) {
        let strides = self.strides();
        let (mut outer, mut len, mut stride) = (self.shape.rank(), 1, 1);
        while let Some(axis) = outer.checked_sub(1) {
            match (self.shape[axis], strides[axis]) {
                (1, _) => {}
                (size, step) if len == 1 => (len, stride) = (size, step),
                (size, step) if step == stride * len as isize => len *= size,
                _ => break,
            }
            outer = axis;
        }
        (Starts::new(&self.shape[..outer], &strides[..outer], self.offset), len, stride)
    }

    /// Starts of the rows along the last axis, in row-major order, with the length and the stride of a row.
    pub(super) fn last_axis(&self) -> (impl Iterator<Item = usize>, usize, isize) {
        let strides = self.strides();
        let (outer, len, stride) = match self.shape.rank() {
            0 => (0, 1, 1),
            rank => (rank - 1, self.shape[rank - 1], strides[rank - 1]),
        };
        let starts = Starts::new(&self.shape[..outer], &strides[..outer], self.offset);
        (starts, len, stride)
    }

    /// All elements by reference, in row-major order.
    pub(super) fn refs(&self) -> impl Iterator<Item = &T> {
        let (starts, len, stride) = self.rows();
        starts.flat_map(move |start| (0..len).map(move |i| &self.data[start.wrapping_add_signed(i as isize * stride)]))
    }
}

impl<T: Clone> Tensor<T> {
    /// The single element.
    ///
    /// # Panics
    /// If there is not exactly one.
    #[track_caller]
    pub fn item(&self) -> T {
        match self.size() {
            1 => self.data[self.offset].clone(),
            n => panic!("item: {}: one element was expected, not {n}", self.shape),
        }
    }

    /// The elements in row-major order.
    pub fn iter(&self) -> impl Iterator<Item = T> {
        self.refs().cloned()
    }

    /// A tensor of the same shape with `f` of each element.
    pub fn map<U>(&self, f: impl FnMut(&T) -> U) -> Tensor<U> {
        Tensor::contiguous_from(self.shape.clone(), self.refs().map(f).collect())
    }
}

impl<T> std::ops::Index<&[usize]> for Tensor<T> {
    type Output = T;
    #[track_caller]
    fn index(&self, index: &[usize]) -> &T {
        match self.get(index) {
            Some(element) => element,
            None => panic!("index {index:?} is outside of shape {}", self.shape),
        }
    }
}

impl<T, const N: usize> std::ops::Index<[usize; N]> for Tensor<T> {
    type Output = T;
    #[track_caller]
    fn index(&self, index: [usize; N]) -> &T {
        &self[&index[..]]
    }
}

impl<T: PartialEq> PartialEq for Tensor<T> {
    fn eq(&self, other: &Self) -> bool {
        self.shape == other.shape && self.refs().eq(other.refs())
    }
}

/// Counts through all indices of some axes, giving the place in the storage for each. The last axis is counted for itself:
/// most steps are along it, and take a few instructions.
pub(super) struct Starts {
    /// The next place, if any is left along the last axis, and how far from each other they are.
    place: usize,
    left: usize,
    step: isize,
    /// The axes before the last, and where on them the count is.
    sizes: Axes<usize>,
    strides: Axes<isize>,
    index: Axes<usize>,
    /// The size of the last axis.
    len: usize,
    is_over: bool,
}

impl Starts {
    pub(super) fn new(sizes: &[usize], strides: &[isize], offset: usize) -> Self {
        let (&len, outer) = sizes.split_last().unwrap_or((&1, &[]));
        let (&step, strides) = strides.split_last().unwrap_or((&0, &[]));
        let is_over = sizes.contains(&0);
        Self {
            place: offset,
            left: if is_over { 0 } else { len },
            step,
            sizes: outer.into(),
            strides: strides.into(),
            index: Axes::repeat(0, outer.len()),
            len,
            is_over,
        }
    }

    /// The places after the first `n`, which are passed over at once.
    pub(super) fn after(mut self, n: usize) -> Self {
        if self.is_over {
            return self;
        }
        let (mut turns, along) = (n / self.len, n % self.len);
        self.left = self.len - along;
        let mut distance = along as isize * self.step;
        for axis in (0..self.sizes.len()).rev() {
            self.index[axis] = turns % self.sizes[axis];
            turns /= self.sizes[axis];
            distance += self.index[axis] as isize * self.strides[axis];
        }
        self.place = self.place.wrapping_add_signed(distance);
        if turns > 0 {
            (self.left, self.is_over) = (0, true);
        }
        self
    }

    /// Goes on along the axes before the last, if there is more.
    fn turn(&mut self) -> bool {
        self.place = self.place.wrapping_add_signed(-(self.step * self.len as isize));
        for axis in (0..self.sizes.len()).rev() {
            self.index[axis] += 1;
            if self.index[axis] < self.sizes[axis] {
                self.place = self.place.wrapping_add_signed(self.strides[axis]);
                self.left = self.len;
                return true;
            }
            self.place = self.place.wrapping_add_signed(-(self.strides[axis] * (self.sizes[axis] as isize - 1)));
            self.index[axis] = 0;
        }
        self.is_over = true;
        false
    }
}

impl Iterator for Starts {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        if self.left == 0 && (self.is_over || !self.turn()) {
            return None;
        }
        self.left -= 1;
        let place = self.place;
        self.place = place.wrapping_add_signed(self.step);
        Some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::Starts;

    #[test]
    fn places_after_some_are_those_that_come_then() {
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
                let rest: Vec<usize> = Starts::new(sizes, strides, 100).after(n).collect();
                assert_eq!(rest, all.get(n..).unwrap_or(&[]), "{sizes:?} {strides:?} after {n}");
            }
        }
        let places: Vec<usize> = Starts::new(&[2, 3], &[1, 10], 5).collect();
        assert_eq!(places, [5, 15, 25, 6, 16, 26]);
    }
}
