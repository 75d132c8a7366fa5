//! Reading files, packed or not.

use super::files::Fault;
use std::path::Path;

/// The bytes of a file, unpacked if its name ends in `.gz`.
pub(super) fn read(file: &Path) -> Result<Vec<u8>, Fault> {
    let bytes = std::fs::read(file).map_err(Fault::Io)?;
    match file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz")) {
        true => unpack(&bytes),
        false => Ok(bytes),
    }
}

/// The largest unpacked size, above that of the usual data sets. A small file may unpack to a thousand times its size.
#[cfg(feature = "gz")]
const LIMIT: u64 = 1 << 31;

#[cfg(feature = "gz")]
fn unpack(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    use std::io::Read;
    let mut unpacked = Vec::new();
    let result = flate2::read::MultiGzDecoder::new(bytes).take(LIMIT + 1).read_to_end(&mut unpacked);
    match result {
        Ok(_) if unpacked.len() as u64 <= LIMIT => Ok(unpacked),
        Ok(_) => Err(Fault::at(unpacked.len(), "more", format!("no more than {LIMIT} bytes"))),
        Err(error) => Err(Fault::at(unpacked.len(), error.to_string(), "data packed by gzip")),
    }
}

#[cfg(not(feature = "gz"))]
fn unpack(_: &[u8]) -> Result<Vec<u8>, Fault> {
    Err(Fault::at(0, "packed data", "the unpacked file (or a build with the feature gz)"))
}
