//! A short list with an entry for each axis.

use std::fmt;
use std::ops::{Deref, DerefMut};

/// So many entries fit without an allocation.
const FEW: usize = 4;

/// Sizes, strides or numbers of axes.
///
/// Not a `SmallVec`, whose clone and whose comparison go through loops and calls for any length: a small network's step
/// spent a tenth of its time in them. Here both are those of an array, and the compiler's own.
#[derive(PartialEq, Eq, Hash)]
pub struct Axes<T: Copy>(Entries<T>);

/// A list of one length has one form, so that equal lists are equal here too: what is not used of a few is 0.
#[derive(PartialEq, Eq, Hash)]
enum Entries<T> {
    Few(u8, [T; FEW]),
    Many(Box<[T]>),
}

impl<T: Copy> Clone for Axes<T> {
    #[inline]
    fn clone(&self) -> Self {
        match &self.0 {
            Entries::Few(n, few) => Self(Entries::Few(*n, *few)),
            Entries::Many(many) => clone_many(many),
        }
    }
}

/// Out of the way: shapes are cloned everywhere, and a small step's machine code is to stay in the cache.
#[cold]
#[inline(never)]
fn clone_many<T: Copy>(entries: &[T]) -> Axes<T> {
    Axes(Entries::Many(entries.into()))
}

impl<T: Copy + Default> Axes<T> {
    pub(crate) fn repeat(x: T, n: usize) -> Self {
        let mut few = [T::default(); FEW];
        match few.get_mut(..n) {
            Some(used) => {
                used.fill(x);
                Self(Entries::Few(n as u8, few))
            }
            None => Self(Entries::Many(vec![x; n].into())),
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

impl<T: Copy + Default> Default for Axes<T> {
    fn default() -> Self {
        Self(Entries::Few(0, [T::default(); FEW]))
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
                None => return Self(Entries::Few(n as u8, few)),
            }
        }
        match entries.next() {
            Some(next) => Self(Entries::Many(few.into_iter().chain([next]).chain(entries).collect())),
            None => Self(Entries::Few(FEW as u8, few)),
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
        match &self.0 {
            Entries::Few(n, few) => &few[..usize::from(*n)],
            Entries::Many(many) => many,
        }
    }
}

impl<T: Copy> DerefMut for Axes<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.0 {
            Entries::Few(n, few) => &mut few[..usize::from(*n)],
            Entries::Many(many) => many,
        }
    }
}

impl<T: Copy + fmt::Debug> fmt::Debug for Axes<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
