//! Rosenblatt's perceptron (1958): a unit with a step that learns from its mistakes.
//!
//! With x₀ = +1 for the bias, targets t = ±1 and u = w·x, each sample with t·u ≤ 0 is a mistake, and is answered by
//! w ← w + t·x; nothing else changes w. (A sample on the plane u = 0 counts as a mistake of either class: what has been
//! learned then separates the classes by a margin.) The samples come in their order, epoch after epoch.
//!
//! If any plane separates the classes, the mistakes are at most (R/γ)², with R the norm of the longest x and γ the
//! margin of that plane, minᵢ tᵢ·w·xᵢ/‖w‖ (Novikoff 1962; the bound is the same for any rate, so there is none). If no
//! plane does, the weights stay bounded and, for inputs that are whole numbers, come back to what they were. The
//! mistakes made in between then add up to 0: a proof that no plane exists, which [`Outcome::Inseparable`] keeps.

mod binary;
mod classes;
mod pocket;
mod report;
mod samples;

pub use binary::train;
pub use classes::{ClassReport, train_classes};
pub use pocket::{Pocket, pocket};
pub use report::{Outcome, Report};
