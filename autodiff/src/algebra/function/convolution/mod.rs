//! Convolutions and pooling, by windows that move over spatial axes.

mod convolve;
mod pool;
mod window;

pub use window::Window;

use crate::algebra::value::{Operand, Reading};
use crate::array::OrPanic;
use convolve::convolve;
use pool::max_pool;

/// Convolutions and pooling, in PyTorch's layouts.
///
/// The last axis, or for images the last two, are spatial. A convolution reads the axis before them as channels; all
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
