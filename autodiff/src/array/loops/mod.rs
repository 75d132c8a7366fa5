//! Arithmetic on arrays: pointwise formulas, sums, matrix products, gathers, sorting, and updates in place.
//!
//! Belongs here: arithmetic on whole arrays. Does not: operations as data, and derivatives. May use: `view` and below.

#[cfg(feature = "linalg")]
pub(crate) mod decompositions;
mod elementwise;
mod index;
mod matmul;
mod order;
mod place;
mod reduce;
mod runner;
mod runs;
mod update;

pub(crate) use elementwise::{Body, Loop, elementwise, zip};
pub(crate) use matmul::matmul;
pub(crate) use place::{add_to_slice, concat, fold, pad};
pub(crate) use reduce::{fold_lanes, sum};
pub(crate) use runner::{Direct, Part, Runner};
pub(crate) use update::update_slices;
