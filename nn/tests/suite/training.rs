//! Training: the same seed gives the same bits in f32 and f64, and a step is the gradient and the optimiser.

use autodiff::prelude::*;
use nn::data::Samples;
use nn::{Adam, Autoencoder, EncoderDecoder, Init, Mlp, Sgd, Trainer, Transfer, loss, metrics};
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
            loss::cross_entropy(&mlp.forward(&tape.constant(batch.x.clone())), &batch.labels)
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
            loss::squared_error(&ae.forward(&x), &x)
        });
        nn::Optimizer::step(&mut sgd, &mut ae, &gradient);
        let by_trainer = trainer.step(|tape, ae| {
            let x = tape.constant(x.clone());
            loss::squared_error(&ae.forward(&x), &x)
        });
        assert_eq!(value.item(), by_trainer.unwrap().total);
    }
    assert_eq!(trainer.model, ae);
    assert_eq!(metrics::squared_error(&ae.forward(&x), &x), loss::squared_error(&ae.forward(&x), &x).item());
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
