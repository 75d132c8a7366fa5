//! The loop over epochs: named terms, validation, early stopping, and the guard against numbers that are not finite.

use autodiff::{assert_close, prelude::*};
use nn::data::Samples;
use nn::{Adam, History, Init, Mlp, NotFinite, Plan, Recorder, Sgd, Trainer, Transfer, loss};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::error::Error;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Three classes by the largest of three noisy numbers, which a small network learns and then overfits.
fn samples(n: usize, seed: u64) -> Samples<f64> {
    let rng = &mut StdRng::seed_from_u64(seed);
    let x = Tensor::uniform([n, 3], -1.0, 1.0, rng);
    let labels = (x.clone() + Tensor::normal([n, 3], 0.0, 0.4, rng)).argmax(-1);
    Samples { x, labels }
}

type Training = Trainer<Mlp<Tensor<f64>>, Adam<Tensor<f64>>>;

fn trainer(rate: f64) -> Training {
    let mlp = Mlp::new(&[3, 32, 3], Transfer::Tanh, Init::GlorotUniform, &mut StdRng::seed_from_u64(0));
    Trainer::new(mlp, Adam::new(rate))
}

fn terms<'t>(
    tape: &Recorder<'t, Tensor<f64>>,
    mlp: Mlp<Var<'t, Tensor<f64>>>,
    batch: &Samples<f64>,
    _: &mut StdRng,
) -> Var<'t, Tensor<f64>> {
    let logits = mlp.forward(tape.constant(batch.x.clone()));
    let decay = mlp.layers[0].weight.square().sum() * 1e-4;
    let loss = tape.term("entropy", loss::cross_entropy(&logits, &batch.labels)) + tape.term("decay", decay);
    tape.term("size", logits.norm());
    loss
}

fn fit(plan: Plan, epochs: &mut usize) -> (Training, History) {
    let (mut trainer, rng) = (trainer(0.03), &mut StdRng::seed_from_u64(1));
    let (train, validation) = (samples(60, 2), samples(60, 3));
    let history = trainer.fit(&plan, &train, Some(&validation), rng, terms, |_, status, _| {
        *epochs = status.epoch;
        assert!(status.samples_per_second > 0.0 && status.progress() <= 1.0);
    });
    (trainer, history.expect("all is finite"))
}

#[test]
fn terms_of_one_name_are_added() {
    let mut trainer = Trainer::new(Tensor::from([3.0, 4.0]), Sgd::new(0.1));
    let means = trainer.step(&(), &mut (), |tape, w, _, _| {
        tape.term("decay", w.square().sum()) + tape.term("sum", w.sum()) + tape.term("decay", w.norm())
    });
    assert_eq!(means.unwrap().terms, [("decay", 30.0), ("sum", 7.0)]);
}

#[test]
fn best_model_remains_and_training_stops_early() {
    let mut epochs = 0;
    let (mut trainer, history) = fit(Plan::new(500, 16).patience(10), &mut epochs);
    assert!(epochs < 500, "it never stopped");
    let losses = history.column("validation loss");
    let best = losses.iter().copied().fold(f64::INFINITY, f64::min);
    assert_eq!((losses.len(), losses[epochs - 11]), (epochs, best));
    let rng = &mut StdRng::seed_from_u64(1);
    assert_eq!(trainer.evaluate(&samples(60, 3), 16, rng, terms).total, best);
}

#[test]
fn terms_are_reported_by_name_and_add_up() {
    let (_, history) = fit(Plan::new(3, 16), &mut 0);
    let names: Vec<&str> = history.names().collect();
    let all = ["loss", "entropy", "decay", "size", "validation loss", "validation entropy"];
    assert_eq!(names[..6], all);
    for epoch in 0..3 {
        let [loss, entropy, decay] = ["loss", "entropy", "decay"].map(|name| history.column(name)[epoch]);
        assert!((loss - entropy - decay).abs() < 1e-12 && decay > 0.0);
    }
}

/// Named terms change neither the steps nor the mean, and `evaluate` takes no step.
#[test]
fn naming_terms_does_not_change_training() {
    let (mut a, mut b) = (trainer(0.1), trainer(0.1));
    let [mut c, mut d] = [1, 1].map(StdRng::seed_from_u64);
    let data = samples(50, 0);
    for _ in 0..3 {
        let plain = a.epoch(&data, 16, &mut c, |tape, mlp, batch, _| {
            let logits = mlp.forward(tape.constant(batch.x.clone()));
            loss::cross_entropy(&logits, &batch.labels) + mlp.layers[0].weight.square().sum() * 1e-4
        });
        let plain = plain.unwrap();
        let named = b.epoch(&data, 16, &mut d, terms).unwrap();
        assert_eq!((named.total, named.terms.len(), plain.terms.len()), (plain.total, 3, 0));
        b.evaluate(&data, 16, &mut d, terms);
        assert_eq!((&a.model, a.steps()), (&b.model, b.steps()));
    }
}

#[test]
fn status_is_shown_with_its_losses_and_the_time_left() {
    let means = |total| nn::Means { total, ..Default::default() };
    let status = |validation, seconds| nn::Status {
        epoch: 3,
        epochs: 40,
        train: means(0.43214),
        validation,
        best: false,
        samples_per_second: 1.0,
        remaining: std::time::Duration::from_secs(seconds),
    };
    assert_eq!(status(None, 12).to_string(), "epoch  3 of 40: loss 0.4321, 12 s left");
    let text = status(Some(means(0.5)), 600).to_string();
    assert_eq!(text, "epoch  3 of 40: loss 0.4321, validation loss 0.5000, 10 min left");
    assert!(status(None, 9000).to_string().ends_with(", 2.5 h left"));
}

#[test]
fn hook_stops_training() {
    let (mut trainer, rng) = (trainer(0.1), &mut StdRng::seed_from_u64(1));
    let hook = |_: &mut _, status: &nn::Status, _: &mut _| match status.epoch {
        2 => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    let history = trainer.fit(&Plan::new(9, 16), &samples(20, 0), None, rng, terms, hook);
    assert_eq!(history.unwrap().len(), 2);
}

#[test]
fn hook_that_fails_ends_training_with_its_error() {
    let (mut trainer, rng) = (trainer(0.1), &mut StdRng::seed_from_u64(1));
    let mut epochs = Vec::new();
    let error = trainer.fit(&Plan::new(9, 16), &samples(20, 0), None, rng, terms, |_, status, _| {
        epochs.push(status.epoch);
        if status.epoch < 3 { Ok(()) } else { Err(Box::<dyn Error>::from("the disk is full")) }
    });
    assert_eq!(error.unwrap_err().to_string(), "the disk is full");
    // The run has ended, so the next one may have another plan.
    let history = trainer.fit(&Plan::new(1, 4), &samples(20, 0), None, rng, terms, |_, status, _| {
        epochs.push(status.epoch);
    });
    assert_eq!((history.unwrap().len(), epochs), (1, vec![1, 2, 3, 1]));
}

/// `fit` returns errors of the hook's type, so a program with boxed errors uses `?` for both.
#[test]
fn fit_with_a_hook_that_may_fail_still_reports_what_is_not_finite() {
    let (mut trainer, rng) = (trainer(0.1), &mut StdRng::seed_from_u64(1));
    let error = trainer.fit(
        &Plan::new(9, 16),
        &samples(20, 0),
        None,
        rng,
        |_, mlp, _, _| mlp.layers[0].bias.sum().ln(),
        |_, _, _| Ok::<_, Box<dyn Error>>(()),
    );
    assert_eq!(error.unwrap_err().downcast::<NotFinite>().unwrap().step, 1);
}

/// Calls `fit` for 4 epochs of one step, with a panic in the loss of the third epoch or in the hook after it; then again.
/// Returns the epochs of the second call, and the number of steps after both.
fn fit_after_a_panic(in_loss: bool) -> (Vec<usize>, usize) {
    let (mut trainer, data) = (trainer(0.1), samples(20, 0));
    let (mut losses, mut epochs) = (0, Vec::new());
    let mut fit = |fails: bool| {
        let rng = &mut StdRng::seed_from_u64(1);
        epochs.clear();
        trainer.fit(
            &Plan::new(4, 20),
            &data,
            None,
            rng,
            |tape, mlp, batch, rng| {
                losses += 1;
                assert!(!(fails && in_loss && losses == 3), "as planned");
                terms(tape, mlp, batch, rng)
            },
            |_, status, _| {
                epochs.push(status.epoch);
                assert!(!fails || status.epoch < 3, "as planned");
            },
        )
    };
    assert!(catch_unwind(AssertUnwindSafe(|| fit(true))).is_err());
    fit(false).unwrap();
    (epochs, trainer.steps())
}

#[test]
fn panic_in_a_loss_ends_the_run() {
    assert_eq!(fit_after_a_panic(true), (vec![1, 2, 3, 4], 2 + 4));
}

#[test]
fn after_a_panic_in_its_hook_fit_goes_on_with_the_next_epoch() {
    assert_eq!(fit_after_a_panic(false), (vec![4], 3 + 1));
}

#[test]
fn term_that_is_not_finite_is_named_with_its_step_and_changes_nothing() {
    let (mut trainer, rng) = (trainer(0.1), &mut StdRng::seed_from_u64(1));
    let data = samples(20, 0);
    let mut draws = 0;
    // The logarithm of a negative number in the third batch.
    let error = trainer.epoch(&data, 5, rng, |tape, mlp, batch, rng| {
        draws += 1;
        let odd = tape.constant(Tensor::scalar(if draws == 3 { -rng.random::<f64>() } else { 1.0 })).ln();
        terms(tape, mlp, batch, rng) + tape.term("odd", odd)
    });
    let error = error.unwrap_err();
    assert!(error.to_string().starts_with("step 3: odd is NaN, first at\n%5 = ln %4 : []"), "{error}");
    assert_eq!(trainer.steps(), 2);
    assert!(trainer.model.leaves().iter().all(|leaf| leaf.iter().all(f64::is_finite)));
}

/// `main` shows the error that it returns by `Debug`.
#[test]
fn debug_of_a_number_that_is_not_finite_is_its_text() {
    for mut trainer in [trainer(0.1), trainer(0.1).traced()] {
        let error = trainer.step(&(), &mut (), |_, mlp, _, _| mlp.layers[0].bias.sum().ln()).unwrap_err();
        assert!(error.to_string().starts_with("step 1: loss is -inf"), "{error}");
        assert_eq!(format!("{error:?}"), error.to_string());
        assert_eq!(format!("{error:#?}"), error.to_string());
    }
}

/// √x is finite at 0, but its derivative is not.
#[test]
fn traced_trainer_finds_the_operation_of_a_gradient_that_is_not_finite() {
    let mut trainer = Trainer::new((Tensor::scalar(1.0), Tensor::scalar(0.0)), Sgd::new(0.1)).traced();
    let line = line!() + 1;
    let error = trainer.step(&(), &mut (), |_, (a, b), _, _| a.sqrt() + b.sqrt()).unwrap_err();
    assert!(error.to_string().starts_with("step 1: gradient of 1 is inf, first at\n"), "{error}");
    let site = error.site.expect("a site");
    assert_eq!(site.derivative_of.as_deref(), Some("%3 = sqrt %1 : []"));
    assert_eq!(site.location.map(|place| (place.file(), place.line())), Some((file!(), line)));
    assert_eq!(trainer.model.0.item(), 1.0);
}

#[test]
fn untraced_trainer_names_the_leaf_of_a_gradient_that_is_not_finite() {
    let mut trainer = Trainer::new((Tensor::scalar(1.0), Tensor::scalar(0.0)), Sgd::new(0.1));
    let error = trainer.step(&(), &mut (), |_, (a, b), _, _| a.sqrt() + b.sqrt()).unwrap_err();
    assert_eq!(error.to_string(), "step 1: gradient of 1 is inf; `Trainer::traced` finds the operation");
    let error = trainer.step(&(), &mut (), |_, (a, _), _, _| (a - 2.0).ln()).unwrap_err();
    assert_eq!(error.to_string(), "step 1: loss is NaN; `Trainer::traced` finds the operation");
    assert_eq!((trainer.steps(), trainer.model.0.item()), (0, 1.0));
}

#[test]
fn finite_gradient_is_accepted_though_its_sum_overflows() {
    let mut trainer = Trainer::new(Tensor::from([0.0, 0.0]), Sgd::new(1e-308));
    trainer.step(&(), &mut (), |_, w, _, _| w.scale(1e308).sum()).unwrap();
    assert_close(&trainer.model, &Tensor::from([-1.0, -1.0]), 1e-15);
}
