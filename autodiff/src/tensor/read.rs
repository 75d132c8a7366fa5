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

/// Counts through all indices of some axes, giving the place in the storage for each.
pub(super) struct Starts {
    sizes: Axes<usize>,
    strides: Axes<isize>,
    index: Axes<usize>,
    place: Option<usize>,
}

impl Starts {
    pub(super) fn new(sizes: &[usize], strides: &[isize], offset: usize) -> Self {
        let place = (!sizes.contains(&0)).then_some(offset);
        Self { sizes: sizes.into(), strides: strides.into(), index: Axes::repeat(0, sizes.len()), place }
    }
}

impl Starts {
    /// The places after the first `n`, which are passed over at once.
    pub(super) fn after(mut self, n: usize) -> Self {
        let mut left = n;
        for axis in (0..self.sizes.len()).rev() {
            self.index[axis] = left.checked_rem(self.sizes[axis]).unwrap_or(0);
            left = left.checked_div(self.sizes[axis]).unwrap_or(0);
        }
        let distance: isize = self.index.iter().zip(&self.strides).map(|(&i, stride)| i as isize * stride).sum();
        self.place = self.place.filter(|_| left == 0).map(|place| place.wrapping_add_signed(distance));
        self
    }
}

impl Iterator for Starts {
    type Item = usize;
    fn next(&mut self) -> Option<usize> {
        let place = self.place.take()?;
        let mut next = place;
        for axis in (0..self.sizes.len()).rev() {
            self.index[axis] += 1;
            if self.index[axis] < self.sizes[axis] {
                self.place = Some(next.wrapping_add_signed(self.strides[axis]));
                break;
            }
            next = next.wrapping_add_signed(-(self.strides[axis] * (self.sizes[axis] as isize - 1)));
            self.index[axis] = 0;
        }
        Some(place)
    }
}
