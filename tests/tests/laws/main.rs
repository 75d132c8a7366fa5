//! Laws over the table of operations.

mod checker;
mod composed;
mod coverage;
mod drawn;
mod edges;
mod first_order;
mod higher_order;
mod layouts;
mod linear;
mod programs;
mod reuse;
mod scalars;
