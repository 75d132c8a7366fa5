//! Transfer functions, which map the weighted sum of a unit's inputs to its output.

mod function;
mod mixed;
mod standard;

pub use function::TransferFunction;
pub use mixed::Mixed;
pub use standard::Transfer;
