//! Loops shared among threads: one work in two halves, each half again, as long as a half is worth it.
//!
//! Only results are split, never what one of them adds up; so the bits do not depend on the number of threads.
//!
//! `rayon-core` was chosen among the fork-join crates with a safe interface: a thread that is a member of its pool
//! takes back what nobody has begun, so that a fork costs 0.03 µs and never more than it saves, whatever else runs on
//! the machine. (From outside of a pool it is 15 µs: so the calling thread joins one.) What rayon lacks for loops of
//! some microseconds is added here: a worker stays awake for a while, and the caller does not fall asleep either. On
//! two cores two halves of 50 µs take 50.3 µs then, and 110 where the worker had gone to sleep.

use rayon_core::{ThreadPool, ThreadPoolBuilder, Yield};
use std::hint::spin_loop;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::thread::{available_parallelism, yield_now};

/// The least work to be shared, in elements of a cheap loop: it takes some 8 µs.
pub(crate) const SHARED: usize = 1 << 16;
/// What an element of a loop with many operations costs, in elements of a cheap loop.
pub(crate) const FUNCTION: usize = 4;
/// Elements that are never written by two threads: more than a line of the cache.
pub(crate) const LINE: usize = 64;
/// How often an idle worker looks for work before it sleeps: for about a quarter of a millisecond.
const LOOKS: usize = 4000;

/// Zero stands for «as many as the machine can run at once».
static THREADS: AtomicUsize = AtomicUsize::new(0);

/// Sets how many threads compute on large tensors, for the whole process; with 1 none is ever started. Without a call,
/// and with 0, they are as many as the machine can run at once.
///
/// Results are the same bits for any number. Each thread that computes on large tensors has workers of its own, which
/// sleep while there is nothing to do; so a program that runs many such threads itself is faster with 1. On a thread
/// that belongs to a rayon pool, that pool's workers are used.
///
/// ```
/// autodiff::set_threads(1);
/// assert_eq!(autodiff::threads(), 1);
/// ```
pub fn set_threads(n: usize) {
    THREADS.store(n, Ordering::Relaxed);
}

/// How many threads compute on large tensors.
pub fn threads() -> usize {
    if THREADS.load(Ordering::Relaxed) == 0 {
        let n = available_parallelism().map_or(1, |n| n.get());
        // A number that was set meanwhile stays.
        let _ = THREADS.compare_exchange(0, n, Ordering::Relaxed, Ordering::Relaxed);
    }
    THREADS.load(Ordering::Relaxed).max(1)
}

/// Runs `f` on pieces of `y` that are whole multiples of `unit`, each with the place where it starts. `work` is that of
/// all of it, in elements of a cheap loop.
#[inline]
pub(crate) fn pieces<T: Send>(y: &mut [T], unit: usize, work: usize, f: impl Fn(usize, &mut [T]) + Sync) {
    match work < SHARED {
        true => f(0, y), // at no cost, since most arrays are small
        false => halves(y, 0, unit, work, &f),
    }
}

fn halves<T: Send>(y: &mut [T], start: usize, unit: usize, work: usize, f: &(dyn Fn(usize, &mut [T]) + Sync)) {
    let middle = if work < SHARED { 0 } else { y.len() / unit / 2 * unit };
    if middle == 0 {
        return f(start, y);
    }
    let (left, right) = y.split_at_mut(middle);
    let half = work / 2;
    both(work, || halves(left, start, unit, half, f), || halves(right, start + middle, unit, half, f));
}

/// Runs two closures, at the same time if their work together is worth it.
pub(crate) fn both<A: Send, B: Send>(
    work: usize,
    a: impl FnOnce() -> A + Send,
    b: impl FnOnce() -> B + Send,
) -> (A, B) {
    if work < SHARED || team() == 1 {
        return (a(), b());
    }
    let ((mut a, mut b), (mut x, mut y)) = ((Some(a), Some(b)), (None, None));
    fork(&mut || x = a.take().map(|a| a()), &mut || y = b.take().map(|b| b()));
    x.zip(y).expect("both were run")
}

/// Not generic, nor is `halves` in what it runs: rayon's share of each fork would be half of this crate's machine code.
fn fork(a: &mut (dyn FnMut() + Send), b: &mut (dyn FnMut() + Send)) {
    let begun = AtomicU8::new(0);
    let end = |state: u8| begun.store(state, Ordering::Release);
    let wait = || (0..LOOKS).take_while(|_| begun.load(Ordering::Acquire) == 1).for_each(pause);
    let a = || {
        a();
        wait(); // or rayon would put this thread to sleep
    };
    let b = || {
        end(1);
        b();
        end(2);
    };
    rayon_core::join(a, b);
}

/// With how many threads this one may share its work. They are awake then, or about to be.
pub(crate) fn team() -> usize {
    let n = threads();
    if n == 1 {
        return 1;
    }
    let ready = TEAM.try_with(|team| team.get_or_init(|| Team::new(n)).as_ref().map(Team::keep_awake));
    match ready.is_ok() && rayon_core::current_thread_index().is_some() {
        true => n,
        false => 1, // the thread is ending, or no thread could be started
    }
}

thread_local! {
    static TEAM: std::cell::OnceCell<Option<Team>> = const { std::cell::OnceCell::new() };
}

/// The workers of one thread, itself their first.
struct Team {
    pool: ThreadPool,
    awake: Arc<AtomicUsize>,
}

impl Team {
    /// No team where the thread belongs to a pool already, or where the system gives no threads.
    fn new(n: usize) -> Option<Self> {
        if rayon_core::current_thread_index().is_some() {
            return None;
        }
        let pool = ThreadPoolBuilder::new().num_threads(n).use_current_thread().build().ok()?;
        Some(Self { pool, awake: Arc::default() })
    }

    /// Sees to it that each worker is looking for work, and not asleep.
    fn keep_awake(&self) {
        while self.awake.load(Ordering::Relaxed) + 1 < self.pool.current_num_threads() {
            self.awake.fetch_add(1, Ordering::Relaxed);
            let awake = self.awake.clone();
            rayon_core::spawn(move || {
                look_for_work();
                awake.fetch_sub(1, Ordering::Relaxed);
            });
        }
    }
}

/// Works, and looks for work, until there was none for a while. The first member of a team has better to do.
fn look_for_work() {
    let mut looks = if rayon_core::current_thread_index() == Some(0) { LOOKS } else { 0 };
    while looks < LOOKS {
        looks = match rayon_core::yield_now() {
            Some(Yield::Executed) => 0,
            _ => looks + 1,
        };
        pause(looks);
    }
}

/// A moment's wait: mostly a short one, and at times one in which other threads may run on this core.
fn pause(look: usize) {
    if look % 16 == 15 { yield_now() } else { spin_loop() }
}
