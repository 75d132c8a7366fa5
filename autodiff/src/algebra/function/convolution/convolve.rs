//! A convolution as products of matrices.

use super::window::{Window, as_image, padded};
use crate::algebra::function::structural::Structural;
use crate::algebra::op::{Matmul, Op};
use crate::algebra::value::{Reading, broadcast};
use crate::array::{Number, Shape, ShapeError, TOO_LARGE, Tensor};

/// The convolution of an operand and a kernel of these shapes, as a convolution of images.
#[track_caller]
pub(super) fn convolve<V: Reading, const D: usize>(
    name: &str,
    x: &V,
    kernel: &V,
    window: Window<D>,
) -> Result<V, ShapeError> {
    let given = [x.shape(), kernel.shape()];
    let fail = |reason: String| Err(ShapeError::new(name, &given, reason));
    let (Some((outer, &space)), Some((&[out, kernel_channels], size))) =
        (given[0].split_last_chunk::<D>(), given[1].split_first_chunk())
    else {
        return fail(ranks::<D>());
    };
    let (Some((&channels, batch)), Ok(size)) = (outer.split_last(), <[usize; D]>::try_from(size)) else {
        return fail(ranks::<D>());
    };
    if channels != kernel_channels {
        return fail(format!("the operand has {channels} channels and the kernel {kernel_channels}"));
    }
    let places = match window.places(space, size) {
        Ok(places) => places,
        Err(reason) => return fail(reason),
    };
    let result: Shape = batch.iter().copied().chain([out]).chain(places).collect();
    let padded = std::array::from_fn::<_, D, _>(|axis| padded(space[axis], window.padding[axis]));
    let windows: Shape = batch.iter().copied().chain([channels, size[D - 1]]).chain(padded).collect();
    if [&result, &windows].iter().any(|shape| shape.checked_size().is_none()) {
        return fail(format!("the result is {result}: {TOO_LARGE}"));
    }
    let batch = batch.iter().product();
    let image = |outer: [usize; 2], space| outer.into_iter().chain(as_image(space, 1)).collect::<Shape>();
    let (images, kernel) = (x.reshape(image([batch, channels], space)), kernel.reshape(image([out, channels], size)));
    let y: V = match channels {
        0 => x.lift(&Tensor::full(&result, Number::from_f64(0.0))), // without a term
        _ => convolve_images(&images, &kernel, window.of_images(), as_image(places, 1)),
    };
    Ok(y.reshape(result))
}

fn ranks<const D: usize>() -> String {
    format!("an operand of rank {} or more and a kernel of rank {} are needed", D + 1, D + 2)
}

/// The convolution of images \[batch, in, height, width\] with a kernel \[out, in, k, l\] → \[batch, out, places, places\].
///
/// The images are taken in groups whose windows stay in the cache.
#[track_caller]
fn convolve_images<V: Reading>(x: &V, kernel: &V, window: Window<2>, places: [usize; 2]) -> V {
    let ([batch, channels, x_height, _], [out, _, height, width]) = (four(&x.shape()), four(&kernel.shape()));
    let weights = kernel.permute(&[2, 3, 1, 0]).reshape([height, width * channels, out]);
    let group = (GROUP / (padded(x_height, window.padding[0]) * places[1] * width * channels)).max(1);
    if group >= batch {
        return convolve_group(x, &weights, [width, height], window, places);
    }
    let mut parts = Vec::with_capacity(batch.div_ceil(group));
    for start in (0..batch).step_by(group) {
        let images = x.slice(0, start, batch.min(start + group));
        parts.push(convolve_group(&images, &weights, [width, height], window, places));
    }
    V::concat(0, &parts.iter().collect::<Vec<_>>())
}

/// The number of elements in the windows of a group of images: 1 MB of `f32`.
const GROUP: usize = 1 << 18;

/// The convolution of images with a kernel \[k, l·in, out\].
///
/// With the channels last, the elements of a window in one row are neighbours, so windows along a row are a view. They are
/// copied once, as rows of a matrix that serves all rows of the kernel. Row i of the kernel multiplies the windows that lie
/// under it, and the products are added. Windows of whole images would take k times the memory.
#[track_caller]
fn convolve_group<V: Reading>(
    x: &V,
    weights: &V,
    [width, height]: [usize; 2],
    window: Window<2>,
    [down, along]: [usize; 2],
) -> V {
    let ([batch, channels, ..], [step_down, step_along]) = (four(&x.shape()), window.stride);
    let rows = rows_with_channels_last(x, window.padding);
    let x_height = rows.shape()[1];
    let [_, inner, out] = weights.shape()[..].try_into().expect("three axes");
    let mut sum: Option<V> = None;
    // All rows that one row of the kernel meets lie `step_down` apart.
    for phase in 0..step_down.min(height) {
        let rows = rows.slice_by(1, phase, x_height, step_down);
        let windows = rows.unfold(2, width * channels, step_along.saturating_mul(channels));
        let windows = windows.reshape([batch, rows.shape()[1] * along, inner]);
        for i in (phase..height).step_by(step_down) {
            let start = i / step_down * along;
            let windows = windows.slice(1, start, start + down * along);
            let weights = broadcast(&weights.index_axis(0, i), &[batch, inner, out].into());
            let product = Op::Matmul(Matmul { transpose_lhs: false, transpose_rhs: false });
            sum = Some(match &sum {
                Some(sum) => V::apply(&product, &[&windows, &weights, sum]),
                None => V::apply(&product, &[&windows, &weights]),
            });
        }
    }
    let sum = sum.expect("a kernel has a row");
    sum.permute(&[0, 2, 1]).reshape([batch, out, down, along])
}

/// The rows of images with the channels last, \[batch, height, width·in\], with zeros around them.
#[track_caller]
fn rows_with_channels_last<V: Reading>(x: &V, padding: [usize; 2]) -> V {
    let [batch, channels, height, width] = four(&x.shape());
    let mut rows = x.permute(&[0, 2, 3, 1]).reshape([batch, height, width * channels]);
    for (axis, padding) in [(2, padding[1] * channels), (1, padding[0])].into_iter().filter(|&(_, padding)| padding > 0)
    {
        rows = rows.pad(axis, padding, padding);
    }
    rows
}

fn four(shape: &Shape) -> [usize; 4] {
    shape[..].try_into().expect("images have four axes")
}
