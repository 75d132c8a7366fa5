//! Measures each step with 1, 2, 4, … threads, up to the number of cores.
//!
//!     cargo bench -p nn --bench threads
#![allow(missing_docs)]

use autodiff::prelude::*;
use nn::{Adam, Init, Mlp, Trainer, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};
use std::hint::black_box;
use std::time::{Duration, Instant};

type Step = Box<dyn FnMut()>;

type Case = (&'static str, fn() -> Step);

const CASES: [Case; 7] = [
    ("MLP 784-256-64-10, batch 128, Adam", || network(&[784, 256, 64, 10], 128)),
    ("the same, batch 1,024", || network(&[784, 256, 64, 10], 1024)),
    ("MLP 784-1024-1024-10, batch 512, Adam", || network(&[784, 1024, 1024, 10], 512)),
    ("MLP 784-2048-2048-10, batch 1,024, Adam", || network(&[784, 2048, 2048, 10], 1024)),
    ("product of 2048 × 2048 matrices", product),
    ("tanh of 2²⁰ numbers", tanh),
    ("`conv2d` [64, 8, 32, 32] by [16, 8, 3, 3], with its gradient with respect to the kernel", convolution),
];

/// How long a step is repeated, at least.
const TIME: Duration = Duration::from_millis(600);

/// How many steps are measured, at least.
const LEAST: usize = 11;

fn main() {
    let most = autodiff::threads();
    let counts: Vec<usize> = (0..).map(|i| 1 << i).take_while(|&n| n < most).chain([most]).collect();
    let headings: String = counts.iter().map(|n| format!(" {n} |")).collect();
    println!("| µs a step, by the number of threads |{headings}\n|---|{}", "---:|".repeat(counts.len()));
    for (name, step) in CASES {
        let times: String = counts.iter().map(|&n| format!(" {:.0} |", median(n, step))).collect();
        println!("| {name} |{times}");
    }
}

/// The median time of a step in µs. A thread keeps its workers, so each number of threads has a thread of its own.
fn median(threads: usize, step: fn() -> Step) -> f64 {
    let measure = move || {
        autodiff::set_threads(threads);
        let mut step = step();
        (0..5).for_each(|_| step());
        let (began, mut times) = (Instant::now(), Vec::new());
        while began.elapsed() < TIME || times.len() < LEAST {
            let start = Instant::now();
            step();
            times.push(start.elapsed().as_secs_f64() * 1e6);
        }
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    std::thread::spawn(measure).join().expect("the measured steps do not panic")
}

fn random(shape: impl Into<Shape>) -> Tensor<f32> {
    Tensor::uniform(shape, 0.0, 1.0, &mut StdRng::seed_from_u64(0))
}

fn network(sizes: &[usize], batch: usize) -> Step {
    let mlp = Mlp::new(sizes, Transfer::Relu, Init::GlorotUniform, &mut StdRng::seed_from_u64(0));
    let mut trainer = Trainer::new(mlp.with_output(Transfer::Linear), Adam::new(1e-3));
    let (x, classes) = (random([batch, sizes[0]]), Tensor::from_fn([batch], |i| i[0] % 10));
    Box::new(move || {
        let loss = trainer.step(&(), &mut (), |tape, mlp, _, _| {
            loss::cross_entropy(&mlp.forward(tape.constant(x.clone())), &classes)
        });
        loss.expect("the loss is finite");
    })
}

fn product() -> Step {
    let x = random([2048, 2048]);
    Box::new(move || drop(black_box(x.matmul(&x))))
}

fn tanh() -> Step {
    let x = random([1 << 20]);
    Box::new(move || drop(black_box(x.tanh())))
}

fn convolution() -> Step {
    let (x, kernel, mut tape) = (random([64, 8, 32, 32]), random([16, 8, 3, 3]), Tape::new());
    Box::new(move || {
        let gradient = tape.value_and_grad_tree(&kernel, |tape, kernel| {
            tape.constant(x.clone()).conv2d(kernel, Window::default()).square().sum()
        });
        drop(black_box(gradient));
    })
}
