//! The handwritten digits that come with the crate.

use super::dataset::Dataset;
use super::samples::Samples;
use autodiff::prelude::*;

const COUNT: usize = 1797;
const PIXELS: usize = 64;
/// All pixels, then all labels. The compiler checks the length, so reading cannot fail.
const BYTES: &[u8; COUNT * (PIXELS + 1)] = include_bytes!("../../data/digits_u8.bin");

/// 1797 handwritten digits of 8×8 pixels, with pixels in \[0, 1\], split into training and test images.
///
/// From the UCI "Optical Recognition of Handwritten Digits" by E. Alpaydin and C. Kaynak (1998; CC BY 4.0), as packed
/// by scikit-learn (BSD 3-Clause); see `nn/data/README.md`.
///
/// The split decides the figures: writers of the last images do not occur among the first, so the last 360 in order are
/// much harder than the split here, [`Digits::SPLIT`].
///
/// ```
/// use nn::data::Digits;
/// let Digits { train, test } = Digits::<f32>::load();
/// assert_eq!((train.len(), test.len()), (1437, 360));
/// assert_eq!(train.x.shape(), [1437, 64]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Digits<T> {
    /// 1437 images for training.
    pub train: Samples<T>,
    /// 360 images for testing.
    pub test: Samples<T>,
}

impl Digits<f64> {
    /// The split in words, to be printed beside each figure.
    pub const SPLIT: &str = "test: every fifth image (i % 5 == 0), 360 of them; train: the other 1437";
}

impl<T: Element> Digits<T> {
    /// The digits in the split of [`Digits::SPLIT`].
    pub fn load() -> Self {
        let (train, test) = Self::all().split_every(5);
        Self { train, test }
    }

    /// All images in their order: pixels \[1797, 64\], row by row, and labels \[1797\].
    pub fn all() -> Samples<T> {
        let (pixels, labels) = BYTES.split_at(COUNT * PIXELS);
        let pixel = |&p: &u8| T::from_f64(f64::from(p) / 16.0);
        Samples {
            x: Tensor::from_vec([COUNT, PIXELS], pixels.iter().map(pixel).collect()),
            labels: labels.iter().map(|&label| label.into()).collect::<Vec<usize>>().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_the_hash_of_the_source() {
        let hash: String = hmac_sha256::Hash::hash(BYTES).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash, "87ff0c9e40dc7e2c0e34e7257799c2e3f3aec1a016363bb11cad869ec428a826");
    }

    #[test]
    fn pixels_and_labels_are_in_range() {
        let all = Digits::<f64>::all();
        assert!(all.x.iter().all(|p| (0.0..=1.0).contains(&p)));
        assert_eq!(all.x.max().item(), 1.0);
        let count = |digit| all.labels.iter().filter(|&label| label == digit).count();
        // The counts in scikit-learn's description of the data.
        assert_eq!(std::array::from_fn(count), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    }

    #[test]
    fn test_images_are_every_fifth() {
        let (all, Digits { train, test }) = (Digits::<f32>::all(), Digits::load());
        assert_eq!(test.x.index_axis(0, 1), all.x.index_axis(0, 5));
        assert_eq!(train.x.index_axis(0, 4), all.x.index_axis(0, 6));
        assert_eq!(test.labels[[359]], all.labels[[1795]]);
    }
}
