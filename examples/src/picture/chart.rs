//! Charts with lines, points and bars over two axes, drawn by `plotters`.

use super::label::{self, Label};
use super::style::{Area, Drawn, GUIDE, INK, STYLES, UNITS, font, line, sized, tidy};
use super::words::number;
use maud::html;
use plotters::coord::ranged1d::{AsRangedCoord, Ranged, ValueFormatter};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::ops::Range;

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mark {
    /// A line through the points. A point that the axes cannot show, such as one with a NaN, interrupts it.
    Line,
    /// A disc for each point.
    Disc,
    /// The name of the series at each point, in place of a disc.
    Name,
    /// A line for reference, in the colour of the text.
    Guide,
}

/// A named series of points, drawn with one mark.
pub struct Series {
    name: String,
    /// The points, in the pieces of the line.
    pieces: Vec<Vec<(f64, f64)>>,
    mark: Mark,
}

/// A chart of several series. Each has its name beside its last point, and lines differ in their dashes, so
/// they can be told apart without the colours.
pub struct Chart {
    labels: [String; 2],
    /// Whether each axis is logarithmic.
    log: [bool; 2],
    series: Vec<Series>,
}

/// The width and the height in pixels.
const SIZE: [i32; 2] = [420, 290];
/// The left edge of the axes in pixels.
const LEFT: i32 = 58;
impl Chart {
    /// An empty chart with labels for the axes.
    pub fn new(x: &str, y: &str) -> Self {
        Self { labels: [x, y].map(str::to_owned), log: [false; 2], series: Vec::new() }
    }

    /// Makes the vertical axis logarithmic. Series added later lose their non-positive points.
    pub fn log(self) -> Self {
        Self { log: [false, true], ..self }
    }

    /// Makes both axes logarithmic, so that powers are straight lines.
    pub fn log_log(self) -> Self {
        Self { log: [true; 2], ..self }
    }

    /// Adds a series. Points that the axes cannot show are left out.
    pub fn with(mut self, name: &str, mark: Mark, points: impl IntoIterator<Item = [f64; 2]>) -> Self {
        let shown = |p: &[f64; 2]| p.iter().zip(self.log).all(|(x, log)| x.is_finite() && (!log || *x > 0.0));
        let points: Vec<[f64; 2]> = points.into_iter().collect();
        let pieces = points.split(|point| !shown(point)).filter(|piece| !piece.is_empty());
        let pieces = pieces.map(|piece| piece.iter().map(|&[x, y]| (x, y)).collect()).collect();
        self.series.push(Series { name: name.to_owned(), pieces, mark });
        self
    }

    /// Adds a line through the figures, at x = 1, 2, …
    pub fn curve(self, name: &str, figures: &[f64]) -> Self {
        self.with(name, Mark::Line, figures.iter().enumerate().map(|(i, &y)| [(i + 1) as f64, y]))
    }

    /// The chart as SVG. It uses `currentColor` for text and axes.
    pub fn draw(&self) -> String {
        let [width, height] = SIZE;
        let mut svg = String::new();
        let size = ((width * UNITS) as u32, (height * UNITS) as u32);
        self.draw_in(&SVGBackend::with_string(&mut svg, size).into_drawing_area()).expect("a String takes any picture");
        let units = format!("width=\"{}\" height=\"{}\"", size.0, size.1);
        let label = html! { (self.description()) }.into_string();
        let pixels = format!(
            "class=\"chart\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" role=\"img\" \
             aria-label=\"{label}\""
        );
        tidy(&svg).replacen(&units, &pixels, 1)
    }

    /// The chart in words, for those who do not see it.
    fn description(&self) -> String {
        let [x, y] = &self.labels;
        let scale = match self.log {
            [false, false] => "",
            [false, true] => " on a logarithmic scale",
            [true, _] => ", both on logarithmic scales",
        };
        let series = self.series.iter().filter_map(Series::description).collect::<Vec<_>>().join("; ");
        format!("Chart of {y} by {x}{scale}. {series}.")
    }

    fn draw_in(&self, area: &Area<'_>) -> Drawn {
        let x = range(self.series.iter().flat_map(|series| series.figures(0)), self.log[0]);
        let y = range(self.series.iter().flat_map(|series| series.figures(1)), self.log[1]);
        match self.log {
            [false, false] => self.draw_series(area, x, y)?,
            [false, true] => self.draw_series(area, x, log_axis(&y))?,
            [true, _] => self.draw_series(area, log_axis(&x), log_axis(&y))?,
        }
        Ok(area.present()?)
    }

    fn draw_series<X: AsRangedCoord<Value = f64>, Y: AsRangedCoord<Value = f64>>(
        &self,
        area: &Area<'_>,
        x: X,
        y: Y,
    ) -> Drawn
    where
        X::CoordDescType: Ranged<ValueType = f64> + ValueFormatter<f64>,
        Y::CoordDescType: Ranged<ValueType = f64> + ValueFormatter<f64>,
    {
        let names = self.series.iter().filter(|series| series.mark != Mark::Name).map(|series| &*series.name);
        let mut builder = ChartBuilder::on(area);
        builder.margin_top(12 * UNITS).margin_right((label::width(names) + 12) * UNITS);
        builder.x_label_area_size(44 * UNITS).y_label_area_size(LEFT * UNITS);
        let mut chart = builder.build_cartesian_2d(x, y)?;
        let tick = |x: &f64| number(*x);
        let [x_name, y_name] = [0, 1].map(|i| format!("{}{}", self.labels[i], if self.log[i] { LOG } else { "" }));
        let mut mesh = chart.configure_mesh();
        mesh.disable_x_mesh().light_line_style(TRANSPARENT).bold_line_style(line(INK.mix(0.15), 1.0));
        mesh.axis_style(line(INK.mix(0.5), 1.0)).set_all_tick_mark_size(4 * UNITS);
        mesh.x_labels(7).y_labels(7).x_label_formatter(&tick).y_label_formatter(&tick);
        mesh.label_style(font(12.5)).axis_desc_style(font(12.5)).x_desc(x_name).y_desc(y_name);
        mesh.draw()?;
        let mut labels = Vec::new();
        for (Series { name, pieces, mark }, &(colour, _)) in self.series.iter().zip(STYLES.iter().cycle()) {
            let colour = if *mark == Mark::Guide { GUIDE } else { colour };
            for piece in pieces {
                let points = piece.iter().copied();
                match mark {
                    Mark::Line | Mark::Guide => {
                        chart.draw_series(LineSeries::new(points, line(colour.to_rgba(), 1.8)))?
                    }
                    Mark::Disc => {
                        let disc = |point| Circle::new(point, 26 * UNITS / 10, colour.mix(0.75).filled());
                        chart.draw_series(points.map(disc))?
                    }
                    Mark::Name => {
                        let style = sized(10.0, colour).pos(Pos::new(HPos::Center, VPos::Center));
                        chart.draw_series(points.map(|point| Text::new(name.clone(), point, style.clone())))?
                    }
                };
            }
            let end =
                pieces.iter().flatten().max_by(|a, b| a.0.total_cmp(&b.0)).map(|point| chart.backend_coord(point));
            if let (Some((x, y)), false, false) = (end, name.is_empty(), *mark == Mark::Name) {
                let line = matches!(mark, Mark::Line | Mark::Guide);
                labels.push(Label { name, colour, line, end: [x, y] });
            }
        }
        label::draw(area, labels)
    }
}

/// The range of finite figures; of positive ones, if the axis is logarithmic.
fn range(figures: impl Iterator<Item = f64>, log: bool) -> Range<f64> {
    let shown = figures.filter(|x| !log || *x > 0.0);
    let (low, high) = shown.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    match (low < high, low == high) {
        (true, _) => low..high,
        (_, true) if log => low / 2.0..high * 2.0,
        (_, true) => low - 0.5..high + 0.5,
        _ => (if log { 0.1 } else { 0.0 })..1.0,
    }
}

/// What follows the name of a logarithmic axis.
const LOG: &str = " (log scale)";

impl Series {
    fn points(&self) -> impl DoubleEndedIterator<Item = (f64, f64)> {
        self.pieces.iter().flatten().copied()
    }

    /// The figures on an axis, the first or the second, with a small margin around points, so that none stands on the edge. A
    /// logarithmic axis leaves out a figure below 0.
    fn figures(&self, axis: usize) -> Vec<f64> {
        let mut figures: Vec<f64> = self.points().map(|(x, y)| [x, y][axis]).collect();
        if matches!(self.mark, Mark::Disc | Mark::Name) {
            let Range { start, end } = range(figures.iter().copied(), false);
            figures.extend([start, end].map(|x| x + 0.03 * (2.0 * x - start - end)));
        }
        figures
    }

    /// The series in words: the ends and the extremes of a line, the centre of a cloud.
    fn description(&self) -> Option<String> {
        let (first, last) = (self.points().next()?, self.points().next_back()?);
        let at = |(x, y): (f64, f64)| format!("{} at {}", number(y), number(x));
        let by_height = |a: &(f64, f64), b: &(f64, f64)| a.1.total_cmp(&b.1);
        let (lowest, highest) = (self.points().min_by(by_height)?, self.points().max_by(by_height)?);
        let name = if self.name.is_empty() { "the line" } else { &self.name };
        let count = self.points().count();
        let mean = |of: fn((f64, f64)) -> f64| number(self.points().map(of).sum::<f64>() / count as f64);
        Some(match self.mark {
            Mark::Disc | Mark::Name => {
                format!("{count} points of {name}, on average at ({}, {})", mean(|p| p.0), mean(|p| p.1))
            }
            Mark::Guide if first.1 == last.1 => format!("{name} at {}", number(last.1)),
            Mark::Line | Mark::Guide => {
                let ends = [first.1, last.1];
                let extremes = [("at most", highest), ("at least", lowest)].into_iter();
                let extremes = extremes.filter(|(_, extreme)| !ends.contains(&extreme.1));
                let extremes: String = extremes.map(|(words, extreme)| format!(", {words} {}", at(extreme))).collect();
                format!("{name} goes from {} to {}{extremes}", at(first), at(last))
            }
        })
    }
}

/// A logarithmic axis. `plotters` alone marks powers of ten only, which a short axis may lack.
fn log_axis(
    range: &Range<f64>,
) -> impl AsRangedCoord<Value = f64, CoordDescType: Ranged<ValueType = f64> + ValueFormatter<f64>> {
    let ticks = |tenths: &[u32]| -> Vec<f64> {
        let (low, high) = (range.start.log10().floor() as i32, range.end.log10().ceil() as i32);
        let step = ((high - low) as usize).div_ceil(6).max(1);
        let within = |power| tenths.iter().map(move |&m| f64::from(m) / 10.0 * 10f64.powi(power));
        let figures = (low..=high).step_by(step).flat_map(within);
        figures.filter(|x| (range.start * 0.999..range.end * 1.001).contains(x)).collect()
    };
    let all: Vec<u32> = (10..100).collect();
    let lists = [&[10][..], &[10, 20, 50], &[10, 20, 30, 40, 50, 60, 70, 80, 90], &all];
    let shown = lists.into_iter().map(ticks).find(|ticks| ticks.len() >= 3).unwrap_or_default();
    (range.start..range.end).log_scale().with_key_points(shown)
}

#[cfg(test)]
mod tests {
    use super::{Chart, Mark};

    #[test]
    fn lines_stop_at_a_jump_and_carry_their_names() {
        let step = [[-1.0, 0.0], [0.0, 0.0], [0.0, f64::NAN], [0.0, 1.0], [1.0, 1.0]];
        let svg = Chart::new("u", "f(u)").with("step", Mark::Line, step).draw();
        assert_eq!(svg.matches("<polyline fill=\"none\" stroke=\"#3478C6\"").count(), 3); // two pieces and a label
        assert_eq!(svg.matches(">step</text>").count(), 1);
    }

    #[test]
    fn descriptions_state_figures_and_scales() {
        let chart = Chart::new("epoch", "loss").log().curve("tanh", &[8.0, 0.0, 0.5, 1.0]);
        let words = "Chart of loss by epoch on a logarithmic scale. \
                     tanh goes from 8 at 1 to 1 at 4, at least 0.5 at 3.";
        assert_eq!(chart.description(), words);
        assert!(chart.draw().contains(">loss (log scale)</text>"));
    }

    #[test]
    fn each_line_of_a_chart_has_its_own_dashes() {
        let chart = (0..10).fold(Chart::new("x", "y"), |chart, i| chart.curve(&i.to_string(), &[0.0, f64::from(i)]));
        let svg = chart.draw();
        let mut dashes: Vec<&str> =
            svg.split("stroke-dasharray=\"").skip(1).filter_map(|s| s.split('"').next()).collect();
        dashes.sort_unstable();
        dashes.dedup();
        assert_eq!(dashes.len(), 9);
    }
}
