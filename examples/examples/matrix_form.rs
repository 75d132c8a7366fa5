//! Backpropagation by the tape and by matrices, side by side; and what multiplying from the left would cost.

use autodiff::prelude::*;
use nn::data::Digits;
use nn::{Init, Mlp, Transfer, loss, matrix_form};
use rand::{SeedableRng, rngs::StdRng};

fn main() {
    let rng = &mut StdRng::seed_from_u64(0);
    let batch = Digits::<f64>::load().train.take(&(0..32).collect::<Vec<_>>());
    let mlp = Mlp::new(&[64, 32, 32, 10], Transfer::Gelu, Init::GlorotUniform, rng);

    println!("MLP 64-32-32-10, gelu; cross-entropy of 32 digits. Tape against matrices:\n");
    let comparison = matrix_form::compare(&mlp, &batch.x, |y| loss::cross_entropy(&y, &batch.labels));
    println!("{comparison}");
    assert!(comparison.worst() < 1e-12);

    println!("A loss of one's own, Σ ln cosh y:\n");
    let own = matrix_form::compare(&mlp, &batch.x, |y| y.cosh().ln().sum());
    println!("{own}");
    assert!(own.worst() < 1e-12);

    println!("The deeper the network, the more the forward product repeats:");
    let mut before = 0.0;
    for depth in [1, 2, 4, 8, 16] {
        let sizes = vec![32; depth + 1];
        let mlp = Mlp::<Tensor<f64>>::new(&sizes, Transfer::Tanh, Init::GlorotUniform, rng);
        let counted = matrix_form::multiplications(&mlp);
        println!("  {depth:2} layers of 32 units: {counted}");
        let ratio = counted.naive as f64 / counted.backward as f64;
        assert!(ratio > before);
        before = ratio;
    }

    let kept = matrix_form::forward(&mlp, &batch.x);
    let cost = grad(kept.output(), |y| loss::cross_entropy(&y, &batch.labels));
    let back = matrix_form::backward(&mlp, &kept, &cost);
    for (back, forward) in back.leaves().iter().zip(matrix_form::naive(&mlp, &kept, &cost).leaves()) {
        autodiff::assert_close(back, &forward, 1e-12);
    }
    println!("Both give the same gradient.");
}
