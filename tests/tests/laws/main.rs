//! Laws over the table of operations.

mod coverage;
mod first_order;
mod higher_order;
mod layouts;
mod linear;
mod programs;
mod reuse;
mod scalars;
