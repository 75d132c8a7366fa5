//! Saving and loading bit for bit; errors name the tensor; resumed training equals uninterrupted training.

use crate::folder::Folder;
use autodiff::prelude::*;
use nn::data::Samples;
use nn::store::{self, Checkpoint};
use nn::{Adam, Autoencoder, Fault, FileError, Init, Mlp, Sgd, Trainer, Transfer, loss, replace_file};
use rand::rngs::{ChaCha12Rng, StdRng};
use rand::{RngExt, SeedableRng};

fn mlp<T: Element>(sizes: &[usize], seed: u64) -> Mlp<Tensor<T>> {
    Mlp::new(sizes, Transfer::Tanh, Init::GlorotUniform, &mut StdRng::seed_from_u64(seed))
}

fn fault<R>(result: Result<R, FileError>) -> Fault {
    result.err().expect("an error").fault
}

fn text<R>(result: Result<R, FileError>) -> String {
    fault(result).to_string()
}

#[test]
fn model_is_restored_bit_for_bit() {
    let folder = Folder::new();
    let file = folder.path().join("ae.safetensors");
    let rng = &mut StdRng::seed_from_u64(0);
    let mut ae = Autoencoder::<Tensor<f64>>::new(&[5, 4, 2], Transfer::Tanh, Init::HeNormal, rng);
    ae.encoder.layers[0].bias = Tensor::from([f64::MIN_POSITIVE / 2.0, -0.0, f64::INFINITY, 1.0 / 3.0]);
    // A view that is not contiguous is saved in the order in which it reads.
    ae.encoder.layers[1].weight = ae.encoder.layers[1].weight.t().contiguous().t();
    store::save(&file, &ae).unwrap();
    let mut other = Autoencoder::new(&[5, 4, 2], Transfer::Tanh, Init::Constant(0.0), rng);
    store::load(&file, &mut other).unwrap();
    let bits = |ae: &Autoencoder<Tensor<f64>>| -> Vec<u64> {
        ae.leaves().iter().flat_map(|leaf| leaf.iter().map(f64::to_bits).collect::<Vec<_>>()).collect()
    };
    assert_eq!(bits(&other), bits(&ae));
    assert_eq!(Checkpoint::open(&file).unwrap().names().next(), Some("decoder.layers.0.bias"));
}

#[test]
fn same_model_gives_same_bytes() {
    let folder = Folder::new();
    let [a, b] = ["a", "b"].map(|name| folder.path().join(name));
    store::save(&a, &mlp::<f32>(&[3, 4, 2], 0)).unwrap();
    store::save(&b, &mlp::<f32>(&[3, 4, 2], 0)).unwrap();
    assert_eq!(std::fs::read(a).unwrap(), std::fs::read(b).unwrap());
}

#[test]
fn mismatched_tensor_is_refused_by_name_and_changes_nothing() {
    let folder = Folder::new();
    let file = folder.path().join("mlp");
    store::save(&file, &mlp::<f32>(&[3, 4, 2], 0)).unwrap();

    let mut deeper = mlp::<f32>(&[3, 4, 2, 2], 1);
    let before = deeper.clone();
    let missing = store::load(&file, &mut deeper).unwrap_err();
    assert_eq!(missing.file, file);
    assert_eq!(missing.fault.to_string(), "tensor layers.2.weight: nothing, but F32 [2, 2] was expected");
    assert_eq!(deeper, before);

    let unexpected = text(store::load(&file, &mut mlp::<f32>(&[3, 4], 1)));
    assert_eq!(unexpected, "tensor layers.1.bias: F32 [2], but no tensor with that name was expected");
    let shape = text(store::load(&file, &mut mlp::<f32>(&[3, 4, 5], 1)));
    assert_eq!(shape, "tensor layers.1.weight: F32 [2, 4], but F32 [5, 4] was expected");
    let dtype = text(store::load(&file, &mut mlp::<f64>(&[3, 4, 2], 1)));
    assert_eq!(dtype, "tensor layers.0.weight: F32 [4, 3], but F64 [4, 3] was expected");

    let absent = fault(store::load(folder.path().join("absent"), &mut mlp::<f32>(&[3, 4], 1)));
    assert!(matches!(absent, Fault::Io(_)));
    assert!(matches!(fault(store::save(folder.path().join("no/such/folder"), &mlp::<f32>(&[3, 4], 1))), Fault::Io(_)));
}

#[test]
fn numbers_that_are_not_counts_are_refused() {
    let folder = Folder::new();
    let file = folder.path().join("numbers");
    let mut checkpoint = Checkpoint::new();
    checkpoint.put_number("half", 0.5).put_number("below", -1.0).put_number("none", f64::NAN).put_number("three", 3.0);
    checkpoint.save(&file).unwrap();
    let checkpoint = Checkpoint::open(&file).unwrap();
    for (name, number) in [("half", "0.5"), ("below", "-1"), ("none", "NaN")] {
        let expected = format!("tensor {name}: {number}, but a whole number from 0 to below 2⁵³ was expected");
        assert_eq!(text(checkpoint.count(name)), expected);
    }
    assert_eq!(checkpoint.count("three").unwrap(), 3);
    assert_eq!(text(checkpoint.rng("three")), "tensor three: F64 [], but U8 [49] was expected");
}

#[test]
fn file_is_replaced_whole_and_leaves_no_temporary_file() {
    let folder = Folder::new();
    let file = folder.write("model", b"the old one");
    replace_file(&file, b"the new one").unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), b"the new one");
    // A file cannot replace a folder: the last step fails, and the temporary file is removed.
    let taken = folder.path().join("taken");
    std::fs::create_dir(&taken).unwrap();
    assert!(replace_file(&taken, b"bytes").is_err());
    let mut names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["model", "taken"]);
}

/// A program may switch between the generators and keep its figures.
#[test]
fn chacha12_draws_the_numbers_of_std_rng() {
    let (mut saved, mut standard) = (ChaCha12Rng::seed_from_u64(7), StdRng::seed_from_u64(7));
    assert!((0..1000).all(|_| saved.random::<u64>() == standard.random::<u64>()));
}

/// Trains on noisy copies of random samples. The generator draws the noise and the batches.
fn train<O>(trainer: &mut Trainer<Mlp<Tensor<f32>>, O>, rng: &mut ChaCha12Rng, epochs: usize) -> Vec<f64>
where
    O: nn::Optimizer<f32>,
{
    let x = Tensor::<f32>::uniform([37, 3], -1.0, 1.0, &mut StdRng::seed_from_u64(1));
    let labels = x.argmax(-1);
    let epoch = |_| {
        let noise = Tensor::normal([37, 3], 0.0, 0.1, rng);
        let noisy = Samples { x: x.clone() + &noise, labels: labels.clone() };
        let means = trainer.epoch(&noisy, 8, rng, |tape, mlp, batch, _| {
            loss::cross_entropy(&mlp.forward(&tape.constant(batch.x.clone())), &batch.labels)
        });
        means.unwrap().total
    };
    (0..epochs).map(epoch).collect()
}

fn check_resumed_training<O>(make: impl Fn(&Mlp<Tensor<f32>>) -> O + Copy)
where
    O: nn::Optimizer<f32> + nn::Scalars + Tree<Leaf = Tensor<f32>> + Clone,
{
    let folder = Folder::new();
    let file = folder.path().join("checkpoint");
    let (mut whole, mut rng) = (Trainer::new(mlp(&[3, 5, 3], 0), make), ChaCha12Rng::seed_from_u64(5));
    let losses = train(&mut whole, &mut rng, 7);
    for stop in 0..7 {
        let (mut first, mut rng) = (Trainer::new(mlp(&[3, 5, 3], 0), make), ChaCha12Rng::seed_from_u64(5));
        train(&mut first, &mut rng, stop);
        first.save(&file, stop, &rng).unwrap();
        // As in another process: another start, another rate, another generator.
        let (mut second, mut rng) = (Trainer::new(mlp(&[3, 5, 3], 9), make), ChaCha12Rng::seed_from_u64(77));
        assert_eq!(second.restore(&file, &mut rng).unwrap(), stop);
        assert_eq!(train(&mut second, &mut rng, 7 - stop), losses[stop..]);
        assert_eq!(second.model, whole.model);
        assert_eq!((second.steps(), second.optimizer.leaves()), (whole.steps(), whole.optimizer.leaves()));
    }
}

#[test]
fn resumed_training_has_the_bits_of_uninterrupted_training() {
    check_resumed_training(|mlp| Adam::new(mlp, 0.01));
    check_resumed_training(|mlp| Sgd::with_nesterov(mlp, 0.01, 0.9));
    check_resumed_training(|_| Sgd::new(0.01));
}

#[test]
fn checkpoint_of_another_model_changes_nothing() {
    let folder = Folder::new();
    let file = folder.path().join("checkpoint");
    let mut rng = ChaCha12Rng::seed_from_u64(5);
    Trainer::new(mlp::<f32>(&[3, 5, 3], 0), |_| Sgd::new(0.1)).save(&file, 1, &rng).unwrap();
    let mut other = Trainer::new(mlp::<f32>(&[3, 5, 3], 1), |mlp| Adam::new(mlp, 0.1));
    let (model, state) = (other.model.clone(), rng.serialize_state());
    assert!(text(other.restore(&file, &mut rng)).contains(": nothing, but F32 "));
    assert_eq!((other.model, rng.serialize_state()), (model, state));
}
