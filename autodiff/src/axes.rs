//! A short list with an entry for each axis.

use smallvec::SmallVec;
use std::fmt;
use std::ops::{Deref, DerefMut};

/// Sizes, strides or numbers of axes; four fit without an allocation.
///
/// A `SmallVec` whose clone is one copy of its bytes: its own clone goes element by element, which was a tenth of the
/// time of a small network's step.
#[derive(PartialEq, Eq, Hash, Default)]
pub struct Axes<T: Copy>(SmallVec<[T; 4]>);

impl<T: Copy> Axes<T> {
    pub(crate) fn repeat(x: T, n: usize) -> Self {
        Self(SmallVec::from_elem(x, n))
    }

    pub(crate) fn insert(&mut self, axis: usize, x: T) {
        self.0.insert(axis, x);
    }

    pub(crate) fn remove(&mut self, axis: usize) {
        self.0.remove(axis);
    }
}

impl<T: Copy> Clone for Axes<T> {
    #[inline]
    fn clone(&self) -> Self {
        Self(SmallVec::from_slice(&self.0))
    }
}

impl<T: Copy> From<&[T]> for Axes<T> {
    #[inline]
    fn from(entries: &[T]) -> Self {
        Self(SmallVec::from_slice(entries))
    }
}

impl<T: Copy> FromIterator<T> for Axes<T> {
    fn from_iter<I: IntoIterator<Item = T>>(entries: I) -> Self {
        let mut axes = SmallVec::new();
        for entry in entries {
            axes.push(entry);
        }
        Self(axes)
    }
}

impl<'a, T: Copy> IntoIterator for &'a Axes<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: Copy> Deref for Axes<T> {
    type Target = [T];
    #[inline]
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Copy> DerefMut for Axes<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<T: Copy + fmt::Debug> fmt::Debug for Axes<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
