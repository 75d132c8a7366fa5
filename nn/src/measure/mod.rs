//! Figures that say how good a model or a code is.
//!
//! Here belong numbers for people to read. What is differentiated is a [`loss`](crate::loss). This room may use `loss`,
//! `data`, `optim` and `network`.

pub mod metrics;
mod probe;

pub use probe::probe_accuracy;
