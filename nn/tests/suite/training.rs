//! Training: the same seed gives the same bits in f32 and f64, and a step is the gradient and the optimiser.

use autodiff::prelude::*;
use nn::data::{Batches, Dataset, Samples};
use nn::{
    Adam, Autoencoder, EncoderDecoder, Init, Linear, Mlp, Plan, Sgd, Trainer, Transfer, loss, metrics, noise, schedule,
};
use rand::{SeedableRng, rngs::StdRng};

/// Two classes: points inside and outside a circle.
fn circle<T: Element>(n: usize, rng: &mut StdRng) -> Samples<T> {
    let x = Tensor::<T>::uniform([n, 2], -1.0, 1.0, rng);
    let inside = x.square().sum_axis(1).iter().map(|r| usize::from(r.to_f64() < 0.5)).collect::<Vec<_>>();
    Samples { x, labels: inside.into() }
}

fn classify<T: Element>(seed: u64) -> (Mlp<Tensor<T>>, Vec<f64>) {
    let rng = &mut StdRng::seed_from_u64(seed);
    let samples = circle::<T>(200, rng);
    let mlp = Mlp::new(&[2, 16, 2], Transfer::Tanh, Init::GlorotUniform, rng);
    let mut trainer = Trainer::new(mlp, Adam::new(0.03));
    let mut history = Vec::new();
    for _ in 0..40 {
        let means = trainer.epoch(&samples, 16, rng, |tape, mlp, batch, _| {
            loss::cross_entropy(&mlp.forward(tape.constant(batch.x.clone())), &batch.labels)
        });
        history.push(means.unwrap().total);
    }
    let fresh = circle::<T>(500, rng);
    assert!(metrics::accuracy(&trainer.model.forward(&fresh.x), &fresh.labels) > 0.93);
    (trainer.model, history)
}

#[test]
fn same_seed_gives_same_bits() {
    assert_eq!(classify::<f32>(3), classify::<f32>(3));
    assert_ne!(classify::<f32>(3).1, classify::<f32>(4).1);
}

#[test]
fn loss_falls_in_f32_and_f64() {
    for history in [classify::<f32>(1).1, classify::<f64>(1).1] {
        assert!(history[39] < 0.3 * history[0], "{history:?}");
    }
}

/// A model trained by hand, without `Trainer`, follows the same path.
#[test]
fn trainer_step_agrees_with_gradient_and_optimiser() {
    let rng = &mut StdRng::seed_from_u64(0);
    let mut ae = Autoencoder::<Tensor<f64>>::new(&[6, 4, 2], Transfer::Sigmoid, Init::LeCunNormal, rng);
    let x = Tensor::<f64>::uniform([8, 6], 0.0, 1.0, rng);
    let mut trainer = Trainer::new(ae.clone(), Sgd::new(0.1).momentum(0.5));
    let mut sgd = Sgd::new(0.1).momentum(0.5);
    for _ in 0..3 {
        let (value, gradient) = value_and_grad(&ae, |tape, ae| {
            let x = tape.constant(x.clone());
            loss::squared_error(&ae.forward(x), x)
        });
        nn::Optimizer::step(&mut sgd, &mut ae, &gradient);
        let by_trainer = trainer.step(&x, &mut (), |tape, ae, x, _| {
            let x = tape.constant(x.clone());
            loss::squared_error(&ae.forward(x), x)
        });
        assert_eq!(value.item(), by_trainer.unwrap().total);
    }
    assert_eq!(trainer.model, ae);
    assert_eq!(metrics::squared_error(&ae.forward(&x), &x), loss::squared_error(&ae.forward(&x), &x).item());
}

/// One loss, bound to a name, serves all methods; they see the same batches, and a step is the last rung of the ladder.
#[test]
fn loss_with_a_name_serves_step_epoch_evaluate_and_fit() {
    let rng = &mut StdRng::seed_from_u64(0);
    let samples = circle::<f64>(40, rng);
    let start = || {
        let mlp = Mlp::new(&[2, 4, 2], Transfer::Tanh, Init::GlorotUniform, &mut StdRng::seed_from_u64(1));
        Trainer::new(mlp, Adam::new(0.03))
    };
    let [mut stepped, mut passed, mut fitted] = [(); 3].map(|()| start());
    let loss = stepped.loss(|tape, mlp, batch: &Samples<f64>, rng| {
        let x = noise::dropout(&tape.constant(batch.x.clone()), 0.1, rng);
        loss::cross_entropy(&mlp.forward(x), &batch.labels)
    });
    let [a, b, c] = &mut [(); 3].map(|()| StdRng::seed_from_u64(2));
    let mut total = 0.0;
    for indices in Batches::shuffled(16).draw(40, a) {
        let share = indices.len() as f64 / 40.0;
        total += stepped.step(&samples.subset(&indices), a, loss).unwrap().total * share;
    }
    let validation = stepped.evaluate(&samples, 40, a, loss);
    assert_eq!(passed.epoch(&samples, 16, b, loss).unwrap().total, total);
    assert_eq!(passed.evaluate(&samples, 40, b, loss), validation);
    fitted.fit(&Plan::new(1, 16), &samples, None, c, loss, |_, _, _| {}).unwrap();
    assert_eq!((&passed.model, &fitted.model), (&stepped.model, &stepped.model));
}

/// A closure that changes what it captures is lent.
#[test]
fn loss_that_counts_its_calls_is_lent() {
    let mut trainer = Trainer::new(Tensor::scalar(1.0), Sgd::new(0.1));
    let mut calls = 0;
    let mut loss = trainer.loss(|_, w, _: &Tensor<f64>, _| {
        calls += 1;
        w.square()
    });
    let (data, rng) = (Tensor::<f64>::zeros([5, 1]), &mut StdRng::seed_from_u64(0));
    trainer.epoch(&data, 2, rng, &mut loss).unwrap();
    trainer.evaluate(&data, 2, rng, &mut loss);
    assert_eq!(calls, 6);
}

/// y″ + y = 0 with y(0) = 0 and y′(0) = 1, as y = x + x²·N(x): an epoch without data is one step.
#[test]
fn differential_equation_is_fitted_without_data() {
    let rng = &mut StdRng::seed_from_u64(0);
    let mlp = Mlp::<Tensor<f64>>::new(&[1, 12, 1], Transfer::Tanh, Init::GlorotNormal, rng);
    let mut trainer = Trainer::new(mlp, Adam::new(0.01));
    let plan = Plan::new(300, 1).rate(|progress| schedule::cosine(0.01, progress));
    let residual = trainer.loss(|tape, mlp, _: &(), rng| {
        let x = tape.constant(Tensor::uniform([16, 1], 0.0, 1.5, rng));
        let y = x + x.square() * mlp.forward(x);
        let [slope] = y.sum().grad([x]);
        let [curvature] = slope.sum().grad([x]);
        (curvature + y).square().mean()
    });
    let history = trainer.fit(&plan, &(), None, rng, residual, |_, _, _| {}).unwrap();
    assert_eq!((history.len(), trainer.steps()), (300, 300));
    assert!(trainer.evaluate(&(), 1, rng, residual).total < 1e-2);
    let x = Tensor::linspace(0.0, 1.5, 7).reshape([7, 1]);
    let y = &x + x.square() * trainer.model.forward(&x);
    autodiff::assert_close(&y, &x.sin(), 0.05);
}

#[test]
fn autoencoder_is_trained_on_a_tensor_and_a_line_on_pairs() {
    let rng = &mut StdRng::seed_from_u64(0);
    let x = Tensor::<f64>::uniform([30, 2], -1.0, 1.0, rng).matmul(Tensor::from([[1.0, 2.0, 0.5], [0.0, 1.0, 1.0]]));
    let ae = Autoencoder::new(&[3, 2], Transfer::Linear, Init::GlorotUniform, rng);
    let mut trainer = Trainer::new(ae, Adam::new(0.02));
    let plan = Plan::new(100, 10);
    let (train, validation) = x.split_every(3);
    let history = trainer.fit(
        &plan,
        &train,
        Some(&validation),
        rng,
        |tape, ae, x, _| {
            let x = tape.constant(x.clone());
            loss::squared_error(&ae.forward(x), x)
        },
        |_, _, _| {},
    );
    assert!(*history.unwrap().column("validation loss").last().unwrap() < 0.01);

    let (train, validation) = (x.clone(), x.slice(1, 0, 1).scale(3.0)).split_random(0.2, rng);
    assert_eq!((train.len(), validation.len()), (24, 6));
    let mut trainer = Trainer::new(Linear::new(3, 1, Init::LeCunNormal, rng), Adam::new(0.05));
    for _ in 0..200 {
        let fitted = trainer.epoch(&train, Batches::in_order(8), rng, |tape, line, (x, y), _| {
            loss::squared_error(&line.forward(tape.constant(x.clone())), tape.constant(y.clone()))
        });
        fitted.unwrap();
    }
    assert!(loss::squared_error(&trainer.model.forward(&validation.0), &validation.1).item() < 1e-3);
}

/// Labels count by their rank, so a huge one costs nothing. A label that training does not show is a wrong answer.
#[test]
fn linear_probe_takes_any_labels() {
    let x = Tensor::from([[-1.0, 0.2], [-1.2, 0.1], [0.9, 0.3], [1.1, 0.0]]);
    let named = |labels: [usize; 4]| Samples::new(x.clone(), Tensor::from(labels));
    let train = named([7, 7, 1 << 60, 1 << 60]);
    assert_eq!(nn::probe_accuracy(&train, &train), 1.0);
    assert_eq!(nn::probe_accuracy(&train, &named([7, 7, 1 << 60, 9])), 0.75);
    // Standardised as any other code, though it varies by little.
    let small = Samples::new(&x * 1e-12 + 1.0, train.labels.clone());
    assert_eq!(nn::probe_accuracy(&small, &small), 1.0);
}

/// A loss that takes a number off the tape is named, with the same random numbers in each call.
#[test]
fn loss_in_training_is_checked() {
    let (trainer, options) = (Trainer::new(Tensor::from([0.5, -1.0]), Sgd::new(0.1)), Options::order(2));
    let rng = || StdRng::seed_from_u64(1);
    let right = trainer.check_grads(&(), rng, &options, |tape, w, _, rng| {
        tape.term("noisy", (w * Tensor::uniform([2], 0.0, 1.0, rng)).sin().sum())
    });
    assert!(right.is_ok());
    let wrong = trainer.check_grads(&(), || (), &options, |tape, w, _, _| (w * tape.constant(w.value())).sum());
    assert!(matches!(wrong.unwrap_err().cause, autodiff::check::Cause::Constant(_)));
}

/// Its gradient would be 0, and every step would leave the model as it is.
#[test]
#[should_panic(expected = "Trainer::step: the loss does not depend on the model, so there is nothing to train")]
fn loss_of_another_model_is_refused() {
    let other = Tensor::from([0.5, -1.0]);
    let mut trainer = Trainer::new(other.clone(), Sgd::new(0.1));
    let _ = trainer.step(&(), &mut (), |tape, _, _, _| tape.constant(other.clone()).square().sum());
}
