//! Training on several ranks, here as threads of one process.

use autodiff::prelude::*;
use nn::data::{Dataset, Digits, Samples};
use nn::{Adam, History, Init, Mlp, NotFinite, Plan, Ranks, Recorder, Trainer, Transfer, loss};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Barrier, Mutex};

/// Ranks that are threads. Sums are taken in the order of the ranks.
struct Threads<'a> {
    rank: usize,
    shared: &'a Shared,
}

struct Shared {
    barrier: Barrier,
    numbers: Vec<Mutex<Vec<f64>>>,
}

impl Ranks<f64> for Threads<'_> {
    fn rank(&self) -> usize {
        self.rank
    }

    fn size(&self) -> usize {
        self.shared.numbers.len()
    }

    fn sum(&self, x: Tensor<f64>) -> Tensor<f64> {
        Tensor::from_vec(x.shape(), self.sum_figures(x.to_vec()))
    }

    fn sum_figures(&self, figures: Vec<f64>) -> Vec<f64> {
        let mut sums = vec![0.0; figures.len()];
        *self.shared.numbers[self.rank].lock().unwrap() = figures;
        self.shared.barrier.wait();
        for part in &self.shared.numbers {
            sums.iter_mut().zip(&*part.lock().unwrap()).for_each(|(sum, x)| *sum += x);
        }
        self.shared.barrier.wait();
        sums
    }
}

/// The same ranks, which take each sum of a gradient when its end is waited for.
struct Deferred<'a>(&'a Threads<'a>);

impl Ranks<f64> for Deferred<'_> {
    fn rank(&self) -> usize {
        self.0.rank
    }

    fn size(&self) -> usize {
        self.0.size()
    }

    fn sum(&self, x: Tensor<f64>) -> Tensor<f64> {
        self.0.sum(x)
    }

    fn sum_figures(&self, figures: Vec<f64>) -> Vec<f64> {
        self.0.sum_figures(figures)
    }

    fn begin_sum(&self, x: Tensor<f64>) -> Box<dyn FnOnce() -> Tensor<f64> + '_> {
        Box::new(|| self.sum(x))
    }
}

/// Runs a program on each of `n` ranks; returns the results in the order of the ranks.
fn on_ranks<R: Send>(n: usize, program: impl Fn(&Threads<'_>) -> R + Sync) -> Vec<R> {
    let numbers = (0..n).map(|_| Mutex::default()).collect();
    let (shared, program) = (&Shared { barrier: Barrier::new(n), numbers }, &program);
    std::thread::scope(|scope| {
        let start = |rank| scope.spawn(move || program(&Threads { rank, shared }));
        let threads: Vec<_> = (0..n).map(start).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

type Model = Mlp<Tensor<f64>>;

fn new_trainer() -> Trainer<Model, Adam<Tensor<f64>>> {
    let mlp = Mlp::new(&[64, 12, 10], Transfer::Tanh, Init::GlorotUniform, &mut StdRng::seed_from_u64(1));
    Trainer::new(mlp, Adam::new(0.01)).clip_norm(0.7)
}

/// 103 digits for training and 21 for validation: no number of ranks but 1 divides a batch of 16 and all 103.
fn digits() -> (Samples<f64>, Samples<f64>) {
    let Samples { x, labels } = Digits::load().train;
    let part = |from, to| Samples { x: x.slice(0, from, to), labels: Tensor::from(labels.to_vec()[from..to].to_vec()) };
    (part(0, 103), part(103, 124))
}

fn entropy<'t, R>(
    tape: &Recorder<'t, Tensor<f64>>,
    mlp: Mlp<Var<'t, Tensor<f64>>>,
    batch: &Samples<f64>,
    _: &mut R,
) -> Var<'t, Tensor<f64>> {
    let entropy = loss::cross_entropy(&mlp.forward(&batch.x), &batch.labels);
    tape.term("entropy", entropy) + tape.term("decay", mlp.layers[0].weight.square().sum() * 1e-4)
}

fn train_on(ranks: &impl Ranks<f64>) -> (History, Model) {
    let ((train, validation), rng) = (digits(), &mut StdRng::seed_from_u64(2));
    let mut trainer = new_trainer();
    let history = trainer.on(ranks, 0).fit(&Plan::new(5, 16), &train, Some(&validation), rng, entropy, |_, _, _| ());
    (history.unwrap(), trainer.model)
}

fn train_alone() -> (History, Model) {
    let ((train, validation), rng) = (digits(), &mut StdRng::seed_from_u64(2));
    let mut trainer = new_trainer();
    let history = trainer.fit(&Plan::new(5, 16), &train, Some(&validation), rng, entropy, |_, _, _| ());
    (history.unwrap(), trainer.model)
}

fn figures(history: &History) -> Vec<(String, Vec<f64>)> {
    history.names().map(|name| (name.to_owned(), history.column(name).to_vec())).collect()
}

#[test]
fn ranks_follow_one_process_to_rounding_and_each_other_to_the_bit() {
    let (alone, model) = train_alone();
    for n in [1, 2, 3, 5] {
        let trained = on_ranks(n, |ranks| train_on(ranks));
        for (history, own) in &trained {
            assert_eq!(figures(history), figures(&trained[0].0));
            assert_eq!(*own, trained[0].1);
        }
        for ((name, expected), (found_name, found)) in figures(&alone).iter().zip(figures(&trained[0].0)) {
            assert_eq!(*name, found_name);
            for (found, expected) in found.iter().zip(expected) {
                assert!((found / expected - 1.0).abs() < 1e-12, "{n} ranks, {name}: {found} and {expected}");
            }
        }
        let apart = tree::norm(&tree::sub(&model, &trained[0].1)).item();
        assert!(apart < 1e-10, "{n} ranks: {apart}");
        assert_eq!(
            on_ranks(n, |ranks| train_on(&Deferred(ranks)))[0].1,
            trained[0].1,
            "a second run of {n} ranks, whose sums end later"
        );
    }
}

#[test]
fn ranks_with_a_shard_of_the_data_follow_one_process_to_rounding() {
    let (alone, _) = train_alone();
    for n in [1, 2, 3, 5] {
        let trained = on_ranks(n, |ranks| {
            let own = |data: Samples<f64>| data.subset(&nn::shard(data.len(), ranks.rank, n).collect::<Vec<_>>());
            let ((train, validation), rng) = (digits(), &mut StdRng::seed_from_u64(2));
            let (train, validation, mut trainer) = (own(train), own(validation), new_trainer());
            let mut on_ranks = trainer.on(ranks, 0).sharded();
            on_ranks.fit(&Plan::new(5, 16), &train, Some(&validation), rng, entropy, |_, _, _| ()).unwrap()
        });
        for ((name, expected), (_, found)) in figures(&alone).iter().zip(figures(&trained[n - 1])) {
            for (found, expected) in found.iter().zip(expected) {
                assert!((found / expected - 1.0).abs() < 1e-12, "{n} ranks, {name}: {found} and {expected}");
            }
        }
    }
}

#[test]
fn shard_with_too_few_samples_is_refused_on_all_ranks() {
    let texts = panics(2, |ranks| {
        let data = digits().0.subset(&(ranks.rank..103).step_by(2).skip(16 * ranks.rank).collect::<Vec<_>>());
        let _ = new_trainer().on(ranks, 0).sharded().epoch(&data, 16, &mut StdRng::seed_from_u64(0), entropy);
    });
    assert_eq!(texts, ["Trainer::on: rank 0 has 52 of 87 samples, but its shard has 44"; 2]);
}

#[test]
fn batches_smaller_than_the_ranks_count_each_sample_once() {
    let data = Tensor::from([[1.0], [2.0], [4.0]]);
    let step = |means: Result<nn::Means, NotFinite>| means.unwrap().total;
    let total = on_ranks(5, |ranks| {
        let mut trainer = Trainer::new(Tensor::from([1.0]), nn::Sgd::new(0.5));
        let rng = &mut StdRng::seed_from_u64(0);
        let total = step(trainer.on(ranks, 0).epoch(&data, 3, rng, |_, w, x, _| (w.lift(x) * w).mean()));
        (total, trainer.model.item())
    });
    for (total, weight) in total {
        assert!((total - 7.0 / 3.0).abs() < 1e-15 && (weight - (1.0 - 3.5 / 3.0)).abs() < 1e-15, "{total}, {weight}");
    }
}

#[test]
fn random_numbers_differ_by_rank_and_pass_but_batches_do_not() {
    let drawn = on_ranks(2, |ranks| {
        let mut drawn = Vec::new();
        let mut trainer = Trainer::new(Tensor::from([1.0]), nn::Sgd::new(0.5));
        let rng = &mut StdRng::seed_from_u64(0);
        for _ in 0..2 {
            let data = Tensor::from([[1.0], [2.0]]);
            let means = trainer.on(ranks, 3).epoch(&data, 2, rng, |_, w, _, rng| {
                drawn.push(rng.random::<u64>());
                w.square().sum()
            });
            means.unwrap();
        }
        (drawn, rng.random::<u64>())
    });
    let mut all: Vec<u64> = drawn.iter().flat_map(|(drawn, _)| drawn.clone()).collect();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 4);
    assert_eq!(drawn[0].1, drawn[1].1, "the shared generator");
}

#[test]
fn number_that_is_not_finite_on_one_rank_is_an_error_on_all() {
    let faults = on_ranks(3, |ranks| {
        let mut trainer = new_trainer();
        let (data, rng) = (digits().0, &mut StdRng::seed_from_u64(0));
        let before = trainer.model.clone();
        let mut steps = 0;
        let fault = trainer.on(ranks, 0).epoch(&data, 16, rng, |tape, mlp, batch, _| {
            steps += 1;
            let factor = if ranks.rank == 1 && steps == 1 { f64::NAN } else { 1.0 };
            tape.term("scaled", loss::cross_entropy(&mlp.forward(&batch.x), &batch.labels) * factor)
        });
        assert_eq!(trainer.model, before);
        fault.unwrap_err()
    });
    for fault in faults {
        assert_eq!((fault.term.as_str(), fault.step), ("rank 1: scaled", 1));
        assert!(fault.value.is_nan());
    }
}

/// The messages with which all ranks end.
fn panics(n: usize, program: impl Fn(&Threads<'_>) + Sync) -> Vec<String> {
    on_ranks(n, |ranks| {
        let panic = catch_unwind(AssertUnwindSafe(|| program(ranks))).unwrap_err();
        panic.downcast_ref::<String>().cloned().unwrap_or_default()
    })
}

#[test]
fn other_model_terms_or_hook_on_a_rank_ends_all_ranks() {
    let models = panics(3, |ranks| {
        let mut trainer = new_trainer();
        if ranks.rank == 2 {
            trainer.model.layers[1].bias.update(|b| b + 1e-16 + f64::MIN_POSITIVE);
        }
        trainer.on(ranks, 0);
    });
    let text = "Trainer::on: the model, the rate, the seed, or the number of steps or epochs on rank 2 differs from that on rank 0";
    assert_eq!(models, [text; 3]);
    let terms = panics(2, |ranks| {
        let mut trainer = new_trainer();
        let _ = trainer.on(ranks, 0).epoch(&digits().0, 16, &mut StdRng::seed_from_u64(0), |tape, mlp, batch, _| {
            let entropy = loss::cross_entropy(&mlp.forward(&batch.x), &batch.labels);
            tape.term(["a", "b"][ranks.rank], entropy)
        });
    });
    assert!(terms.iter().all(|text| text.contains("other terms on rank 1 than on rank 0")), "{terms:?}");
    let hooks = on_ranks(2, |ranks| {
        catch_unwind(AssertUnwindSafe(|| {
            let (mut trainer, rng) = (new_trainer(), &mut StdRng::seed_from_u64(0));
            let hook = |_: &mut _, _: &_, _: &mut _| if ranks.rank == 0 { Err("disk full".into()) } else { Ok(()) };
            let run = trainer.on(ranks, 0).fit(&Plan::new(2, 16), &digits().0, None, rng, entropy, hook);
            run.map_err(|error: Box<dyn std::error::Error>| error.to_string()).unwrap_err()
        }))
        .map_err(|panic| panic.downcast_ref::<String>().cloned().unwrap())
    });
    assert_eq!(hooks, [Ok("disk full".into()), Err("Trainer::fit: the hook failed on rank 0".to_owned())]);
}

#[test]
fn rank_with_another_task_or_none_is_named() {
    let texts = panics(2, |ranks| {
        let (mut trainer, data) = (new_trainer(), digits().0);
        let data = if ranks.rank == 1 { data.subset(&[0, 1, 2]) } else { data };
        let _ = trainer.on(ranks, 0).epoch(&data, 16, &mut StdRng::seed_from_u64(0), entropy);
    });
    let texts: Vec<&str> = texts.iter().map(|text| text.split_once("; ").unwrap().1).collect();
    assert_eq!(texts[0], "on rank 0 it is an epoch of 103 samples in batches of 16");
    assert_eq!(texts[1], "on rank 1 it is an epoch of 3 samples in batches of 16");
    let left = on_ranks(2, |ranks| {
        let mut trainer = new_trainer();
        let mut on_ranks = trainer.on(ranks, 0);
        if ranks.rank == 1 {
            return format!("{:?}", ranks.leave());
        }
        let rng = &mut StdRng::seed_from_u64(0);
        let panic = catch_unwind(AssertUnwindSafe(|| on_ranks.epoch(&digits().0, 16, rng, entropy))).unwrap_err();
        panic.downcast_ref::<String>().unwrap().clone()
    });
    assert_eq!(left, ["Trainer::on: rank 1 has ended its training", "Err(0)"]);
    assert_eq!(on_ranks(3, |ranks| ranks.leave()), [Ok(()); 3]);
}

#[test]
fn hook_that_stops_on_one_rank_stops_all() {
    let epochs = on_ranks(3, |ranks| {
        let (mut trainer, rng) = (new_trainer(), &mut StdRng::seed_from_u64(0));
        let hook = |_: &mut _, status: &nn::Status, _: &mut _| match (ranks.rank, status.epoch) {
            (1, 2) => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        };
        trainer.on(ranks, 0).fit(&Plan::new(9, 16), &digits().0, None, rng, entropy, hook).unwrap().len()
    });
    assert_eq!(epochs, [2, 2, 2]);
}
