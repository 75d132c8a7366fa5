//! The k-sparse autoencoder keeps the k largest code units and sets the others to 0: h = topₖ(Wx + b), r(x) = Wᵀh + c.
//!
//! Here k = 16 of 128 units are active for each image.

use examples::models::{Setting, k_sparse};
use nn::autoencoder::k_sparse::Selection;
use nn::data::Digits;
use nn::metrics;

fn main() {
    let (digits, setting) = (Digits::load(), Setting::from_args());
    println!("Digits; {}.", Digits::SPLIT);
    let trained = k_sparse::train(&digits, 16, setting);
    println!("Autoencoder 64-128 with tied weights, k = 16: squared error {:.4} on the test images", trained.test_sq);
    println!("  active units per image: {} to {}", trained.active[0], trained.active[1]);
    println!("  dead units, which are 0 for every training image: {}", trained.dead);
    println!("  test accuracy of logistic regression on the codes: {:.4}", trained.probe_accuracy);
    println!("Squared error of the same weights with other k:");
    let x = &digits.test.x;
    for k in [4, 8, 16, 20, 24] {
        let error = metrics::squared_error(&trained.model.forward(x, k, Selection::Sorting), x);
        println!("  k = {k:2}: {error:.4}");
    }
    let encode = |selection| trained.model.encode(x, 16, selection);
    assert_eq!(
        encode(Selection::Sorting),
        encode(Selection::Thresholds),
        "sorting and thresholds select the same units"
    );
    assert_eq!(trained.active, [16, 16]);
    if setting.is_full() {
        assert!(trained.test_sq <= 0.40 && trained.probe_accuracy >= 0.965);
    }
}
