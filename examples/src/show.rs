//! Images of digits, printed as text.

use autodiff::prelude::*;

/// Prints images of 8×8 pixels side by side. `images` has shape \[n, 64\] and values in \[0, 1\].
pub fn show(images: &Tensor<f32>) {
    const SHADES: [&str; 5] = ["  ", "░░", "▒▒", "▓▓", "██"];
    for row in 0..8 {
        let line = |i| {
            (0..8).map(move |column| SHADES[(images[[i, 8 * row + column]] * 4.0).round().clamp(0.0, 4.0) as usize])
        };
        let rows: Vec<String> = (0..images.shape()[0]).map(|i| line(i).collect()).collect();
        println!("  {}", rows.join("  "));
    }
}
