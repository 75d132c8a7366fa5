//! Colours, dashes and fonts of charts.

use plotters::coord::Shift;
use plotters::prelude::*;

/// An area of an SVG picture.
pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub(super) type Drawn = Result<(), Box<dyn std::error::Error>>;

/// `plotters` rounds positions to whole units, so a pixel has several of them.
pub(super) const UNITS: i32 = 10;
/// Stands for the colour of the text, which the page decides.
pub(super) const INK: RGBColor = RGBColor(1, 2, 3);
/// Stands for the same colour in a line for reference.
pub(super) const GUIDE: RGBColor = RGBColor(1, 2, 4);

/// A colour for each series, distinguishable on light and dark backgrounds, and the dashes of its line.
pub(super) const STYLES: [(RGBColor, &str); 10] = [
    (RGBColor(0x34, 0x78, 0xc6), ""),
    (RGBColor(0xe0, 0x78, 0x2d), "80 30"),
    (RGBColor(0x2f, 0x9e, 0x57), "25 18"),
    (RGBColor(0xd0, 0x41, 0x4a), "110 30 20 30"),
    (RGBColor(0x8c, 0x63, 0xc2), "45 25"),
    (RGBColor(0x96, 0x69, 0x4c), "110 30 20 30 20 30"),
    (RGBColor(0xd6, 0x67, 0xad), "150 40"),
    (RGBColor(0x80, 0x84, 0x88), "20 50"),
    (RGBColor(0xaa, 0xa0, 0x23), "80 30 45 30"),
    (RGBColor(0x1b, 0xa7, 0xb5), "45 50"),
];

pub(super) fn line(colour: RGBAColor, width: f64) -> ShapeStyle {
    colour.stroke_width((width * f64::from(UNITS)) as u32)
}

/// The font for text of this size in pixels.
pub(super) fn font(pixels: f64) -> TextStyle<'static> {
    sized(pixels, INK)
}

/// The font for text of this size in pixels, in a colour. `plotters` divides the size by 1.24.
pub(super) fn sized(pixels: f64, colour: RGBColor) -> TextStyle<'static> {
    ("sans-serif", pixels * 1.24 * f64::from(UNITS)).with_color(colour).into_text_style(&(1, 1))
}

/// Gives each line its dashes, and takes out what SVG assumes anyway: a third of the text.
pub(super) fn tidy(svg: &str) -> String {
    let dashed = |line: &str| {
        let style = STYLES.iter().find(|(RGBColor(r, g, b), dashes)| {
            !dashes.is_empty() && line.starts_with("<polyline") && line.contains(&format!("#{r:02X}{g:02X}{b:02X}"))
        });
        match style {
            Some((_, dashes)) => line.replacen("<polyline", &format!("<polyline stroke-dasharray=\"{dashes}\""), 1),
            None => line.replacen("stroke=\"#010204\"", "stroke=\"currentColor\" stroke-dasharray=\"40 30\"", 1),
        }
    };
    // Text stands on a line of its own.
    let joined = svg.lines().map(|line| if line.starts_with("<text") { dashed(line) } else { dashed(line) + "\n" });
    let assumed = [" opacity=\"1\"", " font-family=\"sans-serif\"", " stroke=\"none\" stroke-width=\"1\""];
    let svg = assumed.iter().fold(joined.collect::<String>(), |svg, words| svg.replace(words, ""));
    svg.replace("\n</text>", "</text>").replace("#010203", "currentColor")
}
