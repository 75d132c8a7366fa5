//! The contractive autoencoder, and its Jacobian with and without the penalty.

use super::filters;
use crate::models::contractive;
use crate::picture::Chart;
use crate::tour::spectrum::eigenvalues;
use crate::tour::{Context, Section};
use autodiff::prelude::*;
use nn::Mlp;

/// The number of test images over which the spectrum is averaged.
const IMAGES: usize = 40;

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("Contractive autoencoder");
    section.formula("minimise L(x, x′) + λ·Σⱼ ‖∇ₓhⱼ‖²");
    section.code(include_str!("../../models/contractive.rs"));
    section.text(
        "An autoencoder 64-128 with tied weights and sigmoid units. The loss contains λ·‖J‖², where J = ∂h/∂x is the \
         Jacobian of the code h with respect to the image x (Rifai et al. 2011). An image can change in 64 directions; \
         with the penalty, only the few directions along the digits change the code.",
    );
    let mut weights = Vec::new();
    let mut losses = Chart::new("epoch", "loss");
    let mut spectra = Chart::new("direction", "singular value of the Jacobian").log();
    for (lambda, key) in [(0.0, "contractive_none"), (0.1, "contractive")] {
        let trained = contractive::train(&context.digits, lambda, context.setting());
        section.figure(key, "test_bce", trained.test_bce);
        section.figure(key, "jacobian_sq", trained.jacobian_sq);
        section.figure(key, "probe_accuracy", trained.probe_accuracy);
        let name = format!("λ = {lambda}");
        losses = losses.curve(&name, &trained.history);
        spectra = spectra.curve(&name, &spectrum(&trained.model.encoder, &context.digits.test.x));
        weights.push(trained.model.encoder.layers[0].weight.clone());
    }
    section.best_picture(
        "A penalty on derivatives: the code ignores most directions.",
        "Singular values of the Jacobian, averaged over 40 test images.",
        &spectra.draw(),
    );
    section.picture("The mean training loss of each epoch, with the penalty.", &losses.draw());
    section.picture("Encoder weights of 48 units without the penalty, as images.", &filters(&weights[0], "filters"));
    section.picture("Encoder weights of 48 units with the penalty, as images.", &filters(&weights[1], "filters"));
    section
}

/// The singular values of the encoder's Jacobian, largest first, averaged over the first images.
fn spectrum(encoder: &Mlp<Tensor<f32>>, x: &Tensor<f32>) -> Vec<f64> {
    let x = x.slice(0, 0, IMAGES.min(x.shape()[0])).contiguous();
    let jacobians = batch_jacobian(&x, |x| x.constants(encoder).forward(&x));
    let (n, features) = (x.shape()[0], x.shape()[1]);
    let mut mean = vec![0.0; features];
    for i in 0..n {
        let jacobian = jacobians.index_axis(0, i);
        let gram: Vec<f64> = jacobian.t().matmul(&jacobian).iter().map(f64::from).collect();
        let values = eigenvalues(gram, features);
        mean.iter_mut().zip(values).for_each(|(mean, value)| *mean += value.max(0.0).sqrt() / n as f64);
    }
    mean
}
