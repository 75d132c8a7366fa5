//! Pictures as SVG for a web page: charts, pixel images and graphs.
//!
//! They use `currentColor`, so that they follow the page's light or dark scheme. They are about as wide as the screen
//! of a phone, so that their text stays readable there.

mod chart;
mod graph;
mod pixels;
mod scale;
mod svg;

pub use chart::{Chart, Mark, Series};
pub use graph::tape_graph;
pub use pixels::{Ink, grid};
pub use svg::{Svg, escape};

/// A colour for each class or series, distinguishable on light and dark backgrounds.
pub const COLOURS: [&str; 10] =
    ["#3478c6", "#e0782d", "#2f9e57", "#d0414a", "#8c63c2", "#96694c", "#d667ad", "#808488", "#aaa023", "#1ba7b5"];
