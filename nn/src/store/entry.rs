//! Arrays as files hold them, and their element types.

use autodiff::prelude::*;
use safetensors::{Dtype, View};
use std::borrow::Cow;
use std::fmt;

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// An element type that files hold: `f32` or `f64`.
pub trait Stored: Element + sealed::Sealed {
    #[doc(hidden)]
    const DTYPE: Dtype;
    #[doc(hidden)]
    fn append(self, bytes: &mut Vec<u8>);
    #[doc(hidden)]
    fn read(bytes: &[u8]) -> Vec<Self>;
}

macro_rules! stored {
    ($($type:ident $dtype:ident),*) => {$(
        impl Stored for $type {
            const DTYPE: Dtype = Dtype::$dtype;

            fn append(self, bytes: &mut Vec<u8>) {
                bytes.extend(self.to_le_bytes());
            }

            fn read(bytes: &[u8]) -> Vec<Self> {
                let (numbers, _) = bytes.as_chunks();
                numbers.iter().map(|&number| Self::from_le_bytes(number)).collect()
            }
        }
    )*};
}

stored!(f32 F32, f64 F64);

/// An array of a file: its type, its shape, and its elements in row-major order, little endian.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) dtype: Dtype,
    pub(super) shape: Vec<usize>,
    pub(super) bytes: Vec<u8>,
}

impl Entry {
    pub(super) fn of<T: Stored>(x: &Tensor<T>) -> Self {
        let mut bytes = Vec::with_capacity(x.size() * size_of::<T>());
        x.iter().for_each(|number| number.append(&mut bytes));
        Self { dtype: T::DTYPE, shape: x.shape().to_vec(), bytes }
    }
}

/// `F32 [3, 4]`.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.dtype, self.shape)
    }
}

impl View for &Entry {
    fn dtype(&self) -> Dtype {
        self.dtype
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        (&self.bytes).into()
    }

    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}
