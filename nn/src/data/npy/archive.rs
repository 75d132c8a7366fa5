//! Archives of arrays.

use super::number::NpyElement;
use crate::data::files::{Fault, FileError, Place, replace_file};
use crate::data::packed;
use autodiff::prelude::*;
use rawzip::path::ZipFilePath;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveWriter, ZipSliceEntry};
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Arrays with names: a `.npz` file, which `numpy.savez`, `numpy.savez_compressed` and [`save`](Npz::save) write.
///
/// Each array has its own type of numbers, so it is read by its name, as [`read_npy`](super::read_npy) reads a file. An
/// array without a name in `numpy.savez` is `arr_0`, `arr_1`, ….
///
/// ```
/// use autodiff::prelude::*;
/// use nn::data::{Npz, Samples};
/// # let file = std::env::temp_dir().join(format!("nn-npz-doc-{}.npz", std::process::id()));
/// let (x, labels) = (Tensor::from([[0.5f32, 1.0], [2.0, 3.0]]), Tensor::from([1, 0]));
/// Npz::new().put("x", &x).put("labels", &labels).save(&file)?; // numpy.load(file)["labels"] reads it
///
/// let npz = Npz::open(&file)?;
/// assert_eq!(npz.names().collect::<Vec<_>>(), ["labels", "x"]);
/// let samples = Samples::<f32>::new(npz.get("x")?, npz.get("labels")?);
/// assert_eq!(samples, Samples::new(x, labels));
/// let error = npz.get::<f32>("y").unwrap_err().fault.to_string();
/// assert_eq!(error, "tensor y: nothing (the file holds labels, x), but an array with that name was expected");
/// # std::fs::remove_file(&file)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Npz {
    /// The file that it was opened from, for errors.
    file: PathBuf,
    /// The bytes of each array as a `.npy` file.
    arrays: BTreeMap<String, Vec<u8>>,
}

impl Npz {
    /// An archive without arrays.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads and unpacks a file. Entries whose name does not end in `.npy` are no arrays, and are ignored.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, is no archive, holds an entry twice or one that is packed by a
    /// method other than “deflate”, or unpacks to more than 100 times its size and more than 64 MiB.
    pub fn open(file: impl AsRef<Path>) -> Result<Self, FileError> {
        let file = file.as_ref().to_owned();
        let arrays = std::fs::read(&file).map_err(Fault::Io).and_then(|bytes| unpack(&bytes));
        match arrays {
            Ok(arrays) => Ok(Self { file, arrays }),
            Err(fault) => Err(fault.of(file)),
        }
    }

    /// The names of the arrays, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.arrays.keys().map(String::as_str)
    }

    /// The array with a name.
    ///
    /// # Errors
    /// Returns an error if there is none, or as [`read_npy`](super::read_npy).
    pub fn get<T: NpyElement>(&self, name: &str) -> Result<Tensor<T>, FileError> {
        let parsed = match self.arrays.get(name) {
            Some(bytes) => super::parse(bytes).map_err(|fault| inside(name, fault)),
            None => {
                let held = match self.arrays.is_empty() {
                    true => "no array".to_owned(),
                    false => self.names().collect::<Vec<_>>().join(", "),
                };
                let found = format!("nothing (the file holds {held})");
                Err(Fault::content(Place::Tensor(name.to_owned()), found, "an array with that name"))
            }
        };
        parsed.map_err(|fault| fault.of(&self.file))
    }

    /// Adds an array, or replaces the one with that name.
    ///
    /// # Panics
    /// Panics if the name is no path inside an archive, as `../x` is not, or if an index is 2⁶³ or more.
    #[track_caller]
    pub fn put<T: NpyElement>(&mut self, name: &str, x: &Tensor<T>) -> &mut Self {
        let is_inside = !name.is_empty() && ZipFilePath::from_str(name).as_ref() == name;
        assert!(is_inside, "Npz::put: {name:?} is no path inside an archive");
        self.arrays.insert(name.to_owned(), super::format("Npz::put", x));
        self
    }

    /// Writes or replaces the file in one step, without compression, as `numpy.savez` does. The same arrays give the
    /// same bytes.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written. An old file then stays as it was.
    pub fn save(&self, file: impl AsRef<Path>) -> Result<(), FileError> {
        let written = pack(&self.arrays).and_then(|bytes| replace_file(&file, &bytes));
        written.map_err(|error| Fault::Io(error).of(file.as_ref()))
    }
}

/// The fault with its place in an entry of the archive.
fn inside(name: &str, fault: Fault) -> Fault {
    match fault {
        Fault::Content { place: Place::Byte(offset), found, expected } => {
            Fault::Content { place: Place::Entry { name: name.to_owned(), offset }, found, expected }
        }
        other => other,
    }
}

fn pack(arrays: &BTreeMap<String, Vec<u8>>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    for (name, array) in arrays {
        let path = format!("{name}{SUFFIX}");
        let (mut entry, config) = archive.new_file(&path).start().map_err(io::Error::other)?;
        let mut writer = config.wrap(&mut entry);
        writer.write_all(array)?;
        let (_, output) = writer.finish().map_err(io::Error::other)?;
        entry.finish(output).map_err(io::Error::other)?;
    }
    archive.finish().map_err(io::Error::other)?;
    Ok(bytes)
}

/// The end of the names of entries that are arrays.
const SUFFIX: &str = ".npy";

fn unpack(bytes: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, Fault> {
    let archive = ZipArchive::from_slice(bytes).map_err(|error| no_archive(bytes.len(), &error))?;
    let (mut arrays, mut entries, mut count) = (BTreeMap::new(), archive.entries(), 0);
    // Several entries may claim the same bytes of the file, so the limit is for their sum.
    let mut room = packed::limit(bytes.len());
    while let Some(entry) = entries.next_entry().map_err(|error| no_archive(bytes.len(), &error))? {
        count += 1;
        let place = entry.central_directory_offset() as usize;
        let path = entry.file_path();
        let path = std::str::from_utf8(path.as_ref())
            .map_err(|_| Fault::at(place, "an entry with another name", "a name in UTF-8"))?;
        let Some(name) = path.strip_suffix(SUFFIX) else { continue };
        let local = archive.get_entry(entry.wayfinder()).map_err(|error| no_archive(bytes.len(), &error))?;
        let unpacked = match entry.compression_method() {
            CompressionMethod::STORE => verified(&local, local.data(), room),
            CompressionMethod::DEFLATE => verified(&local, flate2::bufread::DeflateDecoder::new(local.data()), room),
            method => {
                return Err(Fault::at(place, format!("{path} packed by {method:?}"), "\"store\" or \"deflate\""));
            }
        };
        let unpacked = unpacked.map_err(|fault| inside(name, fault))?;
        room -= unpacked.len();
        if arrays.insert(name.to_owned(), unpacked).is_some() {
            return Err(Fault::at(place, format!("{path} again"), "another name"));
        }
    }
    match archive.entries_hint() {
        stated if stated == count => Ok(arrays),
        stated => Err(Fault::at(bytes.len(), format!("the end after {count} entries"), format!("{stated} entries"))),
    }
}

/// The unpacked bytes of an entry, whose checksum and size must be those that the archive states.
fn verified(entry: &ZipSliceEntry<'_>, packed: impl Read, room: usize) -> Result<Vec<u8>, Fault> {
    let mut unpacked = Vec::new();
    let read = entry.verifying_reader(packed).take(room as u64 + 1).read_to_end(&mut unpacked);
    read.map_err(|error| Fault::at(unpacked.len(), error.to_string(), "the unpacked bytes that the archive states"))?;
    match unpacked.len() > room {
        true => Err(Fault::at(room, "more", format!("no more than {room} bytes"))),
        false => Ok(unpacked),
    }
}

fn no_archive(length: usize, error: &rawzip::Error) -> Fault {
    Fault::at(0, format!("no archive ({error}) in {length} bytes"), "a .npz file, which is a zip archive,")
}
