//! Strategies for [`proptest`](mod@proptest) (feature `proptest`): shapes, tensors, random expressions and networks.
//!
//! Use them for property tests of your own functions. A failing case shrinks to the smallest input that still fails.
//!
//! ```
//! use autodiff::{prelude::*, strategy};
//! use proptest::prelude::*;
//! proptest!(|(x in strategy::tensors(strategy::shapes(2, 4), -3.0..3.0))| {
//!     check_grads(&x, &Options::order(2), |x| x.softplus().mean())?;
//! });
//! ```

// Belongs here: random inputs and functions. Does not: the checker. May use: `algebra` and `array`.

mod expression;
mod network;

pub use expression::{Expression, expressions};
pub use network::{Network, networks};

use crate::array::{Shape, Tensor};
use proptest::collection::vec;
use proptest::prelude::*;
use std::ops::Range;

/// Shapes with up to `rank` axes, each of size 1 to `size`. They shrink to a scalar.
pub fn shapes(rank: usize, size: usize) -> impl Strategy<Value = Shape> {
    vec(1..=size, 0..=rank).prop_map(|sizes| sizes.into_iter().collect())
}

/// Tensors of the given shapes with elements in `range`. The elements shrink towards the number in the range that is
/// closest to 0.
pub fn tensors(shapes: impl Strategy<Value = Shape>, range: Range<f64>) -> impl Strategy<Value = Tensor<f64>> {
    shapes.prop_flat_map(move |shape| {
        let elements = vec(range.clone(), shape.size());
        elements.prop_map(move |elements| Tensor::from_vec(shape.clone(), elements))
    })
}
