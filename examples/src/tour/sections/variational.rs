//! Variational autoencoders with two and with eight latent units.

use super::latent_plane;
use crate::models::variational;
use crate::picture::{Chart, Ink, grid};
use crate::tour::{Context, Section, Wanted};
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
    for (latent, bound) in [(2, 24.9), (8, 24.5)] {
        let trained = variational::train(&context.digits, latent, context.setting());
        let key = format!("variational_{latent}");
        section.figure(&key, "neg_elbo", trained.neg_elbo, Wanted::AtMost(bound));
        section.figure(&key, "reconstruction", trained.reconstruction, Wanted::Nothing);
        section.figure(&key, "kl", trained.kl, Wanted::Nothing);
        section.figure(&key, "nll", trained.nll, Wanted::AtMost(trained.neg_elbo));
        chart = chart.curve(&format!("{latent} latent units"), &trained.history);
        let rng = &mut StdRng::seed_from_u64(context.seed);
        let samples: Vec<_> = (0..4).map(|_| ("", trained.model.generate(12, rng))).collect();
        section.picture(
            &format!("New images, drawn with {latent} latent units."),
            &grid(&samples, Ink::Amount, "samples"),
        );
        if latent == 2 {
            let plane = trained.model.traverse([0, 1], 2.0, 12);
            let rows: Vec<_> = (0..12).map(|i| ("", plane.slice(0, 12 * i, 12 * (i + 1)))).collect();
            section.picture(
                "The latent plane, from −2 to 2 in both units, decoded.",
                &grid(&rows, Ink::Amount, "traversal"),
            );
            let means = trained.model.posterior(&context.digits.test.x).mean;
            let caption = "The means of the codes of the test images, coloured by digit.";
            section.picture(caption, &latent_plane(&means, &context.digits.test.labels));
        }
    }
    section.picture("The mean loss of each epoch on the training images.", &chart.draw());
    section
}
