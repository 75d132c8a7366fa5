//! Losses: their values by the plain formula, their gradients in closed form, and both at extreme logits.

use autodiff::{assert_close, prelude::*};
use nn::data::one_hot;
use nn::loss::{self, CrossEntropy, per_sample};
use nn::penalty;
use rand::{SeedableRng, rngs::StdRng};

fn logits() -> Tensor<f64> {
    Tensor::from([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]])
}

/// Rows that sum to 1.
fn target() -> Tensor<f64> {
    Tensor::from([[0.2, 0.5, 0.3], [0.0, 1.0, 0.0]])
}

#[test]
fn losses_agree_with_the_plain_formulas() {
    let (z, t) = (logits(), target());
    let s = z.sigmoid();
    let bernoulli = -(&t * s.ln() + (1.0 - &t) * (1.0 - &s).ln());
    assert_close(&loss::binary_cross_entropy(&z, &t), &(bernoulli.sum() / 2.0), 1e-14);
    let log_p = (z.exp() / z.exp().sum_keep(-1)).ln();
    assert_close(&loss::soft_cross_entropy(&z, &t), &(-(&log_p * &t).sum() / 2.0), 1e-14);
    let labels = Tensor::from([2, 1]);
    assert_close(&loss::cross_entropy(&z, &labels), &Tensor::scalar(-(log_p[[0, 2]] + log_p[[1, 1]]) / 2.0), 1e-14);
    assert_close(&loss::squared_error(&z, &t), &((&z - &t).square().sum() / 2.0), 1e-14);
    assert_close(&loss::mean_squared_error(&z, &t), &((&z - &t).square().sum() / 6.0), 1e-14);
}

#[test]
fn gradients_agree_with_the_closed_forms() {
    let (z, t) = (logits(), target());
    let bernoulli = grad(&z, |z| loss::binary_cross_entropy(&z, z.constant(target())));
    assert_close(&bernoulli, &((z.sigmoid() - &t) / 2.0), 1e-14);
    let distribution = grad(&z, |z| loss::soft_cross_entropy(&z, z.constant(target())));
    assert_close(&distribution, &((z.softmax(-1) - &t) / 2.0), 1e-14);
    let labels = Tensor::from([2, 1]);
    let classes = grad(&z, |z| loss::cross_entropy(&z, &labels));
    assert_close(&classes, &((z.softmax(-1) - one_hot(&labels, 3)) / 2.0), 1e-14);
}

/// Golden values from JAX 0.10, in f64.
#[test]
fn binary_cross_entropy_is_exact_at_extreme_logits() {
    let z = Tensor::from([-1000.0, -20.0, -1.0, 0.0, 2.0, 30.0, 1000.0]);
    let target = Tensor::from([0.0, 1.0, 0.3, 0.5, 1.0, 0.0, 0.25]);
    let values = [
        0.0,
        20.000000002061153,
        0.6132616875182229,
        std::f64::consts::LN_2,
        0.1269280110429725,
        30.000000000000092,
        750.0,
    ];
    let gradients =
        [0.0, -0.9999999979388464, -0.031058578630004885, 0.0, -0.11920292202211769, 0.9999999999999065, 0.75];
    for i in 0..7 {
        let (z, target) = (z.index_axis(0, i), target.index_axis(0, i));
        let (value, gradient) = value_and_grad(&z, |tape, z| loss::binary_cross_entropy(&z, tape.constant(target)));
        assert_close(&value, &Tensor::scalar(values[i]), 1e-15);
        assert_close(&gradient, &Tensor::scalar(gradients[i]), 1e-15);
    }
}

#[test]
fn cross_entropy_is_finite_at_extreme_logits() {
    let z = Tensor::from([[1000.0, -1000.0], [1000.0, -1000.0]]);
    let (value, gradient) = value_and_grad(&z, |_, z| loss::cross_entropy(&z, &Tensor::from([0, 1])));
    assert_eq!(value.item(), 1000.0);
    assert_eq!(gradient, Tensor::from([[0.0, 0.0], [0.5, -0.5]]));
}

/// The second derivatives of the cross-entropy of one row are diag(p) − p·pᵀ with p = softmax(z).
#[test]
fn hessian_of_cross_entropy_has_its_closed_form() {
    let z = Tensor::from([[1.0, -2.0, 0.5]]);
    let hessian = hessian(&z, |z| loss::cross_entropy(&z, &Tensor::from([1]))).reshape([3, 3]);
    let p = z.softmax(-1).index_axis(0, 0);
    assert_close(&hessian, &(p.diagonal_matrix() - p.outer(&p)), 1e-14);
}

#[test]
fn other_losses_agree_with_the_plain_formulas() {
    let (z, t) = (logits(), target());
    let two = |x: Tensor<f64>| x.sum() / 2.0;
    assert_close(&loss::absolute_error(&z, &t), &two((&z - &t).abs()), 1e-14);
    let huber = (&z - &t).map(|r| if r.abs() <= 0.7 { 0.5 * r * r } else { 0.7 * (r.abs() - 0.35) });
    assert_close(&loss::huber(&z, &t, 0.7), &two(huber), 1e-14);
    let (s, w) = (z.sigmoid(), Tensor::from([2.0, 0.5, 3.0]));
    let weighted = -(&t * s.ln() * &w + (1.0 - &t) * (1.0 - &s).ln());
    assert_close(&loss::weighted_binary_cross_entropy(&z, &t, &w), &two(weighted), 1e-14);
    let q = z.softmax(-1);
    let kl = Tensor::from_fn([2, 3], |i| if t[i] > 0.0 { t[i] * (t[i] / q[i]).ln() } else { 0.0 });
    assert_close(&loss::kl_divergence(&t, &z), &two(kl), 1e-14);
    let (a, p) = (Tensor::from([[0.1, 0.2, 0.3], [1.0, -1.0, 0.0]]), Tensor::from([[0.1, 0.2, 0.3], [1.0, -1.0, 0.0]]));
    let p = p.softmax(-1);
    assert_close(&loss::kl_divergence_of_logits(&a, &z), &two(&p * (&p / &q).ln()), 1e-14);
    let density = (-(&z - &t).square() / (2.0 * a.exp())).exp() / (std::f64::consts::TAU * a.exp()).sqrt();
    assert_close(&loss::gaussian_nll(&t, &a, &z), &two(-density.ln()), 1e-13);
    let cosine =
        |i| z.index_axis(0, i).dot(t.index_axis(0, i)) / (z.index_axis(0, i).norm() * t.index_axis(0, i).norm());
    assert_close(&loss::cosine_distance(&z, &t), &(1.0 - (cosine(0) + cosine(1)) / 2.0), 1e-14);
    let sides = Tensor::from([[1.0, -1.0, 1.0], [-1.0, 1.0, 1.0]]);
    let hinge = Tensor::from_fn([2, 3], |i| f64::max(0.0, 1.0 - sides[i] * z[i]));
    assert_close(&loss::hinge(&z, &sides), &two(hinge), 1e-14);
    let smoothed = Tensor::from_fn([2, 3], |i| if i[1] == [2, 1][i[0]] { 0.9 } else { 0.05 });
    let (smooth, labels) = (loss::soft_cross_entropy(&z, &smoothed), Tensor::from([2, 1]));
    assert_close(&CrossEntropy::new().smoothing(0.15).mean(&z, &labels), &smooth, 1e-14);
}

#[test]
fn classes_and_features_are_the_last_axis() {
    let deep = |x: &Tensor<f64>| x.unsqueeze(1);
    let (z, t, labels) = (logits(), target(), Tensor::from([2, 1]));
    let same = |flat: Tensor<f64>, deep: Tensor<f64>| assert_close(&flat, &deep, 1e-15);
    same(loss::soft_cross_entropy(&z, &t), loss::soft_cross_entropy(&deep(&z), deep(&t)));
    same(loss::kl_divergence(&t, &z), loss::kl_divergence(deep(&t), &deep(&z)));
    same(loss::kl_divergence_of_logits(&t, &z), loss::kl_divergence_of_logits(&deep(&t), &deep(&z)));
    same(loss::cosine_distance(&z, &t), loss::cosine_distance(&deep(&z), deep(&t)));
    let column = Tensor::from([[2], [1]]);
    same(loss::cross_entropy(&z, &labels), loss::cross_entropy(&deep(&z), &column));
}

#[test]
fn penalties_add_up_over_all_leaves() {
    let tree = [logits(), target()];
    let sum = |f: fn(f64) -> f64| tree.iter().flat_map(|leaf| leaf.to_vec()).map(f).sum::<f64>();
    assert_close(&penalty::l2(&tree), &Tensor::scalar(sum(|w| 0.5 * w * w)), 1e-14);
    assert_close(&penalty::l1(&tree), &Tensor::scalar(sum(f64::abs)), 1e-14);
}

#[test]
fn weights_of_one_give_the_plain_cross_entropy_at_extreme_logits() {
    let z = Tensor::from([-1000.0, -20.0, -1.0, 0.0, 2.0, 30.0, 1000.0]);
    let target = Tensor::from([0.0, 1.0, 0.3, 0.5, 1.0, 0.0, 0.25]);
    let one = Tensor::scalar(1.0);
    let weighted = loss::weighted_binary_cross_entropy(&z, &target, &one);
    assert_close(&weighted, &loss::binary_cross_entropy(&z, &target), 1e-15);
    let three = Tensor::scalar(3.0);
    let gradient = grad(&z, |z| loss::weighted_binary_cross_entropy(&z, z.constant(target), &z.constant(three)));
    assert!(gradient.iter().all(f64::is_finite), "{gradient}");
}

#[test]
fn rows_of_zeros_give_no_nan() {
    let (zero, one) = (Tensor::zeros([1, 3]), Tensor::from([[1.0, 2.0, 2.0]]));
    let (value, gradient) = value_and_grad(&zero, |tape, y| loss::cosine_distance(&y, tape.constant(one)));
    assert_eq!((value.item(), gradient), (1.0, Tensor::zeros([1, 3])));
    let certain = Tensor::from([[1.0, 0.0]]);
    let z = Tensor::from([[1000.0, -1000.0]]);
    let (value, gradient) = value_and_grad(&z, |tape, z| loss::kl_divergence(tape.constant(certain), &z));
    assert_eq!((value.item(), gradient), (0.0, Tensor::zeros([1, 2])));
}

/// PyTorch's mean: Σᵢ w[cᵢ]·lᵢ / Σᵢ w[cᵢ] over the labels that count. Its label smoothing spreads ε·w over all classes.
#[test]
fn class_weights_and_ignored_labels_follow_their_formula() {
    let z = Tensor::from([[0.3, -1.0, 0.2], [2.0, 0.3, -0.7], [0.1, 0.9, 0.4], [-0.5, 0.0, 1.0]]);
    let (labels, w) = (Tensor::from([2, 1, 9, 1]), [0.5, 2.0, 1.5]);
    let log_p = z.log_softmax(-1);
    let nats = |epsilon: f64, i: usize, c: usize| {
        let spread: f64 = (0..3).map(|k| w[k] * log_p[[i, k]]).sum();
        -(1.0 - epsilon) * w[c] * log_p[[i, c]] - epsilon / 3.0 * spread
    };
    for epsilon in [0.0, 0.3] {
        let settings = CrossEntropy::new().weights(w).ignore(9).smoothing(epsilon);
        let each = [nats(epsilon, 0, 2), nats(epsilon, 1, 1), 0.0, nats(epsilon, 3, 1)];
        assert_close(&settings.per_sample(&z, &labels), &Tensor::from(each), 1e-14);
        let mean = each.iter().sum::<f64>() / (1.5 + 2.0 + 2.0);
        assert_close(&settings.mean(&z, &labels), &Tensor::scalar(mean), 1e-14);
        let gradient = grad(&z, |z| settings.mean(&z, &labels));
        assert_eq!(gradient.index_axis(0, 2).to_vec(), [0.0; 3]);
    }
    let [first, second] =
        [&[0, 1, 3][..], &[0, 1]].map(|rows| (z.take(0, rows), Tensor::from([2, 1, 1][..rows.len()].to_vec())));
    let ignored = CrossEntropy::new().ignore(9).mean(&z, &labels);
    assert_close(&ignored, &loss::cross_entropy(&first.0, &first.1), 1e-15);
    assert_close(&CrossEntropy::new().mean(&second.0, &second.1), &loss::cross_entropy(&second.0, &second.1), 1e-15);
}

/// The samples with the label are left out, not the class: smoothing spreads to it as without the setting.
#[test]
fn class_whose_label_is_ignored_has_its_share_of_the_smoothing() {
    let (z, w) = (Tensor::from([[0.3, -1.0, 0.2], [2.0, 0.3, -0.7], [0.1, 0.9, 0.4]]), [0.5, 2.0, 1.5]);
    let settings = CrossEntropy::new().weights(w).smoothing(0.3);
    let (all, rest) = (Tensor::from([2, 1, 0]), Tensor::from([2, 0]));
    let found = settings.clone().ignore(1).mean(&z, &all);
    assert_close(&found, &settings.mean(&z.take(0, &[0, 2]), &rest), 1e-15);
}

#[test]
fn batch_without_a_label_that_counts_has_loss_and_gradient_zero() {
    let z = Tensor::from([[0.3, f64::NEG_INFINITY], [2.0, 0.3]]);
    for settings in [CrossEntropy::new().ignore(1), CrossEntropy::new().weights([1.0, 0.0])] {
        let (value, gradient) = value_and_grad(&z, |_, z| settings.mean(&z, &Tensor::from([1, 1])));
        assert_eq!((value.item(), gradient.to_vec()), (0.0, vec![0.0; 4]));
    }
}

/// A law: the loss of a sample is the loss of a batch that holds only this sample, and the loss of a batch is their
/// mean.
#[test]
fn per_sample_losses_are_the_losses_of_single_samples() {
    type Values = [Tensor<f64>; 3];
    type Pair = [fn(&Values) -> Tensor<f64>; 2];
    fn y(x: &Values) -> Tensor<f64> {
        x[0].clone()
    }
    fn t(x: &Values) -> Tensor<f64> {
        x[1].clone()
    }
    fn s(x: &Values) -> Tensor<f64> {
        x[2].clone()
    }
    fn p(x: &Values) -> Tensor<f64> {
        x[1].softmax(-1)
    }
    fn sign(x: &Values) -> Tensor<f64> {
        x[1].sign()
    }
    fn weight(_: &Values) -> Tensor<f64> {
        Tensor::from([1.5, 0.5, 2.0])
    }
    macro_rules! pairs {
        ($($name:ident($($value:ident),*)),*) => {
            [$([|x| loss::$name($(&$value(x)),*), |x| per_sample::$name($(&$value(x)),*)]),*]
        };
    }
    let pairs: [Pair; 11] = pairs![
        squared_error(y, t),
        mean_squared_error(y, t),
        absolute_error(y, t),
        gaussian_nll(y, s, t),
        cosine_distance(y, t),
        binary_cross_entropy(y, p),
        weighted_binary_cross_entropy(y, p, weight),
        hinge(y, sign),
        soft_cross_entropy(y, p),
        kl_divergence(p, y),
        kl_divergence_of_logits(y, t)
    ];
    let rng = &mut StdRng::seed_from_u64(0);
    let x = [(); 3].map(|()| Tensor::normal([4, 3], 0.0, 1.0, rng));
    for [batch, each] in pairs {
        let each = each(&x);
        assert_eq!(each.shape(), [4]);
        assert_close(&each.mean(), &batch(&x), 1e-14);
        for i in 0..4 {
            let alone = batch(&[0, 1, 2].map(|k| x[k].slice(0, i, i + 1)));
            assert_close(&each.index_axis(0, i), &alone, 1e-14);
        }
    }
    let [y, t, _] = &x;
    assert_close(&per_sample::huber(y, t, 0.5).mean(), &loss::huber(y, t, 0.5), 1e-14);
    let labels = Tensor::from([2, 0, 1, 1]);
    assert_close(&per_sample::cross_entropy(y, &labels).mean(), &loss::cross_entropy(y, &labels), 1e-14);
    assert_close(&CrossEntropy::new().per_sample(y, &labels), &per_sample::cross_entropy(y, &labels), 1e-14);
    let deep = y.reshape([2, 2, 3]);
    assert_close(
        &per_sample::squared_error(&deep, t.reshape([2, 2, 3])).mean(),
        &loss::squared_error(&deep, t.reshape([2, 2, 3])),
        1e-14,
    );
}

#[test]
fn gradients_are_clipped() {
    let mut gradient = [Tensor::from([3.0, -0.5]), Tensor::from([f64::NEG_INFINITY, 0.25])];
    nn::clip_value(&mut gradient, 1.0);
    assert_eq!(gradient, [Tensor::from([1.0, -0.5]), Tensor::from([-1.0, 0.25])]);
    let mut infinite = Tensor::from([f64::INFINITY, 1.0]);
    assert_eq!(nn::clip_norm(&mut infinite, 1.0), f64::INFINITY);
    assert_eq!(infinite.to_vec(), [f64::INFINITY, 1.0]);
}

/// ln(1 + e⁻¹⁷) in both cases. The second derivative is s(z)·(1 − s(z)).
#[test]
fn binary_cross_entropy_of_confident_targets_keeps_its_digits() {
    let (expected, slope) = (4.139_937e-8f32, 4.139_937e-8f32);
    for (z, t, sign) in [(17.0f32, 1.0f32, -1.0f32), (-17.0, 0.0, 1.0)] {
        let (z, t) = (Tensor::from([[z]]), Tensor::from([[t]]));
        let near = |y: f32, expected: f32| assert!((y / expected - 1.0).abs() < 1e-6, "{y:e}, not {expected:e}");
        near(loss::binary_cross_entropy(&z, &t).item(), expected);
        near(grad(&z, |z| loss::binary_cross_entropy(&z, z.lift(&t)))[[0, 0]], sign * slope);
        near(hessian(&z, |z| loss::binary_cross_entropy(&z, z.lift(&t))).item(), slope);
    }
    // At 0, where the branches meet, and for a target between 0 and 1.
    let t = Tensor::from([[0.3]]);
    for z in [0.0, 1e-300, -1e-300] {
        let z = Tensor::from([[z]]);
        assert_close(&grad(&z, |z| loss::binary_cross_entropy(&z, z.lift(&t))), &Tensor::from([[0.2]]), 1e-15);
        let second: f64 = hessian(&z, |z| loss::binary_cross_entropy(&z, z.lift(&t))).item();
        assert!((second - 0.25).abs() < 1e-15, "{second}");
    }
    let z = Tensor::from([[2.0]]);
    assert_close(&grad(&t, |t| loss::binary_cross_entropy(&t.lift(&z), t)), &-z, 1e-15);
}

#[test]
fn gaussian_likelihood_survives_small_and_large_variances() {
    let ln_tau = std::f64::consts::TAU.ln();
    let nll = |r: f32, s: f32| {
        let x = (Tensor::from([[0.0f32]]), Tensor::from([[s]]));
        let (value, (mean, log_variance)) =
            value_and_grad(&x, |_, (mean, s)| loss::gaussian_nll(&mean, &s, mean.lift(&Tensor::from([[r]]))));
        [value.item(), mean.item(), log_variance.item()].map(f64::from)
    };
    for s in [-89.0f32, -120.0, -170.0, -300.0, 200.0] {
        assert_eq!(nll(0.0, s), [f64::from((0.5 * (ln_tau + f64::from(s))) as f32), 0.0, 0.5], "{s}");
    }
    // The square of the residual alone overflows, or the exponential alone.
    for (r, s) in [(1e20f32, 95.0f32), (1e-20, -95.0)] {
        let ratio = f64::from(r).powi(2) * (-f64::from(s)).exp();
        let expected = [0.5 * (ln_tau + f64::from(s) + ratio), -ratio / f64::from(r), 0.5 - 0.5 * ratio];
        for (found, expected) in nll(r, s).into_iter().zip(expected) {
            assert!((found / expected - 1.0).abs() < 1e-5, "{r}, {s}: {found}, not {expected}");
        }
    }
    let output = Tensor::from([[0.0f32, -120.0]]);
    let nats = nn::autoencoder::variational::Likelihood::GaussianVariance.nats(&output, Tensor::from([[0.0f32]]));
    assert_eq!(nats.to_vec(), [(0.5 * (ln_tau - 120.0)) as f32]);
}

#[test]
fn cosine_distance_survives_huge_and_tiny_rows() {
    let ones = Tensor::from([[1.0f32, 1.0]]);
    for scale in [1e20, 1e-20, 1e-30, 1e38] {
        let y = &ones * scale;
        assert_eq!(loss::cosine_distance(&y, &y).item(), 0.0, "{scale}");
        assert!((loss::cosine_distance(&y, &-&y).item() - 2.0).abs() < 1e-6, "{scale}");
        let across = Tensor::from([[1.0f32, -1.0]]) * scale;
        assert!((loss::cosine_distance(&y, &across).item() - 1.0).abs() < 1e-6, "{scale}");
        // The derivative with respect to y is −t/(‖t‖·‖y‖) for orthogonal rows.
        let slope = grad(&y, |y| loss::cosine_distance(&y, y.lift(&across)).scale(scale));
        assert_close(&slope, &Tensor::from([[-0.5f32, 0.5]]), 1e-6);
    }
    let (y, t) = (Tensor::from([[1.0, 0.0], [0.0, 0.0]]), Tensor::from([[1.0, 1e-9], [1.0, 2.0]]));
    let found: f64 = loss::cosine_distance(&y, &t).item();
    assert!((found - (0.5e-18 + 1.0) / 2.0).abs() < 1e-16);
    assert_eq!(grad(&y, |y| loss::cosine_distance(&y, y.lift(&t))).to_vec()[2..], [0.0, 0.0]);
    let near: f64 = loss::cosine_distance(&Tensor::from([[1.0, 0.0]]), Tensor::from([[1.0, 1e-9]])).item();
    assert!((near / 0.5e-18 - 1.0).abs() < 1e-7, "{near:e}");
}
