//! Diagrams as SVG files: a neuron, a network, an autoencoder, and the decision regions of classifiers of two inputs.
//!
//!     cargo run --release --example diagram -- --out target/diagram
//!
//! The classifiers learn the exclusive or: a single unit with a growing cosine as its transfer function, and a network
//! with a hidden layer. A single sigmoid unit cannot (Minsky and Papert 1969).

use autodiff::prelude::*;
use lexopt::Arg::Long;
use nn::{Adam, Autoencoder, Init, Mixed, Mlp, Neuron, Trainer, Transfer, TransferFunction, loss};
use rand::{SeedableRng, rngs::StdRng};
use std::path::PathBuf;
use std::{fs, io};

/// u·cos u, which oscillates (Noel et al. 2021).
#[derive(Clone, Copy, Debug)]
struct GrowingCosine;

impl TransferFunction for GrowingCosine {
    fn apply<V: Value>(&self, u: &V) -> V {
        u.cos() * u
    }
}

type T = Tensor<f64>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = folder()?;
    fs::create_dir_all(&folder)?;
    let write = |name: &str, svg: String| -> io::Result<()> {
        let file = folder.join(name).with_extension("svg");
        println!("{}", file.display());
        fs::write(file, svg)
    };
    let rng = &mut StdRng::seed_from_u64(1);
    let x = Tensor::from([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]]);
    let target = Tensor::from([-1.0, 1.0, 1.0, -1.0]);
    let labels = Tensor::from([0, 1, 1, 0]);
    let class = |y: &T| y.map(|&y| usize::from(y > 0.0));

    let neuron = trained_neuron(&x, &target);
    write("neuron", neuron.diagram())?;
    write("neuron-regions", nn::decision_regions(&x, &labels, |x| class(&neuron.forward(x))))?;
    assert_eq!(class(&neuron.forward(&x)), labels, "a single unit with a growing cosine learns XOR");

    let network = trained_network(Mlp::new(&[2, 4, 1], Transfer::Tanh, Init::GlorotUniform, rng), &x, &target);
    write("network", network.diagram())?;
    write("network-regions", nn::decision_regions(&x, &labels, |x| class(&network.forward(x).index_axis(1, 0))))?;
    assert_eq!(class(&network.forward(&x).index_axis(1, 0)), labels, "a network with a hidden layer learns XOR");

    let functions = [Mixed::Own(GrowingCosine), Transfer::Relu.into(), Transfer::Softmax.into()];
    let deep = Mlp::<T, _>::with_transfers(&[64, 12, 6, 3], &functions, Init::GlorotUniform, rng);
    write("deep", deep.diagram())?;
    let autoencoder = Autoencoder::<T>::new(&[6, 4, 2], Transfer::Sigmoid, Init::GlorotUniform, rng);
    write("autoencoder", autoencoder.diagram())?;
    Ok(())
}

/// The folder after `--out`; `target/diagram` without it.
fn folder() -> Result<PathBuf, lexopt::Error> {
    let (mut folder, mut arguments) = (PathBuf::from("target/diagram"), lexopt::Parser::from_env());
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("out") => folder = arguments.value()?.into(),
            other => return Err(other.unexpected()),
        }
    }
    Ok(folder)
}

fn trained_neuron(x: &T, target: &T) -> Neuron<T, GrowingCosine> {
    let neuron = Neuron { weights: Tensor::from([0.3, 1.1]), bias: Tensor::scalar(0.2), transfer: GrowingCosine };
    let mut trainer = Trainer::new(neuron, Adam::new(0.05));
    for _ in 0..500 {
        let step = trainer.step(x, &mut (), |_, neuron, x, _| loss::squared_error(&neuron.forward(x), target));
        step.expect("the loss is finite");
    }
    trainer.model
}

fn trained_network(network: Mlp<T>, x: &T, target: &T) -> Mlp<T> {
    let mut trainer = Trainer::new(network, Adam::new(0.05));
    for _ in 0..500 {
        let step = trainer.step(x, &mut (), |_, mlp, x, _| {
            let y = mlp.forward(x);
            loss::squared_error(&y, target.unsqueeze(1))
        });
        step.expect("the loss is finite");
    }
    trainer.model
}
