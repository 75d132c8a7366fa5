//! The decision regions of a classifier of two inputs.

use crate::network::diagram::{Svg, index};
use autodiff::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The number of cells along an axis, and the side of the picture in pixels.
const CELLS: usize = 180;
const SIDE: f64 = 360.0;
/// The space to the left, above, to the right and below.
const MARGIN: [f64; 4] = [64.0, 30.0, 96.0, 48.0];
/// The colours of classes: of samples, and of regions.
const COLOURS: [[&str; 2]; 6] = [
    ["#2566ad", "#d3e3f5"],
    ["#c2571a", "#fbe0cf"],
    ["#2f7d46", "#d5eedb"],
    ["#7a4fb0", "#e8ddf4"],
    ["#8a6d00", "#f3ebc4"],
    ["#a3295c", "#f7d8e5"],
];

/// The decision regions of a classifier of two inputs as SVG: the plane, coloured by the class that the classifier gives,
/// and the samples x, \[n, 2\], coloured by their labels, \[n\]. The plane extends beyond the samples by a quarter of
/// their range. There are six colours, which repeat.
///
/// `classify` gives the class of each row of its argument: \[m, 2\] → \[m\]. A single threshold unit divides the plane by
/// a line (the chapter's section 3.4); networks with a hidden layer divide it in other ways.
///
/// ```
/// use autodiff::prelude::*;
/// let x = Tensor::from([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
/// let or = Tensor::from([0, 1, 1, 1]);
/// let svg = nn::decision_regions(&x, &or, |x| x.sum_axis(-1).map(|&u| usize::from(u >= 0.5)));
/// assert!(svg.starts_with("<svg")); // to be written to a file, such as or.svg
/// ```
///
/// # Panics
/// Panics unless x is a batch \[n, 2\] of finite numbers with n > 0, with a label for each row, or if the classifier does
/// not return a class for each row.
#[track_caller]
pub fn decision_regions<T: Element>(
    x: &Tensor<T>,
    labels: &Tensor<usize>,
    classify: impl FnOnce(&Tensor<T>) -> Tensor<usize>,
) -> String {
    const NAME: &str = "decision_regions";
    let (shape, given) = (x.shape(), labels.shape());
    let fits = shape.rank() == 2 && shape[0] > 0 && shape[1] == 2 && *given == [shape[0]];
    assert!(fits, "{NAME}: samples {shape}, labels {given}: [n, 2] and [n] with n > 0 are needed");
    let axes = [0, 1].map(|k| Axis::of(x.index_axis(1, k).iter().map(|x| x.to_f64())));
    assert!(axes.iter().all(|axis| axis.low < axis.high), "{NAME}: samples {shape}: a number is not finite");

    // Cells in rows from the top, so the second input falls.
    let centre = |[row, column]: [usize; 2]| [axes[0].at(column, CELLS), axes[1].at(CELLS - 1 - row, CELLS)];
    let cells = Tensor::from_fn([CELLS * CELLS, 2], |i| T::from_f64(centre([i[0] / CELLS, i[0] % CELLS])[i[1]]));
    let classes = classify(&cells);
    let (needed, got) = (Shape::from([CELLS * CELLS]), classes.shape());
    assert!(
        *got == needed,
        "{NAME}: the classifier returned shape {got} for inputs {}: {needed} is needed",
        cells.shape()
    );

    let mut svg = Svg::new();
    let classes = classes.to_vec();
    draw_regions(&mut svg, &classes);
    let frame = "fill='none' stroke='#222' stroke-width='1'";
    svg.rect([MARGIN[0], MARGIN[1]], [SIDE; 2], frame);
    draw_axes(&mut svg, &axes);
    for (i, &label) in labels.to_vec().iter().enumerate() {
        let [left, up] = [0, 1].map(|k| axes[k].share(x[[i, k]].to_f64()) * SIDE);
        let style = format!("fill='{}' stroke='#fff' stroke-width='1.5'", colours(label)[0]);
        svg.circle([MARGIN[0] + left, MARGIN[1] + SIDE - up], 6.0, &style);
    }
    let most = classes.iter().chain(&labels.to_vec()).copied().max().unwrap_or(0);
    for class in 0..=most.min(15) {
        let place = [MARGIN[0] + SIDE + 20.0, MARGIN[1] + 14.0 + 22.0 * class as f64];
        let [strong, light] = colours(class);
        svg.rect([place[0] - 6.0, place[1] - 8.0], [16.0; 2], &format!("fill='{light}' stroke='{strong}'"));
        svg.circle([place[0] + 2.0, place[1]], 4.0, &format!("fill='{strong}'"));
        svg.text([place[0] + 18.0, place[1] + 4.5], "start", 12.0, &format!("class {class}"));
    }
    let size = [MARGIN[0] + SIDE + MARGIN[2], MARGIN[1] + SIDE + MARGIN[3]];
    svg.finish(size, "the decision regions of a classifier, with the samples")
}

/// The range of an input that is shown.
struct Axis {
    low: f64,
    high: f64,
}

impl Axis {
    /// The range of the numbers and a quarter of it on both sides; empty if a number is not finite.
    fn of(numbers: impl Iterator<Item = f64>) -> Self {
        let (mut low, mut high, mut finite) = (f64::INFINITY, f64::NEG_INFINITY, true);
        for x in numbers {
            (low, high, finite) = (low.min(x), high.max(x), finite && x.is_finite());
        }
        let margin = if finite && high > low { 0.25 * (high - low) } else { 1.0 };
        if finite { Self { low: low - margin, high: high + margin } } else { Self { low: 0.0, high: 0.0 } }
    }

    /// The centre of cell i of n.
    fn at(&self, i: usize, n: usize) -> f64 {
        self.low + (self.high - self.low) * (i as f64 + 0.5) / n as f64
    }

    /// The number at a share of the range, with three digits of the range.
    fn tick(&self, share: f64) -> String {
        let range = self.high - self.low;
        let (decimals, x) = ((2.0 - range.log10().floor()).clamp(0.0, 9.0) as usize, self.low + share * range);
        format!("{:.decimals$}", if x.abs() < 1e-9 * range { 0.0 } else { x }).replace('-', "−")
    }

    /// The place of a number: 0 at the low end, 1 at the high end.
    fn share(&self, x: f64) -> f64 {
        (x - self.low) / (self.high - self.low)
    }
}

fn colours(class: usize) -> [&'static str; 2] {
    COLOURS[class % COLOURS.len()]
}

/// The region of each class as one path, with a rectangle for each run of cells in a row.
fn draw_regions(svg: &mut Svg, classes: &[usize]) {
    let cell = SIDE / CELLS as f64;
    let mut regions = BTreeMap::<usize, String>::new();
    for (row, classes) in classes.chunks(CELLS).enumerate() {
        let mut column = 0;
        for run in classes.chunk_by(|a, b| a == b) {
            let [left, top] = [MARGIN[0] + column as f64 * cell, MARGIN[1] + row as f64 * cell];
            let (width, region) = (run.len() as f64 * cell, regions.entry(run[0]).or_default());
            write!(region, "M{left} {top}h{width}v{cell}h-{width}z").expect("a write to a String succeeds");
            column += run.len();
        }
    }
    for (class, region) in regions {
        svg.path(&region, &format!("fill='{}' shape-rendering='crispEdges'", colours(class)[1]));
    }
}

/// Ticks at the quarters of each axis, and the names of the inputs.
fn draw_axes(svg: &mut Svg, axes: &[Axis; 2]) {
    let (left, foot, style) = (MARGIN[0], MARGIN[1] + SIDE, "stroke='#222'");
    for quarter in 0..=4 {
        let share = f64::from(quarter) / 4.0;
        let [x, y] = [left + share * SIDE, foot - share * SIDE];
        let [across, up] = [0, 1].map(|k| axes[k].tick(share));
        svg.line([x, foot], [x, foot + 5.0], style, "");
        svg.text([x, foot + 19.0], "middle", 11.0, &across);
        svg.line([left - 5.0, y], [left, y], style, "");
        svg.text([left - 8.0, y + 4.0], "end", 11.0, &up);
    }
    svg.text([left + 0.5 * SIDE, foot + 38.0], "middle", 13.0, &format!("x{}", index(1)));
    svg.text([left, MARGIN[1] - 12.0], "middle", 13.0, &format!("x{}", index(2)));
}
