//! Two threads, of which the second never sleeps: a fork then takes a fraction of a microsecond.

use rayon_core::{ThreadPool, ThreadPoolBuilder, yield_now};

/// Makes the calling thread the first of two. The second looks for work as long as the program runs, which a library
/// must not do, but a limit may.
pub(crate) fn start() -> ThreadPool {
    let pool = ThreadPoolBuilder::new().num_threads(2).use_current_thread().build().expect("two threads");
    pool.spawn(|| {
        while rayon_core::current_thread_index() != Some(0) {
            yield_now();
            std::hint::spin_loop();
        }
    });
    std::thread::sleep(std::time::Duration::from_millis(20)); // or the first thread might take it itself
    pool
}
