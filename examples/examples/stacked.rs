//! Stacked autoencoders: layers learn from images without labels, and few labels then go further.

use examples::models::{Setting, stacked};
use nn::EncoderDecoder;
use nn::data::Digits;

fn main() {
    let (digits, setting) = (Digits::load(), Setting::from_args());
    println!("Digits. Split: {}. Stack 64-128-64, masked inputs, then a layer of 10 classes.", Digits::SPLIT);
    let trained = stacked::train(&digits, setting);
    println!("With {} labels, mean over 5 choices of these, the classifier is right on", trained.labelled);
    println!("  {:.4} of the test images, pre-trained on {} images", trained.test_accuracy, digits.train.len());
    println!("  {:.4} of the test images, from random weights", trained.from_scratch);
    assert_eq!(trained.autoencoder.encode(&digits.test.x).shape()[1], 64);
    assert!(trained.test_accuracy > trained.from_scratch || !setting.is_full(), "pre-training helps");
}
