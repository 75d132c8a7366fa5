//! Denoising autoencoders reconstruct an image x from a corrupted x̃, by minimising the cross-entropy of x and r(x̃).
//!
//! The example trains one for each of three kinds of corruption and compares the errors before and after.

use autodiff::prelude::*;
use examples::models::{Setting, denoising};
use examples::show;
use nn::autoencoder::denoising::Corruption;
use nn::data::Digits;

fn main() {
    let (digits, setting) = (Digits::load(), Setting::from_args());
    println!("Digits; {}.", Digits::SPLIT);
    println!("Squared errors are summed over pixels and averaged over the test images.");
    let kinds =
        [(Corruption::Gaussian(0.3), 1.18), (Corruption::Masking(0.25), 1.30), (Corruption::SaltAndPepper(0.25), 1.90)];
    for (corruption, bound) in kinds {
        let trained = denoising::train(&digits, corruption, setting);
        println!(
            "\n{corruption:?}: squared error {:.3} corrupted, {:.3} denoised",
            trained.noisy_sq, trained.denoised_sq
        );
        show(&trained.noisy.slice(0, 0, 5));
        show(&trained.denoised.slice(0, 0, 5));
        assert!(trained.denoised_sq < trained.noisy_sq, "{corruption:?}");
        assert!(trained.denoised_sq <= bound || !setting.is_full(), "{corruption:?}: the error exceeds {bound}");
    }
}
