//! Denoising autoencoders: three kinds of corruption, and what is left of each.

use autodiff::prelude::*;
use examples::models::{Setting, denoising};
use examples::show;
use nn::autoencoder::denoising::Corruption;
use nn::data::Digits;

fn main() {
    let (digits, setting) = (Digits::load(), Setting::from_args());
    println!("Digits. Split: {}. Squared error, summed over pixels, mean over test images.", Digits::SPLIT);
    let kinds =
        [(Corruption::Gaussian(0.3), 1.18), (Corruption::Masking(0.25), 1.30), (Corruption::SaltAndPepper(0.25), 1.90)];
    for (corruption, wanted) in kinds {
        let trained = denoising::train(&digits, corruption, setting);
        println!("\n{corruption:?}: {:.3} noisy, {:.3} denoised", trained.noisy_sq, trained.denoised_sq);
        show(&trained.noisy.slice(0, 0, 5));
        show(&trained.denoised.slice(0, 0, 5));
        assert!(trained.denoised_sq < trained.noisy_sq, "{corruption:?}");
        assert!(trained.denoised_sq <= wanted || !setting.is_full(), "{corruption:?}: more than {wanted}");
    }
}
