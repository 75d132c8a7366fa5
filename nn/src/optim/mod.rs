//! Optimisers: how a gradient changes a model.
//!
//! Here belong the rules that move weights, clipping of gradients, and schedules of learning rates. Losses and the loop
//! over batches do not belong here. This room uses nothing else of this crate.
//!
//! An optimiser's state is a list of tensors, in the order of the model's leaves, and the optimiser is itself a
//! [`Tree`](autodiff::Tree) of them: code that saves a model also saves an optimiser. Its settings are public fields,
//! so a schedule is an assignment: `adam.rate = …`. Settings and counts of steps are its [`Scalars`]. Tensors and scalars
//! together are the whole state, bit for bit.

mod adaptive;
mod clip;
mod lbfgs;
mod optimizer;
mod scalars;
pub mod schedule;
mod sgd;
#[cfg(test)]
mod tests;

pub use adaptive::{Adagrad, Adam, RmsProp};
pub use clip::{clip_norm, clip_value};
pub use lbfgs::Lbfgs;
pub use optimizer::Optimizer;
pub use scalars::Scalars;
pub(crate) use schedule::check_not_negative;
pub use sgd::Sgd;
