//! `fit`, saved in its hook and resumed: to the bit, in the same process and in another one.

use crate::folder::Folder;
use autodiff::prelude::*;
use nn::data::{Batches, Samples};
use nn::schedule::cosine;
use nn::{Adam, FileError, Groups, History, Init, Mlp, Plan, Trainer, Transfer, loss, noise, store};
use rand::SeedableRng;
use rand::rngs::{ChaCha12Rng, StdRng};
use std::error::Error;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

type Training = Trainer<Mlp<Tensor<f32>>, Groups<Adam<Tensor<f32>>>>;

fn samples(n: usize, seed: u64) -> Samples<f32> {
    let rng = &mut StdRng::seed_from_u64(seed);
    let x = Tensor::uniform([n, 3], -1.0, 1.0, rng);
    let labels = (x.clone() + Tensor::normal([n, 3], 0.0, 0.4, rng)).argmax(-1);
    Samples { x, labels }
}

/// A classifier whose biases do not decay and move at half the rate, with gradients of a limited norm.
fn training() -> Training {
    let mlp = Mlp::new(&[3, 32, 3], Transfer::Tanh, Init::GlorotUniform, &mut StdRng::seed_from_u64(0));
    let optimizer = Groups::new(Adam::new(1.0).decay(1e-3)).group(|path| path.ends_with("bias"), Adam::new(0.5));
    Trainer::new(mlp, optimizer).clip_norm(0.5)
}

/// Trains by a plan with dropout and a cosine rate from the checkpoint, if there is one. Saves after each epoch, and stops
/// after the epoch `stop`.
fn fit(plan: &Plan, checkpoint: &Path, stop: usize) -> Result<(Training, History), Box<dyn Error>> {
    let (mut trainer, mut rng) = (training(), ChaCha12Rng::seed_from_u64(1));
    if checkpoint.exists() {
        trainer.restore(checkpoint, &mut rng)?;
    }
    let (train, validation) = (samples(60, 2), samples(60, 3));
    let history = trainer.fit(
        plan,
        &train,
        Some(&validation),
        &mut rng,
        |tape, mlp, batch, rng| {
            let x = noise::dropout(&tape.constant(batch.x.clone()), 0.2, rng);
            loss::cross_entropy(&mlp.forward(x), &batch.labels)
        },
        |trainer, status, rng| {
            trainer.save(checkpoint, rng)?;
            let stops = status.epoch == stop;
            Ok::<_, Box<dyn Error>>(if stops { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        },
    )?;
    Ok((trainer, history))
}

fn plan(epochs: usize) -> Plan {
    Plan::new(epochs, 16).patience(6).rate(|progress| cosine(0.1, progress))
}

/// The number of epochs of the long plan, by whose end patience has run out.
const LONG: usize = 60;

/// The model that remains is the best one, from before or after the interruption, and patience counts across it.
#[test]
fn fit_interrupted_after_any_epoch_gives_the_same_model_and_history() {
    let folder = Folder::new();
    for epochs in [8, LONG] {
        let (whole, history) = fit(&plan(epochs), &folder.path().join(format!("whole-{epochs}")), epochs).unwrap();
        let ran = history.len();
        assert!((ran == 8) == (epochs == 8) && ran < LONG, "{ran} of {epochs} epochs");
        for stop in 1..=ran {
            let file = folder.path().join(format!("{epochs}-{stop}"));
            let (_, before) = fit(&plan(epochs), &file, stop).unwrap();
            assert_eq!(before.len(), stop);
            let (resumed, after) = fit(&plan(epochs), &file, epochs).unwrap();
            assert!(resumed.model == whole.model && after == history, "stopped after {stop} of {ran}");
            assert_eq!((&resumed.optimizer, resumed.steps()), (&whole.optimizer, whole.steps()));
        }
    }
}

#[test]
fn weighted_batches_go_on_with_the_same_samples() {
    let weights: Vec<f64> = (0..60).map(|i| f64::from(i % 3)).collect();
    let (folder, plan) = (Folder::new(), Plan::new(4, Batches::weighted(16, weights)));
    let [whole, halves] = ["whole", "halves"].map(|name| folder.path().join(name));
    let (whole, history) = fit(&plan, &whole, 4).unwrap();
    fit(&plan, &halves, 2).unwrap();
    let (resumed, after) = fit(&plan, &halves, 4).unwrap();
    assert!(resumed.model == whole.model && after == history);
}

/// The environment variable that names the folder of a child process, and the number of its last epoch.
const CHILD: &str = "NN_TEST_RESUME";

/// Runs in a process of its own.
fn child(folder: &Path, stop: usize) {
    let (trainer, history) = fit(&plan(8), &folder.join("checkpoint"), stop).expect("the files can be written");
    store::save(folder.join("model"), &trainer.model).expect("the model can be saved");
    std::fs::write(folder.join("history.json"), history.to_json()).expect("the history can be saved");
}

#[test]
fn eight_epochs_are_four_and_four_in_another_process() {
    if let Ok(task) = std::env::var(CHILD) {
        let (stop, folder) = task.split_once(' ').expect("an epoch and a folder");
        return child(Path::new(folder), stop.parse().expect("a number"));
    }
    let [whole, halves] = [[8].as_slice(), &[4, 8]].map(|stops| {
        let folder = Folder::new();
        for stop in stops {
            let mut process = Command::new(std::env::current_exe().expect("the program of the tests"));
            process.args(["resume::eight_epochs_are_four_and_four_in_another_process", "--exact"]);
            let task = format!("{stop} {}", folder.path().display());
            let output = process.env(CHILD, task).output().expect("a process");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        }
        ["checkpoint", "model", "history.json"].map(|name| std::fs::read(folder.path().join(name)).expect(name))
    });
    assert!(whole == halves, "other bits");
    let history = String::from_utf8(halves[2].clone()).expect("text");
    assert!(history.starts_with(r#"{"epoch":[1,2,3,4,5,6,7,8]"#), "{history}");
}

/// The same as with the longer plan from the start, since the rate does not depend on the number of epochs.
#[test]
fn run_goes_on_for_longer_with_its_best_model_and_patience_and_history() {
    let folder = Folder::new();
    let plan = |epochs| Plan::new(epochs, 16).patience(6).rate(|_| 0.1);
    let (whole, history) = fit(&plan(LONG), &folder.path().join("whole"), LONG).unwrap();
    assert!(8 < history.len() && history.len() < LONG, "{}", history.len());
    for stop in [5, 8] {
        let file = folder.path().join(stop.to_string());
        fit(&plan(8), &file, stop).unwrap();
        let (longer, after) = fit(&plan(LONG), &file, LONG).unwrap();
        assert!(longer.model == whole.model && after == history, "stopped after {stop}");
    }
}

#[test]
fn schedule_of_a_longer_run_gets_the_share_of_the_new_plan() {
    let (folder, shares) = (Folder::new(), Arc::new(Mutex::new(Vec::new())));
    let file = folder.path().join("checkpoint");
    fit(&Plan::new(2, 16), &file, 2).unwrap();
    let seen = shares.clone();
    let longer = Plan::new(4, 16).rate(move |share| {
        seen.lock().unwrap().push(share);
        0.1
    });
    fit(&longer, &file, 4).unwrap();
    assert_eq!(*shares.lock().unwrap(), [0.5, 0.75]);
}

/// Goes on after three epochs in batches of 16 with patience 6.
fn go_on(plan: &Plan) {
    let folder = Folder::new();
    let file = folder.path().join("checkpoint");
    fit(&self::plan(8), &file, 3).unwrap();
    let _ = fit(plan, &file, 9);
}

#[test]
#[should_panic(
    expected = "Trainer::fit: the plan has batches of 8, but the run that goes on has batches of 16; give a \
                           plan with the same, or call `restart` to begin a new run"
)]
fn run_does_not_go_on_with_other_batches() {
    go_on(&Plan::new(8, 8).patience(6));
}

/// As with the longer patience from the start.
#[test]
fn run_that_its_patience_ended_goes_on_with_a_longer_one() {
    let folder = Folder::new();
    let plan = |patience| Plan::new(LONG, 16).patience(patience).rate(|_| 0.1);
    let (whole, history) = fit(&plan(6), &folder.path().join("whole"), LONG).unwrap();
    let file = folder.path().join("impatient");
    let (_, ended) = fit(&plan(1), &file, LONG).unwrap();
    assert!(ended.len() < history.len());
    let (longer, after) = fit(&plan(6), &file, LONG).unwrap();
    assert!(longer.model == whole.model && after == history);
}

#[test]
#[should_panic(expected = "Trainer::fit: the plan has 2 epochs, but the run that goes on has finished 3; give a plan \
                           with more, or call `restart` to begin a new run")]
fn run_does_not_go_on_with_fewer_epochs_than_it_has_finished() {
    go_on(&plan(2));
}

#[test]
fn fit_returns_the_error_of_a_hook_that_cannot_save() {
    let file = Folder::new().path().join("no such folder").join("checkpoint");
    let error = fit(&plan(8), &file, 8).err().expect("there is no folder");
    assert_eq!(error.downcast::<FileError>().unwrap().file, file);
}

#[test]
fn restarted_run_begins_with_the_first_epoch() {
    let folder = Folder::new();
    let file = folder.path().join("checkpoint");
    let (mut trainer, _) = fit(&plan(8), &file, 3).unwrap();
    let mut rng = ChaCha12Rng::seed_from_u64(0);
    trainer.restore(&file, &mut rng).unwrap();
    trainer.restart();
    let mut epochs = Vec::new();
    let history = trainer.fit(
        &Plan::new(2, 16),
        &samples(20, 0),
        None,
        &mut rng,
        |tape, mlp, batch, _| loss::cross_entropy(&mlp.forward(tape.constant(batch.x.clone())), &batch.labels),
        |trainer, status, _| {
            epochs.push((status.epoch, trainer.epochs()));
            ControlFlow::Continue(())
        },
    );
    assert_eq!(history.unwrap().len(), 2);
    assert_eq!(epochs, [(1, 4), (2, 5)]);
}
