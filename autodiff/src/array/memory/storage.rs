//! The storage of tensors, with a pool of buffers for each thread.
//!
//! Fresh memory costs more than arithmetic, about 0.3 ns a byte, because the system provides it page by page. A dropped
//! buffer therefore goes to the pool of the thread that dropped it, and is reused. After a few steps, a training loop
//! allocates no buffers.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// The largest number of bytes in a pool; each thread has one pool for each element type.
const MAX_POOL_BYTES: usize = 1 << 30;

/// A shared buffer of elements; clones share the buffer. `None` only while it is dropped.
pub(crate) struct Storage<T>(Option<Arc<Buffer<T>>>);

/// The elements, and the function that returns the buffer to its pool when the last owner drops it.
struct Buffer<T> {
    data: Vec<T>,
    recycle: Option<fn(Arc<Buffer<T>>)>,
}

impl<T> Storage<T> {
    /// Storage that is freed when it is dropped, without a pool.
    pub(crate) fn unpooled(data: Vec<T>) -> Self {
        Self(Some(Arc::new(Buffer { data, recycle: None })))
    }

    /// Whether the buffer has several owners.
    #[inline]
    pub(crate) fn is_shared(&self) -> bool {
        self.0.as_ref().is_some_and(|buffer| Arc::strong_count(buffer) > 1)
    }

    /// The elements for writing, unless the buffer is shared.
    #[inline]
    pub(crate) fn unshared(&mut self) -> Option<&mut Vec<T>> {
        Some(&mut Arc::get_mut(self.0.as_mut()?)?.data)
    }
}

impl<T: Copy + Default + 'static> Storage<T> {
    /// Storage from the pool with `n` arbitrary elements, for overwriting: zeros, or values of an earlier tensor.
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
        &self.0.as_ref().expect("storage has a buffer until it is dropped").data
    }
}

/// For new storage only: panics if the buffer is shared.
impl<T> DerefMut for Storage<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Vec<T> {
        self.unshared().expect("storage that is written is not shared")
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
            let Buffer { data, .. } = Arc::get_mut(&mut buffer).expect("a free buffer has one owner");
            data.resize(n, T::default());
        }
        buffer
    }

    /// Finds a free buffer of at least `n` elements: the most recent of the same class, which is still in the cache, or
    /// any of the next class.
    fn find(&mut self, n: usize) -> Option<Arc<Buffer<T>>> {
        let class = class_of(n);
        let own = &mut self.classes[class];
        match own.iter().rposition(|buffer| buffer.data.capacity() >= n) {
            Some(place) => Some(own.swap_remove(place)),
            None => self.classes.get_mut(class + 1)?.pop(),
        }
    }

    fn give_back(&mut self, buffer: Arc<Buffer<T>>) {
        let capacity = buffer.data.capacity();
        let bytes = self.bytes + capacity * size_of::<T>();
        if capacity > 0 && bytes <= MAX_POOL_BYTES {
            self.bytes = bytes;
            self.classes[class_of(capacity)].push(buffer);
        }
    }
}

#[inline]
fn class_of(n: usize) -> usize {
    n.max(1).ilog2() as usize
}

fn fresh<T: Copy + Default + 'static>(n: usize) -> Arc<Buffer<T>> {
    Arc::new(Buffer { data: vec![T::default(); n], recycle: Some(give) })
}

fn give<T: Copy + Default + 'static>(buffer: Arc<Buffer<T>>) {
    with_pool(|pool| pool.give_back(buffer));
}

thread_local! {
    static SINGLE: RefCell<Pool<f32>> = const { RefCell::new(Pool::EMPTY) };
    static DOUBLE: RefCell<Pool<f64>> = const { RefCell::new(Pool::EMPTY) };
    static OTHERS: RefCell<Vec<Box<dyn Any>>> = const { RefCell::new(Vec::new()) };
}

/// Runs `f` on this thread's pool for an element type, or returns `None` if the thread is ending. A static cannot be
/// generic, so `f32` and `f64` have statics of their own; the compiler resolves the comparison of types.
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
