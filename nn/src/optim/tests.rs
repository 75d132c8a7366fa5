use super::*;
use autodiff::prelude::*;
use schedule::Plateau;

type Pair = (Tensor<f64>, Tensor<f64>);

fn start() -> Pair {
    (Tensor::from([[1.0, -2.0], [0.5, 4.0]]), Tensor::from([3.0]))
}

/// The gradient of a bowl with its minimum at 1 and a different curvature for each coordinate.
fn gradient(w: &Pair) -> Pair {
    value_and_grad(w, |_, (a, b)| {
        let steep = a.constant(Tensor::from([[1.0, 2.0], [3.0, 4.0]]));
        (steep * (a - 1.0).square()).sum() + (b - 1.0).square().sum()
    })
    .1
}

/// Each rule once more, for one weight, in the notation of its paper.
fn reference(mut rule: impl FnMut(usize, f64, f64) -> f64, steps: usize) -> Vec<f64> {
    let mut w = start();
    for _ in 0..steps {
        let g = tree::flatten(&gradient(&w)).to_vec();
        let mut i = 0..;
        w.visit_mut(&mut |_, leaf| {
            for w in leaf.as_mut_slice() {
                let i = i.next().expect("an endless count");
                *w = rule(i, *w, g[i]);
            }
        });
    }
    tree::flatten(&w).to_vec()
}

fn run(mut optimizer: impl Optimizer<Tensor<f64>>, steps: usize) -> Vec<f64> {
    let mut w = start();
    for _ in 0..steps {
        let g = gradient(&w);
        optimizer.step(&mut w, &g);
    }
    tree::flatten(&w).to_vec()
}

#[track_caller]
fn close(a: Vec<f64>, b: Vec<f64>) {
    autodiff::assert_close(&Tensor::from(a), &Tensor::from(b), 1e-14);
}

#[test]
fn descent_follows_its_formula() {
    close(run(Sgd::new(0.1), 5), reference(|_, w, g| w - 0.1 * g, 5));
}

#[test]
fn momentum_follows_its_formula() {
    let mut v = [0.0; 5];
    let rule = |i: usize, w, g| {
        v[i] = 0.9 * v[i] + g;
        w - 0.05 * v[i]
    };
    close(run(Sgd::new(0.05).momentum(0.9), 5), reference(rule, 5));
    let mut v = [0.0; 5];
    let rule = |i: usize, w, g| {
        v[i] = 0.9 * v[i] + g;
        w - 0.05 * (g + 0.9 * v[i])
    };
    close(run(Sgd::new(0.05).nesterov(0.9), 5), reference(rule, 5));
}

#[test]
fn adam_follows_its_formula() {
    let (mut m, mut v, mut t) = ([0.0; 5], [0.0; 5], [0; 5]);
    let rule = |i: usize, w, g: f64| {
        t[i] += 1;
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.999 * v[i] + 0.001 * g * g;
        let (mean, square) = (m[i] / (1.0 - 0.9f64.powi(t[i])), v[i] / (1.0 - 0.999f64.powi(t[i])));
        w - 0.2 * mean / (square.sqrt() + 1e-8)
    };
    close(run(Adam::new(0.2), 5), reference(rule, 5));
}

#[test]
fn weight_decay_follows_its_formula() {
    close(run(Sgd::new(0.1).decay(0.3), 5), reference(|_, w, g| w * (1.0 - 0.1 * 0.3) - 0.1 * g, 5));
    let (mut m, mut v, mut t) = ([0.0; 5], [0.0; 5], [0; 5]);
    let adam_w = |i: usize, w, g: f64| {
        t[i] += 1;
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.999 * v[i] + 0.001 * g * g;
        let (mean, square) = (m[i] / (1.0 - 0.9f64.powi(t[i])), v[i] / (1.0 - 0.999f64.powi(t[i])));
        w - 0.2 * (mean / (square.sqrt() + 1e-8) + 0.3 * w)
    };
    close(run(Adam::new(0.2).decay(0.3), 5), reference(adam_w, 5));
}

#[test]
fn rms_prop_follows_its_formula() {
    let mut v = [0.0; 5];
    let rule = |i: usize, w, g: f64| {
        v[i] = 0.9 * v[i] + 0.1 * g * g;
        w - 0.05 * g / (v[i].sqrt() + 1e-8)
    };
    close(run(RmsProp::new(0.05), 5), reference(rule, 5));
}

#[test]
fn adagrad_follows_its_formula() {
    let mut s = [0.0; 5];
    let rule = |i: usize, w, g: f64| {
        s[i] += g * g;
        w - 0.5 * g / (s[i].sqrt() + 1e-10)
    };
    close(run(Adagrad::new(0.5), 5), reference(rule, 5));
}

/// A bowl has constant second derivatives, so 5 changes span its 5 weights.
#[test]
fn lbfgs_reaches_the_minimum_of_a_bowl() {
    let mut w = start();
    let mut lbfgs = Lbfgs::new(8);
    let mut losses = Vec::new();
    for _ in 0..15 {
        losses.push(lbfgs.step(&mut w, bowl));
    }
    assert!(losses.windows(2).all(|pair| pair[1] <= pair[0]), "{losses:?}");
    autodiff::assert_close(&Tensor::from(flat(&w)), &Tensor::ones([5]), 1e-7);
}

/// The value of the bowl, with its gradient.
fn bowl(w: &Pair) -> (Tensor<f64>, Pair) {
    let value = (Tensor::from([[1.0, 2.0], [3.0, 4.0]]) * (&w.0 - 1.0).square()).sum() + (&w.1 - 1.0).square().sum();
    (value, gradient(w))
}

fn flat(w: &Pair) -> Vec<f64> {
    tree::flatten(w).to_vec()
}

#[test]
fn all_optimisers_reach_the_minimum() {
    let bottom = || vec![1.0; 5];
    let near = |w: Vec<f64>| autodiff::assert_close(&Tensor::from(w), &Tensor::from(bottom()), 1e-3);
    near(run(Sgd::new(0.1), 300));
    near(run(Sgd::new(0.02).momentum(0.9), 300));
    near(run(Sgd::new(0.02).nesterov(0.9), 300));
    near(run(Adam::new(0.1), 600));
    near(run(Adagrad::new(1.0), 300));
}

/// The second moments stay finite, and the weights move: the first step has the size of the rate for any gradient.
#[test]
fn weights_move_after_a_huge_gradient() {
    fn check<T: Element>(huge: f64, ordinary: f64) {
        fn moved<T: Element>(
            mut optimizer: impl Optimizer<Tensor<T>> + State<Tensor<T>>,
            gradients: [f64; 2],
        ) -> [f64; 2] {
            let mut w = Tensor::scalar(T::from_f64(0.0));
            let steps = gradients.map(|g| {
                let before = w.item().to_f64();
                optimizer.step(&mut w, &Tensor::scalar(T::from_f64(g)));
                w.item().to_f64() - before
            });
            optimizer.visit_tensors(&mut |name, _, x| assert!(x.item().to_f64().is_finite(), "{name}"));
            steps
        }
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-6, "{found}, not {expected}");
        for sign in [1.0, -1.0] {
            let gradients = [sign * huge, sign * ordinary];
            let [first, second] = moved::<T>(Adam::new(0.1), gradients);
            close(first, -0.1 * sign);
            assert!(second * sign < -0.01, "Adam: {second}");
            close(moved::<T>(RmsProp::new(0.1), gradients)[0], -0.1 * sign / 0.1f64.sqrt());
            let saturated = moved::<T>(Adagrad::new(0.1), [sign * huge; 2]);
            close(saturated[0], -0.1 * sign);
            close(saturated[1], -0.1 * sign / 2f64.sqrt());
        }
    }
    check::<f32>(3e38, 1.0);
    check::<f32>(2e19, 1.0);
    check::<f64>(1e300, 1.0);
}

#[test]
fn adagrad_stays_finite_when_its_sum_overflows() {
    let (mut w, mut adagrad) = (Tensor::scalar(0.0f32), Adagrad::new(0.1));
    for _ in 0..20 {
        let before = w.item();
        adagrad.step(&mut w, &Tensor::scalar(3e38));
        assert!(w.item() < before, "the weight stands still at {before}");
    }
}

#[test]
fn settings_are_checked_where_they_are_given() {
    type Make = fn() -> Sgd<Tensor<f64>>;
    let refused: [(Make, &str); 5] = [
        (|| Sgd::new(-1.0), "Sgd: the rate is -1, but must be a finite number from 0"),
        (|| Sgd::new(f64::NAN), "Sgd: the rate is NaN, but"),
        (|| Sgd::new(0.1).momentum(1.0), "Sgd: the momentum is 1, but must be a number from 0 to below 1"),
        (|| Sgd::new(0.1).nesterov(-0.1), "Sgd: the momentum is -0.1, but"),
        (|| Sgd::new(0.1).decay(f64::INFINITY), "Sgd: the weight decay is inf, but"),
    ];
    let message = |made: std::thread::Result<()>| match made {
        Ok(()) => String::new(),
        Err(panic) => *panic.downcast::<String>().expect("a text"),
    };
    for (make, expected) in refused {
        let text = message(std::panic::catch_unwind(|| drop(make())));
        assert!(text.starts_with(expected), "{text:?}, not {expected:?}");
    }
    for make in [
        || drop(Adam::<Tensor<f64>>::new(0.1).betas(0.9, 1.0)),
        || drop(Adam::<Tensor<f64>>::new(0.1).epsilon(0.0)),
        || drop(Adam::<Tensor<f64>>::new(0.1).decay(-1.0)),
        || drop(RmsProp::<Tensor<f64>>::new(0.1).rho(1.5)),
        || drop(Adagrad::<Tensor<f64>>::new(0.1).epsilon(-1e-8)),
        || Adam::<Tensor<f64>>::new(0.1).set_rate(f64::NAN),
        || _ = schedule::Plateau::new(0.1, 1.0, 3),
        || _ = schedule::Plateau::new(0.1, 0.5, 0),
    ] {
        assert!(message(std::panic::catch_unwind(make)).contains("must be"));
    }
}

/// A setting given after some steps counts from the next one.
#[test]
fn momentum_given_later_starts_from_rest() {
    let (mut w, mut sgd) = (Tensor::scalar(0.0), Sgd::new(0.1));
    let one = Tensor::scalar(1.0);
    sgd.step(&mut w, &one);
    let mut sgd = sgd.momentum(0.5);
    (0..2).for_each(|_| sgd.step(&mut w, &one));
    autodiff::assert_close(&w, &Tensor::scalar(-0.1 * (1.0 + 1.0 + 1.5)), 1e-15);
}

#[test]
#[should_panic(expected = "step: 1 has shape [1] in the model, but [2] in the gradient")]
fn gradient_of_another_shape_is_refused() {
    let gradient = (Tensor::zeros([2, 2]), Tensor::zeros([2]));
    Sgd::new(0.1).step(&mut start(), &gradient);
}

#[test]
#[should_panic(expected = "step: the model has 2 leaves, but the optimiser has 1")]
fn optimiser_of_another_model_is_refused() {
    let mut adam = Adam::new(0.1);
    adam.step(&mut Tensor::zeros([3]), &Tensor::zeros([3]));
    adam.step(&mut start(), &start());
}

#[test]
fn clipping_by_the_norm_survives_huge_and_tiny_gradients() {
    for scale in [1e200, 1e-200, 1e-310] {
        let mut gradient = (Tensor::from([3.0 * scale]), Tensor::from([0.0, 4.0 * scale]));
        assert!((clip_norm(&mut gradient, 0.5 * scale) / (5.0 * scale) - 1.0).abs() < 1e-12);
        assert!((gradient.0[[0]] / (0.3 * scale) - 1.0).abs() < 1e-12);
        assert!((gradient.1[[1]] / (0.4 * scale) - 1.0).abs() < 1e-12);
    }
    let mut single = Tensor::from([3e38f32, -3e38]);
    assert!((clip_norm(&mut single, 1e-5) / (3e38 * 2f64.sqrt()) - 1.0).abs() < 1e-6);
    assert!((f64::from(single[[0]]) / (1e-5 * 0.5f64.sqrt()) - 1.0).abs() < 1e-6);
    assert_eq!(clip_norm(&mut Tensor::from([0.0, 0.0]), 1.0), 0.0);
    assert_eq!(clip_norm(&mut Tensor::from([1.0, f64::INFINITY]), 1.0), f64::INFINITY);
    assert!(clip_norm(&mut Tensor::from([1.0, f64::NAN]), 1.0).is_nan());
}

#[test]
fn nan_is_found_at_every_place_of_a_gradient() {
    for mut gradient in [[f64::NAN, 0.0], [0.0, f64::NAN]].map(Tensor::from) {
        assert!(clip_norm(&mut gradient, 1.0).is_nan());
        let mut calls = 0;
        let mut w = Tensor::from([1.0, 1.0]);
        Lbfgs::new(5).step(&mut w, |_: &Tensor<f64>| {
            calls += 1;
            (Tensor::scalar(1.0), gradient.clone())
        });
        assert_eq!((calls, w.to_vec()), (1, vec![1.0, 1.0]));
    }
}

#[test]
fn nan_is_no_progress_for_a_plateau_from_the_first_observation() {
    let mut plateau = Plateau::new(0.8, 0.5, 2);
    assert_eq!([f64::NAN, f64::NAN, 3.0, 4.0].map(|loss| plateau.observe(loss)), [0.8, 0.4, 0.4, 0.4]);
}

/// ε = 10⁻⁶⁰ is 0 in `f32`, and 0/0 is NaN.
#[test]
fn tiny_epsilon_does_not_make_weights_nan() {
    fn moved(mut optimizer: impl Optimizer<Tensor<f32>>) -> Vec<f32> {
        let mut w = Tensor::<f32>::from([2.0, 2.0]);
        optimizer.step(&mut w, &Tensor::from([0.0, 1.0]));
        w.to_vec()
    }
    for w in [
        moved(Adam::new(0.1).epsilon(1e-60)),
        moved(Adagrad::new(0.1).epsilon(1e-60)),
        moved(RmsProp::new(0.1).epsilon(1e-60)),
    ] {
        assert!(w[0] == 2.0 && w[1] < 2.0, "{w:?}");
    }
}
