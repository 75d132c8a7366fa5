//! Trains a classifier, an autoencoder or a variational autoencoder on several processes:
//!
//!     mpirun -n 2 cargo run --release -- mlp
//!
//! `--data DIR` takes MNIST in the IDX format in place of the digits that `nn` holds.

use autodiff::prelude::*;
use data_parallel::Mpi;
use nn::autoencoder::variational::{Likelihood, Variational};
use nn::data::{Dataset, Digits, Samples, load_idx_folder};
use nn::store::ChaCha12Rng;
use nn::{Adam, Autoencoder, EncoderDecoder, Init, Loss, Mlp, Plan, Trainer, Transfer, loss};
use rand::SeedableRng;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "usage: mpirun -n RANKS data_parallel [mlp | autoencoder | vae] [options]
  --epochs N      epochs to train (5)
  --batch N       samples in a batch, shared by all ranks (64)
  --save FILE     saves the training after each epoch, and goes on from the file if it exists
  --data DIR      a folder with MNIST in the IDX format";

#[derive(Debug)]
struct Arguments {
    model: String,
    epochs: usize,
    batch: usize,
    save: Option<PathBuf>,
    data: Option<PathBuf>,
}

fn arguments() -> Result<Arguments, lexopt::Error> {
    use lexopt::prelude::*;
    let mut arguments = Arguments { model: "mlp".into(), epochs: 5, batch: 64, save: None, data: None };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Value(model) => arguments.model = model.string()?,
            Long("epochs") => arguments.epochs = parser.value()?.parse()?,
            Long("batch") => arguments.batch = parser.value()?.parse()?,
            Long("save") => arguments.save = Some(parser.value()?.into()),
            Long("data") => arguments.data = Some(parser.value()?.into()),
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(arguments)
}

fn main() -> ExitCode {
    match arguments() {
        Ok(arguments) => data_parallel::run(|mpi| train(mpi, &arguments)),
        Err(error) => {
            eprintln!("{error}\n{HELP}");
            ExitCode::FAILURE
        }
    }
}

fn train(mpi: &Mpi, arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let (train, test) = match &arguments.data {
        Some(folder) => load_idx_folder(folder)?,
        None => {
            let Digits { train, test } = Digits::load();
            (train, test)
        }
    };
    // Each rank reads the whole files, which checks them, and keeps its own samples.
    let [train, test] = [train, test]
        .map(|samples| samples.subset(&nn::shard(samples.len(), mpi.rank(), mpi.size()).collect::<Vec<_>>()));
    let (pixels, rng) = (train.x.shape()[1], &mut ChaCha12Rng::seed_from_u64(0));
    match arguments.model.as_str() {
        "mlp" => {
            let mlp = Mlp::new(&[pixels, 100, 10], Transfer::Relu, Init::HeNormal, rng);
            fit(mpi, arguments, mlp, (&train, &test), rng, |_, mlp, batch: &Samples<f32>, _| {
                loss::cross_entropy(&mlp.forward(&batch.x), &batch.labels)
            })
        }
        "autoencoder" => {
            let model = Autoencoder::new(&[pixels, 64, 16], Transfer::Tanh, Init::GlorotUniform, rng);
            fit(mpi, arguments, model, (&train.x, &test.x), rng, |_, model, x, _| {
                loss::squared_error(&model.forward(x), x)
            })
        }
        "vae" => {
            let (transfer, latent) = (Transfer::Tanh, 20);
            let sizes = [pixels, 400, latent];
            let model = Variational::new(&sizes, Likelihood::Bernoulli, transfer, Init::GlorotUniform, rng);
            fit(mpi, arguments, model, (&train.x, &test.x), rng, |_, vae, x, rng| {
                vae.elbo(x, &Tensor::normal([x.len(), latent], 0.0, 1.0, rng)).loss(1.0, 0.0)
            })
        }
        model => Err(format!("there is no model {model}\n{HELP}").into()),
    }
}

/// Trains, as a program for one process does, but for `.on(mpi, 7).sharded()` and `if mpi.is_root()`.
fn fit<M: Tree<Leaf = Tensor<f32>> + Clone, D: Dataset>(
    mpi: &Mpi,
    arguments: &Arguments,
    model: M,
    (train, test): (&D, &D),
    rng: &mut ChaCha12Rng,
    loss: impl Loss<M, D, ChaCha12Rng>,
) -> Result<(), Box<dyn Error>> {
    let mut trainer = Trainer::new(model, Adam::new(1e-3));
    if let Some(file) = arguments.save.as_ref().filter(|file| file.exists()) {
        trainer.restore(file, rng)?;
    }
    let plan = Plan::new(arguments.epochs, arguments.batch);
    trainer.on(mpi, 7).sharded().fit(&plan, train, Some(test), rng, loss, |trainer, status, rng| {
        if mpi.is_root() {
            println!("{status}");
            if let Some(file) = &arguments.save {
                trainer.save(file, rng)?;
            }
        }
        Ok::<(), Box<dyn Error>>(())
    })?;
    Ok(())
}
