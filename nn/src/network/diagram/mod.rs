//! Diagrams as SVG text.

mod layers;
mod svg;

pub(crate) use layers::{Columns, Role};
pub(crate) use svg::{NEGATIVE, POSITIVE, Svg, index, largest, number, share, slots};
