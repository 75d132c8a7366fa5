//! Variational autoencoders with two and with eight latent units.

use super::latent_plane;
use crate::models::variational;
use crate::picture::{Chart, Ink, grid};
use crate::tour::{Context, Section};
use autodiff::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("Variational autoencoders");
    section.text(
        "An encoder to a normal distribution over codes, a decoder to probabilities of pixels, trained on the bound \
         −ELBO = reconstruction + KL (Kingma and Welling 2014), in nats for each image. nll estimates −ln p(x) by \
         importance weighting (Burda et al. 2016).",
    );
    let mut chart = Chart::new("epoch", "−ELBO").log();
    let mut models = Vec::new();
    for latent in [2, 8] {
        let trained = variational::train(&context.digits, latent, context.setting());
        let key = format!("variational_{latent}");
        section.figure(&key, "neg_elbo", trained.neg_elbo);
        section.figure(&key, "reconstruction", trained.reconstruction);
        section.figure(&key, "kl", trained.kl);
        section.figure(&key, "nll", trained.nll);
        let rng = &mut StdRng::seed_from_u64(context.seed);
        let samples: Vec<_> = (0..4).map(|_| ("", trained.model.generate(12, rng))).collect();
        let caption = format!("New images, drawn with {latent} latent units.");
        section.picture(&caption, &grid(&samples, Ink::Amount, "samples"));
        chart = chart.curve(&format!("{latent} latent units"), &trained.history);
        models.push(trained.model);
    }
    let plane = models[0].traverse([0, 1], 2.0, 12);
    let rows: Vec<_> = (0..12).map(|i| ("", plane.slice(0, 12 * i, 12 * (i + 1)))).collect();
    let caption = "The latent plane, from −2 to 2 in both units, decoded.";
    section.picture(caption, &grid(&rows, Ink::Amount, "traversal"));
    let means = models[0].posterior(&context.digits.test.x).mean;
    let caption = "The means of the codes of the test images, coloured by digit.";
    section.picture(caption, &latent_plane(&means, &context.digits.test.labels));
    let caption =
        "The mean loss of each epoch on the training images; the weight of the KL rises to 1 in the first tenth.";
    section.picture(caption, &chart.draw());
    section
}
