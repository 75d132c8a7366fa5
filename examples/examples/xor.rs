//! XOR, which no single layer can learn, by a multilayer perceptron 2-8-1 from many starts.

use autodiff::prelude::*;
use nn::{Init, Mlp, Optimizer, Sgd, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};

const SEEDS: u64 = 20;

fn main() {
    let x = Tensor::from([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
    let target = Tensor::from([[0.0], [1.0], [1.0], [0.0]]);
    let mlps: Vec<Mlp<Tensor<f64>>> = (0..SEEDS).map(|seed| train(&x, &target, seed)).collect();
    println!("     x      target   learned from seed 0");
    let y = mlps[0].forward(&x).sigmoid();
    for i in 0..4 {
        println!("{} xor {}   {:6}   {:.4}", x[[i, 0]], x[[i, 1]], target[[i, 0]], y[[i, 0]]);
    }
    // A logit above 0 is a probability above ½.
    let solved = mlps.iter().filter(|mlp| mlp.forward(&x).greater(&Tensor::zeros([4, 1])) == target).count();
    println!("{solved} of {SEEDS} seeds solve it");
    assert!(solved >= 18, "a network of 8 hidden units rarely fails");
}

/// Full-batch descent with momentum on the binary cross-entropy.
fn train(x: &Tensor<f64>, target: &Tensor<f64>, seed: u64) -> Mlp<Tensor<f64>> {
    let rng = &mut StdRng::seed_from_u64(seed);
    let mut mlp = Mlp::new(&[2, 8, 1], Transfer::Tanh, Init::GlorotUniform, rng);
    let mut sgd = Sgd::with_momentum(&mlp, 0.2, 0.9);
    for _ in 0..500 {
        let (_, gradient) = value_and_grad(&mlp, |tape, mlp| {
            loss::binary_cross_entropy(&mlp.forward(&tape.constant(x.clone())), &tape.constant(target.clone()))
        });
        sgd.step(&mut mlp, &gradient);
    }
    mlp
}
