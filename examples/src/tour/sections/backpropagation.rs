//! Backpropagation by matrices beside the tape.

use crate::tour::{Context, Section};
use nn::data::Dataset;
use nn::{Init, Mlp, Transfer, loss, matrix_form};
use rand::{SeedableRng, rngs::StdRng};

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("Backpropagation by matrices, and by the tape");
    section.formula("δᴸ = (fᴸ)′ ∘ ∇ₐC\nδˡ⁻¹ = (fˡ⁻¹)′ ∘ (Wˡ)ᵀ·δˡ\n∇Wˡ = δˡ·(aˡ⁻¹)ᵀ");
    section.code(include_str!("backpropagation.rs"));
    let rng = &mut StdRng::seed_from_u64(context.seed);
    let digits = nn::data::Digits::<f64>::load().test.subset(&(0..32).collect::<Vec<_>>());
    // The page shows these lines.
    let mlp = Mlp::new(&[64, 32, 32, 10], Transfer::Tanh, Init::GlorotUniform, rng);
    let comparison = matrix_form::compare(&mlp, &digits.x, |y| loss::cross_entropy(&y, &digits.labels));
    // Up to here.
    section.text(&format!(
        "The error δˡ of each layer is computed from that of the layer above, and gives the gradient of the weights. The \
         tape knows nothing of layers; it walks back through the recorded operations. Both give the same numbers, here to \
         {:.0e} of the largest. Multiplying from the left instead costs many times as much:",
        comparison.worst()
    ));
    section.verbatim(&comparison.to_string());
    section
}
