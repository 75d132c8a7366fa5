//! Rosenblatt's perceptron (1958): a unit with a step that learns from its mistakes.
//!
//! With x₀ = +1 for the bias, targets t = ±1 and u = w·x, a sample with t·u ≤ 0 is a mistake. Each mistake changes the
//! weights by w ← w + t·x; nothing else does. A sample on the plane u = 0 is a mistake for either class, so the learned
//! plane separates the classes with a margin. The samples come in their order, epoch after epoch.
//!
//! If a plane separates the classes, there are at most (R/γ)² mistakes. R is the norm of the longest x, and γ is the
//! margin of that plane, minᵢ tᵢ·w·xᵢ/‖w‖ (Novikoff 1962; the bound does not depend on the rate, so there is none). If
//! no plane does, the weights stay bounded, and for integer inputs they return to an earlier value. The mistakes in
//! between then add up to 0. This proves that no plane exists, and [`Outcome::Inseparable`] keeps the proof.

mod binary;
mod classes;
mod pocket;
mod report;
mod samples;

pub use binary::train;
pub use classes::{ClassReport, train_classes};
pub use pocket::{Pocket, pocket};
pub use report::{Outcome, Report};
