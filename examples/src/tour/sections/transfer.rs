//! Transfer functions and their derivatives, and the step function as the limit of steep sigmoids.

use crate::picture::{Chart, Mark};
use crate::tour::{Context, Section};
use autodiff::prelude::*;
use nn::{Transfer, TransferFunction};

const FUNCTIONS: [(&str, Transfer); 10] = [
    ("step", Transfer::Step(0.0)),
    ("linear", Transfer::Linear),
    ("sigmoid", Transfer::Sigmoid),
    ("tanh", Transfer::Tanh),
    ("relu", Transfer::Relu),
    ("softplus", Transfer::Softplus),
    ("leaky relu", Transfer::LeakyRelu(0.1)),
    ("elu", Transfer::Elu(1.0)),
    ("gelu", Transfer::Gelu),
    ("silu", Transfer::Silu),
];

pub(super) fn section(_: &Context) -> Section {
    let mut section = Section::new("Transfer functions");
    section.formula("y = f(u)");
    section.text(
        "A transfer function f maps the weighted sum u of a unit's inputs to its output f(u). A unit learns slowly if \
         f′(u) is near 0. The derivative of the step function is 0 everywhere except at the threshold, so gradient \
         descent learns nothing through it.",
    );
    let u = arguments();
    for half in FUNCTIONS.chunks(5) {
        let names = half.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let values = half
            .iter()
            .fold(Chart::new("u", "f(u)"), |chart, &(name, transfer)| curve(chart, name, &u, &transfer.apply(&u)));
        section.picture(&format!("Values: {names}."), &values.draw());
        let slopes = half.iter().fold(Chart::new("u", "f′(u)"), |chart, &(name, transfer)| {
            curve(chart, name, &u, &grad(&u, |u| transfer.apply(&u).sum()))
        });
        section.picture(&format!("Derivatives, computed on the tape: {names}."), &slopes.draw());
    }
    // Softmax acts along the last axis, so each row holds one (u, 1, 0).
    let logits = Tensor::stack(1, &[&u, &u.full_like(1.0), &u.full_like(0.0)]);
    let softmax = Transfer::Softmax.apply(&logits);
    let shares = [("of u", 0), ("of 1", 1), ("of 0", 2)]
        .into_iter()
        .fold(Chart::new("u", "share"), |chart, (name, i)| curve(chart, name, &u, &softmax.index_axis(1, i)));
    section.picture("Softmax of (u, 1, 0): three shares that sum to 1, each dependent on all inputs.", &shares.draw());
    let steep = [1.0, 3.0, 10.0, 50.0].into_iter().fold(Chart::new("u", "f(u)"), |chart, steepness| {
        curve(chart, &format!("σ({steepness}·u)"), &u, &(&u * steepness).sigmoid())
    });
    let steep = curve(steep, "step", &u, &Transfer::Step(0.0).apply(&u));
    section.picture("Steeper sigmoids approach the step function, but stay differentiable.", &steep.draw());
    section
}

/// The numbers from −4 to 4 in steps of 0.05, with both sides of 0, where functions jump.
fn arguments() -> Tensor<f64> {
    let side = Tensor::<f64>::linspace(0.0, 4.0, 81).to_vec();
    let near = |u: &f64| f64::max(*u, 1e-9);
    Tensor::from_fn([162], |i| if i[0] < 81 { -near(&side[80 - i[0]]) } else { near(&side[i[0] - 81]) })
}

/// A line through the values, interrupted at 0 if the function jumps there.
fn curve(chart: Chart, name: &str, u: &Tensor<f64>, y: &Tensor<f64>) -> Chart {
    let points: Vec<[f64; 2]> = u.iter().zip(y.iter()).map(|(u, y)| [u, y]).collect();
    let (left, right) = points.split_at(points.len() / 2);
    let jump = (left[left.len() - 1][1] - right[0][1]).abs() > 1e-3;
    let gap = jump.then_some([0.0, f64::NAN]);
    chart.with(name, Mark::Line, left.iter().copied().chain(gap).chain(right.iter().copied()))
}
