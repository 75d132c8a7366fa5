//! The contractive autoencoder, and its Jacobian with and without the penalty.

use super::filters;
use crate::models::{Sizes, contractive};
use crate::picture::Chart;
use crate::tour::{Context, Section};
use autodiff::prelude::*;
use nn::Mlp;

/// The number of test images over which the spectrum is averaged at most, and their pixels in all.
const IMAGES: usize = 40;
const PIXELS: usize = 7840;

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("Contractive autoencoder");
    section.formula("minimise L(x, x′) + λ·Σⱼ ‖∇ₓhⱼ‖²");
    section.code(include_str!("../../models/contractive.rs"));
    let Sizes { pixels, wide, .. } = Sizes::of(&context.digits);
    section.text(&format!(
        "An autoencoder {pixels}-{wide} with tied weights and sigmoid units. The loss contains λ·‖J‖², where J = ∂h/∂x is \
         the Jacobian of the code h with respect to the image x (Rifai et al. 2011). An image can change in {pixels} \
         directions; with the penalty, only the few directions along the digits change the code.",
    ));
    let mut weights = Vec::new();
    let mut losses = Chart::new("epoch", "cross-entropy");
    let mut spectra = Chart::new("direction", "singular value of the Jacobian").log();
    for (lambda, key) in [(0.0, "contractive_none"), (0.1, "contractive")] {
        let trained = contractive::train(&context.digits, lambda, context.setting());
        section.figure(key, "test_bce", trained.test_bce);
        section.figure(key, "jacobian_sq", trained.jacobian_sq);
        section.figure(key, "probe_accuracy", trained.probe_accuracy);
        let name = format!("λ = {lambda}");
        losses = losses.curve(&name, &trained.curves.test);
        spectra = spectra.curve(&name, &spectrum(&trained.model.encoder, &context.digits.test.x));
        weights.push(trained.model.encoder.layers[0].weight.clone());
    }
    section.picture("Singular values of the Jacobian, averaged over test images.", &spectra.draw());
    section.picture("The cross-entropy of the test images by epoch, without the penalty.", &losses.draw());
    section.picture("Encoder weights of 24 units without the penalty, as images.", &filters(&weights[0]));
    section.picture("Encoder weights of 24 units with the penalty, as images.", &filters(&weights[1]));
    section
}

/// The singular values of the encoder's Jacobian, largest first, averaged over the first images.
fn spectrum(encoder: &Mlp<Tensor<f32>>, x: &Tensor<f32>) -> Vec<f64> {
    let [count, pixels] = [x.shape()[0], x.shape()[1]];
    let x = x.slice(0, 0, IMAGES.min(PIXELS / pixels).clamp(1, count)).contiguous();
    let jacobians = batch_jacobian(&x, |x| x.constants(encoder).forward(x));
    jacobians.map(|&x| f64::from(x)).singular_values().mean_axis(0).to_vec()
}
