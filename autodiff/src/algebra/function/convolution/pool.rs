//! The largest element of each window.

use super::window::{Window, as_image};
use crate::algebra::function::structural::Structural;
use crate::algebra::value::Reading;
use crate::array::{Shape, ShapeError, TOO_LARGE};

/// The largest element of each window. Decides by the numbers, and gathers.
#[track_caller]
pub(super) fn max_pool<V: Reading, const D: usize>(
    name: &str,
    x: &V,
    size: [usize; D],
    window: Window<D>,
) -> Result<V, ShapeError> {
    let given = x.shape();
    let fail = |reason: String| Err(ShapeError::new(name, [&given], reason));
    let Some((outer, &space)) = given.split_last_chunk::<D>() else {
        return fail(format!("an operand of rank {D} or more is needed"));
    };
    let places = match window.places(space, size) {
        Ok(places) => places,
        Err(reason) => return fail(reason),
    };
    if (0..D).any(|axis| window.padding[axis] >= size[axis] || space[axis] == 0) {
        return fail(format!("windows of {size:?} elements may hold none, in a padding of {:?}", window.padding));
    }
    let result: Shape = outer.iter().copied().chain(places).collect();
    if result.checked_size().is_none() {
        return fail(format!("the result is {result}: {TOO_LARGE}"));
    }
    let in_one_axis = |space: &[usize]| outer.iter().copied().chain([space.iter().product()]).collect::<Shape>();
    let numbers = x.primal();
    let batch = &numbers.shape()[..numbers.shape().rank() - D];
    let images: Shape = batch.iter().copied().chain(as_image(space, 1)).collect();
    let Window { stride, padding } = window.of_images();
    let index = numbers.reshape(&images).places_in_windows(as_image(size, 1), stride, padding, as_image(places, 1));
    let largest = x.reshape(in_one_axis(&space)).gather(-1, &index);
    Ok(largest.reshape(result))
}
