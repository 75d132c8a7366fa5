//! Scalar programs generic over `num_traits::Float`: values and derivatives agree for every number type.

mod harness;
mod methods;
mod numeric;
mod programs;
