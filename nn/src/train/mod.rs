//! Training: the step, the loop over batches, and the loop over epochs.
//!
//! Here belong the trainer, losses in named terms, the guard against numbers that are not finite, the history of the
//! figures, and the best model so far. Losses and optimisers do not. This room may use `loss`, `data` and `optim`.

mod best;
mod fit;
mod guard;
mod history;
mod terms;
mod trainer;

pub use best::Best;
pub use fit::{Plan, Status};
pub use guard::NotFinite;
pub use history::History;
pub use terms::{Means, Terms};
pub use trainer::Trainer;
