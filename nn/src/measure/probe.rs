//! A linear probe: how well a linear model tells the classes from a code.

use super::metrics;
use crate::data::Samples;
use crate::loss;
use crate::network::Linear;
use crate::optim::{Adam, Optimizer, schedule::cosine};
use autodiff::prelude::*;

/// The number of full-batch steps, after which the accuracy no longer changes.
const STEPS: usize = 300;

/// λ of λ·‖W‖²/n; 0.5 is the default of scikit-learn, C = 1.
const DECAY: f64 = 0.5;

/// The largest number of classes.
const MAX_CLASSES: usize = 1 << 16;

/// The accuracy on `test` of logistic regression trained on `train`. The samples are codes, \[n, code\].
///
/// The codes are standardised by the mean and deviation of the training codes. The loss is the cross-entropy plus
/// ‖W‖²/(2n); training takes 300 full-batch steps of Adam from W = 0. There is no randomness.
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
/// Panics if there are no training samples, if the codes have different sizes, or if a training label is 65,536 or more:
/// the model has a row of weights for each class up to the largest label.
#[track_caller]
pub fn probe_accuracy<T: Element>(train: &Samples<T>, test: &Samples<T>) -> f64 {
    let (code, given) = (train.x.shape(), test.x.shape());
    let fits = !train.is_empty() && code.rank() == 2 && given.rank() == 2 && code[1] == given[1];
    assert!(fits, "probe_accuracy: training codes {code}, test codes {given}: [n, code] and [m, code] are needed");
    let (mean, std) = (train.x.mean_axis(0), train.x.std_axis(0, 0).shift(1e-8));
    let standard = |x: &Tensor<T>| (x - &mean) / &std;
    let (x, n) = (standard(&train.x), train.len() as f64);
    let largest = train.labels.iter().max().expect("there are samples");
    assert!(largest < MAX_CLASSES, "probe_accuracy: label {largest} is out of range for {MAX_CLASSES} classes");
    let classes = largest + 1;
    let mut model = Linear { weight: Tensor::zeros([classes, code[1]]), bias: Tensor::zeros([classes]) };
    let mut adam = Adam::new(&model, 0.0);
    let mut tape = Tape::new();
    for step in 0..STEPS {
        adam.rate = cosine(0.05, step as f64 / STEPS as f64);
        let (_, gradient) = tape.value_and_grad_tree(&model, |tape, model| {
            let decay = model.weight.square().sum().scale(DECAY / n);
            loss::cross_entropy(&model.forward(&tape.constant(x.clone())), &train.labels) + decay
        });
        adam.step(&mut model, &gradient);
    }
    metrics::accuracy(&model.forward(&standard(&test.x)), &test.labels)
}
