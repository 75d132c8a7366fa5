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

/// The images side by side, one pixel apart, as the address of a PNG image.
fn strip(images: &Tensor<f32>, side: usize, ink: Ink) -> String {
    let count = images.shape()[0];
    let pitch = side + 1;
    let mut pixels = vec![0; 4 * count * pitch * pitch];
    for i in 0..count {
        let image = images.index_axis(0, i).to_vec();
        let largest = image.iter().fold(1e-12f32, |largest, p| largest.max(p.abs()));
        let unit = if ink == Ink::Sign { largest } else { 1.0 };
        for (j, value) in image.iter().enumerate() {
            let place = (j / side) * count * pitch + i * pitch + j % side;
            pixels[4 * place..][..4].copy_from_slice(&colour(value / unit, ink));
        }
    }
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, (count * pitch) as u32, pitch as u32);
    encoder.set_color(png::ColorType::Rgba);
    let writer = encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels));
    writer.expect("a Vec takes any image");
    format!("data:image/png;base64,{}", BASE64_STANDARD.encode(file))
}

/// Red, green, blue and opacity. The page inverts black if its scheme is dark.
fn colour(value: f32, ink: Ink) -> [u8; 4] {
    let opacity = value.abs().min(1.0);
    let [red, green, blue] = match ink {
        Ink::Amount => [0; 3],
        Ink::Sign if opacity < FRAME => [0x80; 3],
        Ink::Sign if value > 0.0 => [0xd9, 0x63, 0x2a],
        Ink::Sign => [0x34, 0x78, 0xc6],
    };
    let opacity = if ink == Ink::Amount && value < 0.0 { 0.0 } else { opacity };
    [red, green, blue, (opacity.max(FRAME) * 255.0).round() as u8]
}
