//! Files as they are, or unpacked.

use super::DataFault;
use std::path::Path;

/// The bytes of a file; of one whose name ends in `.gz`, unpacked.
pub(super) fn read(file: &Path) -> Result<Vec<u8>, DataFault> {
    let bytes = std::fs::read(file).map_err(DataFault::Io)?;
    match file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz")) {
        true => unpack(&bytes),
        false => Ok(bytes),
    }
}

/// More than any of the usual data sets has: what a small file can be unpacked to is a thousand times its size.
#[cfg(feature = "gz")]
const LIMIT: u64 = 1 << 31;

#[cfg(feature = "gz")]
fn unpack(bytes: &[u8]) -> Result<Vec<u8>, DataFault> {
    use std::io::Read;
    let mut unpacked = Vec::new();
    let result = flate2::read::MultiGzDecoder::new(bytes).take(LIMIT + 1).read_to_end(&mut unpacked);
    match result {
        Ok(_) if unpacked.len() as u64 <= LIMIT => Ok(unpacked),
        Ok(_) => Err(DataFault::Packed(format!("it unpacks to more than {LIMIT} bytes"))),
        Err(error) => {
            let length = unpacked.len();
            Err(DataFault::Packed(format!("after {length} unpacked bytes, it cannot be unpacked: {error}")))
        }
    }
}

#[cfg(not(feature = "gz"))]
fn unpack(_: &[u8]) -> Result<Vec<u8>, DataFault> {
    Err(DataFault::Packed("it is packed: unpack it, or build with the feature gz".to_owned()))
}
