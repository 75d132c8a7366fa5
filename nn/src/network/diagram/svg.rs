//! The shapes and labels of diagrams.

use autodiff::prelude::*;
use std::fmt::Write;

/// The colour of a positive (excitatory) weight.
pub(crate) const POSITIVE: &str = "#c2571a";
/// The colour of a negative (inhibitory) weight.
pub(crate) const NEGATIVE: &str = "#2566ad";

const ARROW_HEAD: &str = "<defs><marker id='arrow' viewBox='0 0 8 8' refX='7' refY='4' markerWidth='7' markerHeight='7' \
    orient='auto'><path d='M0 0L8 4L0 8z' fill='#222'/></marker></defs>";

/// A picture under construction: dark on white, so that it can be read on any page.
pub(crate) struct Svg {
    body: String,
}

impl Svg {
    pub(crate) fn new() -> Self {
        Self { body: String::new() }
    }

    /// A shape with the given attributes, and a title that is shown under the pointer.
    pub(crate) fn shape(&mut self, name: &str, attributes: &str, title: &str) {
        let title = if title.is_empty() { String::new() } else { format!("<title>{}</title>", escape(title)) };
        writeln!(self.body, "<{name} {attributes}>{title}</{name}>").expect("a write to a String succeeds");
    }

    pub(crate) fn line(&mut self, [x1, y1]: [f64; 2], [x2, y2]: [f64; 2], style: &str, title: &str) {
        self.shape("line", &format!("x1='{x1:.1}' y1='{y1:.1}' x2='{x2:.1}' y2='{y2:.1}' {style}"), title);
    }

    pub(crate) fn circle(&mut self, [x, y]: [f64; 2], radius: f64, style: &str) {
        self.shape("circle", &format!("cx='{x:.1}' cy='{y:.1}' r='{radius}' {style}"), "");
    }

    pub(crate) fn rect(&mut self, [x, y]: [f64; 2], [width, height]: [f64; 2], style: &str) {
        self.shape("rect", &format!("x='{x:.1}' y='{y:.1}' width='{width:.1}' height='{height:.1}' {style}"), "");
    }

    pub(crate) fn path(&mut self, path: &str, style: &str) {
        self.shape("path", &format!("d='{path}' {style}"), "");
    }

    /// Text whose middle (`middle`), first (`start`) or last letter (`end`) is at a point.
    pub(crate) fn text(&mut self, [x, y]: [f64; 2], anchor: &str, size: f64, text: &str) {
        let attributes = format!("x='{x:.1}' y='{y:.1}' text-anchor='{anchor}' font-size='{size}'");
        writeln!(self.body, "<text {attributes}>{}</text>", escape(text)).expect("a write to a String succeeds");
    }

    /// Text above the middle of a line, along it. The line runs to the right.
    pub(crate) fn text_along(&mut self, [x1, y1]: [f64; 2], [x2, y2]: [f64; 2], size: f64, text: &str) {
        let ([x, y], angle) = ([0.5 * (x1 + x2), 0.5 * (y1 + y2)], (y2 - y1).atan2(x2 - x1).to_degrees());
        writeln!(self.body, "<g transform='translate({x:.1} {y:.1}) rotate({angle:.1})'>").expect("a String");
        self.text([0.0, -6.0], "middle", size, text);
        self.body += "</g>\n";
    }

    /// The picture as SVG. Screen readers read `label`.
    pub(crate) fn finish(self, [width, height]: [f64; 2], label: &str) -> String {
        let (body, label) = (self.body, escape(label));
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width:.0} {height:.0}' width='{width:.0}' \
             height='{height:.0}' role='img' aria-label='{label}' font-family='sans-serif' fill='#222'>\n\
             {ARROW_HEAD}\n<rect width='100%' height='100%' fill='#fff'/>\n{body}</svg>\n"
        )
    }
}

/// Escapes what XML reads as markup, in text and in attributes.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\'', "&apos;").replace('"', "&quot;")
}

/// A number as superscript digits: `¹²`.
pub(crate) fn power(n: usize) -> String {
    digits(n, ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'])
}

/// A number as subscript digits: `₁₂`.
pub(crate) fn index(n: usize) -> String {
    digits(n, ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉'])
}

fn digits(n: usize, digits: [char; 10]) -> String {
    n.to_string().bytes().map(|digit| digits[usize::from(digit - b'0')]).collect()
}

/// A number with at most three decimals, or as a power of ten if they do not suffice: `−0.5`, `2.0e−5`.
pub(crate) fn number(x: f64) -> String {
    let text = match x.abs() {
        0.0 => "0".to_owned(),
        0.001..1e6 => format!("{x:.3}").trim_end_matches('0').trim_end_matches('.').to_owned(),
        _ => format!("{x:.1e}"),
    };
    text.replace('-', "−")
}

/// The absolute value of a weight, as a share of the largest: from 0 to 1, also for an infinity and NaN.
pub(crate) fn share(w: f64, largest: f64) -> f64 {
    if w.is_finite() && largest > 0.0 { w.abs() / largest } else { 0.0 }
}

/// The largest absolute value that is finite.
pub(crate) fn largest<T: Element>(weights: &Tensor<T>) -> f64 {
    weights.iter().map(|w| w.to_f64().abs()).filter(|w| w.is_finite()).fold(0.0, f64::max)
}

/// The units to be drawn of n: all, or the first ones, a gap (`None`) and the last.
pub(crate) fn slots(n: usize, most: usize) -> Vec<Option<usize>> {
    if n <= most {
        return (0..n).map(Some).collect();
    }
    (0..most - 2).map(Some).chain([None, Some(n - 1)]).collect()
}
