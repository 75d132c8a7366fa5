//! Dual numbers, the reading that carries tangents forward.
//!
//! The two files refer to each other: a dual number holds a tangent, and the type of the tangent decides how operations on
//! dual numbers compute.

mod tangent;
mod value;

pub use tangent::Tangent;
pub use value::Dual;
