//! Arrays in numpy's files. The golden files were written by numpy, with `golden.py`.

use crate::folder::Folder;
use autodiff::prelude::*;
use nn::FileError;
use nn::data::{NpyElement, Npz, read_npy, write_npy};
use std::path::{Path, PathBuf};
use std::process::Command;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/numpy").join(name)
}

fn read<T: NpyElement>(name: &str) -> Tensor<T> {
    read_npy(golden(name)).expect("a golden file")
}

#[track_caller]
fn refused<T>(result: Result<Tensor<T>, FileError>, expected: &str) {
    match result {
        Ok(x) => panic!("an array of shape {} is read", x.shape()),
        Err(error) => assert_eq!(error.fault.to_string(), expected),
    }
}

fn matrix() -> Tensor<f64> {
    Tensor::from([[1.0, 2.5, -3.0], [4.0, 5.0, 1.0 / 3.0]])
}

#[test]
fn arrays_that_numpy_wrote_are_read() {
    for file in ["matrix.npy", "version2.npy", "version3.npy"] {
        assert_eq!(read::<f64>(file), matrix(), "{file}");
    }
    assert_eq!(read::<f32>("matrix.npy"), matrix().map(|&x| x as f32), "rounded");
    assert_eq!(read::<f64>("single.npy"), matrix().map(|&x| f64::from(x as f32)));
    assert_eq!(read::<usize>("index.npy"), Tensor::from([3, 0, 1 << 62]));
    assert_eq!(read::<f64>("scalar.npy"), Tensor::scalar(0.25));
    assert_eq!(read::<f32>("empty.npy"), Tensor::zeros([3, 0]));
    let rows = Tensor::<f32>::arange(24).reshape([2, 3, 4]);
    assert_eq!(read::<f32>("fortran.npy"), rows, "an array in Fortran order");
    assert!(read::<usize>("fortran.npy").is_contiguous());
}

/// The bits, which tell zeros and NaN apart.
fn bits(x: &Tensor<f64>) -> Vec<u64> {
    x.iter().map(f64::to_bits).collect()
}

#[test]
fn numbers_of_every_type_and_byte_order_are_read() {
    let types = Npz::open(golden("types.npz")).expect("a golden file");
    assert_eq!(types.names().count(), 24);
    for order in ["little", "big"] {
        let read = |name: &str| types.get::<f64>(&format!("{order}_{name}"));
        let expect = |name: &str, numbers: [f64; 6]| {
            let x = read(name).expect("a golden array");
            assert_eq!((bits(&x), x.shape()), (bits(&Tensor::from(numbers)), &[2, 3].into()), "{order} {name}");
        };
        expect("b1", [0.0, 1.0, 1.0, 0.0, 1.0, 0.0]);
        expect("i1", [0.0, 1.0, 2.0, 100.0, -128.0, 127.0]);
        expect("i2", [0.0, 1.0, 2.0, 100.0, -32768.0, 32767.0]);
        expect("i4", [0.0, 1.0, 2.0, 100.0, -2147483648.0, 2147483647.0]);
        expect("u1", [0.0, 1.0, 2.0, 100.0, 0.0, 255.0]);
        expect("u2", [0.0, 1.0, 2.0, 100.0, 0.0, 65535.0]);
        expect("u4", [0.0, 1.0, 2.0, 100.0, 0.0, 4294967295.0]);
        expect("f2", [1.5, -0.0, f64::INFINITY, f64::NAN, 65504.0, 2f64.powi(-24)]);
        expect("f4", [1.5, -0.0, f64::INFINITY, f64::NAN, f32::MAX.into(), f32::from_bits(1).into()]);
        expect("f8", [1.5, -0.0, f64::INFINITY, f64::NAN, f64::MAX, 5e-324]);
        // The largest numbers of 64 bits are no f64.
        let expected = "a number that the type of the tensor holds was expected";
        refused(read("i8"), &format!("{order}_i8, at byte 168: 9223372036854775807, but {expected}"));
        refused(read("u8"), &format!("{order}_u8, at byte 168: 18446744073709551615, but {expected}"));
        let labels = types.get::<usize>(&format!("{order}_u8")).expect("a golden array");
        assert_eq!(labels.to_vec(), [0, 1, 2, 100, 0, usize::MAX]);
        refused(types.get::<usize>(&format!("{order}_i1")), &format!("{order}_i1, at byte 132: -128, but {expected}"));
        let large = "a number that is not too large was expected";
        refused(
            types.get::<f32>(&format!("{order}_f8")),
            &format!("{order}_f8, at byte 160: 1.7976931348623157e308, but {large}"),
        );
    }
}

#[test]
fn archives_that_numpy_packed_are_read() {
    let packed = Npz::open(golden("packed.npz")).expect("a golden file");
    assert_eq!(packed.names().collect::<Vec<_>>(), ["arr_0", "zeros", "μ"]);
    assert_eq!(packed.get::<f64>("arr_0").unwrap(), matrix());
    assert_eq!(packed.get::<f32>("zeros").unwrap(), Tensor::zeros([40, 50]));
    assert_eq!(packed.get::<usize>("μ").unwrap(), Tensor::from([7]));
    refused(
        packed.get::<f64>("x"),
        "tensor x: nothing (the file holds arr_0, zeros, μ), but an array with that name was expected",
    );
}

#[test]
fn arrays_of_other_types_are_refused() {
    let types = "b1, i1 to i8, u1 to u8, f2, f4 or f8";
    let expected = format!("at byte 20: elements of type <c16, but {types} after < or > was expected");
    refused(read_npy::<f64>(golden("complex.npy")), &expected);
    let expected = format!("at byte 20: elements of type |O, but {types} after < or > was expected");
    refused(read_npy::<f64>(golden("objects.npy")), &expected);
    let expected = "at byte 20: \"[('a', '<i4'), ('b',\", but a type of numbers in quotes (an array of records is not read) \
                    was expected";
    refused(read_npy::<f64>(golden("records.npy")), expected);
    let expected = "at byte 20: numbers of type <f8, but b1, i1 to i8 or u1 to u8 was expected";
    refused(read_npy::<usize>(golden("matrix.npy")), expected);
}

/// A file with this header and these bytes of numbers.
fn with_header(text: &str, numbers: &[u8]) -> Result<Tensor<f64>, FileError> {
    let folder = Folder::new();
    let length = (text.len() as u16).to_le_bytes();
    read_npy(folder.write("x.npy", &[b"\x93NUMPY\x01\x00", &length[..], text.as_bytes(), numbers].concat()))
}

#[test]
fn headers_in_other_words_are_read() {
    let x = with_header("{\"shape\":(1L,),'fortran_order':True , 'descr' :'|u1'}\n", &[7]).unwrap();
    assert_eq!(x, Tensor::from([7.0]));
}

#[test]
fn wrong_headers_are_refused_with_the_place() {
    let header = |text: &str, expected: &str| refused(with_header(text, &[0; 8]), expected);
    header("[]", "at byte 10: \"[]\", but \"{\" was expected");
    header("{descr: 1}", "at byte 11: \"descr: 1}\", but a key in quotes was expected");
    header("{'order': 1}", "at byte 11: \"'order': 1}\", but the key descr, fortran_order or shape was expected");
    header("{'shape': 3}", "at byte 20: \"3}\", but \"(\" was expected");
    header("{'shape': (-3,)}", "at byte 21: \"-3,)}\", but the size of an axis was expected");
    header("{'shape': (3", "at byte 22: the end of the header, but \")\" was expected");
    header(
        "{'shape': (99999999999999999999,)}",
        "at byte 21: \"99999999999999999999\", but the size of an axis was expected",
    );
    header("{'fortran_order': 1}", "at byte 28: \"1}\", but True or False was expected");
    header(
        "{'descr': '=f8'}",
        "at byte 20: elements of type =f8, but b1, i1 to i8, u1 to u8, f2, f4 or f8 after < or > was expected",
    );
    header("{'shape': ()}", "at byte 23: the end of the header, but the key descr was expected");
    header(
        "{'descr': '<f8', 'fortran_order': False, 'shape': ()} x",
        "at byte 64: \"x\", but blanks up to the end of the header was expected",
    );
    for shape in ["(2,)", "(18446744073709551615,)", "(4294967296, 4294967296, 4294967296)", "()", "(0,)"] {
        let text = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}}}");
        let (start, shape) = (10 + text.len(), shape.replace(['(', ')'], "").replace(",", ", "));
        let shape =
            shape.split(", ").filter(|size| !size.trim().is_empty()).map(str::trim).collect::<Vec<_>>().join(", ");
        let expected = format!(
            "at byte {}: the end of 4 bytes of numbers, but numbers of type <f8 for an array of shape [{shape}], then the end, was expected",
            start + 4
        );
        refused(with_header(&text, &[0; 4]), &expected);
    }
    let folder = Folder::new();
    let bytes = std::fs::read(golden("matrix.npy")).unwrap();
    let start = |length: usize| read_npy::<f64>(folder.write("x.npy", &bytes[..length]));
    refused(start(3), "at byte 0: \"\u{fffd}NU\", but \"\\x93NUMPY\", as .npy files begin, was expected");
    refused(start(7), "at byte 7: the end of the file, but a version was expected");
    refused(start(9), "at byte 9: the end of the file, but the length of the header was expected");
    refused(start(100), "at byte 100: the end of the file, but a header of 118 bytes was expected");
    (0..bytes.len()).for_each(|length| assert!(start(length).is_err(), "{length} bytes are read"));
    let mut other = bytes.clone();
    other[6] = 9;
    refused(read_npy::<f64>(folder.write("x.npy", &other)), "at byte 6: version 9, but version 1, 2 or 3 was expected");
    other = [&bytes[..], &[0]].concat();
    assert!(read_npy::<f64>(folder.write("x.npy", &other)).is_err(), "a byte too many is read");
    assert!(read_npy::<f64>(folder.path().join("none.npy")).unwrap_err().to_string().contains("none.npy: "));
}

#[test]
fn files_have_the_bytes_of_numpys() {
    let folder = Folder::new();
    let file = folder.path().join("x.npy");
    let bytes = |name: &str| std::fs::read(golden(name)).unwrap();
    write_npy(&file, &matrix().t().contiguous().t()).unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), bytes("matrix.npy"));
    write_npy(&file, &matrix().map(|&x| x as f32)).unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), bytes("single.npy"));
    write_npy(&file, &Tensor::from([3, 0, 1usize << 62])).unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), bytes("index.npy"));
    write_npy(&file, &Tensor::scalar(0.25)).unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), bytes("scalar.npy"));
    write_npy(&file, &Tensor::<f64>::zeros([3, 0])).unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), bytes("empty.npy"));
}

fn arrays() -> Npz {
    let mut npz = Npz::new();
    npz.put("labels", &Tensor::from([2usize, 0, 1])).put("scalar", &Tensor::scalar(0.5f32));
    npz.put("inner/w", &Tensor::<f64>::arange(6).reshape([2, 3]).t()).put("μ", &Tensor::<f64>::zeros([0, 3]));
    npz
}

#[test]
fn archives_are_read_back() {
    let folder = Folder::new();
    let file = folder.path().join("arrays.npz");
    arrays().save(&file).unwrap();
    let read = Npz::open(&file).unwrap();
    assert_eq!(read.names().collect::<Vec<_>>(), ["inner/w", "labels", "scalar", "μ"]);
    assert_eq!(read.get::<usize>("labels").unwrap(), Tensor::from([2, 0, 1]));
    assert_eq!(read.get::<f32>("scalar").unwrap(), Tensor::scalar(0.5));
    assert_eq!(read.get::<f32>("inner/w").unwrap(), Tensor::<f32>::arange(6).reshape([2, 3]).t());
    let first = std::fs::read(&file).unwrap();
    arrays().save(&file).unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), first, "the same arrays give the same bytes");
    Npz::new().save(&file).unwrap();
    assert_eq!(Npz::open(&file).unwrap().names().count(), 0);
}

#[test]
fn archives_with_damaged_entries_are_refused() {
    let folder = Folder::new();
    let bytes = std::fs::read(golden("packed.npz")).unwrap();
    let refused = |bytes: &[u8]| Npz::open(folder.write("x.npz", bytes)).unwrap_err().fault.to_string();
    let cut = refused(&bytes[..100]);
    assert!(
        cut.starts_with("at byte 0: no archive (") && cut.contains("a .npz file, which is a zip archive,"),
        "{cut}"
    );
    let mut damaged = bytes.clone();
    damaged[60] ^= 0x10;
    let damaged = refused(&damaged);
    assert!(damaged.starts_with("zeros, at byte ") && damaged.contains("that the archive states"), "{damaged}");
    // The name of one entry in place of another.
    let text = |bytes: &[u8]| bytes.windows(5).position(|bytes| bytes == b"zeros").unwrap();
    let directory = bytes.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    let mut twice = bytes.clone();
    let place = directory + text(&bytes[directory..]);
    twice[place..place + 5].copy_from_slice(b"arr_0");
    let twice = refused(&twice);
    assert!(twice.ends_with(": arr_0.npy again, but another name was expected"), "{twice}");
}

#[test]
#[should_panic(expected = "Npz::put: \"../x\" is no path inside an archive")]
fn name_outside_of_the_archive_panics() {
    Npz::new().put("../x", &Tensor::scalar(1.0));
}

#[test]
#[should_panic(expected = "write_npy: 9223372036854775808 is no index below 2⁶³")]
fn index_that_numpy_does_not_hold_panics() {
    let folder = Folder::new();
    let _ = write_npy(folder.path().join("x.npy"), &Tensor::from([1usize << 63]));
}

/// Lets numpy load what is written; `PYTHON` names an interpreter that has it.
#[test]
#[ignore = "needs numpy"]
fn numpy_reads_what_is_written() {
    let folder = Folder::new();
    let numbers = Tensor::from([[1.0, -0.0, f64::INFINITY], [f64::NAN, 5e-324, -1.0 / 3.0]]);
    write_npy(folder.path().join("x.npy"), &numbers).unwrap();
    arrays().save(folder.path().join("arrays.npz")).unwrap();
    for axes in [70, 30_000] {
        let x = Tensor::from_vec(&vec![1; axes][..], vec![1.0]);
        let file = folder.path().join(format!("axes{axes}.npy"));
        write_npy(&file, &x).unwrap();
        assert_eq!(read_npy::<f64>(&file).unwrap(), x);
    }
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let status = Command::new(python).arg(golden("golden.py")).arg("check").arg(folder.path()).status();
    assert!(status.expect("Python starts").success(), "numpy reads something else");
}
