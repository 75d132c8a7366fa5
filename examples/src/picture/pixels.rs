//! Small images in strips, as PNG.

use autodiff::prelude::*;
use base64::{Engine, prelude::BASE64_STANDARD};
use maud::html;

/// How the value of a pixel becomes a colour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ink {
    /// The opacity of the text colour, from 0 to 1.
    Amount,
    /// Signed values, such as weights: orange for positive, blue for negative. Each image is scaled by its largest
    /// absolute value.
    Sign,
}

/// The width of a picture, and the largest width of a pixel of an image, in pixels of the page.
const WIDTH: f64 = 420.0;
const LARGEST: f64 = 6.0;
/// The width of the column of names.
const NAMES: f64 = 86.0;
/// The opacity of the background of an image.
const FRAME: f32 = 0.05;

/// Draws strips of images below each other, with their names at the left. A strip holds images \[n, side²\].
pub fn grid(strips: &[(&str, Tensor<f32>)], ink: Ink, label: &str) -> String {
    let named = strips.iter().any(|(name, _)| !name.is_empty());
    let [widest, side] = strips.first().map_or([1, 1], |(_, images)| [images.shape()[0], images.shape()[1].isqrt()]);
    let widest = strips.iter().map(|(_, images)| images.shape()[0]).fold(widest, usize::max);
    let scale = ((WIDTH - if named { NAMES } else { 0.0 }) / (widest * (side + 1)) as f64).min(LARGEST);
    let picture = html! {
        div.strips.named[named].amount[ink == Ink::Amount] role="img" aria-label=(label) {
            @for (name, images) in strips {
                @if named { span { (name) } }
                @let width = scale * (images.shape()[0] * (side + 1)) as f64;
                img width=(format!("{width:.1}")) alt="" src=(strip(images, side, ink));
            }
        }
    };
    picture.into_string()
}

/// The images side by side, one pixel apart, as the address of a PNG image with a palette.
fn strip(images: &Tensor<f32>, side: usize, ink: Ink) -> String {
    let count = images.shape()[0];
    let pitch = side + 1;
    let mut pixels = vec![CLEAR; count * pitch * pitch];
    for i in 0..count {
        let image = images.index_axis(0, i).to_vec();
        let largest = image.iter().fold(1e-12f32, |largest, p| largest.max(p.abs()));
        let unit = if ink == Ink::Sign { largest } else { 1.0 };
        for (j, value) in image.iter().enumerate() {
            pixels[(j / side) * count * pitch + i * pitch + j % side] = index(value / unit, ink);
        }
    }
    let palette: Vec<[u8; 4]> = (0..=CLEAR).map(|index| colour(index, ink)).collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, (count * pitch) as u32, pitch as u32);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_compression(png::Compression::High);
    encoder.set_palette(palette.iter().flat_map(|c| [c[0], c[1], c[2]]).collect::<Vec<_>>());
    encoder.set_trns(palette.iter().map(|c| c[3]).collect::<Vec<_>>());
    let writer = encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels));
    writer.expect("a Vec takes any image");
    format!("data:image/png;base64,{}", BASE64_STANDARD.encode(file))
}

/// The levels of an absolute value above 0, and the index of no pixel at all in the palette.
const LEVELS: u8 = 15;
const CLEAR: u8 = 2 * LEVELS + 1;

/// The place of a value in the palette: negative values, 0, positive values.
fn index(value: f32, ink: Ink) -> u8 {
    let lowest = if ink == Ink::Amount { 0.0 } else { -1.0 };
    (f32::from(LEVELS) * (1.0 + value.clamp(lowest, 1.0))).round() as u8
}

/// Red, green, blue and opacity of a place in the palette. The page inverts black if its scheme is dark.
fn colour(index: u8, ink: Ink) -> [u8; 4] {
    let opacity = f32::from(index.abs_diff(LEVELS)) / f32::from(LEVELS);
    let [red, green, blue] = match ink {
        Ink::Amount => [0; 3],
        Ink::Sign if opacity < FRAME => [0x80; 3],
        Ink::Sign if index > LEVELS => [0xd9, 0x63, 0x2a],
        Ink::Sign => [0x34, 0x78, 0xc6],
    };
    let opacity = if index == CLEAR { 0.0 } else { opacity.max(FRAME) };
    [red, green, blue, (opacity * 255.0).round() as u8]
}

#[cfg(test)]
mod tests {
    use super::{Ink, LEVELS, colour, index};

    #[test]
    fn values_become_inks() {
        let [black, clear] = [1.0, -3.0].map(|value| colour(index(value, Ink::Amount), Ink::Amount));
        assert_eq!((black, clear[3]), ([0, 0, 0, 255], 13));
        let [orange, blue] = [1.0, -1.0].map(|value| colour(index(value, Ink::Sign), Ink::Sign));
        assert!(orange[0] > orange[2] && blue[2] > blue[0] && orange[3] == 255 && blue[3] == 255);
        assert_eq!(index(0.0, Ink::Sign), LEVELS);
    }
}
