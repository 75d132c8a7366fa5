//! Trees of values: the trait, the containers of the standard library, structs and enums, and paths.

mod containers;
mod macros;
mod part;
mod path;
mod traits;

pub use part::PartOf;
pub use path::Path;
pub use traits::Tree;
