//! The diagram of a single neuron.

use super::neuron::Neuron;
use crate::network::TransferFunction;
use crate::network::diagram::{NEGATIVE, POSITIVE, Svg, index, largest, number, share, slots};
use autodiff::prelude::*;

/// The most inputs that are drawn.
const MOST: usize = 8;
/// The distance between inputs.
const STEP: f64 = 56.0;
/// The columns: inputs, sum, transfer function, and the end of the output's arrow.
const COLUMNS: [f64; 4] = [70.0, 300.0, 430.0, 560.0];
/// The space above the inputs and below them.
const MARGIN: [f64; 2] = [10.0, 46.0];
/// Half the side of the box of the transfer function.
const HALF: f64 = 36.0;
const ARROW: &str = "stroke='#222' stroke-width='1.5' marker-end='url(#arrow)'";

impl<T: Element, F: TransferFunction> Neuron<Tensor<T>, F> {
    /// A diagram of the neuron as SVG (the chapter's section 3.3): the inputs x₀ = +1, x₁, …, xₘ with their weights, the
    /// weighted sum u, the transfer function φ with its curve for u from −4 to 4, and the output y.
    ///
    /// Positive (excitatory) weights are orange, negative (inhibitory) ones blue. The larger a weight, the stronger its
    /// line. Of more than eight inputs, the first six and the last are drawn.
    ///
    /// ```
    /// use autodiff::Tensor;
    /// use nn::{Neuron, Transfer};
    /// let transfer = Transfer::Sigmoid;
    /// let neuron = Neuron { weights: Tensor::from([1.5, -0.5]), bias: Tensor::scalar(0.25), transfer };
    /// let svg = neuron.diagram(); // to be written to a file, such as neuron.svg
    /// assert!(svg.starts_with("<svg") && svg.contains("w₂ = −0.5"));
    /// ```
    ///
    /// # Panics
    /// Panics if the weights are not a vector, or the bias is not a scalar. Panics with softmax, as
    /// [`forward`](Neuron::forward) does.
    #[track_caller]
    pub fn diagram(&self) -> String {
        const NAME: &str = "Neuron::diagram";
        self.check_single(NAME);
        let (inputs, weights) = (self.inputs(NAME), self.with_bias_input());
        let slots: Vec<Option<usize>> =
            [Some(0)].into_iter().chain(slots(inputs, MOST).into_iter().map(|unit| Some(unit? + 1))).collect();
        let tall = slots.len() as f64 * STEP;
        let (height, middle) = (MARGIN[0] + tall + MARGIN[1], MARGIN[0] + 0.5 * tall);
        let place = |slot: usize| [COLUMNS[0], MARGIN[0] + (slot as f64 + 0.5) * STEP];
        let mut svg = Svg::new();
        let largest = largest(&weights);
        for (slot, unit) in slots.iter().enumerate() {
            match unit {
                Some(j) => input(&mut svg, place(slot), middle, *j, weights[[*j]].to_f64(), largest),
                None => svg.text(place(slot), "middle", 20.0, "⋮"),
            }
        }
        svg.circle([COLUMNS[1], middle], 26.0, "fill='#fff' stroke='#222' stroke-width='1.5'");
        svg.text([COLUMNS[1], middle + 8.0], "middle", 24.0, "Σ");
        svg.line([COLUMNS[1] + 26.0, middle], [COLUMNS[2] - HALF - 2.0, middle], ARROW, "");
        svg.text([0.5 * (COLUMNS[1] + 26.0 + COLUMNS[2] - HALF), middle - 8.0], "middle", 14.0, "u");
        curve(&mut svg, [COLUMNS[2], middle], &self.transfer);
        svg.line([COLUMNS[2] + HALF, middle], [COLUMNS[3], middle], ARROW, "");
        svg.text([COLUMNS[3] + 8.0, middle + 5.0], "start", 15.0, "y");
        svg.text([COLUMNS[2], middle + HALF + 18.0], "middle", 12.0, &format!("φ = {:?}", self.transfer));
        svg.text([0.5 * (COLUMNS[3] + 30.0), height - 18.0], "middle", 14.0, "u = Σⱼ wⱼxⱼ,\u{a0}\u{a0} y = φ(u)");
        svg.finish([COLUMNS[3] + 30.0, height], &format!("a neuron with {inputs} inputs"))
    }
}

/// An input with its weight, and the line to the sum.
fn input(svg: &mut Svg, place: [f64; 2], middle: f64, j: usize, w: f64, largest: f64) {
    let colour = if w < 0.0 { NEGATIVE } else { POSITIVE };
    let share = share(w, largest);
    let [dx, dy] = [COLUMNS[1] - place[0], middle - place[1]];
    let long = dx.hypot(dy);
    let at = |distance: f64| [place[0] + dx * distance / long, place[1] + dy * distance / long];
    let style = format!("stroke='{colour}' stroke-width='{:.2}'", 0.8 + 2.7 * share);
    svg.line(at(20.0), at(long - 27.0), &style, "");
    let (fill, name) = if j == 0 { ("#eee", "+1".to_owned()) } else { ("#d9efdc", format!("x{}", index(j))) };
    svg.circle(place, 20.0, &format!("fill='{fill}' stroke='#2f7d46' stroke-width='1.5'"));
    svg.text([place[0], place[1] + 5.0], "middle", 14.0, &name);
    if j == 0 {
        svg.text([place[0] - 26.0, place[1] + 5.0], "end", 13.0, "x₀ =");
    }
    // Left of the middle, lines are far enough apart for text between them.
    let bias = if j == 0 { "b = " } else { "" };
    svg.text_along(at(20.0), at(0.7 * long), 12.0, &format!("{bias}w{} = {}", index(j), number(w)));
}

/// A box with the curve of a transfer function for u from −4 to 4, scaled to the height of the box.
fn curve(svg: &mut Svg, [x, y]: [f64; 2], f: &impl TransferFunction) {
    let corner = [x - HALF, y - HALF];
    svg.rect(corner, [2.0 * HALF; 2], "rx='6' fill='#dce8f7' stroke='#3a6ba8' stroke-width='1.5'");
    let u = Tensor::<f64>::linspace(-4.0, 4.0, 97);
    let points: Vec<[f64; 2]> = u.iter().zip(f.apply(&u).iter()).map(|(u, y)| [u, y]).collect();
    let finite = || points.iter().map(|[_, y]| *y).filter(|y| y.is_finite());
    let (low, high) = (finite().fold(0.0, f64::min), finite().fold(0.0, f64::max));
    let inner = HALF - 7.0;
    let across = |u: f64| x + u / 4.0 * inner;
    let down = |value: f64| y + inner - 2.0 * inner * (value - low) / (high - low).max(f64::MIN_POSITIVE);
    let axes = "stroke='#222' stroke-width='0.6' stroke-opacity='0.5'";
    svg.line([across(-4.0), down(0.0)], [across(4.0), down(0.0)], axes, "");
    svg.line([x, y - inner], [x, y + inner], axes, "");
    let shown = points.iter().filter(|[_, value]| value.is_finite());
    let path: Vec<String> = shown.map(|&[u, value]| format!("{:.1},{:.1}", across(u), down(value))).collect();
    svg.shape("polyline", &format!("points='{}' fill='none' stroke='{POSITIVE}' stroke-width='2'", path.join(" ")), "");
}
