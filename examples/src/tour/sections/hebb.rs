//! Hebbian learning: a unit that finds the first principal component.

use crate::picture::{Chart, Mark};
use crate::tour::{Context, Section};
use autodiff::prelude::*;
use nn::hebb;
use rand::{SeedableRng, rngs::StdRng};

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("Hebbian learning");
    section.formula("Δw = η·y·(x − y·w), with y = w·x");
    let rng = &mut StdRng::seed_from_u64(context.seed);
    let z = Tensor::<f64>::normal([300, 2], 0.0, 1.0, rng) * Tensor::from([2.0, 0.5]);
    let x = z.matmul(Tensor::from([[0.8, 0.6], [-0.6, 0.8]]));
    section.code(include_str!("hebb.rs"));
    // The page shows these lines.
    let mut w = Tensor::from([0.0, 1.0]);
    let mut path = vec![w.clone()];
    for _ in 0..60 {
        w = hebb::oja(&w, &x, 0.05);
        path.push(w.clone());
    }
    // Up to here.
    let cosine = w.dot(Tensor::from([0.8, 0.6])).item() / w.norm().item();
    section.text(&format!(
        "A connection grows stronger if both its ends are active: no target, no loss. With Oja's decay (1982), the weights \
         of one unit turn into the direction in which the samples vary most. Here the cosine of the angle between the two \
         is {:.4} in the end, and the norm of the weights is {:.4}.",
        cosine.abs(),
        w.norm().item()
    ));
    let points = |x: &Tensor<f64>, scale: f64| {
        (0..x.shape()[0]).map(|i| [x[[i, 0]] * scale, x[[i, 1]] * scale]).collect::<Vec<_>>()
    };
    let path = Tensor::stack(0, &path.iter().collect::<Vec<_>>());
    let chart = Chart::new("x₁", "x₂").with("samples", Mark::Disc, points(&x, 1.0));
    let chart = chart.with("weights × 3", Mark::Line, points(&path, 3.0));
    section.picture("The samples, and the way of the weights from (0, 1) to the first component.", &chart.draw());
    section
}
