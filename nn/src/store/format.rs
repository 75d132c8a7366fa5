//! The bytes of a safetensors file as named arrays, and the settings in its metadata.

use super::entry::Entry;
use crate::data::Fault;
use safetensors::{SafeTensorError, SafeTensors};
use std::collections::BTreeMap;

pub(super) type Named<T> = BTreeMap<String, T>;

/// The key of the settings. They are one text, since the keys of the metadata are written in no fixed order.
const SETTINGS: &str = "settings";

/// The bytes of a file.
pub(super) fn write(entries: &Named<Entry>, settings: &Named<String>) -> Result<Vec<u8>, SafeTensorError> {
    let lines: Vec<String> = settings.iter().map(|(name, text)| format!("{} = {text}", escaped(name))).collect();
    let metadata = (!lines.is_empty()).then(|| (SETTINGS.to_owned(), lines.join("\n")));
    safetensors::serialize(entries, metadata.map(|settings| [settings].into_iter().collect()))
}

/// The arrays and the settings of a file by their names. Memory is allocated by the length of the file, never by what the
/// header says.
pub(super) fn parse(bytes: &[u8]) -> Result<(Named<Entry>, Named<String>), Fault> {
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| fault(bytes, &error))?;
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|error| fault(bytes, &error))?;
    let text = metadata.metadata().as_ref().and_then(|metadata| metadata.get(SETTINGS));
    let settings = text.iter().flat_map(|text| text.lines()).map(|line| {
        let setting = line.split_once(" = ").map(|(name, text)| (unescaped(name), text.to_owned()));
        setting.ok_or_else(|| Fault::at(START, format!("{line:?} among the settings"), "`name = text`"))
    });
    let entry = |(name, view): (&str, safetensors::tensor::TensorView<'_>)| {
        let entry = Entry { dtype: view.dtype(), shape: view.shape().to_vec(), bytes: view.data().to_vec() };
        (name.to_owned(), entry)
    };
    Ok((tensors.iter().map(entry).collect(), settings.collect::<Result<_, _>>()?))
}

/// The name of a setting, which may hold any key of a map, on one line and without a bare equals sign.
fn escaped(name: &str) -> String {
    name.replace('\\', r"\\").replace('\n', r"\n").replace('=', r"\=")
}

fn unescaped(name: &str) -> String {
    let mut text = String::new();
    let mut characters = name.chars();
    while let Some(character) = characters.next() {
        text.extend(match character {
            '\\' => characters.next().map(|escaped| if escaped == 'n' { '\n' } else { escaped }),
            other => Some(other),
        });
    }
    text
}

/// The bytes before the header, which hold its length.
const START: usize = 8;

/// The error with its place in the file, which the safetensors crate does not name.
fn fault(bytes: &[u8], error: &SafeTensorError) -> Fault {
    use SafeTensorError::{
        HeaderTooLarge, HeaderTooSmall, InvalidHeader, InvalidHeaderDeserialization, InvalidHeaderLength,
        MetadataIncompleteBuffer,
    };
    let length = bytes.len();
    let (offset, expected) = match error {
        HeaderTooSmall => (length, "the length of the header in 8 bytes".to_owned()),
        HeaderTooLarge | InvalidHeaderLength => (0, format!("a header that ends within the file's {length} bytes")),
        InvalidHeader(error) => (START + error.valid_up_to(), "a header in UTF-8".to_owned()),
        InvalidHeaderDeserialization(error) => {
            let place = offset_of(&bytes[START..], error.line(), error.column());
            (START + place, "dtype, shape and data_offsets of each tensor in JSON".to_owned())
        }
        MetadataIncompleteBuffer => (length, "the end of the last tensor".to_owned()),
        _ => (START, "a header of tensors one after the other, each as long as its shape says,".to_owned()),
    };
    let found = match error {
        HeaderTooSmall | HeaderTooLarge | InvalidHeaderLength | InvalidHeader(_) | InvalidHeaderDeserialization(_) => {
            format!("not a safetensors file ({error})")
        }
        _ => error.to_string(),
    };
    Fault::at(offset, found, expected)
}

/// The offset of a place that a JSON reader names by line and column, both from 1.
fn offset_of(text: &[u8], line: usize, column: usize) -> usize {
    let before = text.split_inclusive(|&byte| byte == b'\n').take(line.saturating_sub(1));
    before.map(<[u8]>::len).sum::<usize>() + column.saturating_sub(1)
}
