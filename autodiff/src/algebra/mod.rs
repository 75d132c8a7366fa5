//! The algebra: operations as data, values, named functions, and the rules of differentiation.
//!
//! Belongs here: everything that holds for all readings. Does not: the meaning of an operation in one reading. May use:
//! `array`. Inside, the rooms stand in the order `rule`, `function`, `value`, `op`; each uses those after it.
//!
//! Two groups of types refer to each other, so each group stands in one room. `Op` holds a
//! [`Primitive`](crate::Primitive), which is a function of [`Dyn`](crate::Dyn) values, which apply operations. The
//! elements of a `Reading` are `Element`s, and an `Element` is a `Reading`.

mod function;
mod op;
pub(crate) mod rule;
mod value;

pub use function::{Composite, Convolution, LinearAlgebra, Math, Structural, Window};
#[cfg(feature = "linalg")]
pub use function::{Decompositions, MatrixError};
pub use function::{accuracy, kinks, tree};
#[cfg(feature = "linalg")]
pub(crate) use op::Factored;
pub use op::{Custom, Dyn, Linear, Matmul, Op, Pointwise, Primitive};
#[cfg(feature = "linalg")]
pub use op::{Decomposition, Factors, Triangle};
pub(crate) use op::{Operands, per_operand, whole};
pub(crate) use rule::{Cotangent, OperandCotangents, slope};
pub use value::{Dual, Element, Operand, PartOf, Path, Reading, Tangent, Tree, Update, Value};
pub use value::{binary, number_with, own_arrays, with_number};
pub(crate) use value::{broadcast, compare_with_numbers, compared, folds, from_end, run, tensor_operators};
