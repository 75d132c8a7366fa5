//! The memory of tensors, which is used again and again.
//!
//! Fresh memory costs more than arithmetic: the system hands it out page by page, at about a third of a nanosecond a
//! byte. So the buffers of a thread's tensors go to a pool when nobody holds them any longer, and come back from there:
//! after its first few steps, a training loop asks the system for no buffer any more.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

/// A thread keeps at most so many bytes for each element type.
const LIMIT: usize = 1 << 30;

/// The elements of a tensor, and where they go when it is dropped.
pub(super) struct Storage<T> {
    data: Vec<T>,
    recycle: Option<fn(Vec<T>)>,
}

impl<T> Storage<T> {
    /// Storage that is freed when dropped.
    pub(super) fn once(data: Vec<T>) -> Self {
        Self { data, recycle: None }
    }
}

impl<T: Copy + Default + 'static> Storage<T> {
    /// `n` elements to be written: what they hold is arbitrary. (They have been elements before, or are zeros, so this
    /// is safe; and nothing is spent on clearing what is written over.)
    pub(super) fn recycled(n: usize) -> Self {
        Self { data: with_pool(|pool| pool.take(n)).unwrap_or_else(|| zeros(n)), recycle: Some(give) }
    }
}

impl<T> Deref for Storage<T> {
    type Target = Vec<T>;
    fn deref(&self) -> &Vec<T> {
        &self.data
    }
}

impl<T> DerefMut for Storage<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.data
    }
}

impl<T> Drop for Storage<T> {
    fn drop(&mut self) {
        if let Some(recycle) = self.recycle {
            recycle(std::mem::take(&mut self.data));
        }
    }
}

/// Free buffers, in classes by the binary logarithm of their capacity.
struct Pool<T> {
    classes: Vec<Vec<Vec<T>>>,
    bytes: usize,
}

impl<T: Copy + Default + 'static> Pool<T> {
    fn take(&mut self, n: usize) -> Vec<T> {
        let class = class_of(n);
        // In its own class a buffer may be too small; the last ones given back are warm in the cache. One class up all
        // are large enough.
        let own = self.classes.get_mut(class).and_then(|free| {
            let place = free.iter().rposition(|buffer| buffer.capacity() >= n)?;
            Some(free.swap_remove(place))
        });
        let found = own.or_else(|| self.classes.get_mut(class + 1)?.pop());
        match found {
            Some(mut buffer) => {
                self.bytes -= buffer.capacity() * size_of::<T>();
                buffer.resize(n, T::default());
                buffer
            }
            None => zeros(n),
        }
    }

    fn give(&mut self, buffer: Vec<T>) {
        let bytes = buffer.capacity() * size_of::<T>();
        if bytes == 0 || self.bytes + bytes > LIMIT {
            return;
        }
        let class = class_of(buffer.capacity());
        if self.classes.len() <= class {
            self.classes.resize_with(class + 1, Vec::new);
        }
        self.bytes += bytes;
        self.classes[class].push(buffer);
    }
}

fn class_of(n: usize) -> usize {
    n.max(1).ilog2() as usize
}

fn zeros<T: Copy + Default + 'static>(n: usize) -> Vec<T> {
    vec![T::default(); n]
}

fn give<T: Copy + Default + 'static>(buffer: Vec<T>) {
    with_pool(|pool| pool.give(buffer));
}

thread_local! {
    static POOLS: RefCell<Vec<(TypeId, Box<dyn Any>)>> = const { RefCell::new(Vec::new()) };
}

/// Runs `f` on this thread's pool for an element type; nothing where the thread is ending.
fn with_pool<T: Copy + Default + 'static, R>(f: impl FnOnce(&mut Pool<T>) -> R) -> Option<R> {
    let on_pools = |pools: &RefCell<Vec<(TypeId, Box<dyn Any>)>>| {
        let mut pools = pools.borrow_mut();
        let place = pools.iter().position(|(id, _)| *id == TypeId::of::<T>()).unwrap_or_else(|| {
            pools.push((TypeId::of::<T>(), Box::new(Pool::<T> { classes: Vec::new(), bytes: 0 })));
            pools.len() - 1
        });
        pools[place].1.downcast_mut().map(f)
    };
    POOLS.try_with(on_pools).ok().flatten()
}
