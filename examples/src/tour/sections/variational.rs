//! Variational autoencoders with 2 and with 8 latent units.

use super::latent_plane;
use crate::models::{Sizes, variational};
use crate::picture::{Chart, Ink, grid};
use crate::tour::{Context, Section};
use autodiff::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("Variational autoencoders");
    section.formula("ln p(x) ≥ E ln p(x|z) − KL(q(z|x) ‖ p(z))");
    section.code(include_str!("../../models/variational.rs"));
    section.text(
        "The encoder maps an image x to a normal distribution q(z|x) over codes; the decoder maps a code z to pixel \
         probabilities. The loss is −ELBO = −E ln p(x|z) + KL(q(z|x) ‖ p(z)), in nats per image (Kingma and Welling \
         2014). The figure nll estimates −ln p(x) by importance weighting (Burda et al. 2016).",
    );
    let mut chart = Chart::new("epoch", "−ELBO").log();
    let mut models = Vec::new();
    for latent in [2, Sizes::of(&context.digits).latent] {
        let trained = variational::train(&context.digits, latent, context.setting());
        let key = format!("variational_{latent}");
        section.figure(&key, "neg_elbo", trained.neg_elbo);
        section.figure(&key, "reconstruction", trained.reconstruction);
        section.figure(&key, "kl", trained.kl);
        section.figure(&key, "nll", trained.nll);
        let rng = &mut StdRng::seed_from_u64(context.seed);
        let samples: Vec<_> = (0..4).map(|_| ("", trained.model.generate(12, rng))).collect();
        let caption = format!("New images, generated with {latent} latent units.");
        let alt = format!("48 images of digits that the decoder with {latent} latent units generated.");
        section.picture(&caption, &grid(&samples, Ink::Amount, &alt));
        if latent > 2 {
            let samples: Vec<_> = (0..6).map(|_| ("", trained.model.generate(6, rng))).collect();
            section.best_picture("Digits that nobody wrote.", &grid(&samples, Ink::Amount, "36 generated digits."));
        }
        chart = chart.curve(&format!("{latent} units"), &trained.curves.train);
        models.push(trained.model);
    }
    let plane = models[0].traverse([0, 1], 2.0, 12);
    let rows: Vec<_> = (0..12).map(|i| ("", plane.slice(0, 12 * i, 12 * (i + 1)))).collect();
    let caption = "Images decoded from a grid of the latent plane, from −2 to 2 in both units.";
    let alt = "A grid of 12 by 12 decoded images, in which each digit changes smoothly into its neighbours.";
    let picture = grid(&rows, Ink::Amount, alt);
    section.best_picture("A plane of digits: two numbers describe each image.", &picture);
    section.picture(caption, &picture);
    let means = models[0].posterior(&context.digits.test.x).mean;
    let caption = "The mean codes of test images: each digit at the place of its code.";
    section.picture(caption, &latent_plane(&means, &context.digits.test.labels));
    let warm_up = match Sizes::of(&context.digits).warm_up > 0.0 {
        true => " In the first tenth of training, the weight of the KL term rises from 0 to 1.",
        false => "",
    };
    section.picture(&format!("−ELBO of the training images by epoch.{warm_up}"), &chart.draw());
    section
}
