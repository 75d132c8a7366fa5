//! Dual numbers, the reading that carries tangents forward.
//!
//! Honest pair: a dual number holds a tangent, and a tangent says how operations on dual numbers compute.

mod tangent;
mod value;

pub use tangent::Tangent;
pub use value::Dual;
