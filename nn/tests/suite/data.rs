//! Files of data: they are read as they are, and errors name the place and the expectation.

use crate::folder::Folder;
use autodiff::prelude::*;
use nn::data::{Dataset, Idx, Imputation, OutOfRange, Samples, Scaling, check_range, load_idx_folder};
use nn::{Adam, Fault, FileError, Init, Mlp, Trainer, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};

/// A file of unsigned bytes that count up.
pub(crate) fn idx(sizes: &[u32]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, sizes.len() as u8];
    sizes.iter().for_each(|size| bytes.extend(size.to_be_bytes()));
    bytes.extend((0..sizes.iter().product()).map(|i: u32| i as u8));
    bytes
}

fn message(result: Result<impl Sized, FileError>) -> String {
    result.err().expect("an error").fault.to_string()
}

fn parse(bytes: &[u8]) -> Result<Idx, FileError> {
    let folder = Folder::new();
    Idx::read(folder.write("idx", bytes))
}

#[test]
fn idx_folder_is_read() {
    let folder = Folder::new();
    for (name, n) in [("train", 5), ("t10k", 2)] {
        folder.write(&format!("{name}-images-idx3-ubyte"), &idx(&[n, 3, 2]));
        folder.write(&format!("{name}-labels-idx1-ubyte"), &idx(&[n]));
    }
    let (train, test) = load_idx_folder::<f64>(folder.path()).unwrap();
    assert_eq!(train.x.shape(), [5, 6]);
    assert_eq!((train.x[[4, 5]], train.labels), (29.0 / 255.0, Tensor::from([0, 1, 2, 3, 4])));
    assert_eq!(test.len(), 2);

    folder.write("train-labels-idx1-ubyte", &idx(&[4]));
    let error = load_idx_folder::<f64>(folder.path()).unwrap_err();
    let text = "train-labels-idx1-ubyte: at byte 4: 4 labels, but one for each of 5 images was expected";
    assert!(error.to_string().ends_with(text), "{error}");
    folder.write("train-labels-idx1-ubyte", &idx(&[5, 1]));
    let error = load_idx_folder::<f64>(folder.path()).unwrap_err();
    assert!(error.to_string().contains("at byte 3: 2 axes"), "{error}");
    std::fs::remove_file(folder.path().join("train-images-idx3-ubyte")).unwrap();
    assert!(matches!(load_idx_folder::<f64>(folder.path()).unwrap_err().fault, Fault::Io(_)));
}

#[test]
fn idx_errors_name_the_place() {
    let end = "the end of the file, but";
    assert_eq!(message(parse(&[0, 0])), format!("at byte 2: {end} a header of 4 bytes was expected"));
    assert!(message(parse(&[0x1f, 0x8b, 8, 0])).starts_with("at byte 0: bytes [31, 139], but"));
    assert!(message(parse(&[0, 0, 13, 1])).starts_with("at byte 2: elements of type 0x0d, but type 0x08"));
    assert!(message(parse(&[0, 0, 8, 3, 0, 0])).starts_with(&format!("at byte 6: {end} 3 sizes")));
    let mut short = idx(&[2, 3]);
    short.pop();
    let text = format!("at byte 17: {end} [2, 3] elements after a header of 12 bytes was expected");
    assert_eq!(message(parse(&short)), text);
    // A header that claims 2¹²⁸ elements is refused by the length of the file; nothing is allocated.
    let lie = [&[0, 0, 8, 4][..], &[255; 16]].concat();
    assert!(message(parse(&lie)).starts_with(&format!("at byte 20: {end}")));
    // A header that claims none, since an axis is empty, while the product of the other axes overflows, in any order.
    for sizes in [[[255; 12].as_slice(), &[0; 4]], [&[0; 4], &[255; 12]]] {
        let lie = [&[0, 0, 8, 4], sizes[0], sizes[1]].concat();
        assert!(message(parse(&lie)).starts_with(&format!("at byte 20: {end}")));
    }
}

#[cfg(feature = "gz")]
#[test]
fn packed_files_are_read() {
    use crate::corrupt::pack;
    use nn::Place;
    use nn::data::read_idx;
    let folder = Folder::new();
    let [images, labels] = [&[5, 3, 2][..], &[5]].map(|sizes| pack(&idx(sizes)));
    let (x, y) = (folder.write("images.gz", &images), folder.write("labels.gz", &labels));
    assert_eq!(read_idx::<f32>(&x, &y).unwrap().len(), 5);
    for cut in 0..images.len() {
        let error = Idx::read(folder.write("cut.gz", &images[..cut])).unwrap_err();
        assert!(matches!(error.fault, Fault::Content { place: Place::Byte(_), .. }), "{error}");
    }
    // Zeros after a stream are padding, and streams follow each other; all else is an error.
    let parts = [pack(&idx(&[5, 3, 2])[..20]), pack(&idx(&[5, 3, 2])[20..])].concat();
    for padded in [[&images[..], &[0; 512]].concat(), [&parts[..], &[0; 3]].concat(), parts] {
        assert_eq!(Idx::read(folder.write("padded.gz", &padded)).unwrap().sizes, [5, 3, 2]);
    }
    for more in [&[0, 0, 0, 1][..], b"more"] {
        let error = Idx::read(folder.write("more.gz", &[&images[..], more].concat())).unwrap_err();
        assert!(error.to_string().ends_with("but data packed by gzip was expected"), "{error}");
    }
    let wrong = [&images[..images.len() - 6], &[0; 6]].concat();
    assert!(message(Idx::read(folder.write("wrong.gz", &wrong))).contains("corrupt"));
}

#[cfg(not(feature = "gz"))]
#[test]
fn packed_files_are_refused_without_the_feature() {
    let folder = Folder::new();
    assert!(message(Idx::read(folder.write("x.gz", &[]))).contains("build with the feature gz"));
}

#[test]
fn random_split_is_a_partition_fixed_by_the_seed() {
    let labels: Vec<usize> = (0..101).collect();
    let all = Samples { x: Tensor::<f64>::arange(101).reshape([101, 1]), labels: labels.clone().into() };
    let split = |seed| all.split_random(0.2, &mut StdRng::seed_from_u64(seed));
    let (train, test) = split(0);
    assert_eq!((train.len(), test.len()), (81, 20));
    let mut seen = [train.labels.to_vec(), test.labels.to_vec()].concat();
    seen.sort_unstable();
    assert_eq!(seen, labels);
    assert_eq!(split(0), (train, test));
    assert_ne!(split(1).1, split(0).1);
}

#[test]
fn subsets_of_all_data_sets_hold_the_same_rows() {
    let x = Tensor::<f64>::arange(24).reshape([6, 2, 2]);
    let columns = Tensor::<f64>::arange(12).reshape([2, 6]).t(); // rows that are not contiguous
    let labels = Tensor::from([0usize, 1, 2, 3, 4, 5]);
    let picked = [4, 0, 4];
    let (a, b, c) = (x.clone(), columns.clone(), labels.clone()).subset(&picked);
    assert_eq!((&a, &b), (&x.take(0, &picked), &columns.take(0, &picked)));
    assert_eq!(c, Tensor::from([4, 0, 4]));
    assert_eq!(Samples::new(x.clone(), labels.clone()).subset(&picked), Samples::new(a, c));
    assert_eq!(((x.clone(), labels.clone()).len(), x.len(), ().len()), (6, 6, 1));
    assert_eq!(x.subset(&[]).shape(), [0, 2, 2]);
    let (train, test) = (columns.clone(), (x, labels)).split_every(4);
    assert_eq!((test.0, test.1.1), (columns.take(0, &[0, 4]), Tensor::from([0, 4])));
    assert_eq!(train.1.1, Tensor::from([1, 2, 3, 5]));
}

/// Data that are not checked are caught by the guard in training, with the term and the step; no step is taken.
/// `main` shows the error that it returns by `Debug`.
#[test]
fn debug_of_errors_of_data_is_their_text() {
    let error = parse(&[0, 0]).unwrap_err();
    assert!(error.to_string().ends_with("a header of 4 bytes was expected"), "{error}");
    assert_eq!(format!("{error:?}"), error.to_string());
    let outside = check_range(&Tensor::from([[0.0, 1.5]]), 0.0..=1.0).unwrap_err();
    assert_eq!(format!("{outside:?}"), outside.to_string());
}

#[test]
fn nan_in_data_is_found_by_check_range_and_by_the_guard() {
    let mut x = Tensor::<f32>::full([6, 3], 0.5);
    x.as_mut_slice()[3 * 4 + 2] = f32::NAN;
    let refused = check_range(&x, 0.0..=1.0).unwrap_err();
    assert!((refused.row, refused.column) == (4, 2) && refused.found.is_nan(), "{refused}");
    let above = check_range(&Tensor::from([[0.0, 1.5]]), 0.0..=1.0).unwrap_err();
    assert_eq!(above, OutOfRange { row: 0, column: 1, found: 1.5, expected: 0.0..=1.0 });

    let (rng, samples) = (&mut StdRng::seed_from_u64(0), Samples { x, labels: Tensor::full([6], 0usize) });
    let mlp = Mlp::new(&[3, 2], Transfer::Tanh, Init::GlorotUniform, rng);
    let mut trainer = Trainer::new(mlp.clone(), Adam::new(0.1));
    let guarded = trainer.epoch(&samples, 6, rng, |tape, mlp, batch, _| {
        tape.term("cross-entropy", loss::cross_entropy(&mlp.forward(tape.constant(batch.x.clone())), &batch.labels))
    });
    let said = guarded.unwrap_err().to_string();
    assert!(said.starts_with("step 1: cross-entropy is NaN"), "{said}");
    assert_eq!((trainer.steps(), trainer.model), (0, mlp));
}

/// The sum of n equal numbers is rounded, so their mean need not be one of them, and their deviation from it need not be 0.
#[test]
fn constant_columns_of_any_number_and_length_are_only_moved() {
    fn check<T: Element>(rng: &mut StdRng) {
        for n in [1, 2, 3, 7, 10, 49, 100, 1000] {
            let sizes = Tensor::<f64>::uniform([1, 100], -18.0, 18.0, rng);
            let numbers = sizes.map(|&size| T::from_f64(size.signum() * 10f64.powf(size)));
            let x = numbers.broadcast_to([n, 100]);
            for scaling in [Scaling::standard(&x), Scaling::range(&x)] {
                assert_eq!(scaling.factor, Tensor::ones([100]), "{n} samples");
                assert_eq!(scaling.apply(&x), Tensor::zeros([n, 100]), "{n} samples");
                assert_eq!(scaling.undo(&scaling.apply(&x)), x.contiguous());
            }
        }
    }
    let rng = &mut StdRng::seed_from_u64(0);
    check::<f64>(rng);
    check::<f32>(rng);
}

#[test]
fn columns_that_vary_little_are_scaled_if_their_type_resolves_it() {
    fn scaled<T: Element>(centre: f64, deviation: f64, n: usize) -> Tensor<f64> {
        let x = Tensor::from_fn([2 * n, 1], |i| {
            T::from_f64(if i[0] % 2 == 0 { centre + deviation } else { centre - deviation })
        });
        Scaling::standard(&x).apply(&x).map(|&x| x.to_f64())
    }
    for n in [1, 10, 100_000] {
        let signs = Tensor::from_fn([2 * n, 1], |i| if i[0] % 2 == 0 { 1.0 } else { -1.0 });
        autodiff::assert_close(&scaled::<f64>(1.0, 1e-10, n), &signs, 1e-5);
        autodiff::assert_close(&scaled::<f64>(1e9, 1.0, n), &signs, 1e-6);
        autodiff::assert_close(&scaled::<f32>(1.0, 1e-5, n), &signs, 2e-2);
        // Squares that overflow or vanish.
        autodiff::assert_close(&scaled::<f64>(0.0, 1e300, n), &signs, 1e-11);
        autodiff::assert_close(&scaled::<f64>(1e-250, 1e-250, n), &signs, 1e-11);
        autodiff::assert_close(&scaled::<f32>(1e30, 1e30, n), &signs, 1e-6);
    }
    // One unit in the last place is rounding.
    let noise = Tensor::from([[0.1 + 0.2], [0.3]]);
    assert_eq!(Scaling::standard(&noise).factor.to_vec(), [1.0]);
    // The reciprocal of a subnormal number overflows.
    let tiny = Tensor::from([[0.0], [1e-320]]);
    assert_eq!(
        [Scaling::standard(&tiny), Scaling::range(&tiny)].map(|scaling| scaling.factor.to_vec()),
        [[1.0], [1.0]]
    );
    let wide = Scaling::range(&Tensor::from([[f64::MIN], [0.0], [f64::MAX]])).factor;
    assert!(wide[[0]] > 0.0, "{wide}");
}

#[test]
fn idx_sizes_whose_product_overflows_are_refused() {
    let bytes = [[0, 0, 8, 3], [0; 4], [255; 4], [255; 4]].concat();
    let error = parse(&bytes).unwrap_err();
    assert!(error.to_string().contains("[0, 4294967295, 4294967295] elements"), "{error}");
}

#[test]
fn missing_numbers_become_the_mean_of_the_training_samples() {
    let nan = f32::NAN;
    let train = Tensor::from([[1.0f32, nan, 3e38], [nan, -2.0, 3e38], [5.0, 4.0, nan]]);
    let imputation = Imputation::mean(&train);
    assert_eq!(imputation.numbers, Tensor::from([3.0f32, 1.0, 3e38]));
    assert_eq!(imputation.apply(&Tensor::from([[nan, 7.0f32, nan]])), Tensor::from([[3.0f32, 7.0, 3e38]]));
}

#[test]
#[should_panic(expected = "Imputation::mean: [2, 1]: column 0 holds no number")]
fn column_without_a_number_has_no_mean() {
    let _ = Imputation::mean(&Tensor::from([[f64::NAN], [f64::NAN]]));
}

#[test]
#[should_panic(expected = "Imputation::apply: the numbers have shape [1], but `x` has shape [1, 2]")]
fn numbers_are_those_of_the_columns() {
    let _ = Imputation::mean(&Tensor::from([[1.0]])).apply(&Tensor::from([[1.0, 2.0]]));
}
