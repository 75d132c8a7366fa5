//! The header of a `.npy` file: the type of its numbers, their order, and the shape.
//!
//! The format (numpy, `numpy.lib.format`, versions 1 to 3): the bytes `\x93NUMPY`, two bytes of version, the length of
//! the text as a little-endian number of 16 bits (version 1) or 32 bits, and the text of a Python dictionary with the
//! keys `descr`, `fortran_order` and `shape`, padded with blanks so that the numbers begin at a multiple of 64 bytes.

use super::number::Dtype;
use crate::data::files::Fault;
use autodiff::prelude::*;

const MAGIC: &[u8] = b"\x93NUMPY";
const ALIGNMENT: usize = 64;

/// What the header says, and where the numbers start.
pub(super) struct Header {
    pub(super) dtype: Dtype,
    pub(super) fortran_order: bool,
    pub(super) shape: Shape,
    pub(super) start: usize,
}

impl Header {
    /// The header of an array in row-major order.
    pub(super) fn write(dtype: &str, shape: &Shape) -> Vec<u8> {
        let sizes: String = shape.iter().map(|size| format!("{size}, ")).collect();
        let sizes = if shape.rank() == 1 { sizes.trim_end() } else { sizes.trim_end_matches(", ") };
        let text = format!("{{'descr': '{dtype}', 'fortran_order': False, 'shape': ({sizes}), }}");
        // Version 2 is for texts of more than 64 KiB: for some ten thousand axes.
        let version = if text.len() + ALIGNMENT <= usize::from(u16::MAX) { 1 } else { 2 };
        let before = MAGIC.len() + if version == 1 { 4 } else { 6 };
        let start = (before + text.len() + 1).next_multiple_of(ALIGNMENT);
        let length = ((start - before) as u32).to_le_bytes();
        let mut bytes = [MAGIC, &[version, 0], &length[..before - MAGIC.len() - 2], text.as_bytes()].concat();
        bytes.resize(start - 1, b' ');
        bytes.push(b'\n');
        bytes
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        if !bytes.starts_with(MAGIC) {
            let found = format!("{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(MAGIC.len())]));
            return Err(Fault::at(0, found, "\"\\x93NUMPY\", as .npy files begin,"));
        }
        let ends = |expected: &str| Fault::at(bytes.len(), "the end of the file", expected);
        let Some(&[major, _]) = bytes[MAGIC.len()..].first_chunk() else { return Err(ends("a version")) };
        let rest = &bytes[MAGIC.len() + 2..];
        let (length, before) = match major {
            1 => (rest.first_chunk().map(|&length| usize::from(u16::from_le_bytes(length))), 10),
            2 | 3 => (rest.first_chunk().map(|&length| u32::from_le_bytes(length) as usize), 12),
            _ => return Err(Fault::at(MAGIC.len(), format!("version {major}"), "version 1, 2 or 3")),
        };
        let Some(length) = length else { return Err(ends("the length of the header")) };
        let Some(text) = bytes[before..].get(..length) else {
            return Err(ends(&format!("a header of {length} bytes")));
        };
        Text { text, start: before, at: 0 }.dictionary()
    }
}

/// The text of a header, and the place up to which it was read.
struct Text<'a> {
    text: &'a [u8],
    /// The place in the file where the text starts.
    start: usize,
    at: usize,
}

impl Text<'_> {
    fn dictionary(mut self) -> Result<Header, Fault> {
        let (mut dtype, mut fortran_order, mut shape) = (None, None, None);
        self.expect("{")?;
        while !self.takes("}") {
            let place = self.at;
            let key = self.string("a key in quotes")?;
            self.expect(":")?;
            match &key[..] {
                "descr" => dtype = Some(self.dtype()?),
                "fortran_order" => fortran_order = Some(self.boolean()?),
                "shape" => shape = Some(self.shape()?),
                _ => return Err(Self { at: place, ..self }.fault("the key descr, fortran_order or shape")),
            }
            if !self.takes(",") {
                self.expect("}")?;
                break;
            }
        }
        self.skip_blanks();
        if self.at < self.text.len() {
            return Err(self.fault("blanks up to the end of the header"));
        }
        let start = self.start + self.text.len();
        let missing = |key: &str| Fault::at(start, "the end of the header", format!("the key {key}"));
        Ok(Header {
            dtype: dtype.ok_or_else(|| missing("descr"))?,
            fortran_order: fortran_order.ok_or_else(|| missing("fortran_order"))?,
            shape: shape.ok_or_else(|| missing("shape"))?,
            start,
        })
    }

    fn dtype(&mut self) -> Result<Dtype, Fault> {
        self.skip_blanks();
        let at = self.start + self.at;
        let name = self.string("a type of numbers in quotes (an array of records is not read)")?;
        Dtype::parse(&name, at)
    }

    fn boolean(&mut self) -> Result<bool, Fault> {
        match self.takes("True") {
            true => Ok(true),
            false if self.takes("False") => Ok(false),
            false => Err(self.fault("True or False")),
        }
    }

    fn shape(&mut self) -> Result<Shape, Fault> {
        let mut sizes = Vec::new();
        self.expect("(")?;
        while !self.takes(")") {
            sizes.push(self.size()?);
            if !self.takes(",") {
                self.expect(")")?;
                break;
            }
        }
        Ok(Shape::from(&sizes[..]))
    }

    /// A whole number. Python 2 wrote some of them as `3L`.
    fn size(&mut self) -> Result<usize, Fault> {
        self.skip_blanks();
        let digits = self.text[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let text = std::str::from_utf8(&self.text[self.at..][..digits]).unwrap_or_default();
        let Ok(size) = text.parse() else { return Err(self.fault("the size of an axis")) };
        self.at += digits;
        self.takes("L");
        Ok(size)
    }

    /// A string without escapes, as names of types and keys are.
    fn string(&mut self, expected: &str) -> Result<String, Fault> {
        self.skip_blanks();
        let rest = &self.text[self.at..];
        let content = rest.first().filter(|quote| matches!(quote, b'\'' | b'"')).and_then(|quote| {
            let content = &rest[1..];
            content.iter().position(|byte| byte == quote).map(|end| &content[..end])
        });
        let Some(content) = content else { return Err(self.fault(expected)) };
        self.at += content.len() + 2;
        Ok(String::from_utf8_lossy(content).into_owned())
    }

    fn expect(&mut self, token: &str) -> Result<(), Fault> {
        match self.takes(token) {
            true => Ok(()),
            false => Err(self.fault(&format!("{token:?}"))),
        }
    }

    /// Reads a token, if it is next.
    fn takes(&mut self, token: &str) -> bool {
        self.skip_blanks();
        let is_next = self.text[self.at..].starts_with(token.as_bytes());
        self.at += if is_next { token.len() } else { 0 };
        is_next
    }

    fn skip_blanks(&mut self) {
        self.at += self.text[self.at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    }

    fn fault(&self, expected: &str) -> Fault {
        const SHOWN: usize = 20;
        let rest = &self.text[self.at..];
        let found = match rest.is_empty() {
            true => "the end of the header".to_owned(),
            false => format!("{:?}", String::from_utf8_lossy(&rest[..rest.len().min(SHOWN)])),
        };
        Fault::at(self.start + self.at, found, expected)
    }
}
