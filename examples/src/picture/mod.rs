//! Pictures for a web page: charts as SVG, images of pixels as PNG.
//!
//! They follow the page's light or dark scheme. They are about as wide as the screen of a phone, so that their text stays
//! readable there.

mod chart;
mod label;
mod pixels;
mod ratios;
mod style;
mod words;

pub use chart::{Chart, Mark, Series};
pub use pixels::{Ink, grid};
pub use ratios::Ratios;
