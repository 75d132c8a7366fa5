//! Networks as columns of circles, as in the chapter's figures 3.1 and 3.2.

use super::svg::{NEGATIVE, POSITIVE, Svg, index, largest, number, power, share, slots};
use crate::network::mlp::Mlp;
use crate::network::transfer::TransferFunction;
use autodiff::prelude::*;

/// The most circles in a column.
const MOST: usize = 8;
/// The distance between columns, and between the circles of a column.
const STEP: [f64; 2] = [150.0, 46.0];
const RADIUS: f64 = 15.0;
/// The space around the circles: left and right, above, above with the names of parts, below.
const MARGIN: [f64; 4] = [80.0, 36.0, 62.0, 84.0];
/// The most letters of a note, so that it stays in its column.
const LETTERS: usize = 24;

/// The place of a column in a network, which decides its colour.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Role {
    Input,
    Hidden,
    Code,
    Output,
}

/// A column of units.
pub(crate) struct Column {
    pub(crate) role: Role,
    pub(crate) units: usize,
    /// The name above, such as a¹.
    pub(crate) name: String,
    /// The text below, such as the transfer function.
    pub(crate) note: String,
}

/// Columns of units, and the weights \[units, units before\] between them.
pub(crate) struct Columns<T> {
    pub(crate) columns: Vec<Column>,
    pub(crate) weights: Vec<Tensor<T>>,
    /// Names of parts of the network, with their first and last column.
    pub(crate) parts: Vec<(String, usize, usize)>,
}

impl<T: Element, F: TransferFunction> Mlp<Tensor<T>, F> {
    /// A diagram of the network as SVG: the chapter's figure 3.1, with a column of circles for the inputs and for each
    /// layer, and a line for each weight.
    ///
    /// Lines of positive (excitatory) weights are orange, those of negative (inhibitory) weights blue. The larger a weight
    /// beside the largest of its layer, the stronger the line. The titles of the lines, which a browser shows under the
    /// pointer, hold the weights. Of a layer with more than eight units, the first six and the last are drawn.
    ///
    /// ```
    /// use autodiff::Tensor;
    /// use nn::{Init, Mlp, Transfer};
    /// use rand::{SeedableRng, rngs::StdRng};
    /// let rng = &mut StdRng::seed_from_u64(0);
    /// let mlp = Mlp::<Tensor<f64>>::new(&[2, 3, 1], Transfer::Tanh, Init::GlorotUniform, rng);
    /// let svg = mlp.diagram(); // to be written to a file, such as network.svg
    /// assert!(svg.starts_with("<svg") && svg.contains("f¹ = Tanh"));
    /// ```
    ///
    /// # Panics
    /// Panics if there are not as many transfer functions as layers, if the layers do not fit each other, or if there is
    /// no layer.
    #[track_caller]
    pub fn diagram(&self) -> String {
        let columns = self.columns("Mlp::diagram");
        let sizes: Vec<String> = columns.columns.iter().map(|column| column.units.to_string()).collect();
        columns.draw(&format!("a network with {} units", sizes.join(", ")))
    }

    /// The columns of a diagram.
    #[track_caller]
    pub(crate) fn columns(&self, function: &str) -> Columns<T> {
        assert!(!self.layers.is_empty(), "{function}: there is no layer");
        let mut columns: Vec<Column> = Vec::with_capacity(self.layers.len() + 1);
        for (l, (layer, f)) in self.pairs(function).enumerate() {
            let [units, inputs] = layer.weight.shape()[..] else {
                panic!("{function}: layer {l} has weights {}: [out, in] is needed", layer.weight.shape())
            };
            if l == 0 {
                columns.push(Column { role: Role::Input, units: inputs, name: "x".to_owned(), note: String::new() });
            }
            let before = columns[l].units;
            assert!(
                inputs == before,
                "{function}: layer {l} takes {inputs} features, but the layer before it has {before} units"
            );
            let last = l + 1 == self.layers.len();
            let name = format!("a{}{}", power(l + 1), if last { " = g(x)" } else { "" });
            let role = if last { Role::Output } else { Role::Hidden };
            columns.push(Column { role, units, name, note: format!("f{} = {f:?}", power(l + 1)) });
        }
        Columns { columns, weights: self.layers.iter().map(|layer| layer.weight.clone()).collect(), parts: Vec::new() }
    }
}

impl<T: Element> Columns<T> {
    /// The picture as SVG. Screen readers read `label`.
    pub(crate) fn draw(&self, label: &str) -> String {
        let slots: Vec<Vec<Option<usize>>> = self.columns.iter().map(|column| slots(column.units, MOST)).collect();
        let tallest = slots.iter().map(Vec::len).max().unwrap_or(0) as f64;
        let [side, plain, named, below] = MARGIN;
        let above = if self.parts.is_empty() { plain } else { named };
        let width = (self.columns.len() - 1) as f64 * STEP[0] + 2.0 * side;
        let foot = above + tallest * STEP[1];
        let place = |column: usize, slot: usize| {
            let indent = 0.5 * (tallest - slots[column].len() as f64);
            [side + column as f64 * STEP[0], above + (indent + slot as f64 + 0.5) * STEP[1]]
        };
        let mut svg = Svg::new();
        for (l, weight) in self.weights.iter().enumerate() {
            let largest = largest(weight);
            for (to, j) in slots[l + 1].iter().enumerate().filter_map(|(slot, unit)| Some((slot, (*unit)?))) {
                for (from, k) in slots[l].iter().enumerate().filter_map(|(slot, unit)| Some((slot, (*unit)?))) {
                    let w = weight[[j, k]].to_f64();
                    edge(&mut svg, place(l, from), place(l + 1, to), w, largest, &name_of_weight(l + 1, j + 1, k + 1));
                }
            }
        }
        for (c, column) in self.columns.iter().enumerate() {
            let [x, _] = place(c, 0);
            for (slot, unit) in slots[c].iter().enumerate() {
                match unit {
                    Some(_) => svg.circle(place(c, slot), RADIUS, column.role.style()),
                    None => gap(&mut svg, place(c, slot)),
                }
            }
            svg.text([x, above - 14.0], "middle", 15.0, &column.name);
            svg.text([x, foot + 18.0], "middle", 12.0, &column.count());
            svg.text([x, foot + 36.0], "middle", 12.0, &shortened(&column.note));
        }
        for (name, first, last) in &self.parts {
            let ([left, _], [right, _]) = (place(*first, 0), place(*last, 0));
            // Parts that meet in a column leave a gap between their brackets.
            let left = if *first > 0 { left + 5.0 } else { left - 16.0 };
            let right = if last + 1 < self.columns.len() { right - 5.0 } else { right + 16.0 };
            svg.path(&format!("M{left:.1} 30v-6H{right:.1}v6"), "fill='none' stroke='#666'");
            svg.text([0.5 * (left + right), 17.0], "middle", 13.0, name);
        }
        legend(&mut svg, [0.5 * width, foot + 66.0]);
        svg.finish([width, foot + below], label)
    }
}

impl Column {
    /// `64 inputs`, `1 unit`.
    fn count(&self) -> String {
        let word = if self.role == Role::Input { "input" } else { "unit" };
        format!("{} {word}{}", self.units, if self.units == 1 { "" } else { "s" })
    }
}

/// The first letters of a text that is too long for a column.
fn shortened(text: &str) -> String {
    match text.chars().count() {
        0..=LETTERS => text.to_owned(),
        _ => text.chars().take(LETTERS - 1).chain(['…']).collect(),
    }
}

impl Role {
    fn style(self) -> &'static str {
        match self {
            Role::Input => "fill='#d9efdc' stroke='#2f7d46' stroke-width='1.5'",
            Role::Hidden => "fill='#dce8f7' stroke='#3a6ba8' stroke-width='1.5'",
            Role::Code => "fill='#eadff5' stroke='#7a4fb0' stroke-width='1.5'",
            Role::Output => "fill='#fbe9cf' stroke='#b0741e' stroke-width='1.5'",
        }
    }
}

/// `w²₃,₁`: the weight of layer l from unit k to unit j, all counted from 1, as in the chapter.
fn name_of_weight(l: usize, j: usize, k: usize) -> String {
    format!("w{}{},{}", power(l), index(j), index(k))
}

/// The line of a weight between two circles.
fn edge(svg: &mut Svg, from: [f64; 2], to: [f64; 2], w: f64, largest: f64, name: &str) {
    let share = share(w, largest);
    let colour = if w < 0.0 { NEGATIVE } else { POSITIVE };
    let style =
        format!("stroke='{colour}' stroke-width='{:.2}' stroke-opacity='{:.2}'", 0.6 + 2.4 * share, 0.25 + 0.6 * share);
    svg.line(from, to, &style, &format!("{name} = {}", number(w)));
}

/// Three dots in the place of units that are not drawn.
fn gap(svg: &mut Svg, [x, y]: [f64; 2]) {
    for offset in [-9.0, 0.0, 9.0] {
        svg.circle([x, y + offset], 2.0, "fill='#444'");
    }
}

fn legend(svg: &mut Svg, [x, y]: [f64; 2]) {
    for (left, colour, text) in [(x - 118.0, POSITIVE, "positive weight"), (x + 10.0, NEGATIVE, "negative weight")] {
        svg.line([left, y - 4.0], [left + 20.0, y - 4.0], &format!("stroke='{colour}' stroke-width='2.5'"), "");
        svg.text([left + 26.0, y], "start", 11.0, text);
    }
}
