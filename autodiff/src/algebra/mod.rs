//! The algebra: operations as data, the values that they act on, functions by name, and the rules of differentiation.
//!
//! Belongs here: everything that holds for all readings. Does not: what an operation means in one reading. May use:
//! `array`. Inside, the rooms stand in the order `rule`, `function`, `value`, `op`; each uses those after it.
//!
//! Honest pairs: `Op`, [`Primitive`](crate::Primitive) and [`Dyn`](crate::Dyn) refer to each other, because an operation
//! holds a primitive, and a primitive is a function of values that apply operations. So do `Value` and `Element`.

mod function;
mod op;
pub(crate) mod rule;
mod value;

pub use function::kinks;
pub use function::{Composite, LinearAlgebra, Math, Structural};
pub use op::{Custom, Dyn, Linear, Matmul, Op, Pointwise, Primitive};
pub(crate) use op::{Operands, per_operand};
pub(crate) use rule::{Cotangent, OperandCotangents, slope};
pub use value::{Element, Path, Tree, Value};
pub(crate) use value::{binary, broadcast, operators, run};
