//! The variational autoencoder with a Bernoulli decoder, trained on −ELBO = −E ln p(x|z) + KL(q(z|x) ‖ p(z)).

use super::{Curves, Setting, Sizes, fit};
use autodiff::prelude::*;
use nn::Init;
use nn::autoencoder::variational::{Likelihood, Variational as Model, kl_weight};
use nn::data::Digits;
use rand::{SeedableRng, rngs::StdRng};

/// The number of draws of z for the estimate of ln p(x), and the number of test images for which it is made at most.
const NLL_DRAWS: usize = 200;
const NLL_IMAGES: usize = 1000;

/// The number of draws of z over which the ELBO of the test images is averaged.
const ELBO_DRAWS: usize = 20;

/// A trained variational autoencoder and its figures, in nats per image.
pub struct Variational {
    /// The model.
    pub model: Model<Tensor<f32>>,
    /// −ELBO by epoch, with the full weight of the KL term.
    pub curves: Curves,
    /// −ELBO: the sum of `reconstruction` and `kl`.
    pub neg_elbo: f64,
    /// The reconstruction term −E ln p(x|z).
    pub reconstruction: f64,
    /// The divergence KL(q(z|x) ‖ p(z)).
    pub kl: f64,
    /// The negative log-likelihood −ln p(x) of the first 1000 test images, estimated by importance weighting.
    pub nll: f64,
}

/// Trains an autoencoder with `latent` latent units. The weight of the KL term rises from 0 to 1 over the
/// [first part](Sizes::warm_up) of training.
pub fn train(digits: &Digits<f32>, latent: usize, setting: Setting) -> Variational {
    let rng = &mut StdRng::seed_from_u64(setting.seed);
    let noise = &mut StdRng::seed_from_u64(setting.seed + 1);
    let (sizes, x) = (Sizes::of(digits), &digits.train.x);
    let plan = sizes.plan(setting, (3e-3, 32, 200));
    let Sizes { pixels, variational: hidden, transfer, warm_up, .. } = sizes;
    // The page shows these lines.
    let model = Model::new(&[pixels, hidden, latent], Likelihood::Bernoulli, transfer, Init::GlorotUniform, rng);
    let (model, curves) = fit(model, (x, None), plan, rng, |tape, vae, x, progress| {
        let draws = Tensor::normal([x.shape()[0], latent], 0.0, 1.0, noise);
        let elbo = vae.elbo(x, &draws);
        tape.term("−ELBO", elbo.loss(1.0, 0.0));
        elbo.loss(kl_weight(1.0, warm_up, progress), 0.0)
    });
    // Up to here.
    let x = &digits.test.x;
    let rng = &mut StdRng::seed_from_u64(setting.seed + 2);
    let (mut reconstruction, mut kl) = (0.0, 0.0);
    for _ in 0..ELBO_DRAWS {
        let elbo = model.elbo(x, &Tensor::normal([digits.test.len(), latent], 0.0, 1.0, rng));
        reconstruction += f64::from(elbo.reconstruction.mean().item()) / ELBO_DRAWS as f64;
        kl = elbo.kl.sum_axis(-1).mean().item().into();
    }
    let nll = model.nll(&x.slice(0, 0, NLL_IMAGES.min(digits.test.len())), NLL_DRAWS, rng);
    Variational { model, curves, neg_elbo: reconstruction + kl, reconstruction, kl, nll }
}
