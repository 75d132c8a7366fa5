//! A linear probe: how well a linear model tells the classes from a code.

use crate::data::{Samples, Scaling, check_finite, check_samples};
use crate::loss;
use crate::network::Linear;
use crate::optim::{Adam, Optimizer, schedule::cosine};
use autodiff::prelude::*;

/// The number of full-batch steps, after which the accuracy no longer changes.
const STEPS: usize = 300;

/// λ of λ·‖W‖²/n; 0.5 is the default of scikit-learn, C = 1.
const DECAY: f64 = 0.5;

/// The accuracy on `test` of logistic regression trained on `train`. The samples are codes, \[n, code\].
///
/// The codes are [standardised](Scaling::standard) as the training codes are. The loss is the cross-entropy plus
/// ‖W‖²/(2n); training takes 300 full-batch steps of Adam from W = 0. There is no randomness. The classes are the labels
/// that occur; a class that occurs in `test` only is never the answer.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::data::Samples;
/// let x = Tensor::from([[0.0, 3.0], [1.0, -3.0], [0.5, 3.1], [0.1, -2.5]]);
/// let samples = Samples { x, labels: Tensor::from([0, 1, 0, 1]) };
/// assert_eq!(nn::probe_accuracy(&samples, &samples), 1.0);
/// ```
///
/// # Panics
/// Panics if there are no training or no test samples, if the codes have different sizes, if the number of labels is not
/// that of codes, or if a code is not finite.
#[track_caller]
pub fn probe_accuracy<T: Element>(train: &Samples<T>, test: &Samples<T>) -> f64 {
    check_samples("probe_accuracy", train);
    check_samples("probe_accuracy", test);
    let (code, given) = (train.x.shape(), test.x.shape());
    let fits = code.rank() == 2 && given.rank() == 2 && code[1] == given[1];
    assert!(fits, "probe_accuracy: training codes {code}, test codes {given}: [n, code] and [m, code] are needed");
    check_finite("probe_accuracy", &test.x);
    let scaling = Scaling::standard_as("probe_accuracy", &train.x);
    let (x, n) = (scaling.apply(&train.x), train.len() as f64);
    // The labels by their rank, so that the number of weights does not depend on their size.
    let mut classes = train.labels.to_vec();
    classes.sort_unstable();
    classes.dedup();
    let labels = train.labels.map(|label| classes.binary_search(label).expect("a label of the training samples"));
    let count = classes.len();
    let mut model = Linear { weight: Tensor::zeros([count, code[1]]), bias: Tensor::zeros([count]) };
    let mut adam = Adam::new(0.0);
    let mut tape = Tape::new();
    for step in 0..STEPS {
        adam.set_rate(cosine(0.05, step as f64 / STEPS as f64));
        let (_, gradient) = tape.value_and_grad_tree(&model, |_, model| {
            let decay = model.weight.square().sum() * (DECAY / n);
            loss::cross_entropy(&model.forward(&x), &labels) + decay
        });
        adam.step(&mut model, &gradient);
    }
    let answers = model.forward(scaling.apply(&test.x)).argmax(-1);
    let right = answers.iter().zip(test.labels.iter()).filter(|&(answer, label)| classes[answer] == label).count();
    right as f64 / test.len() as f64
}
