//! Optimisers: how a gradient changes a model.
//!
//! Here belong the rules that move weights, clipping of gradients, and schedules of learning rates. Losses and the loop
//! over batches do not belong here. This room uses nothing else of this crate.
//!
//! All optimisers are made by the same convention: `new` takes what has no default, and methods change the rest, as in
//! `Sgd::new(0.1).momentum(0.9)`. Each setting is checked where it is given. A schedule calls
//! [`set_rate`](Optimizer::set_rate).
//!
//! [`Groups`] wraps any optimiser to freeze parts of a model, or to treat them with other settings.
//!
//! The first step makes the tensors of the state, so an optimiser is made without a model. Its [`State`] is everything
//! that decides the next step, bit for bit.

mod adaptive;
mod clip;
mod groups;
mod lbfgs;
mod optimizer;
mod part;
pub mod schedule;
#[cfg(feature = "serde")]
mod serde;
mod sgd;
mod state;
#[cfg(test)]
mod tests;

pub use adaptive::{Adagrad, Adam, RmsProp};
pub use clip::{clip_norm, clip_value};
pub use groups::Groups;
pub use lbfgs::Lbfgs;
pub use optimizer::Optimizer;
pub(crate) use optimizer::leaves;
pub(crate) use schedule::check_not_negative;
pub use sgd::Sgd;
pub use state::{Domain, Scalars, State};
