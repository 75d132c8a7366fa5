//! Programs under load: long chains, large tapes, many training steps, several threads.
//!
//! The largest tests are ignored by default. To run them:
//! `cargo test --release -p tests --test load -- --ignored --nocapture --test-threads 1`.

mod bytes_per_node;
mod long_chains;
mod resident_memory;
mod threads;
