//! Masked classes and certain answers: a logit of ±∞ with weight 0 counts as absent, in the value and in derivatives.

use autodiff::{assert_close, prelude::*};
use nn::autoencoder::denoising::Emphasis;
use nn::autoencoder::variational::Elbo;
use nn::loss::CrossEntropy;
use nn::{Sgd, Trainer, loss, noise};
use rand::{SeedableRng, rngs::StdRng};

const INF: f64 = f64::INFINITY;

type Loss<T> = for<'t> fn(Var<'t, Tensor<T>>, &Tensor<T>) -> Var<'t, Tensor<T>>;

/// Losses of logits and of a target distribution, both \[2, classes\].
fn losses<T: Element>() -> [(&'static str, Loss<T>); 5] {
    [
        ("soft_cross_entropy", |z, t| loss::soft_cross_entropy(&z, z.constant(t.clone()))),
        ("CrossEntropy", |z, _| CrossEntropy::new().mean(&z, &Tensor::from([1, 0]))),
        ("kl_divergence", |z, t| loss::kl_divergence(z.constant(t.clone()), &z)),
        ("kl_divergence_of_logits by q", |z, t| loss::kl_divergence_of_logits(&z.constant(t.ln()), &z)),
        ("kl_divergence_of_logits by p", |z, t| loss::kl_divergence_of_logits(&z, &z.constant(t.ln()))),
    ]
}

/// The value, the gradient, and the product of the Hessian with a direction in both modes.
fn derivatives<T: Element>(f: Loss<T>, z: &Tensor<T>, t: &Tensor<T>, v: &Tensor<T>) -> [Tensor<T>; 4] {
    let (value, gradient) = value_and_grad(z, |_, z| f(z, t));
    let [forward, reverse] = [Mode::Forward, Mode::Reverse].map(|mode| hvp_tree_by(mode, z, v, |_, z| f(z, t)));
    [value, gradient, forward, reverse]
}

/// A law: a loss with masked classes is the loss without them.
fn masked_classes_count_as_absent<T: Element>(tolerance: f64) {
    let of = |x: [[f64; 3]; 2]| Tensor::from(x).map(|&x| T::from_f64(x));
    let z = of([[0.5, -1.0, 0.2], [2.0, 0.3, -0.7]]);
    let t = of([[0.2, 0.7, 0.1], [0.5, 0.25, 0.25]]);
    let v = of([[1.0, -0.5, 0.1], [0.3, 2.0, 0.4]]);
    let wider = |x: &Tensor<T>, absent: f64| Tensor::concat(1, &[x, &Tensor::full([2, 2], T::from_f64(absent))]);
    for (name, f) in losses() {
        let expected = derivatives(f, &z, &t, &v);
        let found = derivatives(f, &wider(&z, -INF), &wider(&t, 0.0), &wider(&v, 1.0));
        for (order, (found, expected)) in
            ["value", "gradient", "forward", "reverse"].iter().zip(found.iter().zip(&expected))
        {
            let expected = if *order == "value" { expected.clone() } else { wider(expected, 0.0) };
            assert!(found.approx(&expected, tolerance).is_ok(), "{name}, {order}:\n{found}\n{expected}");
        }
    }
}

#[test]
fn masked_classes_count_as_absent_in_losses_and_their_derivatives() {
    masked_classes_count_as_absent::<f64>(1e-15);
    masked_classes_count_as_absent::<f32>(1e-6);
}

/// Two certain answers and one uncertain, and their targets: the certain ones are right.
fn certain() -> [Tensor<f64>; 2] {
    [Tensor::from([[-INF, INF, 0.5]]), Tensor::from([[0.0, 1.0, 0.3]])]
}

#[test]
fn certain_answers_cost_nothing_if_they_are_right() {
    let ([z, t], s) = (certain(), Math::sigmoid(&0.5));
    let value = loss::binary_cross_entropy(&Tensor::from([[0.5]]), Tensor::from([[0.3]]));
    let slope = Tensor::from([[0.0, 0.0, s - 0.3]]);
    let chosen = Tensor::ones([1, 3]);
    let losses = [
        value_and_grad(&z, |tape, z| loss::binary_cross_entropy(&z, tape.constant(t.clone()))),
        value_and_grad(&z, |tape, z| Emphasis::default().binary_cross_entropy(&z, tape.constant(t.clone()), &chosen)),
        value_and_grad(&z, |tape, z| {
            loss::weighted_binary_cross_entropy(&z, tape.constant(t.clone()), &tape.constant(Tensor::scalar(1.0)))
        }),
    ];
    for (found, gradient) in losses {
        assert_close(&found, &value, 1e-15);
        assert_close(&gradient, &slope, 1e-15);
    }
    let curvature = hessian(&z, |z| loss::binary_cross_entropy(&z, z.constant(t.clone()))).reshape([3, 3]);
    assert_close(&curvature, &Tensor::from([0.0, 0.0, s * (1.0 - s)]).diagonal_matrix(), 1e-15);
    assert_eq!(loss::binary_cross_entropy(&z, &(1.0 - &t)).item(), INF, "certain and wrong");
}

/// e⁻¹⁷ to all digits. softplus(17) − 17 would be 0 in `f32`.
#[test]
fn confident_right_answers_keep_their_digits() {
    for (z, t) in [(17.0f32, 1.0f32), (-17.0, 0.0)] {
        let loss = loss::binary_cross_entropy(&Tensor::from([z]), Tensor::from([t])).item();
        assert!((loss / 4.139_937_5e-8 - 1.0).abs() < 1e-6, "{z}: {loss}");
    }
}

/// At z = 0 the two halves of the formula meet. Its derivatives there are those of softplus(z) − t·z.
#[test]
fn binary_cross_entropy_is_smooth_at_zero() {
    for z in [0.0, -0.0] {
        for n in 0..5 {
            let found: f64 = nth_derivative(n, &z, |z| loss::binary_cross_entropy(&z, z.full_like(0.2)));
            let plain = nth_derivative(n, &z, |z| z.softplus() - z * 0.2);
            assert!((found - plain).abs() < 1e-15, "order {n} at {z}: {found}, {plain}");
        }
    }
}

/// d/dp p·(ln p − ln q) = ln p + 1 − ln q: −∞ at p = 0, and finite by the weight 0 of a cross-entropy.
#[test]
fn derivatives_by_a_weight_of_zero_are_its_limits() {
    let (t, z) = (Tensor::from([[0.0, 1.0]]), Tensor::from([[0.0, 0.0]]));
    let by_weight = grad(&t, |t| loss::soft_cross_entropy(&t.constant(z.clone()), t));
    assert_close(&by_weight, &Tensor::from([[2f64.ln(), 2f64.ln()]]), 1e-15);
    let by_p = grad(&t, |t| loss::kl_divergence(t, &t.constant(z.clone())));
    assert_eq!((by_p[[0, 0]], by_p[[0, 1]]), (-INF, 1.0 + 2f64.ln()));
}

#[test]
fn weights_of_zero_leave_out_infinite_terms() {
    let (y, clean, chosen) = (Tensor::from([[INF, 1.0]]), Tensor::from([[0.0, 0.0]]), Tensor::from([[0.0, 1.0]]));
    let full = Emphasis { corrupted: 1.0, clean: 0.0 };
    assert_eq!(full.squared_error(&y, &clean, &chosen).item(), 1.0);
    assert_eq!(
        full.binary_cross_entropy(&y, &clean, &chosen),
        loss::binary_cross_entropy(&y.slice(1, 1, 2), Tensor::from([[0.0]]))
    );
    let dropped = noise::dropout(&Tensor::full([100], -INF), 0.5, &mut StdRng::seed_from_u64(0));
    assert!(dropped.iter().all(|y| y == 0.0 || y == -INF));
    let elbo = Elbo { reconstruction: Tensor::from([2.0]), kl: Tensor::from([[INF]]) };
    assert_eq!(elbo.loss(0.0, 0.0).item(), 2.0);
    let z = Tensor::from([[-INF, 0.0]]);
    let smoothed = |share| CrossEntropy::new().smoothing(share).mean(&z, &Tensor::from([0])).item();
    assert_eq!([0.0, 0.5, 1.0].map(smoothed), [INF; 3]);
}

/// A product with a mask of the user's own is NaN. The report names the product and its line.
#[test]
fn nan_of_a_masked_product_is_blamed_on_the_product() {
    let mask = Tensor::from([[0.0, -INF]]);
    let mut trainer = Trainer::new(Tensor::from([[0.5, 1.0]]), Sgd::new(0.1)).traced();
    let line = line!() + 2;
    let error = trainer.step(&(), &mut (), |_, z, _, _| {
        let product = (z + &mask).log_softmax(-1) * &Tensor::from([[1.0, 0.0]]);
        product.sum()
    });
    let site = error.unwrap_err().site.expect("a site");
    assert!(site.node.contains(" = mul "), "{site}");
    assert_eq!(site.location.map(|place| (place.file(), place.line())), Some((file!(), line)));
}

/// The mask is added inside, since the checker steps from the point that it is given.
#[test]
fn masked_losses_pass_the_checker() {
    let z = Tensor::from([[0.5, -1.0, 0.3], [2.0, 0.1, -0.4]]);
    let mask = Tensor::from([[0.0, 0.0, -INF], [0.0, -INF, -INF]]);
    let t = Tensor::from([[0.3, 0.7, 0.0], [1.0, 0.0, 0.0]]);
    for (name, f) in losses::<f64>().into_iter().filter(|(name, _)| *name != "CrossEntropy") {
        let report = check_grads(&z, &Options::order(3), |z| f(z + &mask, &t));
        assert!(report.is_ok(), "{name}: {}", report.unwrap_err());
    }
}
