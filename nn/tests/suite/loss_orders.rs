//! Every public loss, penalty and noise in one table: its first and its second derivatives, by each of its values,
//! against central differences.

use autodiff::prelude::*;
use nn::{Neuron, Transfer, loss, noise, penalty};
use rand::{SeedableRng, rngs::StdRng};

type Function = for<'t> fn(&[Var<'t, Tensor<f64>>; 3]) -> Var<'t, Tensor<f64>>;

/// A loss of up to three values of shape \[2, 3\], and those of them that it is differentiated by. Kinks are far.
struct Row {
    name: &'static str,
    f: Function,
    by: &'static [usize],
    at: [Tensor<f64>; 3],
}

fn row(name: &'static str, by: &'static [usize], at: &[&Tensor<f64>], f: Function) -> Row {
    let value = |i: usize| at.get(i).copied().unwrap_or(at[0]).clone();
    Row { name, f, by, at: [value(0), value(1), value(2)] }
}

fn table() -> Vec<Row> {
    let y = &Tensor::from([[1.0, -2.0, 0.5], [0.3, 1.7, -1.1]]);
    let t = &Tensor::from([[0.2, 0.7, -0.4], [-1.5, 0.9, 2.0]]);
    let p = &Tensor::from([[0.2, 0.5, 0.3], [0.1, 0.8, 0.1]]);
    let signs = &Tensor::from([[1.0, -1.0, 1.0], [-1.0, 1.0, 1.0]]);
    let scales = &Tensor::from([[0.3, -0.8, 0.1], [-0.5, 1.2, 0.6]]);
    vec![
        row("batch_mean", &[0], &[y], |[y, ..]| loss::batch_mean(&y.sin())),
        row("squared_error", &[0, 1], &[y, t], |[y, t, _]| loss::squared_error(y, t)),
        row("mean_squared_error", &[0, 1], &[y, t], |[y, t, _]| loss::mean_squared_error(y, t)),
        row("absolute_error", &[0, 1], &[y, t], |[y, t, _]| loss::absolute_error(y, t)),
        row("huber", &[0, 1], &[y, t], |[y, t, _]| loss::huber(y, t, 1.0)),
        row("gaussian_nll", &[0, 1, 2], &[y, scales, t], |[y, s, t]| loss::gaussian_nll(y, s, t)),
        row("cosine_distance", &[0, 1], &[y, t], |[y, t, _]| loss::cosine_distance(y, t)),
        row("binary_cross_entropy", &[0, 1], &[y, p], |[y, p, _]| loss::binary_cross_entropy(y, p)),
        row("weighted_binary_cross_entropy", &[0, 1, 2], &[y, p, scales], |[y, p, s]| {
            loss::weighted_binary_cross_entropy(y, p, s)
        }),
        row("hinge", &[0], &[t, signs], |[y, t, _]| loss::hinge(y, t)),
        row("cross_entropy", &[0], &[y], |[y, ..]| loss::cross_entropy(y, &Tensor::from([2, 1]))),
        row("smoothed_cross_entropy", &[0], &[y], |[y, ..]| {
            loss::smoothed_cross_entropy(y, &Tensor::from([2, 1]), 0.2)
        }),
        row("soft_cross_entropy", &[0, 1], &[y, p], |[y, p, _]| loss::soft_cross_entropy(y, p)),
        row("kl_divergence", &[0, 1], &[p, y], |[p, y, _]| loss::kl_divergence(p, y)),
        row("kl_divergence_of_logits", &[0, 1], &[t, y], |[t, y, _]| loss::kl_divergence_of_logits(t, y)),
        row("penalty::l2", &[0, 1], &[y, t], |[y, t, _]| penalty::l2(&(*y, *t)).square()),
        row("penalty::l1", &[0, 1], &[y, t], |[y, t, _]| penalty::l1(&(*y, *t)).square()),
        row("noise::dropout", &[0], &[y], |[y, ..]| noise::dropout(y, 0.4, &mut StdRng::seed_from_u64(1)).exp().sum()),
        row("noise::gaussian", &[0], &[y], |[y, ..]| {
            noise::gaussian(y, 0.4, &mut StdRng::seed_from_u64(1)).exp().sum()
        }),
        row("a neuron", &[0, 1], &[y, t], |[y, t, _]| {
            let neuron = Neuron { weights: t.at(0, 0), bias: t.at(0, 1).at(0, 0), transfer: Transfer::Silu };
            neuron.forward(y).sum()
        }),
    ]
}

impl Row {
    fn at(&self, k: usize, x: &Tensor<f64>) -> [Tensor<f64>; 3] {
        let mut at = self.at.clone();
        at[k] = x.clone();
        at
    }

    fn value(&self, k: usize, x: &Tensor<f64>) -> f64 {
        let tape = Tape::new();
        (self.f)(&tape.variables(&self.at(k, x))).value().item()
    }

    fn gradient(&self, k: usize, x: &Tensor<f64>) -> Tensor<f64> {
        value_and_grad(&self.at(k, x), |_, all| (self.f)(&all)).1[k].clone()
    }

    /// The product of the second derivatives by value `k` with a direction.
    fn curvature(&self, k: usize, v: &Tensor<f64>) -> Tensor<f64> {
        let mut direction = self.at.clone().map(|x| Tensor::zeros(x.shape()));
        direction[k] = v.clone();
        hvp_tree(Mode::Forward, &self.at, &direction, |_, all| (self.f)(&all))[k].clone()
    }
}

#[test]
fn derivatives_are_those_of_central_differences() {
    const STEP: f64 = 1e-5;
    let v = Tensor::from([[0.3, -0.7, 0.5], [1.0, 0.2, -0.4]]);
    for row in table() {
        for &k in row.by {
            let x = &row.at[k];
            let (ahead, behind) = (x + &v * STEP, x - &v * STEP);
            let slope = (row.value(k, &ahead) - row.value(k, &behind)) / (2.0 * STEP);
            let by_tape = row.gradient(k, x).dot(&v).item();
            assert!((slope - by_tape).abs() < 1e-8 * (1.0 + slope.abs()), "{} by {k}: {by_tape}, {slope}", row.name);

            let change = (row.gradient(k, &ahead) - row.gradient(k, &behind)) / (2.0 * STEP);
            let by_tape = row.curvature(k, &v);
            let apart = (&change - &by_tape).abs().max().item();
            assert!(apart < 1e-8 * (1.0 + change.abs().max().item()), "{} by {k}: {by_tape}, {change}", row.name);
        }
    }
}

/// A row that is wrong at second order only must be caught: the table's own check.
#[test]
fn a_loss_that_is_wrong_at_second_order_is_caught() {
    let x = Tensor::from([[1.0, -2.0, 0.5], [0.3, 1.7, -1.1]]);
    let wrong = row("wrong", &[0], &[&x], |[y, ..]| (*y * y.detach()).sum());
    let v = Tensor::ones([2, 3]);
    let change = (wrong.gradient(0, &(&x + 1e-5)) - wrong.gradient(0, &(&x - 1e-5))) / 2e-5;
    assert!((change - wrong.curvature(0, &v)).abs().max().item() > 0.5);
}
