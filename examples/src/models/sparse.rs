//! Sparse autoencoders, 64-128-64 on the digits: a sigmoid code with the KL penalty, a rectified code with L1 or L2.

use super::{Curves, Setting, Sizes, fit, probe};
use autodiff::prelude::*;
use nn::autoencoder::sparse;
use nn::data::Digits;
use nn::{Autoencoder, EncoderDecoder, Init, Transfer, TransferFunction, loss, metrics};
use rand::{SeedableRng, rngs::StdRng};

/// The sparsity penalty on the code h.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Penalty {
    /// β·Σⱼ KL(ρ ‖ ρ̂ⱼ) on a sigmoid code, where ρ̂ⱼ is the mean activation of unit j over the batch.
    Kl {
        /// The target activation ρ.
        rho: f64,
        /// The weight β of the penalty.
        beta: f64,
    },
    /// λ·‖h‖₁ on a rectified code.
    L1(f64),
    /// λ·‖h‖² on a rectified code.
    L2(f64),
}

/// A trained sparse autoencoder and its figures.
pub struct Sparse {
    /// The model; its output layer is linear.
    pub model: Autoencoder<Tensor<f32>>,
    /// The squared error by epoch, without the penalty.
    pub curves: Curves,
    /// The squared error of the test reconstructions.
    pub test_sq: f64,
    /// The mean activation of the code units on the test images.
    pub mean_activation: f64,
    /// The share of activations above 0.1 on the test images.
    pub active_share: f64,
    /// The test accuracy of logistic regression on the codes.
    pub probe_accuracy: f64,
}

/// Trains on the squared error plus the penalty, in batches of 64.
pub fn train(digits: &Digits<f32>, penalty: Penalty, setting: Setting) -> Sparse {
    let rng = &mut StdRng::seed_from_u64(setting.seed);
    let code = if matches!(penalty, Penalty::Kl { .. }) { Transfer::Sigmoid } else { Transfer::Relu };
    let (sizes, x, test) = (Sizes::of(digits), &digits.train.x, &digits.test.x);
    let plan = sizes.plan(setting, (1e-2, 64, 100));
    let ae = Autoencoder::new(&[sizes.pixels, sizes.wide], code, Init::GlorotUniform, rng).with_code(code);
    // The page shows these lines.
    let (model, curves) = fit(ae, (x, Some(test)), plan, rng, |tape, ae, x, _| {
        let x = tape.constant(x.clone());
        let z = ae.code_logits(x);
        let h = code.apply(&z);
        let penalty = match penalty {
            Penalty::Kl { rho, beta } => sparse::kl_divergence(&z, rho, code) * beta,
            Penalty::L1(lambda) => sparse::l1(&h) * lambda,
            Penalty::L2(lambda) => sparse::l2(&h) * lambda,
        };
        tape.term("squared error", loss::squared_error(&ae.decode(&h), x)) + penalty
    });
    // Up to here.
    let h = model.encode(test);
    Sparse {
        test_sq: metrics::squared_error(&model.decode(&h), test),
        mean_activation: h.mean().item().into(),
        active_share: sparse::active_share(&h, 0.1),
        probe_accuracy: probe(digits, |x| model.encode(x)),
        model,
        curves,
    }
}
