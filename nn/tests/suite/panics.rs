//! Misuse panics at the caller's line, with names and shapes.

use autodiff::prelude::*;
use nn::autoencoder::contractive::{self, Method};
use nn::autoencoder::denoising::{Corruption, Emphasis};
use nn::autoencoder::variational::{self, Elbo, Likelihood, Posterior, Variational, kl_by_unit};
use nn::autoencoder::{TiedAutoencoder, k_sparse, small_noise, sparse, stacked};
use nn::data::{Batches, Dataset, Digits, Samples, Scaling, one_hot};
use nn::threshold::{Circuit, TruthTable, Unit};
use nn::{
    Adam, Autoencoder, EncoderDecoder, Groups, History, Init, Linear, Mlp, Neuron, Optimizer, Plan, Sgd, Trainer,
    Transfer, TransferFunction, clip_norm, hebb, loss, matrix_form, metrics, noise, penalty, perceptron, schedule,
    square_of_product,
};
use rand::{SeedableRng, rngs::StdRng};
use std::cell::RefCell;
use std::ops::ControlFlow;
use std::panic::{self, AssertUnwindSafe};

thread_local! {
    static SEEN: RefCell<Option<(String, String)>> = const { RefCell::new(None) };
}

/// Runs a mistake; returns the file in which it panicked, and the message.
#[track_caller]
fn panic_of<R>(mistake: impl FnOnce() -> R) -> (String, String) {
    panic::set_hook(Box::new(|info| {
        let file = info.location().map(|place| place.file().to_owned()).unwrap_or_default();
        let literal = || info.payload().downcast_ref::<&str>().map(|text| String::from(*text));
        let message = info.payload().downcast_ref::<String>().cloned().or_else(literal).unwrap_or_default();
        SEEN.with_borrow_mut(|seen| *seen = Some((file, message)));
    }));
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| drop(mistake())));
    let _ = panic::take_hook();
    assert!(outcome.is_err(), "no panic");
    SEEN.take().expect("the hook has run")
}

#[track_caller]
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
    pictures();
    losses();
    figures();
    data_and_training();
    samples_without_labels();
    settings();
    autoencoders();
}

/// Every public function that takes features says how many it takes, at the caller's line.
fn models() {
    let rng = &mut StdRng::seed_from_u64(0);
    let (wide, narrow) = (zeros([5, 4]), zeros([5, 3]));
    let takes = |function: &str, taker: &str| format!("{function}: {taker} takes 4 features, but `x` has shape [5, 3]");
    check(|| mlp().forward(&narrow), &takes("Mlp::forward", "the network"));
    check(|| mlp().layers[0].forward(&narrow), &takes("Linear::forward", "the layer"));
    check(|| mlp().forward(Tensor::scalar(1.0)), "Mlp::forward: the network takes 4 features, but `x` has shape []");
    check(|| matrix_form::forward(&mlp(), &narrow), &takes("matrix_form::forward", "the network"));
    check(|| matrix_form::compare(&mlp(), &narrow, |y| y.sum()), &takes("matrix_form::compare", "the network"));
    let ae = Autoencoder { encoder: mlp(), decoder: mlp() };
    check(|| ae.forward(&narrow), &takes("forward", "the encoder"));
    check(|| ae.encode(&narrow), &takes("encode", "the encoder"));
    check(|| ae.code_logits(&narrow), &takes("code_logits", "the encoder"));
    check(|| ae.forward(&wide), "decode: the decoder takes 4 features, but `h` has shape [5, 2]");
    let neuron = Neuron { weights: zeros([4]), bias: Tensor::scalar(0.0), transfer: Transfer::Tanh };
    check(|| neuron.forward(&narrow), &takes("Neuron::forward", "the neuron"));
    check(|| neuron.weighted_sum(&narrow), &takes("Neuron::weighted_sum", "the neuron"));
    let shapes = "Neuron::forward: the weights have shape [4] and the bias [5]: [in] and [] are needed";
    check(|| Neuron { bias: zeros([5]), ..neuron.clone() }.forward(&wide), shapes);
    check(|| hebb::hebb(&zeros([2, 4]), &narrow, &zeros([5, 2]), 0.1), &takes("hebb", "the layer"));
    let activities = "hebb: weights [2, 4] do not match inputs [5, 4] and activities [5, 3]";
    check(|| hebb::hebb(&zeros([2, 4]), &wide, &narrow, 0.1), activities);
    check(|| hebb::oja(&zeros([4]), &narrow, 0.1), &takes("oja", "the unit"));
    let empty = "oja: `x` has shape [0, 4], but a batch [n, 4] with n > 0 is needed";
    check(|| hebb::oja(&zeros([4]), &zeros([0, 4]), 0.1), empty);
    let mut memory = hebb::Association::<Tensor<f64>>::new(4, 2);
    check(|| memory.recall(&narrow), &takes("Association::recall", "the memory"));
    check(|| memory.store(&narrow, &zeros([5, 2])), &takes("Association::store", "the layer"));
    let shape = "Linear::forward: layer 0 has weights [3, 4] and a bias [2]: [out, in] and [out] are needed";
    check(|| Linear { weight: zeros([3, 4]), bias: zeros([2]) }.forward(&wide), shape);
    let mut torn = mlp();
    torn.layers[1] = Linear { weight: zeros([2, 7]), bias: zeros([2]) };
    check(|| torn.forward(&wide), "Mlp::forward: layer 1 takes 7 features, but the layer before it gives shape [5, 3]");
    let kept = matrix_form::forward(&mlp(), &wide);
    let cost = "the cost has shape [5, 1], but the output of the network has [5, 2]";
    check(|| matrix_form::backward(&mlp(), &kept, &zeros([5, 1])), &format!("matrix_form::backward: {cost}"));
    check(|| matrix_form::naive(&mlp(), &kept, &zeros([5, 1])), &format!("matrix_form::naive: {cost}"));
    check(
        || matrix_form::backward(&mlp(), &kept, &zeros([2])),
        &format!("matrix_form::backward: {}", cost.replace("[5, 1]", "[2]")),
    );
    let rank = "matrix_form::forward: `x` has shape [2, 5, 4], but [n, in] or [in] is needed";
    check(|| matrix_form::forward(&mlp(), &zeros([2, 5, 4])), rank);
    let other = Mlp { layers: vec![mlp().layers[1].clone()], transfers: vec![Transfer::Linear] };
    let gradients = matrix_form::backward(&mlp(), &kept, &zeros([5, 2]));
    let misfit = "nabla_x: δ¹ has shape [5, 3], but the first weights have shape [2, 3]";
    check(|| gradients.nabla_x(&other), misfit);
    functions_of_layers(&wide);
    let pulled = "pull: u has shape [5, 4], but the cotangent has shape [5, 1]";
    check(|| Transfer::Softmax.pull(&wide, &zeros([5, 1])), pulled);
    let sizes = |name| format!("{name}: sizes [4]: at least the features and a code are needed");
    let code = Transfer::Tanh;
    check(|| Autoencoder::<Tensor<f64>>::new(&[4], code, Init::LeCunNormal, rng), &sizes("Autoencoder"));
    check(|| TiedAutoencoder::<Tensor<f64>>::new(&[4], code, Init::LeCunNormal, rng), &sizes("TiedAutoencoder"));
    check(
        || square_of_product(&wide, &narrow),
        "square_of_product: [5, 4] × [5, 3]: the shapes […, h] and [h, d] are needed",
    );
    let differ = "squared_error_gradient: prediction [5, 4], target [5, 1]: both must be [n, out] with n > 0, or [out]";
    check(|| matrix_form::squared_error_gradient(&wide, &zeros([5, 1])), differ);
    check(
        || Mlp::<Tensor<f64>>::new(&[4], Transfer::Tanh, Init::GlorotUniform, rng),
        "Mlp: sizes [4]: at least an input and an output are needed",
    );
    sizes_of_zero();
}

/// A layer without units would train without an error and learn nothing.
fn sizes_of_zero() {
    let (rng, t, init) = (&mut StdRng::seed_from_u64(0), Transfer::Tanh, Init::LeCunNormal);
    let zero = |name: &str, sizes: &str| format!("{name}: sizes {sizes}: each must be above 0");
    check(|| Mlp::<Tensor<f64>>::new(&[4, 0, 2], t, init, rng), &zero("Mlp", "[4, 0, 2]"));
    check(|| Autoencoder::<Tensor<f64>>::new(&[4, 0], t, init, rng), &zero("Autoencoder", "[4, 0]"));
    check(|| TiedAutoencoder::<Tensor<f64>>::new(&[0, 2], t, init, rng), &zero("TiedAutoencoder", "[0, 2]"));
    let bernoulli = Likelihood::Bernoulli;
    check(|| Variational::<Tensor<f64>>::new(&[4, 0], bernoulli, t, init, rng), &zero("Variational", "[4, 0]"));
    check(|| k_sparse::KSparse::<Tensor<f64>>::new(4, 0, init, rng), &zero("KSparse", "[4, 0]"));
    let train = |_, ae: Autoencoder<Tensor<f64>>, _: &Tensor<f64>| ae;
    check(|| stacked::pretrain(&zeros([5, 4]), &[4, 0], t, init, rng, train), &zero("pretrain", "[4, 0]"));
}

/// Diagrams and the regions of a classifier.
fn pictures() {
    let torn = Mlp { transfers: vec![Transfer::Tanh], ..mlp() };
    check(|| torn.diagram(), "Mlp::diagram: there are 2 layers, but 1 transfer functions");
    let empty = Mlp::<Tensor<f64>> { layers: vec![], transfers: vec![] };
    check(|| empty.diagram(), "Mlp::diagram: there is no layer");
    let mut odd = mlp();
    odd.layers[1].weight = zeros([2, 7]);
    check(|| odd.diagram(), "Mlp::diagram: layer 1 takes 7 features, but the layer before it has 3 units");
    odd.layers[1].weight = zeros([2]);
    check(|| odd.diagram(), "Mlp::diagram: layer 1 has weights [2]: [out, in] is needed");
    let misfit = "Autoencoder::diagram: the code has 2 units, but the decoder takes 4 features";
    check(|| Autoencoder { encoder: mlp(), decoder: mlp() }.diagram(), misfit);
    let neuron = Neuron { weights: zeros([4]), bias: Tensor::scalar(0.0), transfer: Transfer::Softmax };
    check(|| neuron.diagram(), "Neuron::diagram: softmax compares units, but a neuron is one unit");
    let shapes = "Neuron::diagram: the weights have shape [4] and the bias [1]: [in] and [] are needed";
    check(|| Neuron { bias: zeros([1]), transfer: Transfer::Tanh, ..neuron.clone() }.diagram(), shapes);
    let zero = |x: &Tensor<f64>| Tensor::from_vec([x.shape()[0]], vec![0; x.shape()[0]]);
    let needed =
        |x, labels| format!("decision_regions: samples {x}, labels {labels}: [n, 2] and [n] with n > 0 are needed");
    check(|| nn::decision_regions(&zeros([2, 3]), &Tensor::from([0, 1]), zero), &needed("[2, 3]", "[2]"));
    check(|| nn::decision_regions(&zeros([2, 2]), &Tensor::from([0]), zero), &needed("[2, 2]", "[1]"));
    check(
        || nn::decision_regions(&(zeros([2, 2]) / 0.0), &Tensor::from([0, 1]), zero),
        "decision_regions: samples [2, 2]: a number is not finite",
    );
    let column = "decision_regions: the classifier returned shape [32400, 1] for inputs [32400, 2]: [32400] is needed";
    check(
        || {
            nn::decision_regions(&zeros([2, 2]), &Tensor::from([0, 1]), |x| {
                Tensor::from_vec([x.shape()[0], 1], zero(x).to_vec())
            })
        },
        column,
    );
}

/// Every function that reads the transfer functions says how many are missing.
fn functions_of_layers(x: &Tensor<f64>) {
    let rng = &mut StdRng::seed_from_u64(0);
    let sizes = "Mlp: sizes [4, 3, 2] make 2 layers, but 1 transfer functions are given";
    check(|| Mlp::<Tensor<f64>>::with_transfers(&[4, 3, 2], &[Transfer::Tanh], Init::HeNormal, rng), sizes);
    let none = "Mlp: sizes [4]: at least an input and an output are needed";
    check(|| Mlp::<Tensor<f64>>::with_transfers(&[4], &[], Init::HeNormal, rng), none);
    let torn = Mlp { transfers: vec![Transfer::Tanh], ..mlp() };
    let missing = |function| format!("{function}: there are 2 layers, but 1 transfer functions");
    check(|| torn.forward(x), &missing("Mlp::forward"));
    check(|| torn.as_one_layer(), &missing("as_one_layer"));
    check(|| matrix_form::forward(&torn, x), &missing("matrix_form::forward"));
    check(|| matrix_form::compare(&torn, x, |y| y.sum()), &missing("matrix_form::compare"));
    check(|| matrix_form::multiplications(&torn), &missing("multiplications"));
    let kept = matrix_form::forward(&mlp(), x);
    check(|| matrix_form::backward(&torn, &kept, kept.output()), &missing("matrix_form::backward"));
    check(|| matrix_form::naive(&torn, &kept, kept.output()), &missing("matrix_form::naive"));
    check(|| contractive::layered(&torn, x), &missing("contractive::layered"));
    let ae = Autoencoder { encoder: torn.clone(), decoder: torn.clone() };
    check(|| ae.encode(x), &missing("encode"));
    check(|| ae.code_logits(x), &missing("code_logits"));
    check(|| stacked::classifier(&ae, 2, Init::HeNormal, &mut StdRng::seed_from_u64(0)), &missing("classifier"));
    let tied = TiedAutoencoder { encoder: torn, biases: vec![zeros([4]), zeros([3])], output: Transfer::Linear };
    check(|| tied.decode(&zeros([2])), &missing("TiedAutoencoder::decode"));
    let empty = || Mlp::<Tensor<f64>> { layers: vec![], transfers: vec![] };
    check(|| empty().with_output(Transfer::Tanh), "with_output: there is no layer");
    check(|| matrix_form::compare(&empty(), x, |y| y.sum()), "matrix_form::compare: there is no layer");
    let ae = || Autoencoder { encoder: empty(), decoder: empty() };
    check(|| ae().with_code(Transfer::Tanh), "with_code: the encoder has no layers");
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
    let each = |weights| {
        format!("weighted_binary_cross_entropy: target [5, 2], weights {weights}: a weight for each feature is needed")
    };
    check(|| loss::weighted_binary_cross_entropy(&wide, &wide, &zeros([3])), &each("[3]"));
    check(|| loss::weighted_binary_cross_entropy(&wide, &wide, &zeros([5, 2])), &each("[5, 2]"));
    let below = "weighted_binary_cross_entropy: weights [2]: the weight -1 is below 0";
    check(|| loss::weighted_binary_cross_entropy(&wide, &wide, &zeros([2]).shift(-1.0)), below);
    check(
        || noise::dropout(&wide, 1.0, &mut StdRng::seed_from_u64(0)),
        "dropout: [5, 2]: the share 1 is not in [0, 1)",
    );
    check(|| clip_norm(&mut mlp(), 0.0), "clip_norm: the limit 0 is not above 0");
    check(|| penalty::l2(&Vec::<Tensor<f64>>::new()), "l2: the tree has no leaf");
    let labels = Tensor::from([0, 1, 1]);
    let one_each = |name| format!("{name}: logits [5, 2], labels [3]: logits [n, classes] and labels [n] are needed");
    check(|| loss::cross_entropy(&wide, &labels), &one_each("cross_entropy"));
    check(|| metrics::accuracy(&wide, &labels), &one_each("accuracy"));
    check(|| metrics::confusion(&wide, &labels), &one_each("confusion"));
    check(
        || loss::cross_entropy(&zeros([1, 2]), &Tensor::from([2])),
        "cross_entropy: label 2 in row 0 of 1, but classes are 0 to 1",
    );
    class_weights();
    empty_batches();
}

fn class_weights() {
    let (z, settings) = (zeros([2, 3]), loss::CrossEntropy::new);
    let weight =
        |given: f64| format!("CrossEntropy: the weight of class 1 is {given}, but must be a finite number from 0");
    for given in [-1.0, f64::NAN, f64::INFINITY] {
        check(|| settings().weights([1.0, given]), &weight(given));
    }
    check(|| settings().smoothing(1.5), "CrossEntropy: the smoothing 1.5 is outside [0, 1]");
    let two = "CrossEntropy::mean: logits [2, 3]: 2 weights are given for 3 classes";
    check(|| settings().weights([1.0, 2.0]).mean(&z, &Tensor::from([0, 1])), two);
    let rows = "CrossEntropy::per_sample: logits [2, 3], labels [1]: [n, classes] and [n] are needed";
    check(|| settings().per_sample(&z, &Tensor::from([0])), rows);
    let class = "CrossEntropy::mean: label 3 in row 1 of 2, but classes are 0 to 2";
    check(|| settings().ignore(4).mean(&z, &Tensor::from([4, 3])), class);
}

/// One rule for all losses: an empty batch panics. Its mean would be NaN.
fn empty_batches() {
    let (none, labels) = (zeros([0, 2]), Tensor::from(Vec::<usize>::new()));
    check(|| loss::batch_mean(&none), "batch_mean: [0, 2]: the batch is empty");
    let empty = |name: &str| format!("{name}: prediction [0, 2], target [0, 2]: the batch is empty");
    check(|| loss::squared_error(&none, &none), &empty("squared_error"));
    check(|| loss::mean_squared_error(&none, &none), &empty("mean_squared_error"));
    check(|| loss::absolute_error(&none, &none), &empty("absolute_error"));
    check(|| loss::huber(&none, &none, 1.0), &empty("huber"));
    check(|| loss::hinge(&none, &none), &empty("hinge"));
    check(|| loss::cosine_distance(&none, &none), &empty("cosine_distance"));
    check(|| loss::gaussian_nll(&none, &none, &none), &empty("gaussian_nll"));
    check(|| loss::binary_cross_entropy(&none, &none), &empty("binary_cross_entropy"));
    let weight = Tensor::scalar(1.0);
    check(|| loss::weighted_binary_cross_entropy(&none, &none, &weight), &empty("weighted_binary_cross_entropy"));
    check(|| loss::soft_cross_entropy(&none, &none), &empty("soft_cross_entropy"));
    check(|| loss::kl_divergence(&none, &none), &empty("kl_divergence"));
    check(|| loss::kl_divergence_of_logits(&none, &none), &empty("kl_divergence_of_logits"));
    let classes = |name: &str| format!("{name}: logits [0, 2], labels [0]: the batch is empty");
    check(|| loss::cross_entropy(&none, &labels), &classes("cross_entropy"));
    check(|| loss::CrossEntropy::new().mean(&none, &labels), &classes("CrossEntropy::mean"));
    check(|| loss::per_sample::cross_entropy(&none, &labels), &classes("cross_entropy"));
    check(|| loss::per_sample::squared_error(&none, &none), &empty("squared_error"));
    check(
        || loss::mean_squared_error(&zeros([3, 0]), zeros([3, 0])),
        "mean_squared_error: [3, 0]: there are no features",
    );
    check(|| sparse::l1(&none), "l1: [0, 2]: the batch is empty");
    check(|| sparse::l2(&none), "l2: [0, 2]: the batch is empty");
    check(|| Emphasis::default().squared_error(&none, &none, &none), "emphasis: prediction [0, 2]: the batch is empty");
}

/// One rule for all figures: NaN, labels that are no class and empty batches panic.
fn figures() {
    let (rng, nan) = (&mut StdRng::seed_from_u64(0), f64::NAN);
    let (none, broken) = (zeros([0, 2]), Tensor::from([[0.0, 1.0], [nan, 2.0]]));
    let (labels, empty) = (Tensor::from([0, 1]), Tensor::from(Vec::<usize>::new()));
    let no_samples = |function, name| format!("{function}: `{name}` has shape [0, 2]: there are no samples");
    let is_nan = |function, name| format!("{function}: `{name}` has shape [2, 2]: the element at [1, 0] is NaN");
    check(|| metrics::accuracy(&none, &empty), &no_samples("accuracy", "logits"));
    check(|| metrics::accuracy(&broken, &labels), &is_nan("accuracy", "logits"));
    check(|| metrics::confusion(&broken, &labels), &is_nan("confusion", "logits"));
    check(
        || metrics::accuracy(&zeros([2, 2]), &Tensor::from([0, 2])),
        "accuracy: label 2 in row 1 of 2, but classes are 0 to 1",
    );
    check(
        || metrics::accuracy(&Tensor::scalar(1.0), &Tensor::scalar(0)),
        "accuracy: logits [], labels []: logits [n, classes] and labels [n] are needed",
    );
    check(|| metrics::squared_error(&none, &none), &no_samples("squared_error", "reconstruction"));
    check(|| metrics::squared_error(&broken, &zeros([2, 2])), &is_nan("squared_error", "reconstruction"));
    check(|| metrics::squared_error(&zeros([2, 2]), &broken), &is_nan("squared_error", "x"));
    check(|| sparse::active_share(&none, 0.1), &no_samples("active_share", "h"));
    check(|| sparse::active_share(&broken, 0.1), &is_nan("active_share", "h"));
    check(|| sparse::active_share(&zeros([2, 2]), nan), "active_share: [2, 2]: the threshold is NaN");
    check(|| k_sparse::dead_units(&none), &no_samples("dead_units", "h"));
    check(|| k_sparse::dead_units(&broken), &is_nan("dead_units", "h"));
    check(|| k_sparse::dead_units(&zeros([2])), "dead_units: [2]: codes [n, code] are needed");
    let vae = Variational::new(&[2, 1], Likelihood::Gaussian(1.0), Transfer::Tanh, Init::LeCunNormal, rng);
    check(|| vae.nll(&none, 1, rng), &no_samples("nll", "x"));
    check(|| vae.nll(&broken, 1, rng), &is_nan("nll", "x"));
    check(|| small_noise::measure(&none, 0.1, 1, rng, |x| x), &no_samples("measure", "x"));
    check(|| small_noise::measure(&broken, 0.1, 1, rng, |x| x), &is_nan("measure", "x"));
    check(
        || small_noise::measure(&zeros([2, 2]), 0.0, 1, rng, |x| x),
        "measure: [2, 2]: the deviation 0 is not above 0",
    );
    let samples = |x: &Tensor<f64>| Samples { x: x.clone(), labels: labels.clone() };
    let infinite = "probe_accuracy: [2, 2]: row 1, column 0: NaN, but a finite number is needed";
    check(|| nn::probe_accuracy(&samples(&broken), &samples(&zeros([2, 2]))), infinite);
    check(|| nn::probe_accuracy(&samples(&zeros([2, 2])), &samples(&broken)), infinite);
    let nobody = Samples { x: none.clone(), labels: empty.clone() };
    check(|| nn::probe_accuracy(&samples(&zeros([2, 2])), &nobody), "probe_accuracy: there are no samples");
    let finite = |name| format!("{name}: [2, 2]: row 1, column 0: NaN, but a finite number is needed");
    check(|| perceptron::train(&broken, &labels, 9), &finite("train"));
    check(|| perceptron::train_classes(&broken, &labels, 2, 9), &finite("train_classes"));
    check(|| perceptron::pocket(&broken, &labels, 9, rng), &finite("pocket"));
    check(|| Scaling::standard(&broken), &finite("Scaling::standard"));
    check(|| Scaling::range(&broken), &finite("Scaling::range"));
}

/// More rows than labels, or fewer: every function that takes samples refuses them.
fn samples_without_labels() {
    let rng = &mut StdRng::seed_from_u64(0);
    let each = |function| format!("{function}: samples [5, 4], labels [3]: one label for each row is needed");
    let torn = || Samples { x: zeros([5, 4]), labels: Tensor::from([0, 1, 0]) };
    let whole = Samples::new(zeros([5, 4]), Tensor::from([0, 1, 0, 1, 0]));
    check(|| Samples::new(torn().x, torn().labels), &each("Samples::new"));
    check(|| torn().subset(&[0]), &each("subset"));
    check(|| torn().split_every(2), &each("split_every"));
    check(|| torn().split_random(0.5, rng), &each("split_random"));
    check(|| nn::probe_accuracy(&torn(), &whole), &each("probe_accuracy"));
    check(|| nn::probe_accuracy(&whole, &torn()), &each("probe_accuracy"));
    let mut trainer = Trainer::new(mlp(), Adam::new(0.1));
    check(|| trainer.epoch(&torn(), 5, rng, |_, mlp, _, _| mlp.layers[0].bias.sum()), &each("Trainer::epoch"));
    check(|| trainer.evaluate(&torn(), 5, rng, |_, mlp, _, _| mlp.layers[0].bias.sum()), &each("Trainer::evaluate"));
    let (plan, go) = (Plan::new(1, 5), |_: &mut Trainer<_, _>, _: &_, _: &mut _| ControlFlow::Continue(()));
    check(
        || trainer.fit(&plan, &torn(), None, rng, |_, mlp, _, _| mlp.layers[0].bias.sum(), go),
        &each("Trainer::fit"),
    );
    check(
        || trainer.fit(&plan, &whole, Some(&torn()), rng, |_, mlp, _, _| mlp.layers[0].bias.sum(), go),
        &each("Trainer::fit, validation"),
    );
    let pairs = (zeros([5, 4]), (zeros([5, 1]), Tensor::from([0, 1, 0])));
    let as_many =
        |function| format!("{function}: the parts of the data have [5, 3] samples: as many in each are needed");
    check(|| pairs.subset(&[0]), &as_many("subset"));
    check(|| pairs.split_every(2), &as_many("split_every"));
    check(|| pairs.split_random(0.5, rng), &as_many("split_random"));
    check(|| trainer.epoch(&pairs, 5, rng, |_, mlp, _, _| mlp.layers[0].bias.sum()), &as_many("Trainer::epoch"));
    let number = "Trainer::epoch: the data have shape []: samples [n, …] are needed";
    check(|| trainer.epoch(&Tensor::scalar(1.0), 5, rng, |_, mlp, _, _| mlp.layers[0].bias.sum()), number);
    check(|| zeros([3, 1]).subset(&[0, 3]), "subset: index 3 is out of range for 3 samples");
    for (weights, error) in [
        (vec![1.0, f64::NAN], "weight 1 is NaN, but must be a finite number from 0"),
        (vec![1.0, -1.0], "weight 1 is -1, but must be a finite number from 0"),
        (vec![0.0, 0.0], "no weight is above 0"),
        (vec![], "no weight is above 0"),
    ] {
        check(|| Batches::weighted(5, weights), &format!("Batches::weighted: {error}"));
    }
    let weighted = Batches::weighted(5, [1.0, 2.0]);
    let two = "Batches: 2 weights are given for 5 samples";
    check(|| trainer.epoch(&whole, weighted.clone(), rng, |_, mlp, _, _| mlp.layers[0].bias.sum()), two);
    check(|| trainer.fit(&Plan::new(1, weighted), &whole, None, rng, |_, mlp, _, _| mlp.layers[0].bias.sum(), go), two);
    let patient = "Trainer::fit: the plan has patience 3, which needs validation samples, but there are none";
    let plan = Plan::new(1, 5).patience(3);
    check(|| trainer.fit(&plan, &whole, None, rng, |_, mlp, _, _| mlp.layers[0].bias.sum(), go), patient);
    for name in ["epoch", "loss", "gradient norm", "validation loss"] {
        let taken = format!("Recorder::term: {name:?} is a column of the history; give the term another name");
        check(|| trainer.step(&(), rng, |tape, mlp, _, _| tape.term(name, mlp.layers[0].bias.sum())), &taken);
    }
    let twice = "History::push: the row has two figures named \"loss\"";
    check(|| History::default().push(&[("loss", 1.0), ("loss", 2.0)]), twice);
    let epoch = "History::push: \"epoch\" is the column of the epochs; give the figure another name";
    check(|| History::default().push(&[("epoch", 1.0)]), epoch);
    let size = |function| format!("{function}: the batch size must be above 0");
    check(|| trainer.epoch(&whole, 0, rng, |_, mlp, _, _| mlp.layers[0].bias.sum()), &size("Trainer::epoch"));
    check(|| trainer.evaluate(&whole, 0, rng, |_, mlp, _, _| mlp.layers[0].bias.sum()), &size("Trainer::evaluate"));
    check(|| Plan::new(1, 0), "Plan: the batch size must be above 0");
    check(|| Batches::in_order(0), "Batches: the batch size must be above 0");
    check(|| Batches::weighted(0, [1.0]), "Batches: the batch size must be above 0");
    check(
        || {
            trainer.evaluate(&Samples::new(zeros([0, 4]), Tensor::from(Vec::<usize>::new())), 1, rng, |_, mlp, _, _| {
                mlp.layers[0].bias.sum()
            })
        },
        "Trainer::evaluate: there are no samples",
    );
}

fn settings() {
    let below = |function, name, number| format!("{function}: {name} is {number}, but must be 0 or more");
    for (progress, text) in [(-0.1, "-0.1"), (f64::NAN, "NaN")] {
        check(|| schedule::cosine(1.0, progress), &below("cosine", "progress", text));
        check(|| schedule::one_cycle(1.0, progress), &below("one_cycle", "progress", text));
        check(|| schedule::exponential(1.0, progress, 0.5), &below("exponential", "time", text));
        check(|| schedule::step(1.0, progress, 1.0, 0.5), &below("step", "time", text));
        check(|| schedule::warm_up(1.0, progress, 1.0), &below("warm_up", "time", text));
        check(|| k_sparse::anneal(9, 1, progress), &below("anneal", "progress", text));
        check(|| variational::kl_weight(1.0, 0.2, progress), &below("kl_weight", "progress", text));
    }
    for (rate, text) in [(-0.1, "-0.1"), (f64::NAN, "NaN")] {
        check(|| schedule::cosine(rate, 0.5), &below("cosine", "rate", text));
        check(|| schedule::one_cycle(rate, 0.5), &below("one_cycle", "rate", text));
        check(|| schedule::exponential(rate, 1.0, 0.5), &below("exponential", "rate", text));
        check(|| schedule::step(rate, 0.0, 1.0, 0.5), &below("step", "rate", text));
        check(|| schedule::warm_up(rate, 0.0, 1.0), &below("warm_up", "rate", text));
        check(|| variational::kl_weight(rate, 0.2, 0.5), &below("kl_weight", "beta", text));
    }
    let finite = |function| format!("{function}: the rate is NaN, but must be a finite number");
    check(|| hebb::hebb(&zeros([2, 4]), &zeros([5, 4]), &zeros([5, 2]), f64::NAN), &finite("hebb"));
    check(|| hebb::oja(&zeros([4]), &zeros([5, 4]), f64::NAN), &finite("oja"));
    parts_of_a_model();
    check(|| schedule::step(1.0, 0.0, 0.0, 0.5), "step: every is 0, but must be above 0");
    check(|| schedule::step(1.0, 0.0, 1.0, -0.5), &below("step", "factor", "-0.5"));
    check(|| schedule::warm_up(1.0, 0.0, 0.0), "warm_up: length is 0, but must be above 0");
    let share = "Plateau: the factor is 1.5, but must be a number from 0 to below 1";
    check(|| schedule::Plateau::new(1.0, 1.5, 3), share);
    let table = |function| format!("{function}: 64 inputs have 2^64 rows, but a table has at most 2^30");
    check(|| TruthTable::of(64, |x| x[0]), &table("TruthTable::of"));
    check(|| TruthTable::row(64, 1), &table("TruthTable::row"));
    check(|| Unit::and(64).truth_table(), &table("Unit::truth_table"));
    check(|| Circuit::nand(64).truth_table(), &table("Circuit::truth_table"));
    check(|| TruthTable::row(3, 8), "TruthTable::row: row 8 is out of range for 3 inputs");
    let plane = |units, limit| variational::latent_plane::<f64>(3, units, limit, 2);
    check(|| plane([0, 3], 1.0), "latent_plane: units [0, 3] are given, but there are 3");
    check(|| plane([1, 1], 1.0), "latent_plane: units [1, 1] are given, but two different ones are needed");
    check(|| plane([0, 1], f64::NAN), "latent_plane: the limit NaN is not finite");
    let scaling = Scaling::standard(&zeros([2, 3]));
    let misfit = |function| format!("{function}: the scaling is of 3 features, but `x` has shape [5, 1]");
    check(|| scaling.apply(&zeros([5, 1])), &misfit("Scaling::apply"));
    check(|| scaling.undo(&zeros([5, 1])), &misfit("Scaling::undo"));
    let one = Scaling::standard(&zeros([2, 1]));
    check(|| one.apply(&zeros([5, 3])), "Scaling::apply: the scaling is of 1 features, but `x` has shape [5, 3]");
    let weights = "emphasis: Emphasis { corrupted: -1.0, clean: 1.0 }: the weights must be finite and not negative";
    let negative = Emphasis { corrupted: -1.0, clean: 1.0 };
    check(|| negative.squared_error(&zeros([2, 3]), zeros([2, 3]), &zeros([2, 3])), weights);
}

fn parts_of_a_model() {
    for limit in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let limits =
            |function| format!("Trainer::{function}: the limit is {limit}, but must be a finite number above 0");
        check(|| Trainer::new(mlp(), Sgd::new(0.1)).clip_norm(limit), &limits("clip_norm"));
        check(|| Trainer::new(mlp(), Sgd::new(0.1)).clip_value(limit), &limits("clip_value"));
    }
    let ratio = "Groups::group: the rate is 0.1, but that of the first optimiser is 0";
    check(|| Groups::new(Sgd::<Tensor<f64>>::new(0.0)).group(|_| true, Sgd::new(0.1)), ratio);
    let mut groups = Groups::new(Sgd::new(0.1)).freeze(|path| path.starts_with("encoder"));
    let line = line!() - 1;
    let none = format!(
        "Groups: the predicate given at {}:{line}:49 takes none of the leaves layers.0.weight, layers.0.bias, \
         layers.1.weight, layers.1.bias",
        file!()
    );
    check(|| groups.step(&mut mlp(), &mlp()), &none);
    let mut trainer = Trainer::new(mlp(), groups.clone());
    check(|| trainer.step(&(), &mut (), |_, mlp, _, _| mlp.layers[0].bias.sum()), &none);
    losses_that_are_not_scalars();
    let plan = Plan::new(4, 5).rate(|share| if share < 0.5 { 0.1 } else { -0.1 });
    let rate = "Trainer::fit: the schedule of the plan gives the rate -0.1 for epoch 3, at the share 0.5, but a rate must \
                be a finite number from 0";
    let (mut trainer, rng) = (Trainer::new(mlp(), Sgd::new(0.1)), &mut StdRng::seed_from_u64(0));
    check(|| trainer.fit(&plan, &(), None, rng, |_, mlp, _, _| mlp.layers[0].bias.sum(), |_, _, _| {}), rate);
    let gradient = "step: the model has 4 leaves, but the gradient has 1";
    check(|| Groups::new(Sgd::new(0.1)).step(&mut mlp(), &vec![zeros([1])]), gradient);
}

/// The message names the method that was called.
fn losses_that_are_not_scalars() {
    let rng = &mut StdRng::seed_from_u64(0);
    let shape = |method: &str| {
        format!("Trainer::{method}: the loss has shape [3], but must be a scalar; reduce it, for example by `.mean()`")
    };
    for mut trainer in [Trainer::new(mlp(), Sgd::new(0.1)), Trainer::new(mlp(), Sgd::new(0.1)).traced()] {
        check(|| trainer.step(&(), &mut (), |_, mlp, _, _| mlp.layers[0].bias), &shape("step"));
        check(|| trainer.epoch(&(), 1, rng, |_, mlp, _, _| mlp.layers[0].bias), &shape("epoch"));
        check(|| trainer.evaluate(&(), 1, rng, |_, mlp, _, _| mlp.layers[0].bias), &shape("evaluate"));
        let plan = Plan::new(1, 1);
        check(|| trainer.fit(&plan, &(), None, rng, |_, mlp, _, _| mlp.layers[0].bias, |_, _, _| {}), &shape("fit"));
    }
}

fn data_and_training() {
    let rng = &mut StdRng::seed_from_u64(0);
    check(|| Digits::<f32>::all().split_every(0), "split_every: n is 0, but must be above 0, for 1797 samples");
    let few = Samples::new(zeros([2, 1]), Tensor::from([0, 3]));
    check(|| few.counts(3), "Samples::counts: label 3 in row 1 of 2, but classes are 0 to 2");
    check(|| one_hot::<f64>(&Tensor::from([1, 3]), 3), "one_hot: label 3 in row 1 of 2, but classes are 0 to 2");
    check(|| one_hot::<f64>(&Tensor::from([[1], [2]]), 3), "one_hot: labels [2, 1]: a list of labels [n] is needed");
    check(|| Batches::shuffled(0), "Batches: the batch size must be above 0");
    check(|| Digits::<f32>::all().subset(&[1797]), "subset: index 1797 is out of range for 1797 samples");
    check(|| Sgd::new(0.1).step(&mut mlp(), &vec![zeros([1])]), "step: the model has 4 leaves, but the gradient has 1");
    let mut trainer = Trainer::new(mlp(), Adam::new(0.1));
    let none = Samples { x: zeros([0, 4]), labels: Tensor::from(Vec::<usize>::new()) };
    check(
        || trainer.epoch(&none, 5, rng, |_, mlp, _, _| mlp.layers[0].bias.sum()),
        "Trainer::epoch: there are no samples",
    );
}

fn autoencoders() {
    let rng = &mut StdRng::seed_from_u64(0);
    let (x, z) = (zeros([5, 4]), zeros([5, 2]));
    let tied = TiedAutoencoder::new(&[4, 3, 2], Transfer::Tanh, Init::GlorotUniform, rng);
    let takes = "TiedAutoencoder::decode: the decoder takes 2 features, but `h` has shape [5, 4]";
    check(|| tied.decode(&x), takes);
    let biases = vec![zeros([1]), zeros([3])];
    let bias = "TiedAutoencoder::decode: layer 0 has weights [3, 4], but its bias has shape [1]";
    check(|| TiedAutoencoder { biases, ..tied.clone() }.decode(&z), bias);
    check(
        || TiedAutoencoder { biases: vec![], ..tied.clone() }.decode(&z),
        "TiedAutoencoder::decode: there are 2 layers, but 0 biases",
    );
    let share = "corruption: Masking(1.5) of [5, 4]: a share must lie in [0, 1], and a deviation must be finite and not negative";
    check(|| Corruption::Masking(1.5).apply(&x, rng), share);
    let differ = "emphasis: prediction [5, 4], target [5, 4], mask [5, 2]: the shapes differ";
    check(|| Emphasis::default().squared_error(&x, &x, &z), differ);
    let outside = "emphasis: [5, 4]: the target -1 is outside [0, 1]";
    check(|| Emphasis::default().binary_cross_entropy(&x, x.shift(-1.0), &x), outside);
    let kl = |rho, transfer| sparse::kl_divergence(&zeros([5, 4]), rho, transfer);
    check(|| kl(0.0, Transfer::Sigmoid), "kl_divergence: [5, 4]: ρ = 0 is outside (0, 1)");
    let relu = "kl_divergence: [5, 4]: Relu has no mean activation in (0, 1): take Sigmoid or Tanh";
    check(|| kl(0.1, Transfer::Relu), relu);
    let batch = "kl_divergence: [0, 4]: a batch [n, code] is needed";
    check(|| sparse::kl_divergence(&zeros([0, 4]), 0.1, Transfer::Sigmoid), batch);
    let many = "keep_largest: [5, 2]: k is 3, but there are 2 units";
    check(|| k_sparse::keep_largest(&z, 3, k_sparse::Selection::Sorting), many);
    let model = k_sparse::KSparse::new(4, 2, Init::LeCunNormal, rng);
    let none = |function| format!("{function}: k is 0, but the code must keep at least one unit");
    check(|| model.forward(&x, 0, Default::default()), &none("KSparse::forward"));
    check(|| model.encode(&x, 0, Default::default()), &none("KSparse::encode"));
    check(|| model.forward(&x, 3, Default::default()), "KSparse::forward: [5, 2]: k is 3, but there are 2 units");
    check(
        || model.encode(&z, 1, Default::default()),
        "KSparse::encode: the model takes 4 features, but `x` has shape [5, 2]",
    );
    check(|| model.decode(&x), "KSparse::decode: the decoder takes 2 features, but `h` has shape [5, 4]");
    derivatives_and_bounds();
}

fn derivatives_and_bounds() {
    let rng = &mut StdRng::seed_from_u64(0);
    let (tape, x) = (Tape::new(), zeros([5, 4]));
    let (net, point) = (tape.variables(&mlp()), tape.variable(zeros([5, 3])));
    let takes = |function| format!("{function}: the encoder takes 4 features, but `x` has shape [5, 3]");
    check(|| contractive::penalty(&net, point, Method::Exact), &takes("contractive::penalty"));
    check(|| contractive::penalty(&net, point, Method::Nested), &takes("contractive::penalty"));
    check(|| contractive::layered(&mlp(), &zeros([5, 3])), &takes("contractive::layered"));
    let one = "contractive::layered: `x` has shape [4], but a batch [n, 4] with n > 0 is needed";
    check(|| contractive::layered(&mlp(), &zeros([4])), one);
    let layers = Mlp::<Tensor<f64>> { layers: vec![], transfers: vec![] };
    check(|| contractive::layered(&layers, &x), "contractive::layered: the encoder has no layers");
    let probes = Method::Hutchinson { probes: 0, rng: &mut StdRng::seed_from_u64(0) };
    let none = "hutchinson: [5, 2]: at least one probe is needed";
    check(|| contractive::penalty(&net, tape.variable(x.clone()), probes), none);
    let rows =
        |name| format!("{name}: the code has shape [] and x has shape [5, 3]: batches of the same n > 0 are needed");
    check(|| contractive::nested(point.sum(), point), &rows("contractive::nested"));
    check(|| contractive::hutchinson(point.sum(), point, 1, rng), &rows("hutchinson"));
    bounds();
    let train = |_, ae: Autoencoder<Tensor<f64>>, _: &Tensor<f64>| ae;
    let sizes = "pretrain: sizes [4]: at least the features and a code are needed";
    check(|| stacked::pretrain(&x, &[4], Transfer::Tanh, Init::LeCunNormal, rng, train), sizes);
    let takes = "pretrain: the first layer takes 3 features, but `x` has shape [5, 4]";
    check(|| stacked::pretrain(&x, &[3, 2], Transfer::Tanh, Init::LeCunNormal, rng, train), takes);
    let samples = |columns| Samples { x: zeros([2, columns]), labels: Tensor::from([0, 1]) };
    let codes = "probe_accuracy: training codes [2, 3], test codes [2, 4]: [n, code] and [m, code] are needed";
    check(|| nn::probe_accuracy(&samples(3), &samples(4)), codes);
    let draws = "measure: [5, 4]: there are no draws";
    check(|| small_noise::measure(&x, 0.1, 0, rng, |x| x), draws);
    check(
        || small_noise::measure(&x, 0.1, 1, rng, |x| x.sum_axis(1)),
        "measure: [5, 4]: the reconstruction has shape [5]",
    );
}

fn bounds() {
    let (rng, x) = (&mut StdRng::seed_from_u64(0), zeros([5, 4]));
    let vae = Variational::new(&[4, 2], Likelihood::Bernoulli, Transfer::Tanh, Init::LeCunNormal, rng);
    let code = |function, noise| format!("{function}: the code has shape [5, 2], but the noise has shape {noise}");
    check(|| vae.elbo(&x, &zeros([5, 3])), &code("Variational::elbo", "[5, 3]"));
    check(|| vae.elbo(&x, &zeros([5, 1])), &code("Variational::elbo", "[5, 1]"));
    check(|| vae.elbo(&x, &zeros([1, 2])), &code("Variational::elbo", "[1, 2]"));
    check(|| vae.posterior(&x).sample(&zeros([5, 1])), &code("Posterior::sample", "[5, 1]"));
    let rank = "Variational::elbo: the noise has shape [3, 5, 2], but [n, latent] is needed";
    check(|| vae.elbo(&x, &zeros([3, 5, 2])), rank);
    let rank = "importance_weighted_bound: the noise has shape [5, 2], but [k, n, latent] is needed";
    check(|| vae.importance_weighted_bound(&x, &zeros([5, 2])), rank);
    let none = "importance_weighted_bound: the noise has shape [0, 5, 2]: at least one draw is needed";
    check(|| vae.importance_weighted_bound(&x, &zeros([0, 5, 2])), none);
    let one = "Variational::elbo: `x` has shape [4], but a batch [n, features] is needed";
    check(|| vae.elbo(zeros([4]), &zeros([2])), one);
    let takes =
        |function, taker, name| format!("{function}: the {taker} takes 4 features, but `{name}` has shape [5, 3]");
    let narrow = zeros([5, 3]);
    check(|| vae.elbo(&narrow, &zeros([5, 2])), &takes("Variational::elbo", "encoder", "x"));
    check(|| vae.log_weights(&narrow, &zeros([1, 5, 2])), &takes("Variational::log_weights", "encoder", "x"));
    check(|| vae.nll(&narrow, 1, rng), &takes("nll", "encoder", "x"));
    check(|| vae.posterior(&narrow), &takes("Variational::posterior", "encoder", "x"));
    check(|| vae.reconstruct(&narrow), &takes("Variational::reconstruct", "encoder", "x"));
    check(|| vae.decode(&narrow), "Variational::decode: the decoder takes 2 features, but `z` has shape [5, 3]");
    let two = "interpolate: samples [4] and [5, 4]: two of shape [features] are needed";
    check(|| vae.interpolate(&zeros([4]), &x, 3), two);
    let outside = |function| format!("{function}: [5, 4]: the target 1.5 is outside [0, 1]");
    check(|| vae.elbo(x.shift(1.5), &zeros([5, 2])), &outside("Variational::elbo"));
    check(|| Likelihood::Bernoulli.nats(&x, x.shift(1.5)), &outside("Likelihood::nats"));
    let column = "Likelihood::nats: the decoder describes values of shape [5, 4], but `x` has shape [5, 1]";
    for likelihood in [Likelihood::Bernoulli, Likelihood::Gaussian(1.0)] {
        check(|| likelihood.nats(&x, zeros([5, 1])), column);
    }
    check(|| Likelihood::GaussianVariance.nats(&zeros([5, 8]), zeros([5, 1])), column);
    let odd = "Likelihood::nats: the decoder gives shape [5, 3], but an even number of columns is needed, for means and \
               logarithms of variances";
    check(|| Likelihood::GaussianVariance.nats(&narrow, &x), odd);
    for std in [0.0, -1.0, f64::NAN] {
        let text = |function| format!("{function}: the standard deviation {std} is not above 0");
        check(|| Likelihood::Gaussian(std).nats(&x, &x), &text("Likelihood::nats"));
        let likelihood = Likelihood::Gaussian(std);
        check(
            || Variational::<Tensor<f64>>::new(&[4, 2], likelihood, Transfer::Tanh, Init::LeCunNormal, rng),
            &text("Variational::new"),
        );
    }
    check(|| vae.nll(&x, 0, rng), "nll: [5, 4]: at least one draw is needed");
    check(|| vae.traverse([0, 2], 1.0, 3), "traverse: units [0, 2] are given, but there are 2");
    let elbo = |kl: [usize; 2]| Elbo { reconstruction: zeros([5]), kl: Tensor::zeros(kl) };
    check(|| elbo([5, 2]).loss(-1.0, 0.0), "Elbo::loss: beta is -1, but must be 0 or more");
    check(|| elbo([5, 2]).loss(1.0, f64::NAN), "Elbo::loss: free_nats is NaN, but must be 0 or more");
    check(
        || elbo([3, 2]).negative(),
        "Elbo::negative: the parts have shapes [5] and [3, 2]: [n] and [n, latent] are needed",
    );
    let q = Posterior { mean: zeros([5, 2]), log_var: zeros([5, 1]) };
    check(|| kl_by_unit(&q), "kl_by_unit: the mean has shape [5, 2], but the log-variance has shape [5, 1]");
}
