//! Charts with lines, points and bars over two axes.

use super::scale::Scale;
use super::{COLOURS, Svg};

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mark {
    /// A line through the points.
    Line,
    /// A disc for each point.
    Disc,
    /// A bar up from 0 for each point.
    Bar,
    /// A dashed line for reference.
    Guide,
}

/// A named series of points, drawn with one mark.
pub struct Series {
    name: String,
    points: Vec<[f64; 2]>,
    mark: Mark,
}

/// A chart of several series.
pub struct Chart {
    labels: [String; 2],
    /// Whether each axis is logarithmic.
    log: [bool; 2],
    series: Vec<Series>,
}

const SIZE: [f64; 2] = [420.0, 290.0];
/// The margins around the axes: left, top, right, bottom.
const MARGIN: [f64; 4] = [58.0, 12.0, 12.0, 44.0];
const DASHES: &str = "stroke-dasharray='4 3' stroke-opacity='.6'";

impl Chart {
    /// An empty chart with labels for the axes.
    pub fn new(x: &str, y: &str) -> Self {
        Self { labels: [x, y].map(str::to_owned), log: [false; 2], series: Vec::new() }
    }

    /// Makes the vertical axis logarithmic. Series added later drop their non-positive points.
    pub fn log(self) -> Self {
        Self { log: [false, true], ..self }
    }

    /// Makes both axes logarithmic, so that powers are straight lines.
    pub fn log_log(self) -> Self {
        Self { log: [true; 2], ..self }
    }

    /// Adds a series. Points that the axes cannot show are dropped.
    pub fn with(mut self, name: &str, mark: Mark, points: impl IntoIterator<Item = [f64; 2]>) -> Self {
        let shown = |p: &[f64; 2]| p.iter().zip(self.log).all(|(x, log)| x.is_finite() && (!log || *x > 0.0));
        let points = points.into_iter().filter(shown).collect();
        self.series.push(Series { name: name.to_owned(), points, mark });
        self
    }

    /// Adds a line through the figures, at x = 1, 2, …
    pub fn curve(self, name: &str, figures: &[f64]) -> Self {
        self.with(name, Mark::Line, figures.iter().enumerate().map(|(i, &y)| [(i + 1) as f64, y]))
    }

    /// The chart as SVG.
    pub fn draw(&self) -> String {
        let mut svg = Svg::new(SIZE[0], SIZE[1] + self.legend_height());
        let [left, top, right, bottom] = MARGIN;
        let all = || self.series.iter().flat_map(|series| &series.points);
        let zero = self.series.iter().any(|series| series.mark == Mark::Bar).then_some(0.0);
        let ends = self.series.iter().flat_map(Series::ends);
        let x = Scale::of(all().map(|p| p[0]).chain(ends), self.log[0], [left, SIZE[0] - right]);
        let y = Scale::of(all().map(|p| p[1]).chain(zero), self.log[1], [SIZE[1] - bottom, top]);
        self.axes(&mut svg, &x, &y);
        self.coloured().for_each(|(series, colour)| series.draw(&mut svg, &x, &y, colour));
        self.legend(&mut svg);
        svg.finish(&self.labels.join(", "))
    }

    fn axes(&self, svg: &mut Svg, x: &Scale, y: &Scale) {
        let grid = "stroke='currentColor' stroke-opacity='.15'";
        for (tick, label) in y.ticks() {
            let position = y.position(tick);
            svg.line([x.start, position], [x.end, position], grid);
            svg.text([x.start - 6.0, position + 4.0], "end", 12.0, &label);
        }
        for (tick, label) in x.ticks() {
            let position = x.position(tick);
            svg.line([position, y.start], [position, y.start + 4.0], "stroke='currentColor' stroke-opacity='.5'");
            svg.text([position, y.start + 18.0], "middle", 12.0, &label);
        }
        svg.line([x.start, y.start], [x.end, y.start], "stroke='currentColor' stroke-opacity='.5'");
        svg.text([0.5 * (x.start + x.end), y.start + 37.0], "middle", 13.0, &self.labels[0]);
        let rotated = format!("<g transform='translate(13 {:.0}) rotate(-90)'>", 0.5 * (y.start + y.end));
        svg.raw(&rotated);
        svg.text([0.0, 0.0], "middle", 13.0, &self.labels[1]);
        svg.raw("</g>");
    }

    /// The series with their colours. Guides have the colour of the text.
    fn coloured(&self) -> impl Iterator<Item = (&Series, &str)> {
        let colour = |series: &Series, colour| if series.mark == Mark::Guide { "currentColor" } else { colour };
        self.series.iter().zip(COLOURS.iter().cycle()).map(move |(series, own)| (series, colour(series, *own)))
    }

    /// The series with a name, which the legend lists, and their colours.
    fn named(&self) -> Vec<(&Series, &str)> {
        self.coloured().filter(|(series, _)| !series.name.is_empty()).collect()
    }

    fn columns(&self) -> usize {
        let longest = self.named().iter().map(|(series, _)| series.name.chars().count()).max().unwrap_or(0);
        (52 / (longest + 4)).clamp(1, 5)
    }

    fn legend_height(&self) -> f64 {
        self.named().len().div_ceil(self.columns()) as f64 * 19.0
    }

    fn legend(&self, svg: &mut Svg) {
        let columns = self.columns();
        let width = (SIZE[0] - MARGIN[0]) / columns as f64;
        for (i, (series, colour)) in self.named().into_iter().enumerate() {
            let (column, row) = ((i % columns) as f64, (i / columns) as f64);
            let [x, y] = [MARGIN[0] + column * width, SIZE[1] + 10.0 + row * 19.0];
            match series.mark {
                Mark::Guide => svg.polyline(&[[x - 2.0, y - 3.5], [x + 13.0, y - 3.5]], colour, DASHES),
                _ => svg.rect([x, y - 9.0], [11.0, 11.0], &format!("rx='2' fill='{colour}'")),
            }
            svg.text([x + 16.0, y + 1.0], "start", 12.5, &series.name);
        }
    }
}

impl Series {
    /// The outer edges of the first and the last bar, half a step beyond their points.
    fn ends(&self) -> Vec<f64> {
        match (self.mark, &self.points[..]) {
            (Mark::Bar, [first, .., last]) => {
                let half = 0.5 * (last[0] - first[0]) / (self.points.len() - 1) as f64;
                vec![first[0] - half, last[0] + half]
            }
            _ => Vec::new(),
        }
    }

    fn draw(&self, svg: &mut Svg, x: &Scale, y: &Scale, colour: &str) {
        let positions: Vec<[f64; 2]> = self.points.iter().map(|p| [x.position(p[0]), y.position(p[1])]).collect();
        match self.mark {
            Mark::Line => svg.polyline(&positions, colour, ""),
            Mark::Guide => svg.polyline(&positions, colour, DASHES),
            Mark::Disc => positions.iter().for_each(|&position| svg.disc(position, 2.6, colour)),
            Mark::Bar => {
                let width = 0.8 * (x.end - x.start) / positions.len().max(1) as f64;
                let base = if y.log { y.start } else { y.position(0.0) };
                for [centre, top] in positions {
                    let bar = format!("fill='{colour}' fill-opacity='.75'");
                    svg.rect([centre - 0.5 * width, top.min(base)], [width, (base - top).abs()], &bar);
                }
            }
        }
    }
}
