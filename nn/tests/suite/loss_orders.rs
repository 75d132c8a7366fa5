//! Every public loss, penalty and noise in one table: its derivatives of the first three orders, by each of its values
//! and by all together, are checked as users check their own.

use autodiff::check::{Cause, Failure, Report, Stencil};
use autodiff::prelude::*;
use nn::autoencoder::denoising::Emphasis;
use nn::autoencoder::variational::{Likelihood, Variational};
use nn::autoencoder::{contractive, sparse};
use nn::loss::CrossEntropy;
use nn::{Init, Mlp, Neuron, Transfer, loss, noise, penalty};
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

const EMPHASIS: Emphasis = Emphasis { corrupted: 1.5, clean: 0.3 };

fn chosen() -> Tensor<f64> {
    Tensor::from([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]])
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
            loss::weighted_binary_cross_entropy(y, p, &s.exp().index_axis(0, 1))
        }),
        row("hinge", &[0], &[t, signs], |[y, t, _]| loss::hinge(y, t)),
        row("cross_entropy", &[0], &[y], |[y, ..]| loss::cross_entropy(y, &Tensor::from([2, 1]))),
        row("CrossEntropy", &[0], &[y], |[y, ..]| {
            let settings = CrossEntropy::new().weights([0.5, 2.0, 1.5]).smoothing(0.2).ignore(9);
            settings.mean(y, &Tensor::from([2, 1])) + settings.per_sample(y, &Tensor::from([9, 0])).square().sum()
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
        row("sparse::kl_divergence", &[0], &[t], |[z, ..]| sparse::kl_divergence(z, 0.2, Transfer::Sigmoid)),
        row("sparse::l1", &[0], &[y], |[h, ..]| sparse::l1(h).square()),
        row("sparse::l2", &[0], &[y], |[h, ..]| sparse::l2(h)),
        row("denoising::squared_error", &[0, 1], &[y, t], |[y, t, _]| EMPHASIS.squared_error(y, t, &chosen())),
        row("denoising::binary_cross_entropy", &[0, 1], &[y, p], |[y, p, _]| {
            EMPHASIS.binary_cross_entropy(y, p, &chosen())
        }),
        row("a neuron", &[0, 1], &[y, t], |[y, t, _]| {
            let neuron = Neuron {
                weights: t.index_axis(0, 0),
                bias: t.index_axis(0, 1).index_axis(0, 0),
                transfer: Transfer::Silu,
            };
            neuron.forward(y).sum()
        }),
    ]
}

impl Row {
    /// The loss as a function of some of its values; the others are constants.
    fn check(&self, by: &[usize], options: &Options) -> Result<Report, Box<Failure>> {
        let x: Vec<_> = by.iter().map(|&k| self.at[k].clone()).collect();
        check_grads_tree(&x, options, |tape, x| {
            let value = |k| by.iter().position(|&b| b == k).map(|place| x[place]);
            (self.f)(&std::array::from_fn(|k| value(k).unwrap_or_else(|| tape.constant(self.at[k].clone()))))
        })
    }
}

#[test]
fn losses_have_right_derivatives_to_the_third_order() {
    for row in table() {
        let report = row.check(row.by, &Options::order(3)).unwrap_or_else(|failure| panic!("{}: {failure}", row.name));
        assert!(report.comparisons >= 60, "{}: {report:?}", row.name);
        let smooth = Options { stencil: Stencil::FivePoints, seed: 1, ..Options::order(2) };
        row.check(row.by, &smooth).unwrap_or_else(|failure| panic!("{}: {failure}", row.name));
    }
}

/// Losses of whole models, with a derivative inside, and with noise that is drawn before.
#[test]
fn losses_of_models_have_right_derivatives_to_the_second_order() {
    let rng = &mut StdRng::seed_from_u64(3);
    let x = Tensor::<f64>::uniform([3, 4], 0.0, 1.0, rng);
    let encoder = Mlp::new(&[4, 3, 2], Transfer::Tanh, Init::GlorotUniform, rng);
    check_grads_tree(&encoder, &Options::order(2), |tape, encoder| {
        contractive::penalty(&encoder, tape.constant(x.clone()), contractive::Method::Nested)
    })
    .unwrap();
    check_grads_tree(&encoder, &Options::order(2), |tape, encoder| {
        contractive::layered(&encoder, &tape.constant(x.clone()))
    })
    .unwrap();
    check_grads_tree(&encoder, &Options::order(2), |tape, encoder| {
        let x = tape.constant(x.clone());
        contractive::hutchinson(encoder.forward(x), x, 2, &mut StdRng::seed_from_u64(4))
    })
    .unwrap();
    let noise = Tensor::normal([2, 3, 2], 0.0, 1.0, rng);
    let vae = Variational::new(&[4, 3, 2], Likelihood::Bernoulli, Transfer::Tanh, Init::GlorotUniform, rng);
    check_grads_tree(&vae, &Options::order(2), |tape, vae| {
        vae.elbo(tape.constant(x.clone()), &noise.index_axis(0, 0)).negative()
    })
    .unwrap();
    check_grads_tree(&vae, &Options::order(2), |tape, vae| {
        vae.importance_weighted_bound(tape.constant(x.clone()), &noise)
    })
    .unwrap();
}

/// A row that is wrong must be caught: the table's own check.
#[test]
fn check_catches_a_wrong_loss() {
    let x = Tensor::from([[1.0, -2.0, 0.5], [0.3, 1.7, -1.1]]);
    let wrong = row("wrong", &[0], &[&x], |[y, ..]| (*y * y.detach()).sum());
    let failure = wrong.check(&[0], &Options::order(1)).unwrap_err();
    assert!(matches!(failure.cause, Cause::Detach(_)), "{failure}");
}
