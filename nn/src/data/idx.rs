//! IDX files: the format of MNIST and its successors.

use super::files::{Fault, FileError};
use super::packed::read;
use super::samples::Samples;
use autodiff::prelude::*;
use std::path::{Path, PathBuf};

/// The bytes of an IDX file, and the sizes of its axes.
///
/// The format (LeCun, Cortes and Burges, *The MNIST database*): two bytes 0, the type of the elements, the number d of
/// axes, their sizes as d numbers of 32 bits, most significant byte first, and the elements in row-major order. Only
/// type 8, unsigned bytes, is supported: images and labels have it.
#[derive(Clone, Debug, PartialEq)]
pub struct Idx {
    /// The sizes of the axes.
    pub sizes: Vec<usize>,
    /// The elements in row-major order.
    pub bytes: Vec<u8>,
}

/// The type code of unsigned bytes.
const BYTES: u8 = 8;

impl Idx {
    /// Reads a file; with the feature `gz`, unpacks a file whose name ends in `.gz`.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read or unpacked, or is not in the format. Its length must be exactly
    /// what its header says; this is checked before memory is allocated.
    pub fn read(file: impl AsRef<Path>) -> Result<Self, FileError> {
        let file = file.as_ref();
        let parsed = read(file).and_then(Self::parse);
        parsed.map_err(|fault| fault.of(file))
    }

    fn parse(mut bytes: Vec<u8>) -> Result<Self, Fault> {
        let ([0, 0, kind, axes], _) = header(&bytes)? else {
            return Err(Fault::at(0, format!("bytes {:?}", &bytes[..2]), "[0, 0], as IDX files begin,"));
        };
        if kind != BYTES {
            return Err(Fault::at(2, format!("elements of type {kind:#04x}"), "type 0x08, unsigned bytes,"));
        }
        let start = 4 + 4 * usize::from(axes);
        let Some(sizes) = bytes.get(4..start) else { return Err(ends(&bytes, format!("{axes} sizes of axes"))) };
        let sizes: Vec<usize> =
            sizes.as_chunks().0.iter().map(|&size: &[u8; 4]| u32::from_be_bytes(size) as usize).collect();
        match Shape::from(&sizes[..]).checked_size().and_then(|count| count.checked_add(start)) {
            Some(length) if length == bytes.len() => {
                bytes.drain(..start);
                Ok(Self { sizes, bytes })
            }
            _ => Err(ends(&bytes, format!("{sizes:?} elements after a header of {start} bytes"))),
        }
    }

    /// The elements divided by 255, in \[0, 1\]: \[n, product of the other sizes\].
    ///
    /// # Panics
    /// Panics if the file has no axes.
    #[track_caller]
    pub fn to_rows<T: Element>(&self) -> Tensor<T> {
        assert!(!self.sizes.is_empty(), "to_rows: a single element has no rows");
        let pixel = |&byte: &u8| T::from_f64(f64::from(byte) / 255.0);
        let shape = [self.sizes[0], self.sizes[1..].iter().product()];
        Tensor::from_vec(shape, self.bytes.iter().map(pixel).collect())
    }
}

fn header(bytes: &[u8]) -> Result<([u8; 4], &[u8]), Fault> {
    let header = bytes.split_first_chunk().map(|(header, rest)| (*header, rest));
    header.ok_or_else(|| ends(bytes, "a header of 4 bytes".to_owned()))
}

fn ends(bytes: &[u8], expected: String) -> Fault {
    Fault::at(bytes.len(), "the end of the file", expected)
}

/// The training and the test samples in a folder of MNIST, or of another data set in the same four files
/// (Fashion-MNIST, KMNIST): `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
/// `t10k-labels-idx1-ubyte`. With the feature `gz`, each may end in `.gz`. Returns `(train, test)`, with pixels in \[0,
/// 1\].
///
/// # Errors
/// Returns an error if a file cannot be read or is not in the format, or if the number of labels is not that of images.
pub fn load_idx_folder<T: Element>(folder: impl AsRef<Path>) -> Result<(Samples<T>, Samples<T>), FileError> {
    let folder = folder.as_ref();
    let pair = |name: &str| {
        let images = find(folder, &format!("{name}-images-idx3-ubyte"));
        read_idx(images, find(folder, &format!("{name}-labels-idx1-ubyte")))
    };
    Ok((pair("train")?, pair("t10k")?))
}

/// Reads samples from a file of images (or of other data with two or more axes) and a file of their labels.
///
/// # Errors
/// Returns an error as [`load_idx_folder`].
pub fn read_idx<T: Element>(images: impl AsRef<Path>, labels: impl AsRef<Path>) -> Result<Samples<T>, FileError> {
    let (images, file) = (Idx::read(images.as_ref()).and_then(|idx| axes(idx, images.as_ref(), 2..))?, labels.as_ref());
    let labels = Idx::read(file).and_then(|idx| axes(idx, file, 1..2))?;
    let (found, expected) = (labels.sizes[0], images.sizes[0]);
    if found != expected {
        let (found, expected) = (format!("{found} labels"), format!("one for each of {expected} images"));
        return Err(Fault::at(4, found, expected).of(file));
    }
    let labels: Vec<usize> = labels.bytes.iter().map(|&label| label.into()).collect();
    Ok(Samples { x: images.to_rows(), labels: labels.into() })
}

fn axes(
    idx: Idx,
    file: &Path,
    expected: impl std::ops::RangeBounds<usize> + std::fmt::Debug,
) -> Result<Idx, FileError> {
    if expected.contains(&idx.sizes.len()) {
        return Ok(idx);
    }
    let (found, expected) = (format!("{} axes", idx.sizes.len()), format!("a number in {expected:?}"));
    Err(Fault::at(3, found, expected).of(file))
}

/// The file with this name, or the packed one if only that exists.
fn find(folder: &Path, name: &str) -> PathBuf {
    let packed = folder.join(format!("{name}.gz"));
    let plain = folder.join(name);
    if !plain.exists() && packed.exists() { packed } else { plain }
}
