//! numpy's files: `.npy` for one array, `.npz` for several with names.

mod archive;
mod header;
mod number;

pub use archive::Npz;
pub use number::NpyElement;

use super::files::{Fault, FileError, replace_file};
use super::packed;
use autodiff::prelude::*;
use header::Header;
use std::path::Path;

/// Reads an array that `numpy.save` wrote. With the feature `gz`, unpacks a file whose name ends in `.gz`.
///
/// The numbers are converted to `T`; [`NpyElement`] says which types of numbers it takes. Arrays in Fortran order are
/// rearranged, and big-endian numbers are turned.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::data::{read_npy, write_npy};
/// # let file = std::env::temp_dir().join(format!("nn-npy-doc-{}.npy", std::process::id()));
/// write_npy(&file, &Tensor::from([[1.0, 2.0], [3.0, 4.0]]))?; // numpy.load(file) reads it
/// let x: Tensor<f32> = read_npy(&file)?;
/// assert_eq!(x.to_vec(), [1.0, 2.0, 3.0, 4.0]);
/// let error = read_npy::<usize>(&file).unwrap_err().fault.to_string();
/// assert_eq!(error, "at byte 20: numbers of type <f8, but b1, i1 to i8 or u1 to u8 was expected");
/// # std::fs::remove_file(&file)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Returns an error that names the place if the file cannot be read or unpacked, if it is not in the format, if its
/// numbers are of a type that is not taken, or if `T` does not hold one of them. Its length must be exactly what its
/// header says; this is checked before memory is allocated.
pub fn read_npy<T: NpyElement>(file: impl AsRef<Path>) -> Result<Tensor<T>, FileError> {
    let file = file.as_ref();
    packed::read(file).and_then(|bytes| parse(&bytes)).map_err(|fault| fault.of(file))
}

/// Writes an array for `numpy.load`, in row-major order and little endian: `f32` as `<f4`, `f64` as `<f8`, and indices
/// as numpy's `<i8`. Replaces the file in one step, see [`replace_file`].
///
/// # Errors
/// Returns an error if the file cannot be written. An old file then stays as it was.
///
/// # Panics
/// Panics if an index is 2⁶³ or more.
#[track_caller]
pub fn write_npy<T: NpyElement>(file: impl AsRef<Path>, x: &Tensor<T>) -> Result<(), FileError> {
    let (file, bytes) = (file.as_ref(), format("write_npy", x));
    replace_file(file, &bytes).map_err(|error| Fault::Io(error).of(file))
}

/// The array in the bytes of a `.npy` file.
fn parse<T: NpyElement>(bytes: &[u8]) -> Result<Tensor<T>, Fault> {
    let Header { dtype, fortran_order, shape, start } = Header::parse(bytes)?;
    dtype.check::<T>()?;
    let length = shape.checked_size().and_then(|size| size.checked_mul(dtype.size));
    if length.and_then(|length| length.checked_add(start)) != Some(bytes.len()) {
        let expected = format!("numbers of type {dtype} for an array of shape {shape}, then the end,");
        return Err(Fault::at(bytes.len(), format!("the end of {} bytes of numbers", bytes.len() - start), expected));
    }
    let numbers = bytes[start..].chunks_exact(dtype.size).enumerate();
    let numbers = numbers.map(|(i, number)| dtype.read(number).map_err(|fault| fault.at(start + i * dtype.size)));
    let numbers: Vec<T> = numbers.collect::<Result<_, _>>()?;
    Ok(if fortran_order { by_columns(shape, &numbers) } else { Tensor::from_vec(shape, numbers) })
}

/// An array from its elements in Fortran order, in which the first axis runs fastest.
fn by_columns<T: NpyElement>(shape: Shape, numbers: &[T]) -> Tensor<T> {
    let sizes = shape.clone();
    Tensor::from_fn(shape, |index| {
        let place = index.iter().zip(sizes.iter()).rev().fold(0, |place, (i, size)| place * size + i);
        numbers[place]
    })
}

/// The bytes of a `.npy` file.
#[track_caller]
fn format<T: NpyElement>(function: &str, x: &Tensor<T>) -> Vec<u8> {
    let mut bytes = Header::write(T::DTYPE, x.shape());
    for number in x.iter() {
        number.append(&mut bytes, function);
    }
    bytes
}
