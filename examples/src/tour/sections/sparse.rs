//! Sparse autoencoders with the KL, L1 and L2 penalties on the code.

use super::{filters, histogram};
use crate::models::Sizes;
use crate::models::sparse::{self, Penalty};
use crate::picture::{Chart, Mark};
use crate::tour::{Context, Section};
use nn::EncoderDecoder;

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("Sparse autoencoders");
    section.formula("minimise ‖x − x′‖² + Ω(h),  Ω = β·Σⱼ KL(ρ‖ρ̂ⱼ)  or  λ·‖h‖₁");
    section.code(include_str!("../../models/sparse.rs"));
    let Sizes { pixels, wide, .. } = Sizes::of(&context.digits);
    section.text(&format!(
        "Autoencoders {pixels}-{wide}-{pixels}: the code has {} units than the image has pixels, but few of them are active at \
         a time. The KL penalty β·Σⱼ KL(ρ ‖ ρ̂ⱼ) keeps the mean activation ρ̂ⱼ of each sigmoid unit near ρ = 0.05. The \
         L1 penalty λ·‖h‖₁ sets rectified units to 0; the L2 penalty λ·‖h‖² only shrinks them.",
        if wide > pixels { "more" } else { "fewer" }
    ));
    let models = [
        ("sparse_none", "no penalty", Penalty::L1(0.0)),
        ("sparse_l1", "L1", Penalty::L1(0.1)),
        ("sparse_l2", "L2", Penalty::L2(0.1)),
        ("sparse_kl", "KL", Penalty::Kl { rho: 0.05, beta: 3.0 }),
    ];
    let mut losses = Chart::new("epoch", "squared error").log();
    let mut rectified = Chart::new("activation", "share of activations").log();
    for (key, name, penalty) in models {
        let trained = sparse::train(&context.digits, penalty, context.setting());
        section.figure(key, "test_sq", trained.test_sq);
        section.figure(key, "mean_activation", trained.mean_activation);
        section.figure(key, "active_share", trained.active_share);
        section.figure(key, "probe_accuracy", trained.probe_accuracy);
        losses = losses.curve(name, &trained.curves.test);
        let h = trained.model.encode(&context.digits.test.x);
        if key == "sparse_kl" {
            let chart = Chart::new("activation", "share of activations").log();
            let chart = chart.with("", Mark::Line, histogram(&h, [0.0, 1.0], 20));
            section.picture("Activations of the sigmoid code with the KL penalty: most are near 0.", &chart.draw());
            let weight = &trained.model.encoder.layers[0].weight;
            section.picture("Encoder weights of 24 units with the KL penalty, as images.", &filters(weight));
        } else {
            rectified = rectified.with(name, Mark::Line, histogram(&h, [0.0, 4.0], 40));
        }
    }
    section.picture("Activations of the rectified codes, in bins of width 0.1.", &rectified.draw());
    section.picture(
        "The squared error of the test images by epoch, without the penalty (λ = 0.1; ρ = 0.05, β = 3).",
        &losses.draw(),
    );
    section
}
