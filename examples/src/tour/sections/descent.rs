//! Gradient descent with three rates.

use crate::picture::Chart;
use crate::tour::{Context, Section};
use autodiff::prelude::*;

pub(super) fn section(_: &Context) -> Section {
    let mut section = Section::new("Gradient descent");
    section.formula("w ← w − η·∇C");
    let (x, y) = (Tensor::from([0.0, 1.0, 2.0, 3.0]), Tensor::from([1.1, 2.9, 5.2, 6.8]));
    section.code(include_str!("descent.rs"));
    // The page shows these lines.
    let start = Tensor::from([0.0, 0.0]);
    let cost = function_of(&start, |w| (w.at([0]) * &x + w.at([1]) - &y).square().mean());
    let costs = |rate: f64| {
        let (mut w, mut costs) = (start.clone(), Vec::new());
        for _ in 0..40 {
            let (cost, gradient) = value_and_grad(&w, |_, w| cost(w));
            costs.push(cost.item());
            w -= gradient * rate;
        }
        costs
    };
    // Up to here.
    let h = hessian(&start, cost);
    let (mean, half) = (0.5 * (h[[0, 0]] + h[[1, 1]]), 0.5 * (h[[0, 0]] - h[[1, 1]]));
    let largest = mean + half.hypot(h[[0, 1]]);
    section.text(&format!(
        "A line through four points, by steps against the gradient of the squared error. The largest eigenvalue of the \
         Hessian is {largest:.2}, so the steps converge for η below 2/{largest:.2} = {:.3}.",
        2.0 / largest
    ));
    let rates = [0.05, 0.2, 0.25];
    let chart = rates
        .iter()
        .fold(Chart::new("step", "C").log(), |chart, &rate| chart.curve(&format!("η = {rate}"), &costs(rate)));
    section.picture("The cost by step: a small rate, a good one, and one above the limit.", &chart.draw());
    section
}
