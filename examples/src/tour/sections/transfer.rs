//! Transfer functions, and a step as the limit of steep sigmoids.

use crate::picture::{Chart, Mark};
use crate::tour::{Context, Section};
use autodiff::prelude::*;
use nn::Transfer;

const FUNCTIONS: [(&str, Transfer); 10] = [
    ("step", Transfer::Step(0.0)),
    ("linear", Transfer::Linear),
    ("sigmoid", Transfer::Sigmoid),
    ("tanh", Transfer::Tanh),
    ("relu", Transfer::Relu),
    ("softplus", Transfer::Softplus),
    ("leaky relu 0.1", Transfer::LeakyRelu(0.1)),
    ("elu 1", Transfer::Elu(1.0)),
    ("gelu", Transfer::Gelu),
    ("silu", Transfer::Silu),
];

pub(super) fn section(_: &Context) -> Section {
    let mut section = Section::new("Transfer functions");
    section.text(
        "What a unit makes of the weighted sum u of its inputs. Where the derivative is near 0, a unit learns slowly; \
         that of a step is 0 everywhere, so nothing can be learned through it by gradients.",
    );
    let u = Tensor::<f64>::linspace(-4.0, 4.0, 161);
    for half in FUNCTIONS.chunks(5) {
        let names = half.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let values = half
            .iter()
            .fold(Chart::new("u", "f(u)"), |chart, &(name, transfer)| curve(chart, name, &u, &transfer.apply(&u)));
        section.picture(&format!("Values: {names}."), &values.draw());
        let slopes = half.iter().fold(Chart::new("u", "f′(u)"), |chart, &(name, transfer)| {
            curve(chart, name, &u, &grad(&u, |u| transfer.apply(&u).sum()))
        });
        section.picture(&format!("Derivatives, by the tape: {names}."), &slopes.draw());
    }
    // Along the last axis: a row for each u.
    let logits = Tensor::stack(1, &[&u, &u.full_like(1.0), &u.full_like(0.0)]);
    let softmax = Transfer::Softmax.apply(&logits);
    let shares = [("of u", 0), ("of 1", 1), ("of 0", 2)]
        .into_iter()
        .fold(Chart::new("u", "f(u, 1, 0)"), |chart, (name, i)| curve(chart, name, &u, &softmax.index_axis(1, i)));
    section.picture("Softmax of (u, 1, 0): three shares of 1, which mix all inputs.", &shares.draw());
    let steep = [1.0, 3.0, 10.0, 50.0].into_iter().fold(Chart::new("u", "f(u)"), |chart, steepness| {
        curve(chart, &format!("s({steepness}·u)"), &u, &u.scale(steepness).sigmoid())
    });
    let steep = curve(steep, "step", &u, &Transfer::Step(0.0).apply(&u));
    section.picture("Ever steeper sigmoids approach a step, and keep a derivative.", &steep.draw());
    section
}

fn curve(chart: Chart, name: &str, u: &Tensor<f64>, y: &Tensor<f64>) -> Chart {
    chart.with(name, Mark::Line, u.iter().zip(y.iter()).map(|(u, y)| [u, y]))
}
