//! Pictures as SVG, to stand in a page: charts, images of pixels, graphs.
//!
//! They are drawn in `currentColor`, so that they follow the page's light or dark scheme, and about as wide as a
//! phone's screen, so that their text can be read there.

mod chart;
mod graph;
mod pixels;
mod scale;
mod svg;

pub use chart::{Chart, Mark, Series};
pub use graph::tape_graph;
pub use pixels::{Ink, grid};
pub use svg::{Svg, escape};

/// A colour for each class or series, told apart on light and on dark ground.
pub const COLOURS: [&str; 10] =
    ["#3478c6", "#e0782d", "#2f9e57", "#d0414a", "#8c63c2", "#96694c", "#d667ad", "#808488", "#aaa023", "#1ba7b5"];
