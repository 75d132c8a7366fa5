//! Scalar programs, unchanged: every method of `num_traits::Float`, in every reading, against plain numbers.

mod harness;
mod methods;
mod programs;
