//! The rule that all figures share.

use autodiff::prelude::*;

/// A figure has no meaning for no samples, and would hide a NaN: counts and comparisons take it for a number.
///
/// # Panics
/// Panics at the caller's line if the value has no elements or holds a NaN, with the place of the first one.
#[track_caller]
pub(crate) fn check_figures<T: Element>(function: &str, name: &str, x: &Tensor<T>) {
    let shape = x.shape();
    assert!(shape.size() > 0, "{function}: `{name}` has shape {shape}: there are no samples");
    if let Some(i) = x.iter().position(|x| x.to_f64().is_nan()) {
        let place: Vec<usize> =
            (0..shape.rank()).map(|axis| i / shape[axis + 1..].iter().product::<usize>() % shape[axis]).collect();
        panic!("{function}: `{name}` has shape {shape}: the element at {place:?} is NaN");
    }
}
