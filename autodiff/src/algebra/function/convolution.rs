//! Convolutions and pooling, by windows that move over axes of space.

use super::structural::Structural;
use crate::algebra::op::{Matmul, Op};
use crate::algebra::value::{Operand, Reading, broadcast};
use crate::array::{Number, OrPanic, Shape, ShapeError, TOO_LARGE, Tensor};

/// How a window moves over D axes of space: in steps of `stride` elements, over an operand that is extended by `padding`
/// elements at both ends of each axis.
///
/// ```
/// use autodiff::prelude::*;
/// assert_eq!(Window::stride(2).padding(1), Window { stride: [2, 2], padding: [1, 1] });
/// assert_eq!(Window::default(), Window { stride: [1], padding: [0] });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window<const D: usize> {
    /// The distance between the starts of neighbouring windows, for each axis.
    pub stride: [usize; D],
    /// The number of elements that are added before and behind each axis.
    pub padding: [usize; D],
}

impl<const D: usize> Window<D> {
    /// Windows `stride` elements apart along every axis, without padding.
    pub fn stride(stride: usize) -> Self {
        Self { stride: [stride; D], padding: [0; D] }
    }

    /// The same windows, over an operand that is extended by `padding` elements at both ends of every axis.
    pub fn padding(self, padding: usize) -> Self {
        Self { padding: [padding; D], ..self }
    }
}

/// Windows one element apart, without padding.
impl<const D: usize> Default for Window<D> {
    fn default() -> Self {
        Self::stride(1)
    }
}

/// Convolutions and pooling, in PyTorch's layouts.
///
/// The last axis, or for images the last two, are axes of space. A convolution reads the axis before them as channels; all
/// axes in front of these are batch axes. Along an axis of n elements, windows of k elements with stride s and padding p
/// take (n + 2p − k)/s + 1 places, rounded down.
///
/// # Panics
/// Each function panics at the caller's line, with all shapes, if the shapes do not fit, if a window or a stride is 0, or if
/// a window is larger than the padded axis.
pub trait Convolution: Reading {
    /// The convolution of sequences with kernels: \[…, in, n\] × \[out, in, k\] → \[…, out, places\].
    ///
    /// As in all libraries of neural networks it is a correlation: the kernel is not reversed. The padding is 0.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0, 4.0, 8.0]]); // one channel
    /// let difference = Tensor::from([[[-1.0, 1.0]]]);
    /// assert_eq!(x.conv1d(&difference, Window::default()), Tensor::from([[1.0, 2.0, 4.0]]));
    /// assert_eq!(x.conv1d(&difference, Window::stride(2).padding(1)), Tensor::from([[1.0, 2.0, -8.0]]));
    /// ```
    #[track_caller]
    fn conv1d(&self, kernel: impl Operand<Self>, window: Window<1>) -> Self {
        let kernel = kernel.cast(self);
        convolve::<Self, 1>("conv1d", self, &kernel, window).or_panic()
    }

    /// The convolution of images with kernels: \[…, in, height, width\] × \[out, in, k, l\] → \[…, out, places, places\].
    ///
    /// As in all libraries of neural networks it is a correlation: the kernel is not reversed. The padding is 0.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let x = Tensor::<f64>::ones([8, 3, 28, 28]); // eight images of three channels
    /// let kernel = Tensor::ones([16, 3, 5, 5]);
    /// assert_eq!(x.conv2d(&kernel, Window::stride(1).padding(2)).shape(), &Shape::from([8, 16, 28, 28]));
    /// let slope = grad(&kernel, |kernel| kernel.constant(x).conv2d(&kernel, Window::default()).sum());
    /// assert_eq!(slope, Tensor::full([16, 3, 5, 5], 8.0 * 24.0 * 24.0));
    /// ```
    #[track_caller]
    fn conv2d(&self, kernel: impl Operand<Self>, window: Window<2>) -> Self {
        let kernel = kernel.cast(self);
        convolve::<Self, 2>("conv2d", self, &kernel, window).or_panic()
    }

    /// The largest element of each window of a sequence: \[…, n\] → \[…, places\]. At a tie the first one receives the
    /// derivative. The padding is −∞.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let x = Tensor::from([1.0, 3.0, 2.0, 4.0]);
    /// assert_eq!(x.max_pool1d(2, Window::stride(2)).to_vec(), [3.0, 4.0]);
    /// assert_eq!(grad(&x, |x| x.max_pool1d(3, Window::default()).sum()).to_vec(), [0.0, 1.0, 0.0, 1.0]);
    /// ```
    #[track_caller]
    fn max_pool1d(&self, size: usize, window: Window<1>) -> Self {
        max_pool("max_pool1d", self, [size], window).or_panic()
    }

    /// The largest element of each window of an image: \[…, height, width\] → \[…, places, places\]. At a tie the first one in
    /// row-major order receives the derivative. The padding is −∞.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0, 3.0, 4.0], [5.0, 0.0, 0.0, 0.0]]);
    /// assert_eq!(x.max_pool2d([2, 2], Window::stride(2)), Tensor::from([[5.0, 4.0]]));
    /// ```
    #[track_caller]
    fn max_pool2d(&self, size: [usize; 2], window: Window<2>) -> Self {
        max_pool("max_pool2d", self, size, window).or_panic()
    }
}

impl<V: Reading> Convolution for V {}

impl<const D: usize> Window<D> {
    /// The number of places of windows of `size` elements along each axis, or what is wrong.
    fn places(&self, space: [usize; D], size: [usize; D]) -> Result<[usize; D], String> {
        let mut places = [0; D];
        for axis in 0..D {
            let (n, size, stride, padding) = (space[axis], size[axis], self.stride[axis], self.padding[axis]);
            let free = padded(n, padding).checked_sub(size);
            places[axis] = match (free, size, stride) {
                (_, 0, _) | (_, _, 0) => return Err("the size and the stride of a window are at least 1".into()),
                (None, ..) => {
                    return Err(format!(
                        "windows of {size} elements are larger than an axis of {n} with padding {padding}"
                    ));
                }
                (Some(free), ..) => free / stride + 1,
            };
        }
        Ok(places)
    }

    /// The windows over images that do the same: a sequence is an image of one row.
    fn of_images(self) -> Window<2> {
        Window { stride: as_image(self.stride, 1), padding: as_image(self.padding, 0) }
    }
}

/// The entries for two axes of space. If there is one axis, `first` is the entry for the other.
fn as_image<const D: usize>(entries: [usize; D], first: usize) -> [usize; 2] {
    match entries[..] {
        [along] => [first, along],
        [down, along] => [down, along],
        _ => unreachable!("one or two axes of space"),
    }
}

/// The convolution of an operand and a kernel of these shapes, as a convolution of images.
#[track_caller]
fn convolve<V: Reading, const D: usize>(name: &str, x: &V, kernel: &V, window: Window<D>) -> Result<V, ShapeError> {
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
    let (x, [out, channels, height, width]) = (padded_with_zeros(x, window.padding), four(&kernel.shape()));
    let weights = kernel.permute(&[2, 3, 1, 0]).reshape([height, width * channels, out]);
    let [batch, _, x_height, _] = four(&x.shape());
    let group = (GROUP / (x_height * places[1] * width * channels)).max(1);
    if group >= batch {
        return convolve_group(&x, &weights, [width, height], window.stride, places);
    }
    let mut parts = Vec::with_capacity(batch.div_ceil(group));
    for start in (0..batch).step_by(group) {
        let images = x.slice(0, start, batch.min(start + group));
        parts.push(convolve_group(&images, &weights, [width, height], window.stride, places));
    }
    V::concat(0, &parts.iter().collect::<Vec<_>>())
}

/// The number of elements in the windows of a group of images: 1 MB of `f32`.
const GROUP: usize = 1 << 18;

/// The convolution of images with a kernel \[k, l·in, out\].
///
/// With the channels last, a window's elements of one row are neighbours, and windows along the rows are a view. They are
/// copied once, as rows of a matrix, for all rows of the kernel: it multiplies the rows that lie under the first row of the
/// kernel, the second row, and so on, and adds the products. Windows of whole images would take k times the memory.
#[track_caller]
fn convolve_group<V: Reading>(
    x: &V,
    weights: &V,
    [width, height]: [usize; 2],
    [step_down, step_along]: [usize; 2],
    [down, along]: [usize; 2],
) -> V {
    let [batch, channels, x_height, x_width] = four(&x.shape());
    let rows = x.permute(&[0, 2, 3, 1]).reshape([batch, x_height, x_width * channels]);
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

#[track_caller]
fn padded_with_zeros<V: Reading>(x: &V, padding: [usize; 2]) -> V {
    let mut x = x.clone();
    for (axis, padding) in [-2, -1].into_iter().zip(padding).filter(|(_, padding)| *padding > 0) {
        x = x.pad(axis, padding, padding);
    }
    x
}

/// The size of an axis of `n` elements with padding at both ends.
fn padded(n: usize, padding: usize) -> usize {
    n.saturating_add(padding.saturating_mul(2))
}

fn four(shape: &Shape) -> [usize; 4] {
    shape[..].try_into().expect("images have four axes")
}

/// The largest element of each window. Decides by the numbers, and gathers.
#[track_caller]
fn max_pool<V: Reading, const D: usize>(
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
