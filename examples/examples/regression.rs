//! Regression: a network is fitted to noisy values of sin x.
//!
//! The data are pairs of inputs and targets. A loss with a name serves training and evaluation. The weights decay and the
//! biases do not, the norm of each gradient is limited, and training stops if the loss on held-out samples no longer falls.

use autodiff::prelude::*;
use nn::data::Dataset;
use nn::schedule::cosine;
use nn::{Adam, Groups, Init, Mlp, Plan, Trainer, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};

const NOISE: f64 = 0.1;
const RATE: f64 = 1e-2;

type Pairs = (Tensor<f64>, Tensor<f64>);

fn main() -> Result<(), nn::NotFinite> {
    let rng = &mut StdRng::seed_from_u64(0);
    let x = Tensor::<f64>::uniform([250, 1], -3.0, 3.0, rng);
    let y = x.sin() + Tensor::normal([250, 1], 0.0, NOISE, rng);
    let (train, validation) = (x, y).split_random(0.2, rng);

    let mlp = Mlp::new(&[1, 32, 32, 1], Transfer::Tanh, Init::GlorotUniform, rng);
    let optimizer = Groups::new(Adam::new(RATE).decay(1e-2)).group(|path| path.ends_with("bias"), Adam::new(RATE));
    let mut trainer = Trainer::new(mlp, optimizer).clip_norm(1.0);
    let squared_error = trainer.loss(|_, mlp, (x, y): &Pairs, _| loss::squared_error(&mlp.forward(x), y));
    let plan = Plan::new(200, 32).patience(40).rate(|progress| cosine(RATE, progress));
    let history = trainer.fit(&plan, &train, Some(&validation), rng, squared_error, |_, status, _| {
        if status.epoch % 20 == 0 {
            println!("{status}");
        }
    })?;

    let x = Tensor::linspace(-3.0, 3.0, 61).reshape([61, 1]);
    let fresh = (x.clone(), x.sin());
    let deviation = trainer.evaluate(&fresh, 61, rng, squared_error).total.sqrt();
    println!("{} epochs; deviation from sin x without noise: {deviation:.3}", history.len());
    assert!(deviation < 0.6 * NOISE, "the fit averages over the noise");
    Ok(())
}
