//! The places at which rows start.

use crate::array::axes::Axes;

/// Counts through all indices of some axes, giving the place in the storage for each. The last axis is counted for itself:
/// most steps are along it, and take a few instructions.
pub(crate) struct Starts {
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
    pub(crate) fn new(sizes: &[usize], strides: &[isize], offset: usize) -> Self {
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
    pub(crate) fn after(mut self, n: usize) -> Self {
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
