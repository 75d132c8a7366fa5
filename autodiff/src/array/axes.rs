//! A short list with an entry for each axis.

use std::fmt;
use std::ops::{Deref, DerefMut};

/// The number of entries that fit without an allocation.
const INLINE: usize = 4;

/// A short list of sizes, strides or axis numbers, stored inline up to four entries.
///
/// Cloning and comparing handle a fixed array; with `SmallVec`, both took a tenth of a small network's step. The
/// entries come first, without an enum's tag, so that a copy right after a write loads what was stored (store
/// forwarding).
#[derive(Clone, PartialEq, Eq, Hash)]
#[repr(C)]
pub struct Axes<T: Copy> {
    /// The entries followed by zeros; all zeros if the list is spilled. Equal lists therefore have equal fields.
    inline: [T; INLINE],
    len: u64,
    spilled: Option<Box<Spilled<T>>>,
}

/// Entries on the heap, boxed twice so that `Axes` holds a pointer of one word.
#[derive(PartialEq, Eq, Hash)]
struct Spilled<T>(Box<[T]>);

impl<T: Copy> Clone for Spilled<T> {
    #[cold]
    #[inline(never)]
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Copy + Default> Axes<T> {
    #[inline]
    fn inline(entries: [T; INLINE], len: usize) -> Self {
        Self { inline: entries, len: len as u64, spilled: None }
    }

    #[cold]
    fn spilled(entries: Box<[T]>) -> Self {
        Self { inline: [T::default(); INLINE], len: 0, spilled: Some(Box::new(Spilled(entries))) }
    }

    pub(crate) fn repeat(x: T, n: usize) -> Self {
        let mut inline = [T::default(); INLINE];
        match inline.get_mut(..n) {
            Some(used) => {
                used.fill(x);
                Self::inline(inline, n)
            }
            None => Self::spilled(vec![x; n].into()),
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
        Self::inline([T::default(); INLINE], 0)
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
        let (mut inline, mut entries) = ([T::default(); INLINE], entries.into_iter());
        for (n, place) in inline.iter_mut().enumerate() {
            match entries.next() {
                Some(entry) => *place = entry,
                None => return Self::inline(inline, n),
            }
        }
        match entries.next() {
            Some(next) => Self::spilled(inline.into_iter().chain([next]).chain(entries).collect()),
            None => Self::inline(inline, INLINE),
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
        match &self.spilled {
            None => &self.inline[..self.len as usize],
            Some(spilled) => &spilled.0,
        }
    }
}

impl<T: Copy> DerefMut for Axes<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.spilled {
            None => &mut self.inline[..self.len as usize],
            Some(spilled) => &mut spilled.0,
        }
    }
}

impl<T: Copy + fmt::Debug> fmt::Debug for Axes<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
