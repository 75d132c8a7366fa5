//! A stacked autoencoder h = f²(W² f¹(W¹ x)) is pre-trained layer by layer without labels, then fine-tuned with few
//! labels.
//!
//! The example compares the resulting classifier with the same network trained from random weights.

use examples::models::{Setting, stacked};
use nn::EncoderDecoder;
use nn::data::Digits;

fn main() {
    let (digits, setting) = (Digits::load(), Setting::from_args());
    println!("Digits; {}.", Digits::SPLIT);
    println!("Stack 64-128-64, pre-trained on masked inputs, then a layer of 10 classes.");
    let trained = stacked::train(&digits, setting);
    println!("Test accuracy with {} labels, averaged over 5 subsets:", trained.labelled);
    println!("  {:.4} after pre-training on {} images", trained.test_accuracy, digits.train.len());
    println!("  {:.4} from random weights", trained.from_scratch);
    assert_eq!(trained.autoencoder.encode(&digits.test.x).shape()[1], 64);
    assert!(trained.test_accuracy > trained.from_scratch || !setting.is_full(), "pre-training raises the accuracy");
}
