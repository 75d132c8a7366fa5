//! Rosenblatt's perceptron learns by w ← w + t·x with t = ±1, on each sample with t·(w·x + b) ≤ 0. It learns exactly
//! the linearly separable functions.
//!
//! The example counts the Boolean functions that it learns, shows that it cannot learn XOR, and classifies the digits.

use autodiff::prelude::*;
use nn::data::Digits;
use nn::metrics::accuracy;
use nn::perceptron::{Outcome, pocket, train, train_classes};
use rand::{SeedableRng, rngs::StdRng};

fn main() {
    for (inputs, expected) in [(2, 14), (3, 104)] {
        let functions = 1usize << (1 << inputs);
        let learned = (0..functions).filter(|&code| learns(inputs, code)).count();
        println!("Of the {functions} Boolean functions of {inputs} inputs, the perceptron learns {learned}.");
        assert_eq!(learned, expected);
    }

    let x = Tensor::from([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
    let (and, xor) = (Tensor::from([0, 0, 0, 1]), Tensor::from([0, 1, 1, 0]));
    println!("\nAND: {}", train(&x, &and, 100));
    println!("XOR: {}", train(&x, &xor, 100));
    let best = pocket(&x, &xor, 1000, &mut StdRng::seed_from_u64(0));
    println!("XOR by the pocket algorithm: {} of 4 correct, the most that a perceptron can reach", best.right);
    assert_eq!(best.right, 3);

    let Digits { train: training, test } = Digits::<f64>::load();
    let report = train_classes(&training.x, &training.labels, 10, 30);
    let accuracy = accuracy(&report.layer.forward(&test.x), &test.labels);
    println!("\nDigits, one weighted sum per class. Mistakes in each epoch: {:?}", report.mistakes);
    println!("Test accuracy: {accuracy:.3}");
    assert!(accuracy > 0.9);
}

/// Whether the perceptron learns the Boolean function whose output for input `row` is bit `row` of `code`.
fn learns(inputs: usize, code: usize) -> bool {
    let rows = 1 << inputs;
    let x: Tensor<f64> = Tensor::from_fn([rows, inputs], |i| (i[0] >> i[1] & 1) as f64);
    let labels: Vec<usize> = (0..rows).map(|row| code >> row & 1).collect();
    let report = train(&x, &labels.into(), 1000);
    assert_ne!(report.outcome, Outcome::OutOfEpochs);
    report.outcome == Outcome::Separated
}
