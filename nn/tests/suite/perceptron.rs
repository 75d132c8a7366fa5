//! The perceptron: counts of learnable functions, the bound of its mistakes, and the proof that no plane exists.

use autodiff::prelude::*;
use nn::data::Digits;
use nn::metrics::accuracy;
use nn::perceptron::{Outcome, Report, pocket, train, train_classes};
use rand::{SeedableRng, rngs::StdRng};

/// All inputs of n bits.
fn bits(n: usize) -> Tensor<f64> {
    Tensor::from_fn([1 << n, n], |i| (i[0] >> (n - 1 - i[1]) & 1) as f64)
}

/// The result of learning each of the 2^(2ⁿ) Boolean functions of n inputs.
fn all_functions(n: usize) -> Vec<(Tensor<usize>, Report<f64>)> {
    let x = bits(n);
    let functions = (0..1usize << (1 << n)).map(|code| (0..1 << n).map(|row| code >> row & 1).collect::<Vec<_>>());
    functions.map(|labels| (labels.clone().into(), train(&x, &labels.into(), 1000))).collect()
}

/// All functions of 2 inputs but XOR and its negation are linearly separable, and 104 of 3 inputs (Muroga 1971).
#[test]
fn perceptron_learns_exactly_the_separable_functions() {
    for (n, expected) in [(2, 14), (3, 104)] {
        let learned = all_functions(n);
        let separated = learned.iter().filter(|(_, report)| report.outcome == Outcome::Separated).count();
        assert_eq!(separated, expected, "of {n} inputs");
        for (labels, report) in learned {
            check(&bits(n), &labels, &report);
        }
    }
}

/// Either all samples are classified correctly within the bound, or the proof of inseparability holds.
fn check(x: &Tensor<f64>, labels: &Tensor<usize>, report: &Report<f64>) {
    match &report.outcome {
        Outcome::Separated => {
            let right = report.neuron.forward(x).iter().zip(labels.iter()).all(|(y, label)| y == label as f64);
            assert!(right && report.mistakes.last() == Some(&0));
            assert!(report.total_mistakes() as f64 <= report.bound.expect("a plane was found"));
        }
        Outcome::Inseparable(counts) => {
            let times = |i: usize| counts[i] as f64 * if labels[[i]] == 1 { 1.0 } else { -1.0 };
            let times = Tensor::from_fn([counts.len()], |i| times(i[0]));
            assert_eq!(times.matmul(x), Tensor::zeros([x.shape()[1]]));
            assert_eq!(times.sum().item(), 0.0);
            assert!(counts.iter().sum::<u64>() > 0 && report.bound.is_none());
        }
        Outcome::OutOfEpochs => panic!("{labels}: undecided"),
    }
}

#[test]
fn report_on_xor_explains_why_it_fails() {
    let report = train(&bits(2), &Tensor::from([0, 1, 1, 0]), 1000);
    let said = report.to_string();
    assert!(said.contains("no plane separates the classes: (0, 0) + (1, 1) = (0, 1) + (1, 0)"), "{said}");
}

#[test]
fn known_margin_bounds_the_mistakes() {
    let rng = &mut StdRng::seed_from_u64(0);
    let all = Tensor::<f64>::uniform([400, 2], -1.0, 1.0, rng);
    let u = &all.index_axis(1, 0) + &all.index_axis(1, 1);
    let clear: Vec<usize> = (0..400).filter(|&i| u[[i]].abs() > 0.1).collect();
    let labels: Vec<usize> = clear.iter().map(|&i| usize::from(u[[i]] > 0.0)).collect();
    let x = all.take(0, &clear);
    let report = train(&x, &labels.clone().into(), 1000);
    check(&x, &labels.into(), &report);
    // R² ≤ 1 + 1 + 1 with the bias; the margin of the plane x₁ + x₂ = 0 is above 0.1/√2.
    assert!(report.total_mistakes() as f64 <= 3.0 / (0.1f64.powi(2) / 2.0));
}

#[test]
fn training_without_enough_epochs_is_undecided() {
    let report = train(&bits(2), &Tensor::from([0, 0, 0, 1]), 2);
    assert_eq!(report.outcome, Outcome::OutOfEpochs);
    assert_eq!(report.mistakes.len(), 2);
}

/// The best that a plane can do is 3 of 4 on XOR and 6 of 8 on parity.
#[test]
fn pocket_keeps_the_best_weights() {
    for (n, best) in [(2, 3), (3, 6)] {
        let parity: Vec<usize> = (0..1usize << n).map(|row| row.count_ones() as usize % 2).collect();
        let kept = pocket(&bits(n), &parity.clone().into(), 3000, &mut StdRng::seed_from_u64(0));
        assert_eq!(kept.right, best);
        let y = kept.neuron.forward(bits(n));
        assert_eq!(y.iter().zip(&parity).filter(|(y, label)| *y == **label as f64).count(), best);
    }
}

#[test]
fn classes_are_separated_by_the_largest_sum() {
    let Digits { train: shown, test } = Digits::<f64>::load();
    let report = train_classes(&shown.x, &shown.labels, 10, 60);
    assert!(report.mistakes[report.mistakes.len() - 1] < report.mistakes[0] / 5, "{:?}", report.mistakes);
    assert!(accuracy(&report.layer.forward(&test.x), &test.labels) > 0.9);

    let corners = Tensor::from([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]]);
    let report = train_classes(&corners, &Tensor::from([0, 1, 2]), 3, 100);
    assert!(report.separated());
    assert_eq!(report.layer.forward(&corners).argmax(-1), Tensor::from([0, 1, 2]));
}

#[test]
#[should_panic(expected = "train: inputs [4, 2], labels [3]: [n, in] and [n] with n > 0 are needed")]
fn number_of_labels_must_match_the_rows() {
    train(&bits(2), &Tensor::from([0, 1, 1]), 1);
}

/// Products of such numbers overflow, and their sums are NaN. Neither is a proof of anything.
#[test]
fn huge_inputs_do_not_pass_for_separated() {
    let x = Tensor::from([[1e200, 1e200], [-1e200, 1e200], [1e200, -1e200], [-1e200, -1e200]]);
    let xor = Tensor::from([0, 1, 1, 0]);
    assert_ne!(train(&x, &xor, 10).outcome, Outcome::Separated);
    assert!(!train_classes(&x, &xor, 2, 10).separated());
    let kept = pocket(&x, &xor, 1000, &mut StdRng::seed_from_u64(0));
    assert!(kept.right <= 3, "{}", kept.right);
}

/// The weight 2²⁴ + 1 is not a number of `f32`.
#[test]
fn plane_that_separates_in_double_precision_only_is_none() {
    let x = Tensor::<f64>::from([[16777216.0, 16777216.0], [1.0, -1.0], [0.0, 0.0]]);
    let labels = Tensor::from([0, 0, 1]);
    assert_eq!(train(&x, &labels, 100).outcome, Outcome::Separated);
    assert_eq!(train(&x.map(|&x| x as f32), &labels, 100).outcome, Outcome::OutOfEpochs);
}

/// The classes are separable, but the weights return to earlier ones by rounding.
#[test]
fn cycle_by_rounding_is_no_proof() {
    let x = Tensor::from([[6.0], [0.3], [0.3000000000000001]]);
    let report = train(&x, &Tensor::from([0, 1, 0]), 1000);
    assert!(matches!(report.outcome, Outcome::OutOfEpochs), "{report}");
}
