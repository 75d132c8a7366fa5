//! Figures of merit for models and codes.
//!
//! One rule holds for all figures: no samples, a NaN in what is measured, and a label that is no class are mistakes, and
//! panic at the caller's line. A figure would turn them into a number.
//!
//! Here belong numbers for people to read. Functions to be differentiated belong to [`loss`](crate::loss). This room
//! may use `loss`, `data`, `optim` and `network`.

mod check;
pub mod metrics;
mod probe;
mod regions;

pub(crate) use check::check_figures;
pub use probe::probe_accuracy;
pub use regions::decision_regions;
