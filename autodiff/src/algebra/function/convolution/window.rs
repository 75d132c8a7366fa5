//! The windows of convolutions and pooling.

/// How a window moves over D spatial axes: in steps of `stride` elements, over an operand that is extended by `padding`
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

impl<const D: usize> Window<D> {
    /// The number of places of windows of `size` elements along each axis, or what is wrong.
    pub(super) fn places(&self, space: [usize; D], size: [usize; D]) -> Result<[usize; D], String> {
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
    pub(super) fn of_images(self) -> Window<2> {
        Window { stride: as_image(self.stride, 1), padding: as_image(self.padding, 0) }
    }
}

/// The entries for two spatial axes. If there is one axis, `first` is the entry for the other.
pub(super) fn as_image<const D: usize>(entries: [usize; D], first: usize) -> [usize; 2] {
    match entries[..] {
        [along] => [first, along],
        [down, along] => [down, along],
        _ => unreachable!("one or two spatial axes"),
    }
}

/// The size of an axis of `n` elements with padding at both ends.
pub(super) fn padded(n: usize, padding: usize) -> usize {
    n.saturating_add(padding.saturating_mul(2))
}
