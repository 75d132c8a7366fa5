//! Penalties and bounds of autoencoders: golden values, first and second derivatives against differences, saturation.

use autodiff::{assert_close, prelude::*};
use nn::autoencoder::contractive::{self, Method};
use nn::autoencoder::denoising::Emphasis;
use nn::autoencoder::variational::{Elbo, Likelihood, Posterior, Variational, kl_by_unit};
use nn::autoencoder::{k_sparse, sparse};
use nn::{Init, Mlp, Transfer};
use rand::{SeedableRng, rngs::StdRng};

type T = Tensor<f64>;

/// Compares the gradient with central differences, and products of the Hessian with a direction with central
/// differences of the gradient.
fn check(name: &str, x: &T, f: impl for<'t> Fn(Var<'t, T>) -> Var<'t, T> + Copy) {
    const STEP: f64 = 1e-5;
    let value = |x: &T| value_and_grad(x, |_, x| f(x)).0.item();
    let gradient = |x: &T| grad(x, f);
    let rng = &mut StdRng::seed_from_u64(1);
    for _ in 0..3 {
        let v: T = Tensor::normal(x.shape(), 0.0, 1.0, rng);
        let (ahead, behind) = (x + STEP * &v, x - STEP * &v);
        let difference = (value(&ahead) - value(&behind)) / (2.0 * STEP);
        let slope = gradient(x).dot(&v).item();
        assert!(
            (difference - slope).abs() < 1e-7 * (1.0 + slope.abs()),
            "{name}: {difference} by differences, {slope}"
        );
        let difference = (gradient(&ahead) - gradient(&behind)) / (2.0 * STEP);
        let product = hvp(x, &v, f);
        assert!(product.approx(&difference, 1e-6).is_ok(), "{name}, order 2:\n{product}\n{difference}");
    }
}

fn z() -> T {
    Tensor::normal([4, 6], 0.0, 1.5, &mut StdRng::seed_from_u64(0))
}

#[test]
fn penalties_have_right_first_and_second_derivatives() {
    check("KL, sigmoid", &z(), |z| sparse::kl_divergence(&z, 0.05, Transfer::Sigmoid));
    check("KL, tanh", &z(), |z| sparse::kl_divergence(&z, 0.2, Transfer::Tanh));
    check("L1", &z(), |z| sparse::l1(&z));
    check("L2 of a code", &z(), |z| sparse::l2(&z.tanh()));
    check("k largest", &z(), |z| k_sparse::keep_largest(&z, 2, k_sparse::Selection::Sorting).powi(3).sum());
    check("KL to the prior", &z(), |z| {
        kl_by_unit(&Posterior { mean: z.slice(-1, 0, 3), log_var: z.slice(-1, 3, 6) }).sum()
    });
    let net = Mlp::new(&[6, 5, 3], Transfer::Tanh, Init::GlorotNormal, &mut StdRng::seed_from_u64(2));
    for (name, method) in [("nested", (|| Method::Nested) as fn() -> Method<'static>), ("layered", || Method::Layered)]
    {
        check(name, &z(), |z| contractive::penalty(&z.constants(&net), z, method()));
    }
    let (clean, chosen) = (z().sigmoid(), z().step());
    let emphasis = Emphasis { corrupted: 2.0, clean: 0.5 };
    check("squared error", &z(), |z| emphasis.squared_error(&z, z.constant(clean.clone()), &chosen));
    check("cross-entropy", &z(), |z| emphasis.binary_cross_entropy(&z, z.constant(clean.clone()), &chosen));
}

#[test]
fn bounds_have_right_first_and_second_derivatives() {
    let rng = &mut StdRng::seed_from_u64(0);
    for likelihood in [Likelihood::Bernoulli, Likelihood::Gaussian(0.7), Likelihood::GaussianVariance] {
        let vae = Variational::new(&[5, 4, 2], likelihood, Transfer::Tanh, Init::GlorotNormal, rng);
        let vae = &vae;
        let (x, noise) = (Tensor::uniform([3, 5], 0.0, 1.0, rng), Tensor::normal([3, 2], 0.0, 1.0, rng));
        let noises = Tensor::normal([7, 3, 2], 0.0, 1.0, rng);
        // The derivative with respect to the encoder's last weights, on which everything depends.
        let weight = vae.encoder.layers[1].weight.clone();
        fn with<'t>(vae: &Variational<T>, w: Var<'t, T>) -> Variational<Var<'t, T>> {
            let mut vae = w.constants(vae);
            vae.encoder.layers[1].weight = w;
            vae
        }
        check("ELBO", &weight, |w| with(vae, w).elbo(w.constant(x.clone()), &noise).loss(0.7, 0.01));
        check("IWAE", &weight, |w| with(vae, w).importance_weighted_bound(w.constant(x.clone()), &noises).sum());
    }
}

/// Golden values from JAX 0.10, in f64.
#[test]
fn kl_sparsity_has_golden_values() {
    let mean = Tensor::from([[0.01, 0.05, 0.2, 0.9]]);
    let logits = (&mean / (1.0 - &mean)).ln();
    let (value, gradient) = value_and_grad(&logits, |_, z| sparse::kl_divergence(&z, 0.05, Transfer::Sigmoid));
    assert!(f64::abs(value.item() - 2.1294427318200517) < 1e-13);
    let by_mean = Tensor::from([[-4.040404040404041, 0.0, 0.9375, 9.444444444444448]]);
    assert_close(&gradient, &(by_mean * &mean * (1.0 - &mean)), 1e-13);
    let by_tanh = sparse::kl_divergence(&logits.scale(0.5), 0.05, Transfer::Tanh);
    assert!(f64::abs(by_tanh.item() - 2.1294427318200517) < 1e-13);
}

#[test]
fn kl_sparsity_takes_the_mean_over_the_batch_first() {
    let h = z().sigmoid().mean_axis(0);
    let rho = 0.05;
    let plain = (rho * (rho / &h).ln() + (1.0 - rho) * ((1.0 - rho) / (1.0 - &h)).ln()).sum();
    assert_close(&sparse::kl_divergence(&z(), rho, Transfer::Sigmoid), &plain, 1e-13);
    let h = (z().tanh() + 1.0).scale(0.5).mean_axis(0);
    let plain = (rho * (rho / &h).ln() + (1.0 - rho) * ((1.0 - rho) / (1.0 - &h)).ln()).sum();
    assert_close(&sparse::kl_divergence(&z(), rho, Transfer::Tanh), &plain, 1e-13);
}

#[test]
fn kl_sparsity_is_finite_if_all_units_saturate() {
    for (size, transfer) in [(800.0, Transfer::Sigmoid), (400.0, Transfer::Tanh)] {
        let z = Tensor::from([[-size, size], [-size, size]]);
        let (value, gradient) = value_and_grad(&z, |_, z| sparse::kl_divergence(&z, 0.1, transfer));
        let entropy = 0.1 * 0.1f64.ln() + 0.9 * 0.9f64.ln();
        assert!(f64::abs(value.item() - (800.0 + 2.0 * entropy)) < 1e-10, "{value}");
        let factor = 800.0 / size / 2.0;
        let expected = Tensor::from([[-0.1, 0.9], [-0.1, 0.9]]).scale(factor);
        assert_close(&gradient, &expected, 1e-12);
    }
}

#[test]
fn kl_of_the_variational_code_has_golden_values() {
    let mean = Tensor::from([[0.5, -1.0], [0.0, 2.0]]);
    let log_var = Tensor::from([[0.0, -2.0], [1.0, 0.3]]);
    let q = [mean, log_var];
    let by_sample = kl_by_unit(&Posterior { mean: q[0].clone(), log_var: q[1].clone() }).sum_axis(-1);
    assert_close(&by_sample, &Tensor::from([1.1926676416183064, 2.3840703180175242]), 1e-14);
    let (_, [by_mean, by_log_var]) =
        value_and_grad(&q, |_, [mean, log_var]| kl_by_unit(&Posterior { mean, log_var }).sum());
    assert_close(&by_mean, &q[0], 1e-14);
    let expected = Tensor::from([[0.0, -0.43233235838169365], [0.8591409142295228, 0.17492940378800156]]);
    assert_close(&by_log_var, &expected, 1e-14);
}

#[test]
fn kl_keeps_its_digits_near_the_prior() {
    let q = Posterior { mean: Tensor::from([[1e-6]]), log_var: Tensor::from([[1e-9]]) };
    let kl: f64 = kl_by_unit(&q).item();
    assert!((kl - 5e-13).abs() < 1e-18, "{kl}"); // ½·(μ² + l²/2): 1 − 1 + … would leave nothing
}

#[test]
fn beta_and_free_bits_act_on_the_mean_of_each_unit() {
    let elbo = Elbo { reconstruction: Tensor::from([1.0, 3.0]), kl: Tensor::from([[0.0, 1.0], [0.2, 3.0]]) };
    assert_eq!(elbo.negative().item(), 2.0 + 0.1 + 2.0);
    assert_eq!(elbo.loss(4.0, 0.0).item(), 2.0 + 4.0 * (0.1 + 2.0));
    assert_eq!(elbo.loss(1.0, 0.5).item(), 2.0 + 0.5 + 2.0);
}
