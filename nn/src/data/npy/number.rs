//! The numbers in numpy's files.

use crate::data::files::Fault;
use std::fmt;

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
    impl Sealed for usize {}
}

/// An element type that numpy's files are read into and written from: `f32`, `f64`, or `usize` for indices and labels.
///
/// | numbers in the file | into `f32`, `f64` | into `usize` |
/// |---|---|---|
/// | floating-point: f2, f4, f8 | rounded to the nearest, as a file of text is; NaN and ∞ are kept | refused |
/// | whole: i1 to i8, u1 to u8 | if the type holds the number exactly | if the number is not negative |
/// | boolean: b1 | 0 or 1 | 0 or 1 |
///
/// A number that a type does not hold, such as 10³⁰⁰ in `f32` or −1 in `usize`, is an error. Complex numbers, texts,
/// dates, records and pickled objects are not read.
pub trait NpyElement: Copy + fmt::Debug + sealed::Sealed + 'static {
    /// The type in files that are written.
    #[doc(hidden)]
    const DTYPE: &'static str;
    /// The types that are read, in words.
    #[doc(hidden)]
    const EXPECTED: &'static str;
    #[doc(hidden)]
    fn from_float(x: f64) -> Option<Self>;
    #[doc(hidden)]
    fn from_whole(x: i128) -> Option<Self>;
    #[doc(hidden)]
    #[track_caller]
    fn append(self, bytes: &mut Vec<u8>, function: &str);
}

/// A number that does not fit a type.
pub(super) struct Misfit {
    found: String,
    expected: &'static str,
}

impl Misfit {
    fn new(found: impl fmt::Display, expected: &'static str) -> Self {
        Self { found: found.to_string(), expected }
    }

    pub(super) fn at(self, offset: usize) -> Fault {
        Fault::at(offset, self.found, self.expected)
    }
}

macro_rules! floating_point {
    ($($type:ident $dtype:literal),*) => {$(
        impl NpyElement for $type {
            const DTYPE: &'static str = $dtype;
            const EXPECTED: &'static str = "b1, i1 to i8, u1 to u8, f2, f4 or f8";

            fn from_float(x: f64) -> Option<Self> {
                let number = x as $type;
                (number.is_finite() || !x.is_finite()).then_some(number)
            }

            fn from_whole(x: i128) -> Option<Self> {
                let number = x as $type;
                (number as i128 == x).then_some(number)
            }

            fn append(self, bytes: &mut Vec<u8>, _: &str) {
                bytes.extend(self.to_le_bytes());
            }
        }
    )*};
}

floating_point!(f32 "<f4", f64 "<f8");

impl NpyElement for usize {
    // numpy's own indices have this type. With unsigned ones, its arithmetic turns to floating-point numbers.
    const DTYPE: &'static str = "<i8";
    const EXPECTED: &'static str = "b1, i1 to i8 or u1 to u8";

    fn from_float(_: f64) -> Option<Self> {
        None
    }

    fn from_whole(x: i128) -> Option<Self> {
        x.try_into().ok()
    }

    #[track_caller]
    fn append(self, bytes: &mut Vec<u8>, function: &str) {
        let Ok(index) = i64::try_from(self) else { panic!("{function}: {self} is no index below 2⁶³") };
        bytes.extend(index.to_le_bytes());
    }
}

/// A type of numbers in a file, such as `<f8`.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Dtype {
    is_big_endian: bool,
    kind: Kind,
    /// The number of bytes.
    pub(super) size: usize,
    /// The place of its name in the file.
    at: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Boolean,
    Signed,
    Unsigned,
    Floating,
}

impl Kind {
    fn letter(self) -> char {
        match self {
            Kind::Boolean => 'b',
            Kind::Signed => 'i',
            Kind::Unsigned => 'u',
            Kind::Floating => 'f',
        }
    }
}

impl Dtype {
    pub(super) fn parse(name: &str, at: usize) -> Result<Self, Fault> {
        let known = [Kind::Boolean, Kind::Signed, Kind::Unsigned, Kind::Floating].into_iter().flat_map(|kind| {
            let sizes: &[usize] = match kind {
                Kind::Boolean => &[1],
                Kind::Signed | Kind::Unsigned => &[1, 2, 4, 8],
                Kind::Floating => &[2, 4, 8],
            };
            sizes.iter().map(move |&size| (kind, size))
        });
        let mut letters = name.chars();
        let order = letters.next();
        let rest = letters.as_str();
        let found = known.into_iter().find(|(kind, size)| rest == format!("{}{size}", kind.letter()));
        match (order, found) {
            // The order of a single byte does not matter.
            (Some('<' | '>' | '|'), Some((kind, size @ 1))) => Ok(Self { is_big_endian: false, kind, size, at }),
            (Some(order @ ('<' | '>')), Some((kind, size))) => Ok(Self { is_big_endian: order == '>', kind, size, at }),
            _ => {
                let expected = "b1, i1 to i8, u1 to u8, f2, f4 or f8 after < or >";
                Err(Fault::at(at, format!("elements of type {name}"), expected))
            }
        }
    }

    /// Refuses numbers of a type that `T` does not take.
    pub(super) fn check<T: NpyElement>(self) -> Result<(), Fault> {
        match self.kind == Kind::Floating && T::from_float(0.0).is_none() {
            true => Err(Fault::at(self.at, format!("numbers of type {self}"), T::EXPECTED)),
            false => Ok(()),
        }
    }

    /// The number in bytes, as many as the type has.
    pub(super) fn read<T: NpyElement>(self, number: &[u8]) -> Result<T, Misfit> {
        let mut bytes = [0; 8];
        bytes[..self.size].copy_from_slice(number);
        if self.is_big_endian {
            bytes[..self.size].reverse();
        }
        let bits = u64::from_le_bytes(bytes);
        let unused = 64 - 8 * self.size as u32;
        let whole = match self.kind {
            Kind::Boolean => i128::from(bits != 0),
            Kind::Signed => i128::from((bits << unused) as i64 >> unused),
            Kind::Unsigned => i128::from(bits),
            Kind::Floating => {
                let x = match self.size {
                    2 => half(bits as u16),
                    4 => f64::from(f32::from_bits(bits as u32)),
                    _ => f64::from_bits(bits),
                };
                return T::from_float(x).ok_or_else(|| Misfit::new(format!("{x:e}"), "a number that is not too large"));
            }
        };
        T::from_whole(whole).ok_or_else(|| Misfit::new(whole, "a number that the type of the tensor holds"))
    }
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let order = match self.size {
            1 => '|',
            _ if self.is_big_endian => '>',
            _ => '<',
        };
        write!(f, "{order}{}{}", self.kind.letter(), self.size)
    }
}

/// A number of 16 bits (IEEE 754, binary16): a sign, 5 bits of exponent, 10 bits of fraction.
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    let magnitude = match exponent {
        0 => fraction * 2f64.powi(-24),
        0x1f if fraction > 0.0 => f64::NAN,
        0x1f => f64::INFINITY,
        _ => (fraction + 1024.0) * 2f64.powi(exponent - 25),
    };
    if bits >> 15 == 1 { -magnitude } else { magnitude }
}
