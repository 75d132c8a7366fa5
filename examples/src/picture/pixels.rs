//! Small images in a grid, drawn pixel by pixel.

use super::Svg;
use autodiff::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write;

/// How the value of a pixel becomes a colour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ink {
    /// The opacity of the text colour, from 0 to 1.
    Amount,
    /// Signed values, such as weights: orange for positive, blue for negative. Each image is scaled by its largest
    /// absolute value.
    Sign,
}

/// The number of opacity levels. The pixels of a level form one path, which is far shorter than a rectangle per pixel.
const LEVELS: f64 = 16.0;

/// Draws strips of images below each other, with their names at the left. A strip holds images \[n, side²\].
pub fn grid(strips: &[(&str, Tensor<f32>)], ink: Ink, label: &str) -> String {
    let columns = strips.iter().map(|(_, images)| images.shape()[0]).max().unwrap_or(0);
    let side = strips.first().map_or(1, |(_, images)| images.shape()[1].isqrt());
    let margin = if strips.iter().any(|(name, _)| !name.is_empty()) { 86.0 } else { 0.0 };
    let gap = 1.0;
    let pitch = side as f64 + gap;
    let scale = ((420.0 - margin) / (columns as f64 * pitch)).min(6.0);
    let mut svg = Svg::new(margin + scale * columns as f64 * pitch, scale * strips.len() as f64 * pitch);
    for (row, (name, images)) in strips.iter().enumerate() {
        let top = row as f64 * scale * pitch;
        svg.text([0.0, top + 0.5 * scale * pitch + 4.0], "start", 12.5, name);
        for i in 0..images.shape()[0] {
            let left = margin + i as f64 * scale * pitch;
            svg.raw(&format!("<g transform='translate({left:.1} {top:.1}) scale({scale:.3})'>"));
            svg.raw(&image(&images.index_axis(0, i).to_vec(), side, ink));
            svg.raw("</g>");
        }
    }
    svg.finish(label)
}

fn image(pixels: &[f32], side: usize, ink: Ink) -> String {
    let largest = pixels.iter().fold(1e-12f32, |largest, p| largest.max(p.abs()));
    let unit = if ink == Ink::Sign { largest } else { 1.0 };
    let mut paths: BTreeMap<(bool, u8), String> = BTreeMap::new();
    for (i, pixel) in pixels.iter().enumerate() {
        let level = (f64::from(pixel.abs() / unit).min(1.0) * LEVELS).round() as u8;
        let negative = *pixel < 0.0;
        if level > 0 && (ink == Ink::Sign || !negative) {
            let path = paths.entry((negative, level)).or_default();
            write!(path, "M{} {}h1v1h-1z", i % side, i / side).expect("a write to a String succeeds");
        }
    }
    let frame = format!("<rect width='{side}' height='{side}' fill='currentColor' fill-opacity='.05'/>");
    let paths = paths.iter().map(|((negative, level), path)| {
        let colour = match (ink, negative) {
            (Ink::Amount, _) => "currentColor",
            (Ink::Sign, false) => "#d9632a",
            (Ink::Sign, true) => "#3478c6",
        };
        let opacity = f64::from(*level) / LEVELS;
        format!("<path d='{path}' fill='{colour}' fill-opacity='{opacity:.2}' shape-rendering='crispEdges'/>")
    });
    std::iter::once(frame).chain(paths).collect()
}
