//! A linear autoencoder r(x) = W₂W₁x learns the span of the first principal components; a deep one has a smaller error.
//!
//! The loss is the squared error ‖r(x) − x‖².

use autodiff::prelude::*;
use examples::models::{Setting, autoencoder};
use examples::show;
use nn::EncoderDecoder;
use nn::data::Digits;

/// The squared errors of principal component analysis, with 8 and with 2 components.
const PCA: [f64; 2] = [1.5735, 3.285];

fn main() {
    let (digits, setting) = (Digits::load(), Setting::from_args());
    println!("Digits; {}.", Digits::SPLIT);
    println!("Squared errors are summed over pixels and averaged over the test images.");
    let linear = autoencoder::linear(&digits, setting);
    println!("linear 64-8-64            {:.4}   8 principal components: {}", linear.test_sq, PCA[0]);
    let deep = autoencoder::deep(&digits, setting);
    println!("tanh 64-64-8-64-64        {:.4}", deep.test_sq);
    let plane = autoencoder::plane(&digits, setting);
    println!("tanh 64-64-2-64-64        {:.4}   2 principal components: {}", plane.test_sq, PCA[1]);
    println!("Five test images, and their reconstructions from 8 code units (tanh 64-64-8-64-64):");
    let x = digits.test.x.slice(0, 0, 5);
    show(&x);
    show(&deep.model.forward(&x));
    if setting.is_full() {
        assert!(linear.test_sq <= 1.62 && linear.test_sq >= PCA[0], "a linear code cannot beat principal components");
        assert!(deep.test_sq <= 1.00 && plane.test_sq <= 2.70, "a deep code beats principal components");
    }
    assert!(deep.curves.train.last() < deep.curves.train.first(), "training reduces the loss");
}
