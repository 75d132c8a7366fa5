//! Small input noise acts like a contractive penalty: as σ → 0, (E‖r(x + ε) − x‖² − ‖r(x) − x‖²)/σ² approaches
//! ‖J‖² + (r − x)ᵀΔr, where J = ∂r/∂x and ε is normal with standard deviation σ.
//!
//! The example measures the left side for several σ and computes the right side exactly, by nested differentiation.

use examples::models::{Setting, autoencoder};
use nn::EncoderDecoder;
use nn::autoencoder::small_noise;
use nn::data::Digits;
use rand::{SeedableRng, rngs::StdRng};

fn main() {
    let (digits, setting) = (Digits::load(), Setting::from_args());
    println!("Digits; {}.", Digits::SPLIT);
    println!("Autoencoder 64-64-8-64-64 with tanh units.");
    let model = autoencoder::deep(&digits, setting).model;
    println!("(E‖r(x + ε) − x‖² − ‖r(x) − x‖²)/σ² measured on the test images, and its limit ‖J‖² + (r − x)ᵀΔr:");
    let errors = [0.5, 0.2, 0.1, 0.05, 0.02].map(|sigma| {
        let rng = &mut StdRng::seed_from_u64(setting.seed);
        let noise = small_noise::measure(&digits.test.x, sigma, 50, rng, |x| x.constants(&model).forward(x));
        let exact = noise.contraction + noise.curvature;
        println!(
            "  σ = {sigma:4}: {:6.3}   {:.3} + {:.3} = {exact:.3}",
            noise.excess, noise.contraction, noise.curvature
        );
        (noise.excess - exact).abs() / exact
    });
    assert!(errors[4] < errors[0] && errors[4] < 0.05, "the relative errors do not fall with σ: {errors:?}");
}
