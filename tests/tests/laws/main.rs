//! Laws that hold for every row of the table of operations, and for random programs.

mod checker;
mod compositions;
mod coverage;
mod edge_derivatives;
mod empty_tensors;
mod first_order;
mod gradients_in_turn;
mod higher_order;
mod linear_operations;
mod memory_layouts;
mod random_programs;
mod random_scalar_programs;
mod reuse_of_a_tape;
mod scalars;
mod sparse;
