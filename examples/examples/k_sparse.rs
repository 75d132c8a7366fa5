//! The k-sparse autoencoder: exactly 16 of 128 units are active for each image.

use examples::models::{Setting, k_sparse};
use nn::autoencoder::k_sparse::Selection;
use nn::data::Digits;
use nn::metrics;

fn main() {
    let (digits, setting) = (Digits::load(), Setting::from_args());
    println!("Digits. Split: {}.", Digits::SPLIT);
    let trained = k_sparse::train(&digits, 16, setting);
    println!("64-128 tied, k = 16: squared error {:.4} on test images", trained.test_sq);
    println!("  active units of an image: {} to {}", trained.active[0], trained.active[1]);
    println!("  units that no training image uses: {}", trained.dead);
    println!("  accuracy of logistic regression on the codes: {:.4}", trained.probe_accuracy);
    println!("Other k on the same weights:");
    let x = &digits.test.x;
    for k in [4, 8, 16, 20, 24] {
        let error = metrics::squared_error(&trained.model.forward(x, k, Selection::Sorting), x);
        println!("  k = {k:2}: {error:.4}");
    }
    let by = |selection| trained.model.encode(x, 16, selection);
    assert_eq!(by(Selection::Sorting), by(Selection::Thresholds), "sorting and thresholds select the same units");
    assert_eq!(trained.active, [16, 16]);
    if setting.is_full() {
        assert!(trained.test_sq <= 0.40 && trained.probe_accuracy >= 0.965);
    }
}
