//! Values, their elements, and trees of values.
//!
//! Belongs here: the traits that a reading implements, the operators, sums of iterators, and the broadcasting of operands. Does not: named
//! functions and the readings themselves. May use: `op` and `array`.

mod broadcast;
mod dual;
mod dynamic;
mod folds;
mod operand;
mod operators;
pub mod own_arrays;
mod traits;
mod tree;

pub use broadcast::binary;
pub(crate) use broadcast::{broadcast, check_broadcast, ternary, try_binary};
pub use dual::{Dual, Tangent};
pub(crate) use dynamic::run;
pub(crate) use folds::folds;
pub use operand::Operand;
pub(crate) use operators::{compare_with_numbers, compared, tensor_operators};
pub use operators::{number_with, with_number};
pub(crate) use traits::from_end;
pub use traits::{Element, Reading, Update, Value};
pub use tree::{PartOf, Path, Tree};
