//! A short list with an entry for each axis.

use std::fmt;
use std::ops::{Deref, DerefMut};

/// So many entries fit without an allocation.
const FEW: usize = 4;

/// Sizes, strides or numbers of axes.
///
/// Not a `SmallVec`, whose clone and whose comparison go through loops and calls for any length: a small network's step
/// spent a tenth of its time in them. Here both are those of an array, and the compiler's own.
///
/// The fields stand in this order, and not as an enum, because lists are copied soon after they are written: a copy reads
/// sixteen bytes at a time from the start, and a processor that wrote a tag there, and then an entry, has to wait until
/// both have reached the cache.
#[derive(Clone, PartialEq, Eq, Hash)]
#[repr(C)]
pub struct Axes<T: Copy> {
    /// The entries, and zeros; all zeros if there are many. So equal lists are equal here too.
    few: [T; FEW],
    len: u64,
    many: Option<Box<Many<T>>>,
}

/// More entries than fit. In a box of its own, which takes one word and not two.
#[derive(PartialEq, Eq, Hash)]
struct Many<T>(Box<[T]>);

impl<T: Copy> Clone for Many<T> {
    /// Out of the way: lists are cloned everywhere, and long ones are rare.
    #[cold]
    #[inline(never)]
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Copy + Default> Axes<T> {
    #[inline]
    fn few(few: [T; FEW], len: usize) -> Self {
        Self { few, len: len as u64, many: None }
    }

    #[cold]
    fn many(entries: Box<[T]>) -> Self {
        Self { few: [T::default(); FEW], len: 0, many: Some(Box::new(Many(entries))) }
    }

    pub(crate) fn repeat(x: T, n: usize) -> Self {
        let mut few = [T::default(); FEW];
        match few.get_mut(..n) {
            Some(used) => {
                used.fill(x);
                Self::few(few, n)
            }
            None => Self::many(vec![x; n].into()),
        }
    }

    pub(crate) fn insert(&mut self, axis: usize, x: T) {
        let (before, after) = self.split_at(axis);
        *self = before.iter().copied().chain([x]).chain(after.iter().copied()).collect();
    }

    pub(crate) fn remove(&mut self, axis: usize) {
        let (before, after) = (&self[..axis], &self[axis + 1..]);
        *self = before.iter().chain(after).copied().collect();
    }
}

impl Axes<usize> {
    /// The permutation that undoes this one.
    pub(crate) fn inverse(&self) -> Self {
        let mut inverse = Self::repeat(0, self.len());
        self.iter().enumerate().for_each(|(i, &axis)| inverse[axis] = i);
        inverse
    }
}

impl<T: Copy + Default> Default for Axes<T> {
    fn default() -> Self {
        Self::few([T::default(); FEW], 0)
    }
}

impl<T: Copy + Default> From<&[T]> for Axes<T> {
    #[inline]
    fn from(entries: &[T]) -> Self {
        entries.iter().copied().collect()
    }
}

impl<T: Copy + Default> FromIterator<T> for Axes<T> {
    #[inline]
    fn from_iter<I: IntoIterator<Item = T>>(entries: I) -> Self {
        let (mut few, mut entries) = ([T::default(); FEW], entries.into_iter());
        for (n, place) in few.iter_mut().enumerate() {
            match entries.next() {
                Some(entry) => *place = entry,
                None => return Self::few(few, n),
            }
        }
        match entries.next() {
            Some(next) => Self::many(few.into_iter().chain([next]).chain(entries).collect()),
            None => Self::few(few, FEW),
        }
    }
}

impl<'a, T: Copy> IntoIterator for &'a Axes<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: Copy> Deref for Axes<T> {
    type Target = [T];
    #[inline]
    fn deref(&self) -> &[T] {
        match &self.many {
            None => &self.few[..self.len as usize],
            Some(many) => &many.0,
        }
    }
}

impl<T: Copy> DerefMut for Axes<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.many {
            None => &mut self.few[..self.len as usize],
            Some(many) => &mut many.0,
        }
    }
}

impl<T: Copy + fmt::Debug> fmt::Debug for Axes<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
