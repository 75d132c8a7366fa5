//! Misuse panics at the caller's line, with names and shapes.

use autodiff::prelude::*;
use nn::autoencoder::contractive::{self, Method};
use nn::autoencoder::denoising::{Corruption, Emphasis};
use nn::autoencoder::variational::{Likelihood, Variational};
use nn::autoencoder::{TiedAutoencoder, k_sparse, small_noise, sparse, stacked};
use nn::data::{Digits, Samples, batches, one_hot};
use nn::{
    Adam, Autoencoder, EncoderDecoder, Init, Linear, Mlp, Optimizer, Sgd, Trainer, Transfer, clip_norm, loss,
    matrix_form, metrics, noise, penalty,
};
use rand::{SeedableRng, rngs::StdRng};
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};

thread_local! {
    static SEEN: RefCell<Option<(String, String)>> = const { RefCell::new(None) };
}

/// Runs a mistake; returns the file in which it panicked, and the message.
fn panic_of<R>(mistake: impl FnOnce() -> R) -> (String, String) {
    panic::set_hook(Box::new(|info| {
        let file = info.location().map(|place| place.file().to_owned()).unwrap_or_default();
        let literal = || info.payload().downcast_ref::<&str>().map(|text| String::from(*text));
        let message = info.payload().downcast_ref::<String>().cloned().or_else(literal).unwrap_or_default();
        SEEN.with_borrow_mut(|seen| *seen = Some((file, message)));
    }));
    assert!(panic::catch_unwind(AssertUnwindSafe(|| drop(mistake()))).is_err(), "no panic");
    let _ = panic::take_hook();
    SEEN.take().expect("the hook has run")
}

fn check<R>(mistake: impl FnOnce() -> R, message: &str) {
    let (file, seen) = panic_of(mistake);
    assert_eq!(seen, message);
    assert!(file.ends_with("panics.rs"), "{message}: at {file}");
}

fn mlp() -> Mlp<Tensor<f64>> {
    Mlp::new(&[4, 3, 2], Transfer::Tanh, Init::GlorotUniform, &mut StdRng::seed_from_u64(0))
}

fn zeros<const N: usize>(shape: [usize; N]) -> Tensor<f64> {
    Tensor::zeros(shape)
}

/// One test, since the whole process has one panic hook.
#[test]
fn misuse_panics_at_the_callers_line() {
    models();
    losses();
    data_and_training();
    autoencoders();
}

fn models() {
    let rng = &mut StdRng::seed_from_u64(0);
    let inner = "affine: [5, 3] × [3, 4] × [3]: inner sizes 3 and 4 differ (right operand transposed)";
    check(|| mlp().forward(&zeros([5, 3])), inner);
    check(|| mlp().layers[0].forward(&zeros([5, 3])), inner);
    let by_matrices = "matmul_t: [5, 3] × [3, 4]: inner sizes 3 and 4 differ (right operand transposed)";
    check(|| matrix_form::forward(&mlp(), &zeros([5, 3])), by_matrices);
    let ae = Autoencoder { encoder: mlp(), decoder: mlp() };
    check(|| ae.forward(&zeros([5, 3])), inner);
    let misfit = "affine: [5, 2] × [3, 4] × [3]: inner sizes 2 and 4 differ (right operand transposed)";
    check(|| ae.forward(&zeros([5, 4])), misfit);
    let layer = Linear { weight: zeros([3, 4]), bias: zeros([2]) };
    check(
        || layer.forward(&zeros([5, 4])),
        "affine: [5, 4] × [3, 4] × [2]: the bias cannot be added to the product [5, 3]",
    );
    check(
        || Mlp::<Tensor<f64>>::new(&[4], Transfer::Tanh, Init::GlorotUniform, rng),
        "Mlp: sizes [4]: at least an input and an output are needed",
    );
}

fn losses() {
    let (wide, column) = (zeros([5, 2]), zeros([5, 1]));
    let differ = |name| format!("{name}: prediction [5, 2], target [5, 1]: the shapes differ");
    check(|| loss::squared_error(&wide, &column), &differ("squared_error"));
    check(|| loss::mean_squared_error(&wide, &column), &differ("mean_squared_error"));
    check(|| loss::binary_cross_entropy(&wide, &column), &differ("binary_cross_entropy"));
    check(|| loss::soft_cross_entropy(&wide, &column), &differ("soft_cross_entropy"));
    check(
        || loss::binary_cross_entropy(&wide, &(&wide + 1.5)),
        "binary_cross_entropy: [5, 2]: the target 1.5 is outside [0, 1]",
    );
    check(|| loss::absolute_error(&wide, &column), &differ("absolute_error"));
    check(|| loss::huber(&wide, &column, 1.0), &differ("huber"));
    check(|| loss::huber(&wide, &wide, 0.0), "huber: the delta 0 is not above 0");
    check(|| loss::hinge(&wide, &column), &differ("hinge"));
    check(|| loss::hinge(&wide, &wide), "hinge: [5, 2]: the target 0 is neither 1 nor -1");
    check(|| loss::kl_divergence(&column, &wide), &differ("kl_divergence"));
    for p in [-0.1, f64::NAN] {
        let (target, text) = (&wide + p, format!("kl_divergence: [5, 2]: the probability {p} is below 0"));
        check(|| loss::kl_divergence(&target, &wide), &text);
    }
    check(|| loss::kl_divergence_of_logits(&column, &wide), &differ("kl_divergence_of_logits"));
    check(|| loss::gaussian_nll(&wide, &wide, &column), &differ("gaussian_nll"));
    check(|| loss::cosine_distance(&wide, &column), &differ("cosine_distance"));
    check(
        || loss::weighted_binary_cross_entropy(&wide, &wide, &zeros([3])),
        "broadcast_to: [3]: the shape does not broadcast to [5, 2]",
    );
    check(
        || noise::dropout(&wide, 1.0, &mut StdRng::seed_from_u64(0)),
        "dropout: [5, 2]: the share 1 is not in [0, 1)",
    );
    check(|| clip_norm(&mut mlp(), 0.0), "clip_norm: the limit 0 is not above 0");
    check(|| penalty::l2(&Vec::<Tensor<f64>>::new()), "l2: the tree has no leaf");
    let labels = Tensor::from([0, 1, 1]);
    let one_each = |name| format!("{name}: logits [5, 2], labels [3]: one label for each row is needed");
    check(|| loss::cross_entropy(&wide, &labels), &one_each("cross_entropy"));
    check(|| metrics::accuracy(&wide, &labels), &one_each("accuracy"));
    check(
        || loss::cross_entropy(&zeros([1, 2]), &Tensor::from([2])),
        "cross_entropy: labels [1]: 2 is not one of 2 classes",
    );
    check(|| loss::batch_mean(&zeros([0, 2])), "batch_mean: [0, 2]: the batch is empty");
}

fn data_and_training() {
    let rng = &mut StdRng::seed_from_u64(0);
    check(|| Digits::<f32>::all().split_every(0), "split_every: n is 0, but must be above 0, for 1797 samples");
    check(|| one_hot::<f64>(&Tensor::from([1, 3]), 3), "one_hot: labels [2]: 3 is not one of 3 classes");
    check(|| batches(10, 0, rng), "batches: the batch size must be above 0, for 10 samples");
    check(
        || Digits::<f32>::all().take(&[1797]),
        "take: [1797, 64]: index 1797 is out of range for axis 0 of size 1797",
    );
    check(|| Sgd::new(0.1).step(&mut mlp(), &vec![zeros([1])]), "step: the model has 4 leaves, but the gradient has 1");
    let mut trainer = Trainer::new(mlp(), |mlp| Adam::new(mlp, 0.1));
    let output = "value_and_grad_tree: the output must have one element, but its shape is [5, 2]; reduce it, or give a cotangent";
    check(|| trainer.step(|tape, mlp| mlp.forward(&tape.constant(zeros([5, 4])))), output);
    let five = Samples { x: zeros([5, 4]), labels: Tensor::from([0, 1, 0, 1, 0]) };
    check(|| trainer.epoch(&five, 5, rng, |tape, mlp, batch, _| mlp.forward(&tape.constant(batch.x.clone()))), output);
    let none = Samples { x: zeros([0, 4]), labels: Tensor::from(Vec::new()) };
    check(
        || trainer.epoch(&none, 5, rng, |_, mlp, _, _| mlp.layers[0].bias.sum()),
        "Trainer::epoch: there are no samples",
    );
}

fn autoencoders() {
    let rng = &mut StdRng::seed_from_u64(0);
    let (x, z) = (zeros([5, 4]), zeros([5, 2]));
    let tied = TiedAutoencoder::new(&[4, 3, 2], Transfer::Tanh, Init::GlorotUniform, rng);
    check(|| tied.decode(&x), "matmul: [5, 4] × [2, 3]: inner sizes 4 and 2 differ");
    check(
        || TiedAutoencoder { biases: vec![], ..tied.clone() }.decode(&z),
        "TiedAutoencoder::decode: there are 2 layers, but 0 biases",
    );
    let share = "corruption: Masking(1.5) of [5, 4]: a share must lie in [0, 1], and a deviation must not be negative";
    check(|| Corruption::Masking(1.5).apply(&x, rng), share);
    let differ = "emphasis: prediction [5, 4], target [5, 4], mask [5, 2]: the shapes differ";
    check(|| Emphasis::default().squared_error(&x, &x, &z), differ);
    let outside = "emphasis: [5, 4]: the target -1 is outside [0, 1]";
    check(|| Emphasis::default().binary_cross_entropy(&x, &x.shift(-1.0), &x), outside);
    let kl = |rho, transfer| sparse::kl_divergence(&zeros([5, 4]), rho, transfer);
    check(|| kl(0.0, Transfer::Sigmoid), "kl_divergence: [5, 4]: ρ = 0 is outside (0, 1)");
    let relu = "kl_divergence: [5, 4]: Relu has no mean activation in (0, 1): take Sigmoid or Tanh";
    check(|| kl(0.1, Transfer::Relu), relu);
    let batch = "kl_divergence: [0, 4]: a batch [n, code] is needed";
    check(|| sparse::kl_divergence(&zeros([0, 4]), 0.1, Transfer::Sigmoid), batch);
    let many = "keep_largest: [5, 2]: k is 3, but there are 2 units";
    check(|| k_sparse::keep_largest(&z, 3, k_sparse::Selection::Sorting), many);
    check(|| k_sparse::KSparse::new(4, 2, Init::LeCunNormal, rng).forward(&x, 3, Default::default()), many);
    derivatives_and_bounds();
}

fn derivatives_and_bounds() {
    let rng = &mut StdRng::seed_from_u64(0);
    let (tape, x) = (Tape::new(), zeros([5, 4]));
    let (net, point) = (tape.variables(&mlp()), tape.variable(zeros([5, 3])));
    let inner = "affine: [5, 3] × [3, 4] × [3]: inner sizes 3 and 4 differ (right operand transposed)";
    check(|| contractive::penalty(&net, point, Method::Exact), inner);
    check(|| contractive::penalty(&net, point, Method::Nested), inner);
    let probes = Method::Hutchinson { probes: 0, rng: &mut StdRng::seed_from_u64(0) };
    let none = "hutchinson: [5, 2]: at least one probe is needed";
    check(|| contractive::penalty(&net, tape.variable(x.clone()), probes), none);
    let rows = "batch_jacobian: the output [] and the input [5, 3] must have first axes of the same size";
    check(|| contractive::nested(point.sum(), point), rows);
    let vae = Variational::new(&[4, 2], Likelihood::Bernoulli, Transfer::Tanh, Init::LeCunNormal, rng);
    check(|| vae.elbo(&x, &zeros([5, 3])), "mul: [5, 3] × [5, 2]: the shapes do not broadcast");
    check(|| vae.nll(&x, 0, rng), "nll: [5, 4]: at least one draw is needed");
    check(|| vae.traverse([0, 2], 1.0, 3), "traverse: units [0, 2] are given, but there are 2");
    let train = |_, ae: Autoencoder<Tensor<f64>>, _: &Tensor<f64>| ae;
    let sizes = "pretrain: sizes [4]: at least the features and a code are needed";
    check(|| stacked::pretrain(&x, &[4], Transfer::Tanh, Init::LeCunNormal, rng, train), sizes);
    let inner = "affine: [5, 4] × [2, 3] × [2]: inner sizes 4 and 3 differ (right operand transposed)";
    check(|| stacked::pretrain(&x, &[3, 2], Transfer::Tanh, Init::LeCunNormal, rng, train), inner);
    let ae = Autoencoder::<Tensor<f64>>::new(&[4, 3, 2], Transfer::Tanh, Init::LeCunNormal, rng);
    let alike = "classifier: hidden layers have Tanh, but the code, which becomes a hidden layer, has Linear";
    check(|| stacked::classifier(&ae, 10, Init::LeCunNormal, rng), alike);
    let samples = |columns| Samples { x: zeros([2, columns]), labels: Tensor::from([0, 1]) };
    let codes = "probe_accuracy: training codes [2, 3], test codes [2, 4]: [n, code] and [m, code] are needed";
    check(|| nn::probe_accuracy(&samples(3), &samples(4)), codes);
    let many = Samples { labels: Tensor::from([0, 1 << 40]), ..samples(3) };
    let classes = "probe_accuracy: label 1099511627776 is out of range for 65536 classes";
    check(|| nn::probe_accuracy(&many, &samples(3)), classes);
    let draws = "measure: [5, 4]: there are no draws";
    check(|| small_noise::measure(&x, 0.1, 0, rng, |x| x), draws);
    check(
        || small_noise::measure(&x, 0.1, 1, rng, |x| x.sum_axis(1)),
        "measure: [5, 4]: the reconstruction has shape [5]",
    );
}
