//! Denoising and contraction: a little noise adds to the reconstruction error what a contractive penalty would.

use examples::models::{Setting, autoencoder};
use nn::EncoderDecoder;
use nn::autoencoder::small_noise;
use nn::data::Digits;
use rand::{SeedableRng, rngs::StdRng};

fn main() {
    let (digits, setting) = (Digits::load(), Setting::from_args());
    println!("Digits. Split: {}. Deep autoencoder 64-64-8-64-64, tanh.", Digits::SPLIT);
    let model = autoencoder::deep_8(&digits, setting).model;
    println!("(E‖r(x + ε) − x‖² − ‖r(x) − x‖²)/σ², measured on test images, and ‖J‖² + (r − x)ᵀΔr, exact:");
    let measured = [0.5, 0.2, 0.1, 0.05, 0.02].map(|sigma| {
        let rng = &mut StdRng::seed_from_u64(setting.seed);
        let at = small_noise::measure(&digits.test.x, sigma, 50, rng, |x| {
            use autodiff::prelude::*;
            model.map(&mut |_, leaf| x.constant(leaf.clone())).forward(&x)
        });
        let exact = at.contraction + at.curvature;
        println!("  σ = {sigma:4}: {:6.3}   {:.3} + {:.3} = {exact:.3}", at.excess, at.contraction, at.curvature);
        (at.excess - exact).abs() / exact
    });
    assert!(measured[4] < measured[0] && measured[4] < 0.05, "they meet as σ falls: {measured:?}");
}
