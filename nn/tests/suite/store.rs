//! Saving and loading bit for bit; errors name the tensor; resumed training equals uninterrupted training.

use crate::folder::Folder;
use autodiff::prelude::*;
use nn::data::Samples;
use nn::schedule::Plateau;
use nn::store::{self, Checkpoint};
use nn::{
    Adagrad, Adam, Autoencoder, Fault, FileError, Groups, Init, Lbfgs, Mlp, Plan, Recorder, RmsProp, Sgd, Status,
    Trainer, Transfer, loss,
};
use rand::rngs::{ChaCha12Rng, StdRng};
use rand::{RngExt, SeedableRng};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

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
fn settings_are_restored_under_every_key() {
    let (folder, model) = (Folder::new(), mlp::<f32>(&[3, 2], 0));
    let file = folder.path().join("models");
    for key in ["lr = 0.1", "a=b", "a = b = c", r"\", r"\n", "two\nlines", "\\=\n", " = ", "=", ""] {
        let saved = BTreeMap::from([(key.to_owned(), model.clone())]);
        store::save(&file, &saved).unwrap();
        let mut other = BTreeMap::from([(key.to_owned(), mlp::<f32>(&[3, 2], 1))]);
        store::load(&file, &mut other).unwrap_or_else(|error| panic!("{key:?}: {error}"));
        assert_eq!(other, saved, "{key:?}");
    }
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
    let expected = "tensor layers.2.weight: nothing (the file holds layers.0.bias, layers.0.weight, layers.1.bias and 1 \
                    more), but F32 [2, 2] was expected";
    assert_eq!(missing.fault.to_string(), expected);
    assert_eq!(deeper, before);

    let fewer = text(store::load(&file, &mut mlp::<f32>(&[3, 4], 1)));
    assert_eq!(fewer, "setting transfers: [Tanh, Linear], but [Linear] was expected");
    let shape = text(store::load(&file, &mut mlp::<f32>(&[3, 4, 5], 1)));
    assert_eq!(shape, "tensor layers.1.weight: F32 [2, 4], but F32 [5, 4] was expected");
    let dtype = text(store::load(&file, &mut mlp::<f64>(&[3, 4, 2], 1)));
    assert_eq!(dtype, "tensor layers.0.weight: F32 [4, 3], but F64 [4, 3] was expected");

    store::save(&file, &mlp::<f32>(&[3, 4, 2], 0).layers).unwrap();
    let unexpected = text(store::load(&file, &mut mlp::<f32>(&[3, 4], 1).layers));
    assert_eq!(unexpected, "tensor 1.bias: F32 [2], but no tensor with that name was expected");

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
    let mut checkpoint = Checkpoint::open(&file).unwrap();
    for (name, number) in [("half", "0.5"), ("below", "-1"), ("none", "NaN")] {
        let expected = format!("tensor {name}: {number}, but a whole number from 0 to below 2⁵³ was expected");
        assert_eq!(text(checkpoint.count(name)), expected);
    }
    assert_eq!(checkpoint.count("three").unwrap(), 3);
    assert_eq!(text(checkpoint.rng("three")), "tensor three: F64 [], but U8 [49] was expected");
}

/// A program may switch between the generators and keep its figures.
#[test]
fn chacha12_draws_the_numbers_of_std_rng() {
    let (mut saved, mut standard) = (ChaCha12Rng::seed_from_u64(7), StdRng::seed_from_u64(7));
    assert!((0..1000).all(|_| saved.random::<u64>() == standard.random::<u64>()));
}

fn entropy<'t>(
    tape: &Recorder<'t, Tensor<f32>>,
    mlp: Mlp<Var<'t, Tensor<f32>>>,
    batch: &Samples<f32>,
    _: &mut ChaCha12Rng,
) -> Var<'t, Tensor<f32>> {
    loss::cross_entropy(&mlp.forward(tape.constant(batch.x.clone())), &batch.labels)
}

/// Trains on noisy copies of random samples. The generator draws the noise and the batches.
fn train<O>(trainer: &mut Trainer<Mlp<Tensor<f32>>, O>, rng: &mut ChaCha12Rng, epochs: usize) -> Vec<f64>
where
    O: nn::Optimizer<Tensor<f32>>,
{
    let x = Tensor::<f32>::uniform([37, 3], -1.0, 1.0, &mut StdRng::seed_from_u64(1));
    let labels = x.argmax(-1);
    let epoch = |_| {
        let noise = Tensor::normal([37, 3], 0.0, 0.1, rng);
        let noisy = Samples { x: x.clone() + &noise, labels: labels.clone() };
        trainer.epoch(&noisy, 8, rng, entropy).unwrap().total
    };
    (0..epochs).map(epoch).collect()
}

fn check_resumed_training<O>(optimizer: O)
where
    O: nn::Optimizer<Tensor<f32>> + nn::State<Tensor<f32>> + Clone + PartialEq + std::fmt::Debug,
{
    let folder = Folder::new();
    let file = folder.path().join("checkpoint");
    let start = |seed| Trainer::new(mlp(&[3, 5, 3], seed), optimizer.clone());
    let (mut whole, mut rng) = (start(0), ChaCha12Rng::seed_from_u64(5));
    let losses = train(&mut whole, &mut rng, 7);
    for stop in 0..7 {
        let (mut first, mut rng) = (start(0), ChaCha12Rng::seed_from_u64(5));
        train(&mut first, &mut rng, stop);
        first.save(&file, &rng).unwrap();
        // As in another process: another start, another rate, another generator.
        let (mut second, mut rng) = (start(9), ChaCha12Rng::seed_from_u64(77));
        second.optimizer.set_rate(1.0);
        second.restore(&file, &mut rng).unwrap();
        assert_eq!(second.epochs(), stop);
        assert_eq!(train(&mut second, &mut rng, 7 - stop), losses[stop..]);
        assert_eq!(second.model, whole.model);
        assert_eq!((second.steps(), second.epochs()), (whole.steps(), whole.epochs()));
        assert_eq!(second.optimizer, whole.optimizer);
    }
}

#[test]
fn resumed_training_has_the_bits_of_uninterrupted_training() {
    check_resumed_training(Adam::new(0.01).betas(0.8, 0.99).decay(0.01));
    check_resumed_training(Sgd::new(0.01).nesterov(0.9));
    check_resumed_training(Sgd::new(0.01).momentum(0.9).decay(1e-3));
    check_resumed_training(Sgd::new(0.01));
    check_resumed_training(RmsProp::new(0.01).rho(0.8));
    check_resumed_training(Adagrad::new(0.1));
    let parts = Groups::new(Adam::new(0.01).decay(0.1)).group(|path| path.ends_with("bias"), Adam::new(0.03));
    check_resumed_training(parts.clone());
    check_resumed_training(parts.freeze(|path| path == "layers.0.weight"));
    check_resumed_training(
        Groups::new(Sgd::new(0.01)).group(|path| path.starts_with("layers.1"), Sgd::new(0.02).momentum(0.9)),
    );
}

#[test]
fn limit_of_gradients_is_restored_as_a_setting() {
    let (folder, mut rng) = (Folder::new(), ChaCha12Rng::seed_from_u64(5));
    let file = folder.path().join("checkpoint");
    let new = || Trainer::new(mlp::<f32>(&[3, 5, 3], 0), Adam::new(0.1));
    let limits = [new().clip_norm(0.25), new().clip_value(1e-3), new()];
    for mut trainer in limits {
        trainer.save(&file, &rng).unwrap();
        let mut other = new().clip_norm(9.0);
        other.restore(&file, &mut rng).unwrap();
        let [a, b] = [&mut trainer, &mut other].map(|trainer| train(trainer, &mut ChaCha12Rng::seed_from_u64(5), 2));
        assert_eq!((a, trainer.model), (b, other.model));
    }
    let mut checkpoint = new().checkpoint(&rng);
    checkpoint.put_number("clip_norm", 0.0).save(&file).unwrap();
    let error = text(new().restore(&file, &mut rng));
    assert_eq!(error, "tensor clip_norm: 0, but a finite number above 0 was expected");
}

#[test]
fn checkpoint_of_groups_with_other_leaves_names_the_leaves_of_both() {
    let (folder, mut rng) = (Folder::new(), ChaCha12Rng::seed_from_u64(5));
    let file = folder.path().join("checkpoint");
    let layer = |i: usize| move |path: &str| path.starts_with(&format!("layers.{i}."));
    let trainer = |groups: Groups<Adam<Tensor<f32>>>| Trainer::new(mlp::<f32>(&[3, 3, 3], 0), groups);
    let moving = |i| trainer(Groups::new(Adam::new(0.1)).group(layer(i), Adam::new(0.2)));
    let frozen = |i| trainer(Groups::new(Adam::new(0.1)).freeze(layer(i)));
    let [first, second] = [0, 1].map(|i| format!("[layers.{i}.weight, layers.{i}.bias]"));

    // The layers have the same shapes, so that the tensors alone would fit.
    moving(0).save(&file, &rng).unwrap();
    moving(0).restore(&file, &mut rng).unwrap();
    let refused = text(moving(1).restore(&file, &mut rng));
    assert_eq!(refused, format!("setting optimizer.rest.leaves: {second}, but {first} was expected"));
    let refused = text(frozen(0).restore(&file, &mut rng));
    assert_eq!(refused, format!("setting optimizer.0.leaves: {first}, but frozen {first} was expected"));

    frozen(0).save(&file, &rng).unwrap();
    frozen(0).restore(&file, &mut rng).unwrap();
    let refused = text(frozen(1).restore(&file, &mut rng));
    assert_eq!(refused, format!("setting optimizer.rest.leaves: {second}, but {first} was expected"));
    let refused = text(trainer(Groups::new(Adam::new(0.1))).restore(&file, &mut rng));
    let all = "[layers.0.weight, layers.0.bias, layers.1.weight, layers.1.bias]";
    assert_eq!(refused, format!("setting optimizer.rest.leaves: {second}, but {all} was expected"));
}

/// The memory of two changes is full after three steps, and then a ring.
#[test]
fn restored_lbfgs_has_the_bits_of_an_uninterrupted_one() {
    let bowl = |w: &Tensor<f32>| {
        value_and_grad(w, |tape, w| {
            let steep = tape.constant(Tensor::from([1.0f32, 30.0, 200.0]));
            ((w - 1.0).square() * steep).sum()
        })
    };
    let (mut w, mut lbfgs) = (Tensor::from([4.0f32, -1.0, 2.0]), Lbfgs::new(2));
    for _ in 0..9 {
        let mut checkpoint = Checkpoint::new();
        checkpoint.put_state("lbfgs", &lbfgs, &w);
        let (mut twin, mut again) = (w.clone(), Lbfgs::new(2));
        checkpoint.get_state("lbfgs", &mut again, &twin).unwrap();
        checkpoint.finish().unwrap();
        assert_eq!(lbfgs.step(&mut w, bowl), again.step(&mut twin, bowl));
        assert_eq!((&twin, &again), (&w, &lbfgs));
        let longer = text(checkpoint.get_state("lbfgs", &mut Lbfgs::new(3), &twin));
        assert_eq!(longer, "tensor lbfgs.changes: F32 [2, 3], but F32 [3, 3] was expected");
    }
}

/// Restores a training of three classes from a file; nothing may change if that fails.
fn restored(trainer: &mut Training, file: &Path) -> Result<(), FileError> {
    let mut rng = ChaCha12Rng::seed_from_u64(7);
    let (model, optimizer, state) = (trainer.model.clone(), trainer.optimizer.clone(), rng.serialize_state());
    trainer.restore(file, &mut rng).inspect_err(|error| {
        assert_eq!(error.file, file);
        assert_eq!((&trainer.model, &trainer.optimizer, trainer.steps()), (&model, &optimizer, 0));
        assert_eq!(rng.serialize_state(), state);
    })
}

type Training = Trainer<Mlp<Tensor<f32>>, Adam<Tensor<f32>>>;

/// A missing tensor is named beside some that the file holds.
#[track_caller]
fn check_missing(said: &str, name: &str, expected: &str) {
    assert!(said.starts_with(&format!("tensor {name}: nothing (the file holds ")), "{said}");
    assert!(said.ends_with(&format!(" more), but {expected} was expected")), "{said}");
}

#[test]
fn checkpoint_of_another_training_is_refused_by_name() {
    let (folder, rng) = (Folder::new(), ChaCha12Rng::seed_from_u64(5));
    let file = folder.path().join("checkpoint");
    let refused = |sizes: &[usize]| {
        let mut trainer = Trainer::new(mlp(sizes, 1), Adam::new(0.1));
        text(restored(&mut trainer, &file))
    };
    let saved = |sizes: &[usize]| {
        let mut trainer = Trainer::new(mlp(sizes, 0), Adam::new(0.1));
        train(&mut trainer, &mut ChaCha12Rng::seed_from_u64(5), 1);
        trainer.save(&file, &rng).unwrap();
    };
    saved(&[3, 5, 3, 3]);
    assert_eq!(refused(&[3, 5, 3]), "setting model.transfers: [Tanh, Tanh, Linear], but [Tanh, Linear] was expected");
    saved(&[3, 5, 3]);
    check_missing(&refused(&[3, 5, 3, 3]), "model.layers.2.weight", "F32 [3, 3]");
    assert_eq!(refused(&[3, 5, 4]), "tensor model.layers.1.weight: F32 [3, 5], but F32 [4, 5] was expected");

    let relu = Mlp::new(&[3, 5, 3], Transfer::LeakyRelu(0.1), Init::HeNormal, &mut StdRng::seed_from_u64(0));
    let other = text(restored(&mut Trainer::new(relu.clone(), Adam::new(0.1)), &file));
    assert_eq!(other, "setting model.transfers: [Tanh, Linear], but [LeakyRelu(0.1), Linear] was expected");
    let other = text(restored(&mut Trainer::new(relu.with_output(Transfer::Sigmoid), Adam::new(0.1)), &file));
    assert_eq!(other, "setting model.transfers: [Tanh, Linear], but [LeakyRelu(0.1), Sigmoid] was expected");

    let mut adagrad = Trainer::new(mlp::<f32>(&[3, 5, 3], 0), Adagrad::new(0.1));
    let other = text(adagrad.restore(&file, &mut ChaCha12Rng::seed_from_u64(5)));
    check_missing(&other, "optimizer.sum_of_squares.0", "F32 [5, 3]");
    let mut sgd = Trainer::new(mlp::<f32>(&[3, 5, 3], 0), Sgd::new(0.1));
    let other = text(sgd.restore(&file, &mut ChaCha12Rng::seed_from_u64(5)));
    check_missing(&other, "optimizer.momentum", "F64 []");
    Trainer::new(mlp::<f32>(&[3, 5, 3], 0), Sgd::new(0.1)).save(&file, &rng).unwrap();
    check_missing(&refused(&[3, 5, 3]), "optimizer.beta1", "F64 []");
    // All that Adagrad needs, and more.
    Trainer::new(mlp::<f32>(&[3, 5, 3], 0), RmsProp::new(0.1)).save(&file, &rng).unwrap();
    let mut checkpoint = Checkpoint::open(&file).unwrap();
    checkpoint.put("optimizer.sum_of_squares", &mlp::<f32>(&[3, 5, 3], 0).map(&mut |_, w| w.abs()).leaves());
    checkpoint.save(&file).unwrap();
    let other = text(adagrad.restore(&file, &mut ChaCha12Rng::seed_from_u64(5)));
    assert_eq!(other, "tensor optimizer.mean_square.0: F32 [5, 3], but no tensor with that name was expected");
}

/// The place of a tensor's bytes in a file.
fn place(bytes: &[u8], name: &str) -> usize {
    let header = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let text = std::str::from_utf8(&bytes[8..8 + header]).unwrap();
    let (_, entry) = text.split_once(&format!("{name:?}:")).expect("such a tensor");
    let (_, offset) = entry.split_once("\"data_offsets\":[").expect("offsets");
    8 + header + offset.split(',').next().unwrap().parse::<usize>().unwrap()
}

#[test]
fn missing_and_impossible_entries_are_refused_by_name() {
    let (folder, mut rng) = (Folder::new(), ChaCha12Rng::seed_from_u64(5));
    let file = folder.path().join("checkpoint");
    let start = |seed| Trainer::new(mlp::<f32>(&[3, 5, 3], seed), Adam::new(0.1));
    let mut trainer = start(0);
    // Saved in the hook, so that the state of a run is in the file.
    let samples = Samples { x: Tensor::ones([4, 3]), labels: Tensor::from([0, 1, 2, 0]) };
    let hook = |trainer: &mut Training, _: &Status, rng: &mut ChaCha12Rng| {
        trainer.save(&file, rng).unwrap();
        ControlFlow::Continue(())
    };
    let plan = Plan::new(2, 4).patience(9);
    trainer.fit(&plan, &samples, Some(&samples), &mut rng, entropy, hook).unwrap();
    let whole = std::fs::read(&file).unwrap();
    let damaged = |damage: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = whole.clone();
        damage(&mut bytes);
        text(restored(&mut start(1), &folder.write("damaged", &bytes)))
    };
    let count = "a whole number from 0 to below 2⁵³";
    for (name, number, expected) in [
        ("optimizer.steps", -1.0, "a whole number from 0 to 2147483647"),
        ("optimizer.steps", 0.5, "a whole number from 0 to 2147483647"),
        ("optimizer.steps", 1e12, "a whole number from 0 to 2147483647"),
        ("optimizer.rate", f64::NAN, "a finite number from 0"),
        ("optimizer.rate", -0.1, "a finite number from 0"),
        ("optimizer.beta1", 1.0, "a number from 0 to below 1"),
        ("optimizer.beta2", -0.5, "a number from 0 to below 1"),
        ("optimizer.epsilon", 0.0, "a finite number above 0"),
        ("optimizer.decay", f64::INFINITY, "a finite number from 0"),
        ("steps", -1.0, count),
        ("epochs", f64::NAN, count),
        ("fit.epoch", 1.5, count),
        ("fit.waited", 3.0, "no more than the 2 epochs"),
        ("fit.best_figure", f64::NAN, "a number"),
    ] {
        let said = damaged(&|bytes| {
            let at = place(bytes, name);
            bytes[at..at + 8].copy_from_slice(&number.to_le_bytes());
        });
        assert_eq!(said, format!("tensor {name}: {number}, but {expected} was expected"));
    }
    for (name, number, expected) in
        [("optimizer.mean.1", f32::NAN, "a finite number"), ("optimizer.mean_square.0", -1.0, "a finite number from 0")]
    {
        let said = damaged(&|bytes| {
            let at = place(bytes, name) + 4;
            bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
        });
        assert_eq!(said, format!("tensor {name}: {number} among its elements, but {expected} was expected"));
    }
    let said = damaged(&|bytes| {
        let last = place(bytes, "rng") + 48;
        bytes[last] |= 0x80;
    });
    assert_eq!(said, "tensor rng: other bytes, but the state of a generator was expected");
    // No model is expected before the first figure.
    let said = damaged(&|bytes| {
        let at = place(bytes, "fit.best_figure");
        bytes[at..at + 8].copy_from_slice(&f64::INFINITY.to_le_bytes());
    });
    assert_eq!(said, "tensor fit.best.layers.0.bias: F32 [5], but no tensor with that name was expected");

    // Each entry in turn under another name: it is missing, or what it is under its new name is one too many.
    let renamed = |name: &str, new: &str| {
        damaged(&|bytes| {
            let header = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
            let text = String::from_utf8(bytes[8..8 + header].to_vec()).unwrap();
            let text = text.replacen(name, new, 1);
            bytes[..8].copy_from_slice(&(text.len() as u64).to_le_bytes());
            bytes.splice(8..8 + header, text.into_bytes());
        })
    };
    let names: Vec<String> = Checkpoint::open(&file).unwrap().names().map(str::to_owned).collect();
    assert!(names.len() > 25, "{names:?}");
    // A column of the history may have any name.
    for name in names.iter().filter(|name| !name.starts_with("fit.history")) {
        let other = format!("{}_", &name[..name.len() - 1]);
        let said = renamed(&format!("\"{name}\""), &format!("\"{other}\""));
        let missing = format!("tensor {name}: nothing (");
        let named = said.starts_with(&missing) || said.ends_with(" but no tensor with that name was expected");
        assert!(named, "{name}: {said:?}");
    }
    for name in ["model.transfers", "fit.batches", "fit.best.transfers"] {
        let said = renamed(&format!("{name} = "), &format!("{}_ = ", &name[..name.len() - 1]));
        assert!(said.starts_with(&format!("setting {name}: nothing, but ")), "{name}: {said}");
    }
    let said = renamed("model.transfers = ", "model.input = 1\\nmodel.transfers = ");
    assert_eq!(said, "setting model.input: 1, but no setting with that name was expected");
    assert!(restored(&mut start(1), &file).is_ok());
}

/// A program's own part: a schedule with settings of its own.
#[test]
fn schedule_is_saved_with_its_settings() {
    let (folder, mut rng) = (Folder::new(), ChaCha12Rng::seed_from_u64(5));
    let file = folder.path().join("checkpoint");
    let mut trainer = Trainer::new(mlp::<f32>(&[3, 5, 3], 0), Sgd::new(0.1));
    let mut plateau = Plateau::new(0.1, 0.25, 3).threshold(0.01);
    assert_eq!([2.0, 1.0, 1.0, 1.0].map(|figure| plateau.observe(figure)), [0.1; 4]);
    trainer.checkpoint(&rng).put_scalars("plateau", &plateau).save(&file).unwrap();

    let more = text(trainer.restore(&file, &mut rng));
    assert_eq!(more, "tensor plateau.factor: F64 [], but no tensor with that name was expected");
    let (mut checkpoint, mut again) = (Checkpoint::open(&file).unwrap(), Plateau::new(1.0, 0.9, 100));
    trainer.restore_from(&mut checkpoint, &mut rng).unwrap();
    checkpoint.get_scalars("plateau", &mut again).unwrap();
    checkpoint.finish().unwrap();
    assert_eq!(again, plateau);
    assert_eq!([1.0, 1.0].map(|figure| again.observe(figure)), [0.025, 0.025]);
}

/// Files of other programs have no settings.
#[test]
fn model_without_settings_is_loaded() {
    let folder = Folder::new();
    let file = folder.path().join("model");
    let saved = mlp::<f32>(&[3, 4, 2], 0);
    let mut checkpoint = Checkpoint::new();
    checkpoint.put("layers", &saved.layers).save(&file).unwrap();
    let mut model = mlp::<f32>(&[3, 4, 2], 1);
    store::load(&file, &mut model).unwrap();
    assert_eq!(model, saved);
    store::save(&file, &saved.with_output(Transfer::Softmax)).unwrap();
    let before = model.clone();
    let other = text(store::load(&file, &mut model));
    assert_eq!(other, "setting transfers: [Tanh, Softmax], but [Tanh, Linear] was expected");
    assert_eq!(model, before);
}
