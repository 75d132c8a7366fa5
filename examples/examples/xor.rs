//! Multilayer perceptrons y = σ(W² tanh(W¹x + b¹) + b²) learn XOR, which no single layer can.
//!
//! The example trains 2-8-1 and 2-2-1 from 50 random starts each. Two hidden units suffice in principle, but from some
//! starts gradient descent ends without a solution.

use autodiff::prelude::*;
use nn::{Init, Mlp, Optimizer, Sgd, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};

const SEEDS: usize = 50;

fn main() {
    let x = Tensor::from([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
    let target = Tensor::from([[0.0], [1.0], [1.0], [0.0]]);
    println!("  input     target   output of 2-8-1 from seed 0");
    let y = train(&x, &target, 8, 0).forward(&x).sigmoid();
    for i in 0..4 {
        println!("{} xor {}   {:6}   {:.4}", x[[i, 0]], x[[i, 1]], target[[i, 0]], y[[i, 0]]);
    }
    // A logit above 0 means a probability above ½.
    let solves = |mlp: Mlp<Tensor<f64>>| mlp.forward(&x).greater(Tensor::zeros([4, 1])) == target;
    let [wide, narrow] =
        [8, 2].map(|hidden| (0..SEEDS).filter(|&s| solves(train(&x, &target, hidden, s as u64))).count());
    println!("2-8-1: {wide} of {SEEDS} seeds solve XOR ({} %)", 100 * wide / SEEDS);
    println!("2-2-1: {narrow} of {SEEDS} seeds solve XOR ({} %)", 100 * narrow / SEEDS);
    assert!(wide >= SEEDS * 9 / 10, "a network of 8 hidden units rarely fails");
    assert!(narrow <= wide);
}

/// Trains 2-`hidden`-1 by full-batch gradient descent with momentum on the binary cross-entropy.
fn train(x: &Tensor<f64>, target: &Tensor<f64>, hidden: usize, seed: u64) -> Mlp<Tensor<f64>> {
    let rng = &mut StdRng::seed_from_u64(seed);
    let mut mlp = Mlp::new(&[2, hidden, 1], Transfer::Tanh, Init::GlorotUniform, rng);
    let mut sgd = Sgd::new(0.2).momentum(0.9);
    for _ in 0..500 {
        let (_, gradient) = value_and_grad(&mlp, |_, mlp| loss::binary_cross_entropy(&mlp.forward(x), target));
        sgd.step(&mut mlp, &gradient);
    }
    mlp
}
