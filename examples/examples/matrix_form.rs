//! Backpropagation in matrix form, δˡ⁻¹ = (Wˡ)ᵀδˡ ∘ f′ and ∇Wˡ = δˡ(aˡ⁻¹)ᵀ, gives the same gradient as the tape.
//!
//! The example also counts the multiplications of both this recursion and the forward product, which repeats work.

use autodiff::prelude::*;
use nn::data::{Dataset, Digits};
use nn::{Init, Mlp, Transfer, loss, matrix_form};
use rand::{SeedableRng, rngs::StdRng};

fn main() {
    let rng = &mut StdRng::seed_from_u64(0);
    let batch = Digits::<f64>::load().train.subset(&(0..32).collect::<Vec<_>>());
    let mlp = Mlp::new(&[64, 32, 32, 10], Transfer::Gelu, Init::GlorotUniform, rng);

    println!(
        "MLP 64-32-32-10 with GELU, cross-entropy of 32 digits: gradients on the tape against the matrix form (z.0 is δ¹, x is ∇ₓC)\n"
    );
    let comparison = matrix_form::compare(&mlp, &batch.x, |y| loss::cross_entropy(&y, &batch.labels));
    println!("{comparison}");
    assert!(comparison.worst() < 1e-12);

    println!("The same network with a custom loss, Σ ln cosh y:\n");
    let custom = matrix_form::compare(&mlp, &batch.x, |y| y.cosh().ln().sum());
    println!("{custom}");
    assert!(custom.worst() < 1e-12);

    println!("The deeper the network, the more work the forward product repeats:");
    let mut previous = 0.0;
    for depth in [1, 2, 4, 8, 16] {
        let sizes = vec![32; depth + 1];
        let mlp = Mlp::<Tensor<f64>>::new(&sizes, Transfer::Tanh, Init::GlorotUniform, rng);
        let count = matrix_form::multiplications(&mlp);
        println!("  {depth:2} layers of 32 units: {count}");
        let ratio = count.naive as f64 / count.backward as f64;
        assert!(ratio > previous);
        previous = ratio;
    }

    let activations = matrix_form::forward(&mlp, &batch.x);
    let cost = grad(activations.output(), |y| loss::cross_entropy(&y, &batch.labels));
    let [backward, naive] = [matrix_form::backward, matrix_form::naive]
        .map(|way| way(&mlp, &activations, &cost))
        .map(|g| (g.nabla, g.delta));
    for (backward, forward) in backward.leaves().iter().zip(naive.leaves()) {
        autodiff::assert_close(backward, &forward, 1e-12);
    }
    println!("The recursion of δ and the forward product give the same gradient.");
}
