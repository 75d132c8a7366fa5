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

/// The largest unpacked size: 100 times the packed one, or 64 MiB if that is more. Images and tables of numbers shrink to a
/// third or a tenth. A file that unpacks to a thousand times its size is made to use up memory.
#[cfg(any(feature = "gz", feature = "npy"))]
pub(super) fn limit(packed: usize) -> usize {
    packed.saturating_mul(100).max(64 << 20)
}

/// Unpacks the streams of a file, one after the other. Zeros after the last are padding, as gzip has it.
#[cfg(feature = "gz")]
fn unpack(packed: &[u8]) -> Result<Vec<u8>, Fault> {
    use std::io::Read;
    let limit = limit(packed.len());
    let (mut unpacked, mut rest) = (Vec::new(), packed);
    loop {
        let mut decoder = flate2::bufread::GzDecoder::new(rest);
        let room = (limit - unpacked.len()) as u64;
        let read = decoder.by_ref().take(room + 1).read_to_end(&mut unpacked);
        read.map_err(|error| Fault::at(unpacked.len(), error.to_string(), "data packed by gzip"))?;
        if unpacked.len() > limit {
            let expected = format!("no more than {limit} bytes from {} packed ones", packed.len());
            return Err(Fault::at(limit, "more", expected));
        }
        rest = decoder.into_inner();
        if rest.iter().all(|&byte| byte == 0) {
            return Ok(unpacked);
        }
    }
}

#[cfg(not(feature = "gz"))]
fn unpack(_: &[u8]) -> Result<Vec<u8>, Fault> {
    Err(Fault::at(0, "packed data", "the unpacked file (or a build with the feature gz)"))
}
