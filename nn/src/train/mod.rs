//! Training: the step, the loop over batches, and the loop over epochs.
//!
//! Here belong the trainer, the signature of a loss, the tape with the named terms of a loss, the result of a hook, the
//! guard against numbers that are not finite, the status and the history of the figures, the best model so far, and training
//! on several ranks. Losses and optimisers do not belong here. This room may use `data`, `optim` and, in examples, `loss`.

mod best;
mod check;
mod epoch;
mod evaluation;
mod fit;
mod guard;
mod history;
mod hook;
mod loss;
mod means;
mod on_ranks;
mod plan;
mod ranks;
mod recorder;
mod run;
mod status;
mod sums;
mod team;
mod together;
mod trainer;

pub use best::Best;
pub use guard::NotFinite;
pub use history::History;
pub use hook::HookResult;
pub use loss::Loss;
pub use means::Means;
pub use on_ranks::OnRanks;
pub use plan::Plan;
pub use ranks::{Ranks, shard};
pub use recorder::Recorder;
#[cfg(feature = "store")]
pub(crate) use run::Run;
pub use status::Status;
pub use trainer::Trainer;
#[cfg(feature = "store")]
pub(crate) use trainer::{Clip, Counters};
