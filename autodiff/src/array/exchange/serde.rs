//! Tensors and shapes in the formats of the crate `serde` (feature `serde`).
//!
//! A tensor is written as its shape and its elements in row-major order, and a shape as the list of its sizes. The
//! elements are `f32`, `f64` or `usize`.
//!
//! ```
//! use autodiff::prelude::*;
//! let x = Tensor::from([[1.0, 2.5], [-0.0, f64::INFINITY]]);
//! let text = serde_json::to_string(&x)?;
//! assert_eq!(text, r#"{"shape":[2,2],"data":[1.0,2.5,-0.0,"Infinity"]}"#);
//! assert_eq!(serde_json::from_str::<Tensor<f64>>(&text)?, x);
//!
//! let error = serde_json::from_str::<Tensor<f64>>(r#"{"shape":[2,3],"data":[1,2,3,4,5]}"#).unwrap_err();
//! assert!(error.to_string().starts_with("Tensor: shape [2, 3] needs 6 elements, but there are 5"));
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # Numbers
//!
//! Every finite number is read back bit for bit. `serde_json` needs its feature `float_roundtrip` for that; without it,
//! the last digit of an `f64` may change. Whole numbers in a text are read as numbers. A number that is too large for
//! `f32` is an error.
//!
//! JSON has no NaN and no infinity. So text formats hold the strings `"NaN"`, `"Infinity"` and `"-Infinity"`, as the
//! JSON form of Protocol Buffers does; the sign of NaN and its spare bits are lost. Binary formats hold all numbers bit
//! for bit.
//!
//! # Errors
//!
//! Data that are no tensor are an error of the format, which says what was expected. Memory is allocated as elements
//! are read, whatever the shape claims.

use crate::array::memory::Tensor;
use crate::array::number::Number;
use crate::array::shape::{Shape, TOO_LARGE};
use serde::de::{Error, Unexpected, Visitor};
use serde::ser::{SerializeSeq, SerializeStruct};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

impl Serialize for Shape {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<usize>::deserialize(deserializer).map(|sizes| sizes.into_iter().collect())
    }
}

impl<T: Number + Serialize> Serialize for Tensor<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(self, serializer, |&x| Element(x))
    }
}

impl<'de, T: Number + Deserialize<'de>> Deserialize<'de> for Tensor<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, |Element(x)| x)
    }
}

impl Serialize for Tensor<usize> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(self, serializer, |&i| i)
    }
}

impl<'de> Deserialize<'de> for Tensor<usize> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, |i: usize| i)
    }
}

/// Writes a tensor, with its elements in the form that `element` gives them.
fn write<T, E: Serialize, S: Serializer>(
    x: &Tensor<T>,
    serializer: S,
    element: impl Fn(&T) -> E,
) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_struct("Tensor", 2)?;
    fields.serialize_field("shape", x.shape())?;
    fields.serialize_field("data", &Elements(x, element))?;
    fields.end()
}

/// The elements of a tensor in row-major order.
struct Elements<'a, T, F>(&'a Tensor<T>, F);

impl<T, E: Serialize, F: Fn(&T) -> E> Serialize for Elements<'_, T, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Elements(x, element) = self;
        let mut sequence = serializer.serialize_seq(Some(x.size()))?;
        x.refs().try_for_each(|x| sequence.serialize_element(&element(x)))?;
        sequence.end()
    }
}

#[derive(Deserialize)]
#[serde(rename = "Tensor", deny_unknown_fields)]
struct Parts<E> {
    shape: Shape,
    data: Vec<E>,
}

/// Reads a tensor whose elements have the form `E`.
fn read<'de, T, E: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
    element: impl Fn(E) -> T,
) -> Result<Tensor<T>, D::Error> {
    let Parts { shape, data } = Parts::deserialize(deserializer)?;
    match (shape.checked_size(), data.len()) {
        (Some(size), n) if size == n => Ok(Tensor::contiguous_from(shape, data.into_iter().map(element).collect())),
        (Some(size), n) => {
            Err(D::Error::custom(format!("Tensor: shape {shape} needs {size} elements, but there are {n}")))
        }
        (None, _) => Err(D::Error::custom(format!("Tensor: shape {shape}: {TOO_LARGE}"))),
    }
}

/// A number, in the form that an element of a tensor has.
struct Element<T>(T);

const NAN: &str = "NaN";
const INFINITY: &str = "Infinity";
const MINUS_INFINITY: &str = "-Infinity";

/// The `f32` whose shortest decimal, 7.038531e-26, lies so near the middle between it and the next one that its `f64`
/// is exactly the middle, and is rounded to the next one. There is no other: all were tried.
const ROUNDED_TWICE: f64 = f32::from_bits(0x15ae_43fd) as f64;

impl<T: Number + Serialize> Serialize for Element<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let x = self.0.to_f64();
        match serializer.is_human_readable() {
            true if x.is_nan() => serializer.serialize_str(NAN),
            true if x == f64::INFINITY => serializer.serialize_str(INFINITY),
            true if x == f64::NEG_INFINITY => serializer.serialize_str(MINUS_INFINITY),
            true if x.abs() == ROUNDED_TWICE => x.serialize(serializer),
            _ => self.0.serialize(serializer),
        }
    }
}

impl<'de, T: Number + Deserialize<'de>> Deserialize<'de> for Element<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.is_human_readable() {
            true => deserializer.deserialize_any(InText(PhantomData)).map(Self),
            false => T::deserialize(deserializer).map(Self),
        }
    }
}

/// Reads an element of a text.
struct InText<T>(PhantomData<T>);

impl<T: Number> Visitor<'_> for InText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a number, {NAN:?}, {INFINITY:?} or {MINUS_INFINITY:?}")
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        let x = T::from_f64(number);
        match x.to_f64().is_finite() == number.is_finite() {
            true => Ok(x),
            false => Err(E::custom(format!("Tensor: {number:e} is too large for an element"))),
        }
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        self.visit_f64(number as f64)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        self.visit_f64(number as f64)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        match text {
            NAN => Ok(T::from_f64(f64::NAN)),
            INFINITY => Ok(T::from_f64(f64::INFINITY)),
            MINUS_INFINITY => Ok(T::from_f64(f64::NEG_INFINITY)),
            _ => Err(E::invalid_value(Unexpected::Str(text), &self)),
        }
    }
}
