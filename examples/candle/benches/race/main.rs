//! Training steps on candle's arrays, beside candle's own backward pass and beside our tensors, measured in turns.
//!
//!     cargo bench [--features cuda] [-- PART_OF_A_NAME]
//!
//! Each step computes a loss and its gradient, and the networks take a step of gradient descent. All contenders must
//! compute the same losses before they are timed. On the CPU they run on one thread. On a device a step ends when the loss
//! has arrived on the host.

mod candle;
mod ours;

use autodiff::Tensor;
use candle_core::Device;
use nn::{Init, Mlp, Transfer};
use rand::{SeedableRng, rngs::StdRng};
use std::process::Command;
use std::time::{Duration, Instant};

/// A step that returns the loss before it.
type Step = Box<dyn FnMut() -> f64>;

/// The turns of each contender, and the least duration of one.
const TURNS: usize = 40;
const TURN: Duration = Duration::from_millis(20);

/// candle counts its threads by this variable, and the processors at each product unless it is set.
const THREADS: &str = "RAYON_NUM_THREADS";

/// A network 64-…-10 with a batch of inputs and classes.
struct Classifier {
    mlp: Mlp<Tensor<f32>>,
    x: Tensor<f32>,
    classes: Tensor<usize>,
}

impl Classifier {
    fn new(sizes: &[usize], batch: usize) -> Self {
        let rng = &mut StdRng::seed_from_u64(0);
        let mlp = Mlp::new(sizes, Transfer::Relu, Init::GlorotUniform, rng);
        let x = Tensor::uniform([batch, sizes[0]], 0.0, 1.0, rng);
        Self { mlp, x, classes: Tensor::from_fn([batch], |i| i[0] % 10) }
    }
}

/// An encoder with tanh units and a batch of inputs.
struct Encoder {
    mlp: Mlp<Tensor<f32>>,
    x: Tensor<f32>,
}

impl Encoder {
    fn new(sizes: &[usize], batch: usize) -> Self {
        let rng = &mut StdRng::seed_from_u64(0);
        let mlp = Mlp::new(sizes, Transfer::Tanh, Init::GlorotUniform, rng).with_output(Transfer::Tanh);
        Self { mlp, x: Tensor::uniform([batch, sizes[0]], 0.0, 1.0, rng) }
    }
}

fn main() {
    if std::env::var(THREADS).as_deref() != Ok("1") {
        let program = std::env::current_exe().expect("the path of this program");
        let status = Command::new(program)
            .args(std::env::args().skip(1))
            .env(THREADS, "1")
            .status()
            .expect("this program starts again");
        std::process::exit(status.code().unwrap_or(1));
    }
    let device = Device::cuda_if_available(0).expect("the first CUDA device");
    autodiff::set_threads(1);
    let place = if device.is_cuda() { "the first CUDA device" } else { "one thread of the CPU" };
    println!("On {place}; µs a step, the shortest of {TURNS} turns (times as long as on candle's arrays)\n");
    println!("| step | on candle's arrays | candle's own backward | our tensors |\n|---|---:|---:|---:|");
    classifier(&[64, 32, 10], 32, &device);
    classifier(&[784, 256, 64, 10], 128, &device);
    if device.is_cuda() {
        classifier(&[784, 1024, 1024, 10], 512, &device);
    }
    contraction(&[64, 64, 16], 128, &device);
    contraction(&[784, 256, 32], 64, &device);
}

/// A step of gradient descent of a classifier.
fn classifier(sizes: &[usize], batch: usize, device: &Device) {
    let name = format!("MLP {}, batch {batch}", text(sizes));
    if !is_requested(&name) {
        return;
    }
    let case = Classifier::new(sizes, batch);
    let of_arrays =
        ours::classifier(ours::arrays(&case.mlp, device), ours::array(&case.x, device), case.classes.clone());
    let of_tensors = || ours::classifier(case.mlp.clone(), case.x.clone(), case.classes.clone());
    let contenders = [Some(of_arrays), Some(candle::classifier(&case, device)), device.is_cpu().then(of_tensors)];
    row(&name, contenders);
}

/// The contractive penalty of an encoder and its gradient, by nested differentiation.
fn contraction(sizes: &[usize], batch: usize, device: &Device) {
    let name = format!("contractive penalty {}, batch {batch}, nested", text(sizes));
    if !is_requested(&name) {
        return;
    }
    let case = Encoder::new(sizes, batch);
    let of_arrays = ours::contraction(ours::arrays(&case.mlp, device), ours::array(&case.x, device));
    let of_tensors = || ours::contraction(case.mlp.clone(), case.x.clone());
    let contenders = [Some(of_arrays), None, device.is_cpu().then(of_tensors)];
    row(&name, contenders);
}

/// Whether the name contains the argument of the program, or there is none. Cargo adds `--bench`.
fn is_requested(name: &str) -> bool {
    std::env::args().skip(1).filter(|argument| argument != "--bench").all(|part| name.contains(&part))
}

fn text(sizes: &[usize]) -> String {
    sizes.iter().map(usize::to_string).collect::<Vec<_>>().join("-")
}

/// Checks and times the contenders, and prints a row of the table.
fn row(name: &str, mut contenders: [Option<Step>; 3]) {
    for step in 0..5 {
        let losses: Vec<f64> = contenders.iter_mut().flatten().map(|step| step()).collect();
        for loss in &losses {
            assert!(
                (loss - losses[0]).abs() <= 1e-4 * losses[0].abs(),
                "{name}: the losses of step {step} are {losses:?}"
            );
        }
    }
    let counts: Vec<usize> = contenders.iter_mut().map(|step| step.as_mut().map_or(0, steps_of_a_turn)).collect();
    let mut best = [f64::INFINITY; 3];
    for _ in 0..TURNS {
        for ((best, step), &n) in best.iter_mut().zip(&mut contenders).zip(&counts) {
            if let Some(step) = step {
                *best = best.min(turn(step, n).as_secs_f64() * 1e6 / n as f64);
            }
        }
    }
    let cell = |micros: f64| match micros.is_finite() {
        true => format!("{micros:.0} ({:.2})", micros / best[0]),
        false => "–".into(),
    };
    println!("| {name} | {:.0} | {} | {} |", best[0], cell(best[1]), cell(best[2]));
}

fn steps_of_a_turn(step: &mut Step) -> usize {
    let n = (0..).map(|i| 1 << i).find(|&n| turn(step, n) >= TURN / 2).expect("some number of steps fills half a turn");
    2 * n
}

fn turn(step: &mut Step, n: usize) -> Duration {
    let start = Instant::now();
    for _ in 0..n {
        step();
    }
    start.elapsed()
}
