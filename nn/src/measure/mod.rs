//! Figures of merit for models and codes.
//!
//! Here belong numbers for people to read. Functions to be differentiated belong to [`loss`](crate::loss). This room
//! may use `loss`, `data`, `optim` and `network`.

pub mod metrics;
mod probe;

pub use probe::probe_accuracy;
