//! Training steps: on the tape, by hand (the limit), and by matrices (the textbook), on the same work in one run.
//!
//!     cargo bench -p nn --bench train
#![allow(missing_docs)]

mod by_hand;

use autodiff::prelude::*;
use by_hand::functions::Number;
use by_hand::{Activation, Cost, Network, Update};
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime};
use nn::{Adam, Init, Mlp, Optimizer, Sgd, Trainer, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};
use std::hint::black_box;

/// A network, what it is trained for, and how.
struct Case {
    name: &'static str,
    sizes: &'static [usize],
    batch: usize,
    hidden: Activation,
    cost: Cost,
    update: Update,
}

const CASES: [Case; 6] = [
    mlp("mlp_2-8-1_b4", &[2, 8, 1], 4, Activation::Sigmoid, Cost::SquaredError),
    mlp("mlp_64-32-10_b32", &[64, 32, 10], 32, Activation::Relu, Cost::CrossEntropy),
    mlp("mlp_784-256-64-10_b128", &[784, 256, 64, 10], 128, Activation::Relu, Cost::CrossEntropy),
    Case {
        update: Update::Adam,
        ..mlp("mlp_784-256-64-10_b128_adam", &[784, 256, 64, 10], 128, Activation::Relu, Cost::CrossEntropy)
    },
    mlp("mlp_784-1024-1024-10_b512", &[784, 1024, 1024, 10], 512, Activation::Relu, Cost::CrossEntropy),
    mlp("ae_784-256-64-256-784_b128", &[784, 256, 64, 256, 784], 128, Activation::Sigmoid, Cost::SquaredError),
];

const fn mlp(name: &'static str, sizes: &'static [usize], batch: usize, hidden: Activation, cost: Cost) -> Case {
    Case { name, sizes, batch, hidden, cost, update: Update::Descent }
}

impl Activation {
    fn transfer(self) -> Transfer {
        match self {
            Activation::Linear => Transfer::Linear,
            Activation::Relu => Transfer::Relu,
            Activation::Sigmoid => Transfer::Sigmoid,
        }
    }
}

/// The same network, batch and targets for all contenders.
struct Work<T> {
    model: Mlp<Tensor<T>>,
    x: Tensor<T>,
    target: Tensor<T>,
    classes: Tensor<usize>,
}

impl<T: Element + Number> Work<T> {
    fn new(case: &Case) -> Self {
        let rng = &mut StdRng::seed_from_u64(0);
        let model = Mlp::new(case.sizes, case.hidden.transfer(), Init::GlorotUniform, rng);
        let outputs = *case.sizes.last().expect("sizes");
        Self {
            model,
            x: Tensor::uniform([case.batch, case.sizes[0]], 0.0, 1.0, rng),
            target: Tensor::uniform([case.batch, outputs], 0.0, 1.0, rng),
            classes: Tensor::from_fn([case.batch], |i| i[0] % outputs),
        }
    }

    fn by_hand(&self, case: &Case) -> Network<T> {
        let weights = self.model.layers.iter().map(|layer| {
            let shape = layer.weight.shape();
            (shape[0], shape[1], layer.weight.to_vec())
        });
        Network::new(weights.collect(), case.hidden, Activation::Linear, case.batch, case.cost, case.update)
    }

    fn tape_step<O: Optimizer<T>>(&self, case: &Case, trainer: &mut Trainer<Mlp<Tensor<T>>, O>) -> f64 {
        trainer.step(|tape, mlp| {
            let y = mlp.forward(&tape.constant(self.x.clone()));
            match case.cost {
                Cost::CrossEntropy => loss::cross_entropy(&y, &self.classes),
                Cost::SquaredError => loss::squared_error(&y, &tape.constant(self.target.clone())),
            }
        })
    }
}

/// All contenders take the same first steps, or the comparison would be of different work.
fn check<T: Element + Number>(case: &Case, work: &Work<T>) {
    let mut network = work.by_hand(case);
    let mut trainer = Trainer::new(work.model.clone(), |_| Sgd::new(0.01));
    if case.update == Update::Descent {
        for step in 0..3 {
            let by_hand = network.step(slice(&work.x), slice(&work.target), slice(&work.classes));
            let tape = work.tape_step(case, &mut trainer);
            assert!((by_hand - tape).abs() <= 1e-4 * tape.abs(), "{}: step {step}: {by_hand} and {tape}", case.name);
        }
    }
}

fn slice<T>(x: &Tensor<T>) -> &[T] {
    x.as_slice().expect("contiguous")
}

fn bench_case<T: Element + Number>(group: &mut BenchmarkGroup<'_, WallTime>, case: &Case, suffix: &str) {
    let work = Work::<T>::new(case);
    check(case, &work);
    let name = format!("{}{suffix}", case.name);
    let mut network = work.by_hand(case);
    group.bench_function(format!("{name}/by_hand"), |b| {
        b.iter(|| network.step(black_box(slice(&work.x)), slice(&work.target), slice(&work.classes)));
    });
    match case.update {
        Update::Descent => bench_tape(group, case, &work, &name, |_| Sgd::new(0.01)),
        Update::Adam => bench_tape(group, case, &work, &name, |mlp| Adam::new(mlp, 1e-3)),
    }
}

fn bench_tape<T: Element + Number, O: Optimizer<T>>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    case: &Case,
    work: &Work<T>,
    name: &str,
    optimizer: impl FnOnce(&Mlp<Tensor<T>>) -> O,
) {
    let mut trainer = Trainer::new(work.model.clone(), optimizer);
    group.bench_function(format!("{name}/tape"), |b| b.iter(|| work.tape_step(case, &mut trainer)));
}

fn train(c: &mut Criterion) {
    let mut group = c.benchmark_group("train");
    for case in &CASES {
        bench_case::<f32>(&mut group, case, "");
        bench_case::<f64>(&mut group, case, "_f64");
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(std::time::Duration::from_secs(2));
    targets = train
}
criterion_main!(benches);
