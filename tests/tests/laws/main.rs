//! Laws over the table of operations.

mod checker;
mod compositions;
mod coverage;
mod edge_derivatives;
mod first_order;
mod higher_order;
mod linear_operations;
mod memory_layouts;
mod random_programs;
mod random_scalar_programs;
mod reuse_of_a_tape;
mod scalars;
