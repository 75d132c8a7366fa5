//! The relation of denoising and contraction: the limit of small noise.

use crate::models::autoencoder;
use crate::picture::{Chart, Mark};
use crate::tour::{Context, Section};
use autodiff::prelude::*;
use nn::EncoderDecoder;
use nn::autoencoder::small_noise::measure;
use rand::{SeedableRng, rngs::StdRng};

/// The images that are measured, times their pixels: the exact limit takes a backward pass for each pixel.
const IMAGES_TIMES_PIXELS: usize = 6400;

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("The limit of small noise");
    section.formula("E‖r(x + ε) − x‖² = ‖r(x) − x‖² + σ²·[‖J‖² + (r(x) − x)ᵀ·Δr(x)] + O(σ⁴)");
    section.text(
        "To order σ², noise in the input acts like a contractive penalty on the reconstruction r, with a term of its \
         curvature (Alain and Bengio 2014). The points are measured with random noise; the line is the bracket, computed \
         exactly by nested differentiation.",
    );
    section.code(include_str!("small_noise.rs"));
    let model = autoencoder::deep(&context.digits, context.setting()).model;
    let images = (IMAGES_TIMES_PIXELS / context.digits.test.x.shape()[1]).clamp(1, context.digits.test.len());
    let x = context.digits.test.x.slice(0, 0, images);
    let measure_at = |sigma: f64| {
        let rng = &mut StdRng::seed_from_u64(context.seed);
        // The page shows these lines.
        measure(&x, sigma, 30, rng, |x| {
            let r = x.constants(&model);
            r.forward(x)
        })
        // Up to here.
    };
    let sigmas = [0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4];
    let measured = sigmas.map(|sigma| [sigma, measure_at(sigma).excess]);
    let limit = measure_at(0.02);
    let limit = limit.contraction + limit.curvature;
    let chart = Chart::new("σ", "excess error / σ²").with("measured", Mark::Disc, measured);
    let chart = chart.with("limit", Mark::Guide, [[0.0, limit], [0.4, limit]]);
    section.picture("The excess error over σ² approaches the exact limit as σ falls.", &chart.draw());
    section
}
