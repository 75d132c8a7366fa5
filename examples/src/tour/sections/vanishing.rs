//! Vanishing gradients: the norm of the gradient by layer, in deep networks.

use crate::picture::Chart;
use crate::tour::{Context, Section};
use autodiff::prelude::*;
use nn::data::Dataset;
use nn::{Init, Mlp, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};

const DEPTH: usize = 12;

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("Vanishing gradients");
    section.formula("δˡ⁻¹ = (fˡ⁻¹)′ ∘ (Wˡ)ᵀ·δˡ");
    section.code(include_str!("vanishing.rs"));
    section.text(
        "The norm of the gradient of each layer's weights, before training, in networks with 12 hidden layers of 64 \
         units. Backpropagation multiplies by f′ at each layer: δˡ⁻¹ = (Wˡ)ᵀδˡ ∘ f′. For the sigmoid f′ is at most ¼; \
         for the rectifier f′ is 1 if the unit is active.",
    );
    let networks = [
        ("sigmoid", "sigmoid", Transfer::Sigmoid, Init::GlorotUniform),
        ("tanh", "tanh", Transfer::Tanh, Init::GlorotUniform),
        ("relu", "rectifier", Transfer::Relu, Init::HeNormal),
    ];
    let mut chart = Chart::new("layer", "norm of the gradient").log();
    for (key, name, transfer, init) in networks {
        let norms = norms(context, transfer, init);
        let ratio = norms[0] / norms[DEPTH];
        section.figure("vanishing_gradients", &format!("first_by_last_{key}"), ratio);
        chart = chart.curve(name, &norms);
    }
    section.picture("Norms for the cross-entropy of 256 training images; weights by Glorot, of the rectifier by He. Layer 1 is next to the \
         input.", &chart.draw());
    section
}

/// The norm of the gradient of each layer's weights, first layer first.
#[allow(clippy::let_and_return, reason = "the page shows the computation")]
fn norms(context: &Context, transfer: Transfer, init: Init) -> Vec<f64> {
    let rng = &mut StdRng::seed_from_u64(context.seed);
    let batch = context.digits.train.subset(&(0..256.min(context.digits.train.len())).collect::<Vec<_>>());
    let sizes: Vec<usize> = [vec![batch.x.shape()[1]], vec![64; DEPTH], vec![10]].concat();
    let mlp = Mlp::new(&sizes, transfer, init, rng);
    // The page shows these lines.
    let (_, gradient) = value_and_grad(&mlp, |_, mlp| loss::cross_entropy(&mlp.forward(&batch.x), &batch.labels));
    let norms = gradient.layers.iter().map(|layer| layer.weight.norm().item().into()).collect();
    // Up to here.
    norms
}
