//! Charts with lines, points and bars over two axes, drawn by `plotters`.

use maud::html;
use plotters::coord::Shift;
use plotters::coord::ranged1d::{AsRangedCoord, Ranged, ValueFormatter};
use plotters::data::float::pretty_print_float;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::ops::Range;

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
    points: Vec<(f64, f64)>,
    mark: Mark,
}

/// A chart of several series.
pub struct Chart {
    labels: [String; 2],
    /// Whether each axis is logarithmic.
    log: [bool; 2],
    series: Vec<Series>,
}

/// An area of an SVG picture.
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

/// The width and the height in pixels, without the legend.
const SIZE: [i32; 2] = [420, 290];
/// `plotters` rounds positions to whole units, so a pixel has several of them.
const UNITS: i32 = 10;
/// The left edge of the axes in pixels.
const LEFT: i32 = 58;
/// The height of a row of the legend in pixels.
const ROW: i32 = 19;
/// Stands for the colour of the text, which the page decides.
const INK: RGBColor = RGBColor(1, 2, 3);

/// A colour for each series, distinguishable on light and dark backgrounds.
const COLOURS: [RGBColor; 10] = [
    RGBColor(0x34, 0x78, 0xc6),
    RGBColor(0xe0, 0x78, 0x2d),
    RGBColor(0x2f, 0x9e, 0x57),
    RGBColor(0xd0, 0x41, 0x4a),
    RGBColor(0x8c, 0x63, 0xc2),
    RGBColor(0x96, 0x69, 0x4c),
    RGBColor(0xd6, 0x67, 0xad),
    RGBColor(0x80, 0x84, 0x88),
    RGBColor(0xaa, 0xa0, 0x23),
    RGBColor(0x1b, 0xa7, 0xb5),
];

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
        let points = points.into_iter().filter(shown).map(|[x, y]| (x, y)).collect();
        self.series.push(Series { name: name.to_owned(), points, mark });
        self
    }

    /// Adds a line through the figures, at x = 1, 2, …
    pub fn curve(self, name: &str, figures: &[f64]) -> Self {
        self.with(name, Mark::Line, figures.iter().enumerate().map(|(i, &y)| [(i + 1) as f64, y]))
    }

    /// The chart as SVG. It uses `currentColor` for text and axes.
    pub fn draw(&self) -> String {
        let [width, height] = [SIZE[0], SIZE[1] + self.legend_height()];
        let mut svg = String::new();
        let size = ((width * UNITS) as u32, (height * UNITS) as u32);
        self.draw_in(&SVGBackend::with_string(&mut svg, size).into_drawing_area()).expect("a String takes any picture");
        let units = format!("width=\"{}\" height=\"{}\"", size.0, size.1);
        let label = html! { (self.description()) }.into_string();
        let pixels = format!("width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{label}\"");
        svg.replacen(&units, &pixels, 1).replace("#010203", "currentColor")
    }

    /// The chart in words, for those who do not see it.
    fn description(&self) -> String {
        let [x, y] = &self.labels;
        let names: Vec<&str> = self.series.iter().map(|series| &*series.name).filter(|name| !name.is_empty()).collect();
        let scale = if self.log[1] { " on a logarithmic scale" } else { "" };
        let of = if names.is_empty() { String::new() } else { format!(" for {}", names.join(", ")) };
        format!("{y} by {x}{scale}{of}")
    }

    fn draw_in(&self, area: &Area<'_>) -> Drawn {
        let (plot, legend) = area.split_vertically(SIZE[1] * UNITS);
        let x = self.range(self.series.iter().flat_map(Series::across), self.log[0]);
        let y = self.range(self.series.iter().flat_map(Series::up), self.log[1]);
        match self.log {
            [false, false] => self.draw_series(&plot, x, y.clone(), y.start)?,
            [false, true] => self.draw_series(&plot, x, log_axis(&y), y.start)?,
            [true, _] => self.draw_series(&plot, log_axis(&x), log_axis(&y), y.start)?,
        }
        self.draw_legend(&legend)?;
        Ok(area.present()?)
    }

    /// The range of finite figures; of positive ones, if the axis is logarithmic.
    fn range(&self, figures: impl Iterator<Item = f64>, log: bool) -> Range<f64> {
        let shown = figures.filter(|x| !log || *x > 0.0);
        let (low, high) = shown.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        match (low < high, low == high) {
            (true, _) => low..high,
            (_, true) if log => low / 2.0..high * 2.0,
            (_, true) => low - 0.5..high + 0.5,
            _ => (if log { 0.1 } else { 0.0 })..1.0,
        }
    }

    fn draw_series<X: AsRangedCoord<Value = f64>, Y: AsRangedCoord<Value = f64>>(
        &self,
        area: &Area<'_>,
        x: X,
        y: Y,
        low: f64,
    ) -> Drawn
    where
        X::CoordDescType: Ranged<ValueType = f64> + ValueFormatter<f64>,
        Y::CoordDescType: Ranged<ValueType = f64> + ValueFormatter<f64>,
    {
        let mut builder = ChartBuilder::on(area);
        builder.margin_top(12 * UNITS).margin_right(12 * UNITS);
        builder.x_label_area_size(44 * UNITS).y_label_area_size(LEFT * UNITS);
        let mut chart = builder.build_cartesian_2d(x, y)?;
        let label = |x: &f64| pretty_print_float(*x, true);
        let mut mesh = chart.configure_mesh();
        mesh.disable_x_mesh().light_line_style(TRANSPARENT).bold_line_style(line(INK.mix(0.15), 1.0));
        mesh.axis_style(line(INK.mix(0.5), 1.0)).set_all_tick_mark_size(4 * UNITS);
        mesh.x_labels(7).y_labels(7).x_label_formatter(&label).y_label_formatter(&label);
        mesh.label_style(font(12.0)).axis_desc_style(font(13.0)).x_desc(&*self.labels[0]).y_desc(&*self.labels[1]);
        mesh.draw()?;
        for (Series { points, mark, .. }, colour) in self.coloured() {
            let points = points.iter().copied();
            match mark {
                Mark::Line => chart.draw_series(LineSeries::new(points, line(colour.to_rgba(), 1.8)))?,
                Mark::Guide => {
                    let style = line(colour.mix(0.6), 1.8);
                    chart.draw_series(DashedLineSeries::new(points, 4 * UNITS, 3 * UNITS, style))?
                }
                Mark::Disc => {
                    let disc = |point| Circle::new(point, 26 * UNITS / 10, colour.mix(0.75).filled());
                    chart.draw_series(points.map(disc))?
                }
                Mark::Bar => {
                    let half = 0.4 * step(&points.clone().map(|(x, _)| x).collect::<Vec<_>>());
                    let bar = |(x, y)| Rectangle::new([(x - half, low), (x + half, y)], colour.mix(0.75).filled());
                    chart.draw_series(points.map(bar))?
                }
            };
        }
        Ok(())
    }

    /// The series with their colours. Guides have the colour of the text.
    fn coloured(&self) -> impl Iterator<Item = (&Series, RGBColor)> {
        let colour = |series: &Series, colour| if series.mark == Mark::Guide { INK } else { colour };
        self.series.iter().zip(COLOURS.iter().cycle()).map(move |(series, &own)| (series, colour(series, own)))
    }

    /// The series with a name, which the legend lists, and their colours.
    fn named(&self) -> Vec<(&Series, RGBColor)> {
        self.coloured().filter(|(series, _)| !series.name.is_empty()).collect()
    }

    fn columns(&self) -> usize {
        let longest = self.named().iter().map(|(series, _)| series.name.chars().count()).max().unwrap_or(0);
        (52 / (longest + 4)).clamp(1, 5)
    }

    fn legend_height(&self) -> i32 {
        self.named().len().div_ceil(self.columns()) as i32 * ROW
    }

    fn draw_legend(&self, area: &Area<'_>) -> Drawn {
        let columns = self.columns();
        let width = (SIZE[0] - LEFT) / columns as i32;
        for (i, (series, colour)) in self.named().into_iter().enumerate() {
            let (column, row) = ((i % columns) as i32, (i / columns) as i32);
            let [x, y] = [LEFT + column * width, row * ROW + ROW / 2];
            let at = |x: i32, y: i32| (x * UNITS, y * UNITS);
            match series.mark {
                Mark::Guide => area.draw(&PathElement::new([at(x, y), at(x + 11, y)], line(colour.mix(0.6), 1.8)))?,
                _ => area.draw(&Rectangle::new([at(x, y - 5), at(x + 11, y + 6)], colour.filled()))?,
            }
            let style = font(12.5).pos(Pos::new(HPos::Left, VPos::Center));
            area.draw(&Text::new(series.name.clone(), at(x + 16, y), style))?;
        }
        Ok(())
    }
}

impl Series {
    /// The figures on the horizontal axis, with the outer edges of the first and the last bar.
    fn across(&self) -> Vec<f64> {
        let x: Vec<f64> = self.points.iter().map(|point| point.0).collect();
        match (self.mark, &x[..]) {
            (Mark::Bar, &[first, .., last]) => vec![first - 0.5 * step(&x), last + 0.5 * step(&x)],
            _ => x,
        }
    }

    /// The figures on the vertical axis, with the foot of the bars.
    fn up(&self) -> Vec<f64> {
        let foot = (self.mark == Mark::Bar).then_some(0.0);
        self.points.iter().map(|point| point.1).chain(foot).collect()
    }
}

/// The mean distance of neighbours.
fn step(x: &[f64]) -> f64 {
    match x {
        [first, .., last] => (last - first) / (x.len() - 1) as f64,
        _ => 1.0,
    }
}

fn line(colour: RGBAColor, width: f64) -> ShapeStyle {
    colour.stroke_width((width * f64::from(UNITS)) as u32)
}

/// The font for text of this size in pixels. `plotters` divides the size by 1.24.
fn font(pixels: f64) -> TextStyle<'static> {
    ("sans-serif", pixels * 1.24 * f64::from(UNITS)).with_color(INK).into_text_style(&(1, 1))
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
