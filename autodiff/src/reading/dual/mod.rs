//! Dual numbers, the reading that carries tangents forward.

mod tangent;
mod value;
