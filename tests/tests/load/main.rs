//! What a program meets that runs for long: long chains, large tapes, many steps, several threads.
//!
//! The large ones: `cargo test --release -p tests --test load -- --ignored --nocapture --test-threads 1`.

mod bytes_per_node;
mod long_chains;
mod resident_memory;
mod threads;
