//! Tensors from and to the arrays of other libraries. Each module belongs to the feature of its name, and says which
//! conversions copy.

// Belongs here: conversions between tensors and types of other crates. Does not: numbers with derivatives as elements
// of other crates' arrays, which stand in `scalar`. May use: `memory` and below.

#[cfg(feature = "nalgebra")]
pub mod nalgebra;
#[cfg(feature = "ndarray")]
pub mod ndarray;
#[cfg(feature = "serde")]
pub mod serde;

#[cfg(any(feature = "nalgebra", feature = "ndarray"))]
use super::{
    axes::Axes,
    memory::{Layout, Storage, Tensor},
    shape::Shape,
};

#[cfg(any(feature = "nalgebra", feature = "ndarray"))]
impl<T> Tensor<T> {
    /// A tensor of elements in any layout. The caller ensures that shape, strides and offset lead to elements.
    fn strided_from(shape: Shape, strides: Axes<isize>, offset: usize, elements: Vec<T>) -> Self {
        Self { data: Storage::unpooled(elements), offset, layout: Layout::new(&shape, strides), shape }
    }
}
