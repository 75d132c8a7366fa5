//! The basic autoencoder: linear, it does what principal components do; deep, it does better.

use autodiff::prelude::*;
use examples::models::{Setting, autoencoder};
use examples::show;
use nn::EncoderDecoder;
use nn::data::Digits;

/// The squared errors of principal component analysis with 8 and with 2 components.
const PCA: [f64; 2] = [1.5735, 3.285];

fn main() {
    let (digits, setting) = (Digits::load(), Setting::from_args());
    println!("Digits. Split: {}. Squared error, summed over pixels, mean over test images.", Digits::SPLIT);
    let linear = autoencoder::linear_8(&digits, setting);
    println!("linear 64-8-64            {:.4}   principal components: {}", linear.test_sq, PCA[0]);
    let deep = autoencoder::deep_8(&digits, setting);
    println!("tanh 64-64-8-64-64        {:.4}", deep.test_sq);
    let plane = autoencoder::deep_2(&digits, setting);
    println!("tanh 64-64-2-64-64        {:.4}   principal components: {}", plane.test_sq, PCA[1]);
    println!("Five images, and what the code of 8 numbers keeps of them:");
    let x = digits.test.x.slice(0, 0, 5);
    show(&x);
    show(&deep.model.forward(&x));
    if setting.is_full() {
        assert!(linear.test_sq <= 1.62 && linear.test_sq >= PCA[0], "a linear code cannot beat principal components");
        assert!(deep.test_sq <= 1.00 && plane.test_sq <= 2.70, "deep codes can");
    }
    assert!(deep.history.last() < deep.history.first(), "the loss falls");
}
