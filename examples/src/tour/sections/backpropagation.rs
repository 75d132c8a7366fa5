//! Backpropagation by matrices beside the tape.

use crate::tour::{Context, Section};
use maud::html;
use nn::data::{Dataset, Samples};
use nn::matrix_form::{self, Difference};
use nn::{Init, Mlp, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("Backpropagation by matrices, and by the tape");
    section.formula("δᴸ = (fᴸ)′ ∘ ∇ₐC\nδˡ⁻¹ = (fˡ⁻¹)′ ∘ (Wˡ)ᵀ·δˡ\n∇Wˡ = δˡ·(aˡ⁻¹)ᵀ");
    section.code(include_str!("backpropagation.rs"));
    let rng = &mut StdRng::seed_from_u64(context.seed);
    let test = &context.digits.test;
    let Samples { x, labels } = test.subset(&(0..32.min(test.len())).collect::<Vec<_>>());
    let x = x.map(|&pixel| f64::from(pixel));
    let pixels = x.shape()[1];
    // The page shows these lines.
    let mlp = Mlp::new(&[pixels, 32, 32, 10], Transfer::Tanh, Init::GlorotUniform, rng);
    let comparison = matrix_form::compare(&mlp, &x, |y| loss::cross_entropy(&y, &labels));
    // Up to here.
    section.text(&format!(
        "The error δˡ of each layer is computed from that of the layer above, and gives the gradient of the weights. The \
         tape knows nothing of layers; it walks back through the recorded operations. Both give the same numbers, here to \
         {:.0e} of the largest. From the output to the input, a sample takes {} multiplications. Multiplied from the input \
         on instead, the same matrices take {}.",
        comparison.worst(),
        comparison.multiplications.backward,
        comparison.multiplications.naive
    ));
    let relative = |part: &Difference| match part.relative() {
        0.0 => "0".to_owned(),
        relative => format!("{relative:.0e}"),
    };
    section.table(html! {
        thead { tr { th { "gradient by" } th { "shape" } th { "largest" } th { "relative difference" } } }
        tbody {
            @for part in &comparison.parts {
                tr {
                    td { (part.by) } td { (part.shape) } td { (format!("{:.4}", part.largest)) } td { (relative(part)) }
                }
            }
        }
    });
    section
}
