//! Every reader of files, given damaged files: it reads them, or returns an error that names the file, the place and
//! the expectation. Nothing panics, and the memory is bounded by the length of the file, whatever its header claims.
//!
//! A few thousand cases run always; 500,000 with `cargo test --release -p nn --all-features readers -- --ignored`.

use crate::corrupt::corrupted;
use crate::data::idx;
use crate::folder::Folder;
#[cfg(feature = "store")]
use autodiff::prelude::*;
#[cfg(feature = "files")]
use nn::data::Table;
use nn::data::{Idx, read_idx};
use nn::{Fault, FileError, Place};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::path::Path;

const SHORT: u32 = 1_000;
const LONG: u32 = 100_000;

/// The answer of a reader to a damaged file; none if it reads the file.
type Verdict = Result<(), FileError>;

/// Gives damaged files to a reader, each at the same path.
fn fuzz(name: &str, cases: u32, files: impl Strategy<Value = Vec<u8>>, read: impl Fn(&Path) -> Verdict) {
    let (folder, config) = (Folder::new(), Config { cases, failure_persistence: None, ..Config::default() });
    let refused = std::cell::Cell::new(0u32);
    let run = TestRunner::new(config).run(&files, |bytes| {
        let file = folder.write(name, &bytes);
        let mut verdict = Ok(());
        let memory = allocation_counter::measure(|| verdict = read(&file));
        let bound = bound(name, bytes.len());
        prop_assert!(memory.bytes_max <= bound, "{} bytes for {} of file", memory.bytes_max, bytes.len());
        refused.set(refused.get() + u32::from(verdict.is_err()));
        verdict.map_or_else(|error| judge(&error, &file, bytes.len()), Ok)
    });
    run.unwrap_or_else(|failure| panic!("{name}: {failure}"));
    let refused = refused.get();
    println!("{name}: {cases} damaged files, {refused} refused, {} read", cases - refused);
    assert!(refused > cases / 4 && refused < cases, "{name}: {refused} of {cases} refused: a poor choice of damages");
}

/// The most memory that a reader may hold at once: eight bytes for each digit or comma; unpacked, 1032 times the file,
/// the limit of deflate, and its tables; and three times all of it while a vector doubles its size.
fn bound(name: &str, length: usize) -> u64 {
    let factor = if name.ends_with("gz") || name.ends_with("npz") { 3 * 1032 } else { 64 };
    (factor * length + (1 << 17)) as u64
}

/// An error must name the file, a place in it, and what was found and expected there.
fn judge(error: &FileError, file: &Path, length: usize) -> Result<(), TestCaseError> {
    prop_assert_eq!(&error.file, file);
    let Fault::Content { place, found, expected } = &error.fault else {
        return Err(TestCaseError::fail(format!("the system can read it: {error}")));
    };
    prop_assert!(!found.is_empty() && !expected.is_empty(), "{}", error);
    match place {
        Place::Byte(offset) if file.extension().is_none() => prop_assert!(*offset <= length, "{}", error),
        Place::Field { line, column } => prop_assert!((1..=length + 1).contains(line) && *column >= 1, "{}", error),
        _ => {}
    }
    prop_assert!(error.to_string().ends_with("was expected"), "{}", error);
    Ok(())
}

fn idx_files() -> impl Strategy<Value = Vec<u8>> {
    corrupted(proptest::collection::vec(0u32..6, 0..4).prop_map(|sizes| idx(&sizes)))
}

/// Reads the bytes by the header, then as images with the same file for the labels.
fn read_both(file: &Path) -> Verdict {
    let idx = Idx::read(file)?;
    assert_eq!(idx.bytes.len(), idx.sizes.iter().product::<usize>());
    let samples = read_idx::<f32>(file, file);
    assert!(samples.is_err(), "images cannot be labels");
    Ok(())
}

#[cfg(feature = "files")]
fn tables() -> impl Strategy<Value = Vec<u8>> {
    let row = proptest::collection::vec(any::<f32>().prop_map(|x| x.to_string()), 3).prop_map(|row| row.join(","));
    let rows = proptest::collection::vec(row, 1..6).prop_map(|rows| ["a,b,c".to_owned(), rows.join("\n")].join("\n"));
    let any_text = "[0-9.,\n\r eE+\\-\"naif]{0,60}|(?s).{0,40}";
    corrupted(prop_oneof![3 => rows, 1 => any_text].prop_map(String::into_bytes))
}

#[cfg(feature = "files")]
fn read_table(file: &Path) -> Verdict {
    let missing = Table::<f32>::read_with_missing(file);
    let table = Table::<f32>::read(file)?;
    assert!(table.x.size() > 0 && table.x.iter().all(f32::is_finite));
    assert_eq!(missing.expect("a stricter reader reads it"), table);
    Ok(())
}

#[test]
fn damaged_idx_files() {
    fuzz("idx", SHORT, idx_files(), read_both);
}

#[cfg(feature = "files")]
#[test]
fn damaged_tables() {
    fuzz("csv", SHORT, tables(), read_table);
}

#[test]
#[ignore = "long"]
fn many_damaged_idx_files() {
    fuzz("idx", LONG, idx_files(), read_both);
}

#[cfg(feature = "files")]
#[test]
#[ignore = "long"]
fn many_damaged_tables() {
    fuzz("csv", LONG, tables(), read_table);
}

#[cfg(feature = "gz")]
mod packed {
    use super::*;
    use crate::corrupt::pack;

    /// Files damaged before or after packing.
    fn files() -> impl Strategy<Value = Vec<u8>> {
        corrupted(idx_files().prop_map(|bytes| pack(&bytes)))
    }

    #[test]
    fn damaged_packed_files() {
        fuzz("idx.gz", SHORT, files(), read_both);
    }

    #[test]
    #[ignore = "long"]
    fn many_damaged_packed_files() {
        fuzz("idx.gz", LONG, files(), read_both);
    }

    /// Files of zeros that unpack to a thousand times their size: below the limit of 64 MiB, and above.
    #[test]
    fn memory_of_unpacking_is_bounded() {
        let (folder, mebibyte) = (Folder::new(), pack(&vec![b'0'; 1 << 20]));
        for count in [16, 300] {
            let packed = mebibyte.repeat(count);
            let file = folder.write("zeros.gz", &packed);
            let mut error = None;
            let memory = allocation_counter::measure(|| error = Idx::read(&file).err());
            assert!(memory.bytes_max <= 3 * (64 << 20) + (1 << 20), "{} for {}", memory.bytes_max, packed.len());
            let said = error.expect("no IDX file").fault.to_string();
            let limit = format!("at byte 67108864: more, but no more than 67108864 bytes from {} packed", packed.len());
            assert_eq!(said.starts_with(&limit), count == 300, "{said}");
        }
    }
}

#[cfg(feature = "npy")]
mod numpy {
    use super::*;
    use nn::data::{Npz, read_npy};

    fn golden(name: &str) -> Vec<u8> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/numpy");
        std::fs::read(folder.join(name)).expect("a golden file")
    }

    fn arrays() -> impl Strategy<Value = Vec<u8>> {
        let names = ["matrix.npy", "index.npy", "scalar.npy", "empty.npy", "fortran.npy", "version2.npy"];
        corrupted(proptest::sample::select(names.map(golden).to_vec()))
    }

    /// Reads an array as numbers and as indices; the numbers are those of the file.
    fn read_array(file: &Path) -> Verdict {
        let _ = read_npy::<usize>(file);
        let (x, length) = (read_npy::<f64>(file)?, std::fs::metadata(file).expect("it exists").len());
        assert!(x.size() as u64 <= length);
        Ok(())
    }

    fn archives() -> impl Strategy<Value = Vec<u8>> {
        corrupted(Just(golden("packed.npz")))
    }

    fn read_archive(file: &Path) -> Verdict {
        let npz = Npz::open(file)?;
        npz.names().try_for_each(|name| npz.get::<f64>(name).map(|_| ()))
    }

    #[test]
    fn damaged_arrays() {
        fuzz("npy", SHORT, arrays(), read_array);
        fuzz("npz", SHORT, archives(), read_archive);
    }

    #[test]
    #[ignore = "long"]
    fn many_damaged_arrays() {
        fuzz("npy", LONG, arrays(), read_array);
        fuzz("npz", LONG, archives(), read_archive);
    }
}

#[cfg(feature = "store")]
mod stored {
    use super::*;
    use nn::store::{self, Checkpoint};
    use nn::{Adam, Init, Mlp, Trainer, Transfer};
    use rand::rngs::{ChaCha12Rng, StdRng};
    use rand::{Rng, SeedableRng};

    type Training = Trainer<Mlp<Tensor<f32>>, Adam<Tensor<f32>>>;

    fn training(seed: u64) -> Training {
        let rng = &mut StdRng::seed_from_u64(seed);
        let mlp = Mlp::new(&[3, 4, 2], Transfer::Tanh, Init::GlorotUniform, rng);
        Trainer::new(mlp, Adam::new(0.01))
    }

    fn saved(save: impl Fn(&Path)) -> Vec<u8> {
        let folder = Folder::new();
        let file = folder.path().join("saved");
        save(&file);
        std::fs::read(file).expect("it was saved")
    }

    /// The header is most of such a small file, so most damage strikes it.
    fn models() -> impl Strategy<Value = Vec<u8>> {
        corrupted(Just(saved(|file| store::save(file, &training(0).model).expect("it can be saved"))))
    }

    fn checkpoints() -> impl Strategy<Value = Vec<u8>> {
        let rng = ChaCha12Rng::seed_from_u64(5);
        corrupted(Just(saved(|file| training(0).save(file, &rng).expect("it can be saved"))))
    }

    /// Loads a model, or returns an error and changes nothing.
    fn load(file: &Path) -> Verdict {
        let mut model = training(1).model;
        let before = model.clone();
        store::load(file, &mut model).inspect_err(|_| assert_eq!(model, before))
    }

    /// Restores a training, or returns an error and changes nothing. The generator must be able to draw in either case.
    fn restore(file: &Path) -> Verdict {
        let (mut trainer, mut rng) = (training(1), ChaCha12Rng::seed_from_u64(1));
        let (model, state) = (trainer.model.clone(), rng.serialize_state());
        match trainer.restore(file, &mut rng) {
            Ok(_) => rng.next_u64(),
            Err(error) => {
                assert_eq!((trainer.model, rng.serialize_state()), (model, state));
                return Err(error);
            }
        };
        Ok(())
    }

    #[test]
    fn damaged_models() {
        fuzz("model", SHORT, models(), load);
    }

    #[test]
    fn damaged_checkpoints() {
        fuzz("checkpoint", SHORT, checkpoints(), restore);
    }

    #[test]
    #[ignore = "long"]
    fn many_damaged_models_and_checkpoints() {
        fuzz("model", LONG, models(), load);
        fuzz("checkpoint", LONG, checkpoints(), restore);
    }

    /// Errors in a header are reported with their place.
    #[test]
    fn wrong_headers_are_refused_with_the_place() {
        let folder = Folder::new();
        let text = |header: &str, data: &[u8]| {
            let bytes = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), data].concat();
            Checkpoint::open(folder.write("lie", &bytes)).expect_err("a lie").fault.to_string()
        };
        let short = Checkpoint::open(folder.write("lie", &[1, 2])).expect_err("a lie").fault.to_string();
        assert!(short.starts_with("at byte 2: ") && short.contains("header in 8 bytes"), "{short}");
        let long = Checkpoint::open(folder.write("lie", &[0xff; 12])).expect_err("a lie").fault.to_string();
        assert!(
            long.starts_with("at byte 0: not a safetensors file (header too large)")
                && long.contains("within the file's 12 bytes"),
            "{long}"
        );
        let word = text("{\"x\":\n[}", &[]);
        assert!(word.starts_with("at byte 15: ") && word.contains("in JSON"), "{word}");
        let tensor =
            |shape: &str, end: u64| format!(r#"{{"x":{{"dtype":"F32","shape":{shape},"data_offsets":[0,{end}]}}}}"#);
        let more = text(&tensor("[2]", 8), &[0; 4]);
        assert!(more.contains("the end of the last tensor was expected"), "{more}");
        for shape in ["[3]", "[18446744073709551615]", "[4294967296, 4294967296, 4294967296]"] {
            let misfit = text(&tensor(shape, 8), &[0; 8]);
            assert!(misfit.starts_with("at byte 8: ") && misfit.contains("as its shape says"), "{misfit}");
        }
    }
}
