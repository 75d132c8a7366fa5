//! A pool of two threads. The second never sleeps, so a fork takes a fraction of a microsecond.

use rayon_core::{ThreadPool, ThreadPoolBuilder, yield_now};

/// Makes the calling thread the first of a pool of two. The second spins until the program ends: a library must not do
/// that, but a lower bound on the time may.
pub(crate) fn start() -> ThreadPool {
    let pool = ThreadPoolBuilder::new().num_threads(2).use_current_thread().build().expect("two threads");
    pool.spawn(|| {
        while rayon_core::current_thread_index() != Some(0) {
            yield_now();
            std::hint::spin_loop();
        }
    });
    std::thread::sleep(std::time::Duration::from_millis(20)); // otherwise the first thread might steal the spinning job
    pool
}
