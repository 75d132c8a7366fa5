//! Parts of a model: groups with optimisers of their own, frozen parts, and clipped gradients.

use autodiff::{assert_close, prelude::*};
use nn::{Adagrad, Adam, Groups, Init, Mlp, Optimizer, Plan, RmsProp, Sgd, Trainer, Transfer, loss, schedule};
use rand::{SeedableRng, rngs::StdRng};

type Pair = (Tensor<f64>, Vec<Tensor<f64>>);

fn start() -> Pair {
    (Tensor::from([[1.0, -2.0], [0.5, 4.0]]), vec![Tensor::from([3.0]), Tensor::from([-1.0, 2.0])])
}

/// Moves both parts along the gradient of a bowl, five times.
fn run(mut optimizer: impl Optimizer<Tensor<f64>>) -> Pair {
    let mut w = start();
    for _ in 0..5 {
        let gradient = value_and_grad(&w, |_, (a, b)| {
            (a - 1.0).square().sum() + b[0].square().sum() * 2.0 + (b[1] + 0.5).square().sum()
        });
        optimizer.step(&mut w, &gradient.1);
    }
    w
}

/// A law: a group moves its leaves as its optimiser does in a model of these leaves alone.
fn groups_move_their_leaves_as_alone<O: Optimizer<Tensor<f64>> + Clone>(slow: O, fast: O) {
    let (all_slow, all_fast) = (run(slow.clone()), run(fast.clone()));
    let mixed = run(Groups::new(slow.clone()).group(|path| path == "1.0", fast.clone()));
    assert_eq!(mixed, (all_slow.0.clone(), vec![all_fast.1[0].clone(), all_slow.1[1].clone()]));
    // The last group that takes a leaf has it.
    let nested = Groups::new(slow.clone()).group(|path| path.starts_with("1."), fast).group(|path| path == "1.1", slow);
    assert_eq!(run(nested), mixed);
}

#[test]
fn groups_of_all_optimisers_move_their_leaves_as_alone() {
    groups_move_their_leaves_as_alone(Sgd::new(0.05).momentum(0.9), Sgd::new(0.1).decay(0.1));
    groups_move_their_leaves_as_alone(Adam::new(0.1).decay(0.3), Adam::new(0.2));
    groups_move_their_leaves_as_alone(RmsProp::new(0.1), RmsProp::new(0.05).rho(0.5));
    groups_move_their_leaves_as_alone(Adagrad::new(0.1), Adagrad::new(0.5));
}

#[test]
fn frozen_leaves_stay() {
    let (moved, before) = (run(Groups::new(Adam::new(0.1)).freeze(|path| path.starts_with("1."))), start());
    assert_eq!((&moved.0, &moved.1), (&run(Adam::new(0.1)).0, &before.1));
}

#[test]
fn schedule_keeps_the_ratios_of_rates() {
    let mut groups =
        Groups::new(Sgd::new(0.1)).group(|path| path == "0", Sgd::new(0.4)).group(|path| path == "1", Sgd::new(0.0));
    for rate in [0.2, 0.0, 0.5] {
        groups.set_rate(rate);
        assert_eq!(groups.rate(), rate);
        let mut w = [0.0, 0.0, 0.0].map(Tensor::scalar);
        groups.step(&mut w, &[1.0, 1.0, 1.0].map(Tensor::scalar));
        assert_close(&Tensor::from(w.map(|w| w.item())), &Tensor::from([-4.0 * rate, 0.0, -rate]), 1e-15);
    }
}

/// Weight decay on weights only, and a schedule for all groups, as by two optimisers by hand.
#[test]
fn fit_decays_weights_and_not_biases() {
    let mlp = Mlp::<Tensor<f64>>::new(&[2, 3, 1], Transfer::Tanh, Init::GlorotUniform, &mut StdRng::seed_from_u64(0));
    let optimizer = Groups::new(Sgd::new(1.0).decay(0.5)).group(|path| path.ends_with("bias"), Sgd::new(1.0));
    let mut trainer = Trainer::new(mlp.clone(), optimizer);
    trainer.model.layers[0].bias = Tensor::from([1.0, 2.0, 3.0]);
    let (rng, plan) = (&mut StdRng::seed_from_u64(1), Plan::new(2, 1).rate(|progress| schedule::cosine(0.2, progress)));
    // The gradient is 0, so only the decay moves.
    let nothing = trainer.fit(&plan, &(), None, rng, |_, mlp, _, _| mlp.layers[0].bias.sum().scale(0.0), |_, _, _| {});
    nothing.unwrap();
    let kept = (1.0 - 0.2 * 0.5) * (1.0 - 0.1 * 0.5);
    for (layer, before) in trainer.model.layers.iter().zip(&mlp.layers) {
        assert_close(&layer.weight, &(&before.weight * kept), 1e-15);
    }
    assert_eq!(trainer.model.layers[0].bias.to_vec(), [1.0, 2.0, 3.0]);
}

#[test]
fn trainer_clips_as_by_hand_and_reports_the_norm_before() {
    let rng = &mut StdRng::seed_from_u64(0);
    let mlp = Mlp::<Tensor<f64>>::new(&[3, 4, 2], Transfer::Tanh, Init::GlorotUniform, rng);
    let (x, y) = (Tensor::normal([5, 3], 0.0, 3.0, rng), Tensor::normal([5, 2], 0.0, 3.0, rng));
    let (_, mut gradient) = value_and_grad(&mlp, |tape, mlp| {
        loss::squared_error(&mlp.forward(tape.constant(x.clone())), tape.constant(y.clone()))
    });
    let stepped = |trainer: Trainer<Mlp<Tensor<f64>>, Sgd<Tensor<f64>>>| {
        let mut trainer = trainer;
        let means = trainer.step(&(&x, &y), &mut (), |tape, mlp, (x, y), _| {
            loss::squared_error(&mlp.forward(tape.constant((*x).clone())), tape.constant((*y).clone()))
        });
        (trainer.model, means.unwrap().gradient_norm)
    };
    let by_hand = |gradient: &Mlp<Tensor<f64>>| {
        let mut model = mlp.clone();
        Sgd::new(0.1).step(&mut model, gradient);
        model
    };
    let new = || Trainer::new(mlp.clone(), Sgd::new(0.1));
    assert_eq!(stepped(new()), (by_hand(&gradient), None));
    let mut clamped = gradient.clone();
    nn::clip_value(&mut clamped, 0.1);
    assert_eq!(stepped(new().clip_value(0.1)), (by_hand(&clamped), None));
    let norm = nn::clip_norm(&mut gradient, 0.5);
    assert!(norm > 0.5);
    assert_eq!(stepped(new().clip_norm(0.5)), (by_hand(&gradient), Some(norm)));
    assert_eq!(stepped(new().traced().clip_norm(0.5)), (by_hand(&gradient), Some(norm)));
}

#[test]
fn frozen_leaves_do_not_count_in_the_norm() {
    let optimizer = Groups::new(Sgd::new(1.0)).freeze(|path| path == "1");
    let mut trainer = Trainer::new([0.0, 0.0].map(Tensor::scalar), optimizer).clip_norm(1.0);
    let means = trainer.step(&(), &mut (), |_, [a, b], _, _| a * 3.0 + b * 1e6).unwrap();
    assert_eq!((means.gradient_norm, trainer.model.map(|w| w.item())), (Some(3.0), [-1.0, 0.0]));
}

#[test]
fn history_holds_the_mean_norm_of_the_gradients() {
    let mut trainer = Trainer::new(Tensor::scalar(0.0), Sgd::new(0.0)).clip_norm(1.0);
    let (data, rng) = (Tensor::from([[1.0], [2.0], [6.0]]), &mut StdRng::seed_from_u64(0));
    let history = trainer.fit(&Plan::new(1, 2), &data, None, rng, |_, w, x, _| w * x.mean().item(), |_, _, _| {});
    assert_close(&Tensor::from(history.unwrap().column("gradient norm").to_vec()), &Tensor::from([3.0]), 1e-15);
}
