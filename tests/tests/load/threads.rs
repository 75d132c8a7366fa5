//! Threads: the types that are `Send` and `Sync`, and tapes used on several threads.

use autodiff::prelude::*;
use autodiff::*;
use nn::autoencoder::{contractive, denoising, k_sparse, small_noise, variational};
use nn::*;
use rand::{SeedableRng, rngs::StdRng};

/// Whether a type implements a trait. The inherent constant hides the trait's constant if its bound holds.
macro_rules! has {
    ($type:ty: $bound:path) => {{
        #[allow(dead_code, reason = "only one of the two constants is used")]
        trait Fallback {
            const HAS: bool = false;
        }
        impl<T> Fallback for T {}
        struct Test<T>(std::marker::PhantomData<T>);
        #[allow(dead_code, reason = "only one of the two constants is used")]
        impl<T: $bound> Test<T> {
            const HAS: bool = true;
        }
        <Test<$type>>::HAS
    }};
}

/// For each type: its name without modules and arguments, and whether it is `Send` and `Sync`.
macro_rules! types {
    ($($type:ty),* $(,)?) => { [$((name(stringify!($type)), [has!($type: Send), has!($type: Sync)])),*] };
}

fn name(type_name: &'static str) -> &'static str {
    let path = type_name.split('<').next().unwrap_or_default().trim();
    path.rsplit("::").next().unwrap_or_default().trim()
}

type Numbers = Tensor<f32>;

/// A tape can move to another thread; handles to its nodes cannot.
fn bound_to_a_tape() -> Vec<(&'static str, [bool; 2])> {
    let moves = types![
        Tape<Numbers>,
        ScalarTape<f64>,
        Trainer<Mlp<Numbers>, Adam<Numbers>>,
        OnRanks<'static, Mlp<Numbers>, Adam<Numbers>, ()>,
    ]
    .map(|(name, found)| {
        assert_eq!(found, [true, false], "{name} must be Send and not Sync");
        (name, found)
    });
    let stays = types![
        Var<'static, Numbers>,
        Gradients<'static, Numbers>,
        Drawing<'static, Numbers>,
        Scalar<'static, f64>,
        Dyn<'static>,
        Active<'static, f64>,
        Recorder<'static, Numbers>,
        contractive::Method<'static>,
    ];
    let stays = stays.map(|(name, found)| {
        assert_eq!(found, [false, false], "{name} must be neither Send nor Sync");
        (name, found)
    });
    moves.into_iter().chain(stays).collect()
}

/// The types that hold plain data.
fn plain_data() -> Vec<(&'static str, [bool; 2])> {
    let autodiff = types![
        Axes<usize>,
        Batched<Numbers>,
        Compression,
        Custom,
        Dual<Numbers>,
        Unconnected,
        Mode,
        autodiff::Linear,
        Op,
        Pointwise,
        Matmul,
        Decomposition,
        Factors,
        Triangle,
        MatrixError,
        Shape,
        ShapeError,
        Path<'static>,
        Tensor<f32>,
        Mismatch,
        MissingEntry,
        SparseMatrix<f64>,
        Sparsity,
        Matrix<'static, f32>,
        Window<2>,
        Site,
        Equations,
        check::Options,
        check::Stencil,
        check::Disagreement,
        check::Failure,
        check::Finding,
        check::Cause,
        Spread,
        strategy::Expression,
        strategy::Network<Numbers>,
    ];
    let models = types![
        Autoencoder<Numbers>,
        TiedAutoencoder<Numbers>,
        k_sparse::KSparse<Numbers>,
        variational::Variational<Numbers>,
        variational::Posterior<Numbers>,
        variational::Elbo<Numbers>,
        variational::Likelihood,
        nn::Linear<Numbers>,
        Mlp<Numbers>,
        Neuron<Numbers>,
        hebb::Association<Numbers>,
        threshold::Unit,
        threshold::Circuit,
        threshold::Synapse,
        threshold::TruthTable,
        perceptron::Report<f32>,
        perceptron::ClassReport<f32>,
        perceptron::Pocket<f32>,
        perceptron::Outcome,
        Transfer,
        Mixed<Transfer>,
        Init,
        Summary,
        Layer,
    ];
    let training = types![
        Adagrad<Tensor<f32>>,
        Adam<Tensor<f32>>,
        Domain,
        Lbfgs<f32>,
        RmsProp<Tensor<f32>>,
        Sgd<Tensor<f32>>,
        Groups<Sgd<Tensor<f32>>>,
        loss::CrossEntropy,
        schedule::Plateau,
        Best<Mlp<Numbers>>,
        History,
        Means,
        NotFinite,
        Plan,
        Status,
        denoising::Corrupted<f32>,
        denoising::Corruption,
        denoising::Emphasis,
        k_sparse::Selection,
        small_noise::SmallNoise,
        matrix_form::Activations<f32>,
        matrix_form::Comparison,
        matrix_form::Difference,
        matrix_form::Gradients<f32>,
        matrix_form::Multiplications,
    ];
    let files = types![
        data::Batches,
        data::Categories,
        data::Npz,
        data::Samples<f32>,
        data::Digits<f32>,
        data::Table<f32>,
        data::Idx,
        data::NoLabel,
        data::OutOfRange,
        data::Imputation<Numbers>,
        data::Scaling<Numbers>,
        FileError,
        Fault,
        Place,
        store::Checkpoint,
    ];
    autodiff.into_iter().chain(models).chain(training).chain(files).collect()
}

/// Collects the names of the public structs and enums declared in a folder of source files.
fn declared(folder: &std::path::Path, names: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("the folder exists") {
        let path = entry.expect("the entry is readable").path();
        if path.is_dir() {
            declared(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("the source file is readable");
            let declarations = text.lines().filter_map(|line| {
                let rest = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "))?;
                rest.split(|c: char| !c.is_alphanumeric()).next()
            });
            names.extend(declarations.map(str::to_owned));
        }
    }
}

#[test]
fn every_public_type_has_the_stated_send_and_sync() {
    let (bound, plain) = (bound_to_a_tape(), plain_data());
    for (name, found) in &plain {
        assert_eq!(*found, [true, true], "{name} must be Send and Sync");
    }
    let mut names = Vec::new();
    for member in ["autodiff", "nn"] {
        declared(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(member).join("src"), &mut names);
    }
    let known = |name: &String| bound.iter().chain(&plain).any(|(known, _)| known == name);
    let forgotten: Vec<_> = names.iter().filter(|name| !known(name)).collect();
    assert!(names.len() > 60 && forgotten.is_empty(), "public types missing in this test: {forgotten:?}");
    println!("{} public types: {} Send and Sync, {} bound to a tape", names.len(), plain.len(), bound.len());
}

/// Trains a small network and returns the bits of its losses.
fn train() -> Vec<u64> {
    let rng = &mut StdRng::seed_from_u64(0);
    let mlp = Mlp::<Numbers>::new(&[5, 16, 2], Transfer::Tanh, Init::GlorotUniform, rng);
    let mut trainer = Trainer::new(mlp, Adam::new(0.01));
    let x = Tensor::uniform([20, 5], -1.0, 1.0, rng);
    let mut step = |_| {
        trainer
            .step(&(), &mut (), |tape, mlp, _, _| mlp.forward(tape.constant(x.clone())).square().sum())
            .unwrap()
            .total
            .to_bits()
    };
    (0..50).map(&mut step).collect()
}

#[test]
fn concurrent_trainings_give_the_same_losses_as_one() {
    let expected = train();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(train)).collect();
        assert!(threads.into_iter().all(|thread| thread.join().expect("the training succeeds") == expected));
    });
}

#[test]
fn tape_can_move_to_another_thread() {
    let mut tape = Tape::new();
    tape.variable(Tensor::from([1.0, 2.0])).square().sum().backward();
    tape.clear();
    let slope = std::thread::spawn(move || {
        let x = tape.variable(Tensor::from([3.0, 4.0]));
        x.square().sum().backward().of(&x)
    });
    assert_eq!(slope.join().expect("the other thread succeeds"), Tensor::from([6.0, 8.0]));
}
