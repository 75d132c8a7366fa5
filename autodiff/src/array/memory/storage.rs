//! The memory of tensors, which is used again and again.
//!
//! Fresh memory costs more than arithmetic: the system hands it out page by page, at about a third of a nanosecond a
//! byte. So the buffers of a thread's tensors go to a pool when nobody holds them any longer, and come back from there:
//! after its first few steps, a training loop asks the system for no buffer any more.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A thread keeps at most so many bytes for each element type.
const LIMIT: usize = 1 << 30;

/// The elements of tensors: clones share them. They are absent only while they are dropped.
pub(crate) struct Storage<T>(Option<Arc<Buffer<T>>>);

/// The elements, and where they go when nobody holds them any longer, together with this record of them.
struct Buffer<T> {
    data: Vec<T>,
    recycle: Option<fn(Arc<Buffer<T>>)>,
}

impl<T> Storage<T> {
    /// Storage that is freed when dropped.
    pub(crate) fn once(data: Vec<T>) -> Self {
        Self(Some(Arc::new(Buffer { data, recycle: None })))
    }

    /// Whether somebody else holds them too.
    #[inline]
    pub(crate) fn is_shared(&self) -> bool {
        self.0.as_ref().is_some_and(|buffer| Arc::strong_count(buffer) > 1)
    }

    /// The elements to be written, if nobody else holds them.
    #[inline]
    pub(crate) fn unshared(&mut self) -> Option<&mut Vec<T>> {
        Some(&mut Arc::get_mut(self.0.as_mut()?)?.data)
    }
}

impl<T: Copy + Default + 'static> Storage<T> {
    /// `n` elements to be written: what they hold is arbitrary. (They have been elements before, or are zeros, so this
    /// is safe; and nothing is spent on clearing what is written over.)
    pub(crate) fn recycled(n: usize) -> Self {
        Self(Some(with_pool(|pool| pool.take(n)).unwrap_or_else(|| fresh(n))))
    }
}

impl<T> Clone for Storage<T> {
    #[inline]
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Deref for Storage<T> {
    type Target = Vec<T>;
    #[inline]
    fn deref(&self) -> &Vec<T> {
        &self.0.as_ref().expect("present until it is dropped").data
    }
}

/// Only for what was just made: it panics where the elements are shared.
impl<T> DerefMut for Storage<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Vec<T> {
        self.unshared().expect("storage is written before it is shared")
    }
}

impl<T> Drop for Storage<T> {
    #[inline]
    fn drop(&mut self) {
        if let Some(buffer) = self.0.take()
            && let Some(recycle) = buffer.recycle
            && Arc::strong_count(&buffer) == 1
        {
            recycle(buffer);
        }
    }
}

/// Free buffers, in classes by the binary logarithm of their capacity.
struct Pool<T> {
    classes: [Vec<Arc<Buffer<T>>>; usize::BITS as usize],
    bytes: usize,
}

impl<T> Pool<T> {
    const EMPTY: Self = Self { classes: [const { Vec::new() }; usize::BITS as usize], bytes: 0 };
}

impl<T: Copy + Default + 'static> Pool<T> {
    fn take(&mut self, n: usize) -> Arc<Buffer<T>> {
        let Some(mut buffer) = self.find(n) else { return fresh(n) };
        self.bytes -= buffer.data.capacity() * size_of::<T>();
        if buffer.data.len() != n {
            let Buffer { data, .. } = Arc::get_mut(&mut buffer).expect("nobody holds a free buffer");
            data.resize(n, T::default());
        }
        buffer
    }

    /// In its own class a buffer may be too small; the last ones given back are warm in the cache. One class up all are
    /// large enough.
    fn find(&mut self, n: usize) -> Option<Arc<Buffer<T>>> {
        let class = class_of(n);
        let own = &mut self.classes[class];
        match own.iter().rposition(|buffer| buffer.data.capacity() >= n) {
            Some(place) => Some(own.swap_remove(place)),
            None => self.classes.get_mut(class + 1)?.pop(),
        }
    }

    fn give(&mut self, buffer: Arc<Buffer<T>>) {
        let capacity = buffer.data.capacity();
        let bytes = self.bytes + capacity * size_of::<T>();
        if capacity > 0 && bytes <= LIMIT {
            self.bytes = bytes;
            self.classes[class_of(capacity)].push(buffer);
        }
    }
}

#[inline(always)]
fn class_of(n: usize) -> usize {
    n.max(1).ilog2() as usize
}

fn fresh<T: Copy + Default + 'static>(n: usize) -> Arc<Buffer<T>> {
    Arc::new(Buffer { data: vec![T::default(); n], recycle: Some(give) })
}

fn give<T: Copy + Default + 'static>(buffer: Arc<Buffer<T>>) {
    with_pool(|pool| pool.give(buffer));
}

thread_local! {
    static SINGLE: RefCell<Pool<f32>> = const { RefCell::new(Pool::EMPTY) };
    static DOUBLE: RefCell<Pool<f64>> = const { RefCell::new(Pool::EMPTY) };
    static OTHERS: RefCell<Vec<Box<dyn Any>>> = const { RefCell::new(Vec::new()) };
}

/// Runs `f` on this thread's pool for an element type; nothing where the thread is ending. (A static cannot be generic. But
/// which of these it is, is known when this is compiled for a type; so the pools of nearly all tensors are not searched
/// for.)
fn with_pool<T: Copy + Default + 'static, R>(f: impl FnOnce(&mut Pool<T>) -> R) -> Option<R> {
    let on = |pool: &mut dyn Any| pool.downcast_mut().map(f);
    if TypeId::of::<T>() == TypeId::of::<f32>() {
        SINGLE.try_with(|pool| on(&mut *pool.borrow_mut())).ok()?
    } else if TypeId::of::<T>() == TypeId::of::<f64>() {
        DOUBLE.try_with(|pool| on(&mut *pool.borrow_mut())).ok()?
    } else {
        OTHERS.try_with(|pools| on(pool_among::<T>(&mut pools.borrow_mut()))).ok()?
    }
}

fn pool_among<T: 'static>(pools: &mut Vec<Box<dyn Any>>) -> &mut dyn Any {
    let place = pools.iter().position(|pool| pool.is::<Pool<T>>()).unwrap_or_else(|| {
        pools.push(Box::new(Pool::<T>::EMPTY));
        pools.len() - 1
    });
    &mut *pools[place]
}
