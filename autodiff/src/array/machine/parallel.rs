//! Loops divided among threads by fork and join: each half is halved again while it is large enough.
//!
//! Only the results are divided, never the terms of one result, so the bits do not depend on the number of threads.
//!
//! The threads are those of `rayon-core`, which has a safe interface. A member of its pool takes back a half that no
//! worker has started, so a fork costs 0.03 µs. From outside a pool it costs 15 µs, so the calling thread joins a pool.
//!
//! Idle workers poll for a while before they sleep, and so does the caller. On two cores, two halves of 50 µs then take
//! 50.3 µs, against 110 µs with a sleeping worker.

use rayon_core::{ThreadPool, ThreadPoolBuilder, Yield};
use std::hint::spin_loop;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::thread::{available_parallelism, yield_now};

/// The least work that is divided among threads, in elements of a cheap loop; it takes about 8 µs.
pub(crate) const MIN_PARALLEL_WORK: usize = 1 << 16;
/// The cost of an element in a loop with many operations, in elements of a cheap loop.
pub(crate) const FUNCTION: usize = 4;
/// The multiple of elements at which loops are divided: at least a cache line, so that no two threads share one.
pub(crate) const CACHE_LINE: usize = 64;
/// The number of times that an idle worker polls for work before it sleeps, over about 0.25 ms.
const IDLE_POLLS: usize = 4000;

/// The largest number of threads, unless the machine runs more at once. Starting thousands would take seconds.
const MAX_THREADS: usize = 256;

/// The number of threads; 0 until it is set or first read.
static THREADS: AtomicUsize = AtomicUsize::new(0);

/// Sets the number of threads that compute on large tensors, for the whole process.
///
/// The default, also chosen by 0, is the number of threads that the machine can run at once. With 1, no thread is
/// started. A number above 256 counts as 256, or as the default if that is larger. The bits of a result do not depend on
/// the number.
///
/// Each thread that computes on large tensors has its own workers, which sleep while they are idle. A program that runs
/// many such threads itself is therefore faster with 1. A thread that belongs to a rayon pool uses that pool's workers.
///
/// A thread starts its workers with its first large tensor and keeps them. A number that is set later applies to other
/// threads; only 1 applies to every thread, whose workers then sleep. So call this function first.
///
/// ```
/// autodiff::set_threads(1);
/// assert_eq!(autodiff::threads(), 1);
/// ```
pub fn set_threads(n: usize) {
    THREADS.store(n.min(MAX_THREADS.max(available())), Ordering::Relaxed);
}

/// The number of threads that the machine can run at once.
fn available() -> usize {
    available_parallelism().map_or(1, |n| n.get())
}

/// The number of threads that compute on large tensors.
pub fn threads() -> usize {
    if THREADS.load(Ordering::Relaxed) == 0 {
        // Keep a number that another thread has set meanwhile.
        let _ = THREADS.compare_exchange(0, available(), Ordering::Relaxed, Ordering::Relaxed);
    }
    THREADS.load(Ordering::Relaxed).max(1)
}

/// Runs `f` on pieces of `y`, each with its start; pieces are whole multiples of `unit`. `work` is the total cost, in
/// elements of a cheap loop.
#[inline]
pub(crate) fn pieces<T: Send>(y: &mut [T], unit: usize, work: usize, f: impl Fn(usize, &mut [T]) + Sync) {
    match work < MIN_PARALLEL_WORK {
        true => f(0, y),
        false => divide(y, 0, unit, work, &f),
    }
}

fn divide<T: Send>(y: &mut [T], start: usize, unit: usize, work: usize, f: &(dyn Fn(usize, &mut [T]) + Sync)) {
    let middle = if work < MIN_PARALLEL_WORK { 0 } else { y.len() / unit / 2 * unit };
    if middle == 0 {
        return f(start, y);
    }
    let (left, right) = y.split_at_mut(middle);
    let half = work / 2;
    join(work, || divide(left, start, unit, half, f), || divide(right, start + middle, unit, half, f));
}

/// Runs two closures, in parallel if their total `work` is large enough.
pub(crate) fn join<A: Send, B: Send>(
    work: usize,
    a: impl FnOnce() -> A + Send,
    b: impl FnOnce() -> B + Send,
) -> (A, B) {
    if work < MIN_PARALLEL_WORK || team_size() == 1 {
        return (a(), b());
    }
    let ((mut a, mut b), (mut x, mut y)) = ((Some(a), Some(b)), (None, None));
    fork(&mut || x = a.take().map(|a| a()), &mut || y = b.take().map(|b| b()));
    x.zip(y).expect("both closures were run")
}

// Takes trait objects, as `divide` does: generic forks would be half of the crate's machine code.
fn fork(a: &mut (dyn FnMut() + Send), b: &mut (dyn FnMut() + Send)) {
    let state_of_b = AtomicU8::new(0); // 1: running, 2: finished
    let set = |state: u8| state_of_b.store(state, Ordering::Release);
    let wait = || (0..IDLE_POLLS).take_while(|_| state_of_b.load(Ordering::Acquire) == 1).for_each(pause);
    let a = || {
        a();
        wait(); // otherwise rayon would put this thread to sleep
    };
    let b = || {
        set(1);
        b();
        set(2);
    };
    rayon_core::join(a, b);
}

/// The number of threads among which this thread can divide its work. Wakes them.
pub(crate) fn team_size() -> usize {
    let n = threads();
    if n == 1 {
        return 1;
    }
    let ready = TEAM.try_with(|team| team.get_or_init(|| Team::new(n)).as_ref().map(Team::keep_awake));
    match ready.is_ok() && rayon_core::current_thread_index().is_some() {
        true => n,
        false => 1, // this thread is ending, or no thread could be started
    }
}

thread_local! {
    static TEAM: std::cell::OnceCell<Option<Team>> = const { std::cell::OnceCell::new() };
}

/// A pool whose first member is the calling thread.
struct Team {
    pool: ThreadPool,
    awake: Arc<AtomicUsize>,
}

impl Team {
    /// A team for this thread, or `None` if it already belongs to a pool or no thread could be started.
    fn new(n: usize) -> Option<Self> {
        if rayon_core::current_thread_index().is_some() {
            return None;
        }
        let pool = ThreadPoolBuilder::new().num_threads(n).use_current_thread().build().ok()?;
        Some(Self { pool, awake: Arc::default() })
    }

    fn keep_awake(&self) {
        while self.awake.load(Ordering::Relaxed) + 1 < self.pool.current_num_threads() {
            self.awake.fetch_add(1, Ordering::Relaxed);
            let awake = self.awake.clone();
            rayon_core::spawn(move || {
                poll_for_work();
                awake.fetch_sub(1, Ordering::Relaxed);
            });
        }
    }
}

/// Runs jobs until the thread has been idle for a while. Returns at once on a team's first member, the caller.
fn poll_for_work() {
    let mut polls = if rayon_core::current_thread_index() == Some(0) { IDLE_POLLS } else { 0 };
    while polls < IDLE_POLLS {
        polls = match rayon_core::yield_now() {
            Some(Yield::Executed) => 0,
            _ => polls + 1,
        };
        pause(polls);
    }
}

/// Waits for a moment; every 16th time yields the core to other threads.
fn pause(poll: usize) {
    if poll % 16 == 15 { yield_now() } else { spin_loop() }
}
