//! The kinds of autoencoders: corruption, selection, tied weights, bounds, stacks, and how denoising contracts.

use autodiff::{assert_close, prelude::*};
use nn::autoencoder::denoising::{Corrupted, Corruption, Emphasis};
use nn::autoencoder::k_sparse::{Selection, dead_units, keep_largest};
use nn::autoencoder::variational::{Likelihood, Variational};
use nn::autoencoder::{small_noise, sparse, stacked};
use nn::{Autoencoder, EncoderDecoder, Init, TiedAutoencoder, Transfer, loss};
use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

type T = Tensor<f64>;

fn rng() -> StdRng {
    StdRng::seed_from_u64(11)
}

#[test]
fn tied_autoencoder_agrees_with_untied_transposed_weights() {
    let rng = &mut rng();
    let tied = TiedAutoencoder::<T>::new(&[6, 5, 3], Transfer::Tanh, Init::GlorotNormal, rng).with_code(Transfer::Tanh);
    let mut untied = Autoencoder::new(&[6, 5, 3], Transfer::Tanh, Init::GlorotNormal, rng).with_code(Transfer::Tanh);
    untied.encoder = tied.encoder.clone();
    for (l, layer) in untied.decoder.layers.iter_mut().enumerate() {
        layer.weight = tied.encoder.layers[1 - l].weight.t();
        layer.bias = tied.biases[1 - l].clone();
    }
    let x = Tensor::normal([4, 6], 0.0, 1.0, rng);
    assert_close(&tied.forward(&x), &untied.forward(&x), 1e-15);
    assert_close(&tied.code_logits(&x).tanh(), &tied.encode(&x), 1e-15);
    // By the chain rule, the gradient with respect to a shared weight is the sum of the gradients at its two places.
    let (_, shared) = value_and_grad(&tied, |tape, ae| ae.forward(tape.constant(x.clone())).square().sum());
    let (_, apart) = value_and_grad(&untied, |tape, ae| ae.forward(tape.constant(x.clone())).square().sum());
    let sum = &apart.encoder.layers[0].weight + apart.decoder.layers[1].weight.t();
    assert_close(&shared.encoder.layers[0].weight, &sum, 1e-13);
}

#[test]
fn corruption_changes_exactly_the_chosen_share() {
    let x = T::uniform([50, 20], 0.2, 0.8, &mut rng());
    for corruption in [Corruption::Masking(0.25), Corruption::SaltAndPepper(0.25)] {
        let Corrupted { x: noisy, chosen } = corruption.apply(&x, &mut rng());
        assert!(chosen.sum_axis(1).iter().all(|count| count == 5.0));
        assert_eq!((1.0 - &chosen) * &noisy, (1.0 - &chosen) * &x);
        let values: Vec<f64> = noisy.iter().zip(chosen.iter()).filter(|(_, c)| *c == 1.0).map(|(v, _)| v).collect();
        let salt = values.iter().filter(|&&v| v == 1.0).count();
        assert!(values.iter().all(|&v| v == 0.0 || v == 1.0));
        match corruption {
            Corruption::SaltAndPepper(_) => assert!((90..160).contains(&salt), "{salt} of 250 are salt"),
            _ => assert_eq!(salt, 0),
        }
        assert_eq!(corruption.apply(&x, &mut rng()).x, noisy, "the same seed gives the same noise");
    }
    let noise = Corruption::Gaussian(0.3).apply(&x, &mut rng()).x - &x;
    assert!((noise.std(0).item() - 0.3).abs() < 0.02 && noise.mean().item().abs() < 0.03);
}

#[test]
fn emphasis_weighs_chosen_features() {
    let (y, clean) = (T::from([[1.0, 2.0], [3.0, 5.0]]), T::from([[0.0, 0.0], [1.0, 1.0]]));
    let chosen = T::from([[1.0, 0.0], [0.0, 1.0]]);
    let emphasis = Emphasis { corrupted: 2.0, clean: 0.5 };
    let expected = (2.0 * 1.0 + 0.5 * 4.0 + 0.5 * 4.0 + 2.0 * 16.0) / 2.0;
    assert_eq!(emphasis.squared_error(&y, &clean, &chosen).item(), expected);
    let plain = Emphasis::default();
    assert_eq!(plain.squared_error(&y, &clean, &chosen), loss::squared_error(&y, &clean));
    let plain = plain.binary_cross_entropy(&y, &clean, &chosen);
    assert_close(&plain, &loss::binary_cross_entropy(&y, &clean), 1e-15);
}

#[test]
fn keep_largest_keeps_the_first_of_tied_activities() {
    let z = T::from([[1.0, 3.0, 3.0, 3.0, 2.0], [0.0, 0.0, 0.0, 0.0, 0.0], [-5.0, -1.0, -2.0, -1.0, -1.0]]);
    for selection in [Selection::Sorting, Selection::Thresholds] {
        let kept = keep_largest(&z.shift(10.0), 2, selection);
        let expected = [[0.0, 13.0, 13.0, 0.0, 0.0], [10.0, 10.0, 0.0, 0.0, 0.0], [0.0, 9.0, 0.0, 9.0, 0.0]];
        assert_eq!(kept, T::from(expected), "{selection:?}");
        assert_eq!(keep_largest(&z, 0, selection), T::zeros([3, 5]));
        assert_eq!(keep_largest(&z, 5, selection), z);
    }
    let singular = T::from([[f64::NEG_INFINITY, 1.0, f64::INFINITY]]);
    assert_eq!(keep_largest(&singular, 1, Selection::Thresholds).to_vec(), [0.0, 0.0, f64::INFINITY]);
    assert_eq!(dead_units(&T::from([[0.0, 1.0], [0.0, -1.0]])), 1);
}

#[test]
fn kept_activities_carry_the_gradient() {
    let z = T::from([[1.0, 3.0, 2.0], [0.5, -1.0, 0.0]]);
    let gradient = grad(&z, |z| keep_largest(&z, 2, Selection::Sorting).square().sum());
    assert_eq!(gradient, T::from([[0.0, 6.0, 4.0], [1.0, 0.0, 0.0]]));
    // In a batched pass too, the Jacobian of a selection is diagonal, with ones at the selected units.
    let rows = batch_jacobian(&z, |z| keep_largest(&z, 1, Selection::Thresholds));
    assert_eq!(rows.diagonal(), T::from([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]));
    assert_eq!(rows.sum().item(), 2.0);
    let mapped = vmap(&z, |z| keep_largest(&z, 2, Selection::Sorting));
    assert_eq!(mapped, keep_largest(&z, 2, Selection::Sorting));
}

/// Differences of these numbers overflow, and bisection between them by value does not end.
#[test]
fn thresholds_and_sorting_agree_at_the_ends_of_the_numbers() {
    let z = T::from([
        [f64::MIN, 1.0, 2.0, 0.0],
        [f64::MIN, f64::MAX, 1e308, -1e308],
        [f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY],
        [f64::MIN, f64::MIN, f64::MIN, f64::MIN],
        [0.0, -0.0, 5e-324, -5e-324],
        [f64::INFINITY, f64::MAX, f64::NEG_INFINITY, f64::MIN],
        [1.0, 1f64.next_up(), 1f64.next_down(), 1.0],
    ]);
    let nan = T::from([[f64::NAN, 1.0, f64::INFINITY, -f64::NAN], [f64::NAN, f64::MIN, f64::NAN, 0.0]]);
    for (k, z) in (0..=4).flat_map(|k| [(k, &z), (k, &nan)]) {
        let bits = |selection| keep_largest(z, k, selection).iter().map(f64::to_bits).collect::<Vec<_>>();
        assert_eq!(bits(Selection::Sorting), bits(Selection::Thresholds), "{k} of {z}");
    }
    assert_eq!(keep_largest(&z, 1, Selection::Thresholds).slice(0, 0, 1).to_vec(), [0.0, 0.0, 2.0, 0.0]);
}

proptest! {
    #[test]
    fn thresholds_and_sorting_select_the_same_units(
        values in proptest::collection::vec(prop_oneof![-3i32..3, -1000i32..1000], 12),
        k in 0usize..=6,
        scale in prop_oneof![Just(1.0), Just(1e-322), Just(1e300), Just(1e305), Just(0.1)],
    ) {
        let z = T::from_vec([2, 6], values.iter().map(|&v| f64::from(v) * scale).collect());
        prop_assert_eq!(keep_largest(&z, k, Selection::Sorting), keep_largest(&z, k, Selection::Thresholds));
    }
}

fn vae(likelihood: Likelihood) -> (Variational<T>, T) {
    let rng = &mut rng();
    let vae = Variational::new(&[5, 7, 2], likelihood, Transfer::Tanh, Init::GlorotNormal, rng);
    (vae, Tensor::uniform([4, 5], 0.0, 1.0, rng))
}

/// Against the densities, written out.
#[test]
fn likelihoods_agree_with_the_plain_formulas() {
    let rng = &mut rng();
    let (output, x) = (T::normal([3, 8], 0.0, 1.0, rng), T::uniform([3, 4], 0.0, 1.0, rng));
    let (mean, log_var) = (output.slice(-1, 0, 4), output.slice(-1, 4, 8));
    let density = |mean: &T, var: &T| {
        let exponent = (&x - mean).square() / var.scale(-2.0);
        (exponent.exp() / var.scale(std::f64::consts::TAU).sqrt()).ln().sum_axis(-1).neg()
    };
    assert_close(&Likelihood::Gaussian(0.5).nats(&mean, &x), &density(&mean, &T::full([3, 4], 0.25)), 1e-13);
    assert_close(&Likelihood::GaussianVariance.nats(&output, &x), &density(&mean, &log_var.exp()), 1e-13);
    let bernoulli = Likelihood::Bernoulli.nats(&mean, &x).mean();
    assert_close(&bernoulli, &loss::binary_cross_entropy(&mean, &x), 1e-13);
}

#[test]
fn importance_weighted_bound_is_the_elbo_for_one_draw_and_rises_with_draws() {
    for likelihood in [Likelihood::Bernoulli, Likelihood::Gaussian(0.4), Likelihood::GaussianVariance] {
        let (vae, x) = vae(likelihood);
        let noise = T::normal([2000, 4, 2], 0.0, 1.0, &mut rng());
        let weights = vae.log_weights(&x, &noise);
        assert_close(&vae.importance_weighted_bound(&x, &noise.slice(0, 0, 1)), &weights.index_axis(0, 0), 1e-13);
        // The mean of ln w is the ELBO, with the KL part sampled where the ELBO has it exactly.
        let elbo = (0..2000).map(|i| vae.elbo(&x, &noise.index_axis(0, i)).negative().item()).sum::<f64>() / -2000.0;
        assert!((weights.mean().item() - elbo).abs() < 0.05, "{} {elbo}", weights.mean());
        let mut bounds = vec![elbo];
        for k in [10, 2000] {
            let groups = (0..2000 / k).map(|i| noise.slice(0, i * k, (i + 1) * k));
            let mean = groups.map(|noise| vae.importance_weighted_bound(&x, &noise).mean().item()).sum::<f64>();
            bounds.push(mean / (2000 / k) as f64);
        }
        assert!(bounds.is_sorted(), "{bounds:?}");
        assert!((vae.nll(&x, 2000, &mut rng()) + bounds[2]).abs() < 0.02);
    }
}

#[test]
fn latent_space_is_generated_traversed_and_interpolated() {
    let (vae, x) = vae(Likelihood::GaussianVariance);
    assert_eq!(vae.generate(3, &mut rng()).shape(), [3, 5]);
    assert_eq!(vae.traverse([0, 1], 2.0, 4).shape(), [16, 5]);
    let way = vae.interpolate(&x.index_axis(0, 0), &x.index_axis(0, 3), 5);
    let ends = vae.reconstruct(x.take(0, &[0, 3]));
    assert_close(&way.take(0, &[0, 4]), &ends, 1e-13);
}

#[test]
fn stack_is_the_composition_of_its_layers() {
    let (x, mut seen) = (T::uniform([6, 5], 0.0, 1.0, &mut rng()), Vec::new());
    let deep = stacked::pretrain(&x, &[5, 4, 3, 2], Transfer::Tanh, Init::GlorotNormal, &mut rng(), |l, ae, data| {
        assert_eq!(ae.forward(data).shape(), data.shape());
        seen.push((l, ae.encode(data)));
        ae
    });
    assert_eq!(seen.iter().map(|(l, _)| *l).collect::<Vec<_>>(), [0, 1, 2]);
    assert_close(&deep.encode(&x), &seen[2].1, 1e-15);
    assert_eq!(deep.forward(&x).shape(), x.shape());
    let classifier = stacked::classifier(&deep, 10, Init::GlorotNormal, &mut rng());
    let top = &classifier.layers[3];
    assert_close(&classifier.forward(&x), &top.forward(deep.encode(&x)), 1e-15);
}

/// Alain and Bengio 2014: a little noise adds to the error σ² times the squared Jacobian of the reconstruction, and a
/// curvature that they drop.
#[test]
fn small_noise_acts_as_a_contractive_penalty() {
    let rng = &mut rng();
    let ae = Autoencoder::<T>::new(&[6, 8, 3], Transfer::Tanh, Init::GlorotNormal, rng).with_code(Transfer::Tanh);
    let x = T::normal([5, 6], 0.0, 0.5, rng);
    let at =
        |sigma| small_noise::measure(&x, sigma, 4000, &mut StdRng::seed_from_u64(1), |x| x.constants(&ae).forward(x));
    let small = at(1e-3);
    let predicted = small.contraction + small.curvature;
    assert!((small.excess - predicted).abs() < 0.02 * predicted, "{small:?}");
    assert!((at(0.5).excess - predicted).abs() > 2.0 * (small.excess - predicted).abs());
}

#[test]
fn always_active_units_are_not_sparse() {
    let codes = [T::from([[5.0, -9.0], [5.0, -9.0]]), T::from([[5.0, -9.0], [-9.0, 5.0]])];
    let [fixed, shared] = codes.map(|z| sparse::kl_divergence(&z, 0.5, Transfer::Sigmoid).item());
    assert!(shared < 1e-2 && fixed > 1.0, "the mean over the batch comes first: {shared} {fixed}");
}
