//! The work of a training step grows as n·w²·L with the batch n, the width w and the depth L of the network, and its
//! memory grows no faster.
//!
//! The example measures the time on the tape and in matrix form, and the peak memory, and draws a chart of each.
//! `--quick` stops at small sizes; `--out FOLDER` sets the folder of the charts (default `target/growth`).

use autodiff::prelude::*;
use examples::Arguments;
use examples::picture::{Chart, Mark};
use nn::{Init, Mlp, Optimizer, Sgd, Trainer, Transfer, loss, matrix_form};
use rand::{SeedableRng, rngs::StdRng};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The size of the network in the dimensions that do not grow.
const DEFAULT: Size = Size { batch: 64, width: 256, depth: 3 };

#[derive(Clone, Copy)]
struct Size {
    batch: usize,
    width: usize,
    depth: usize,
}

/// A dimension of the network that grows.
struct Growth {
    name: &'static str,
    label: &'static str,
    from: usize,
    /// The largest size, and the largest size with `--quick`.
    to: [usize; 2],
    /// The work is proportional to this power of the size.
    power: i32,
    network: fn(usize) -> Size,
}

const GROWTHS: [Growth; 3] = [
    Growth {
        name: "batch",
        label: "samples in the batch, 3 layers of 256 units",
        from: 1,
        to: [4096, 64],
        power: 1,
        network: |batch| Size { batch, ..DEFAULT },
    },
    Growth {
        name: "width",
        label: "units in each of 3 layers, 64 samples",
        from: 16,
        to: [4096, 256],
        power: 2,
        network: |width| Size { width, ..DEFAULT },
    },
    Growth {
        name: "depth",
        label: "layers of 256 units, 64 samples",
        from: 1,
        to: [64, 8],
        power: 1,
        network: |depth| Size { depth, ..DEFAULT },
    },
];

/// The cost of a training step at one size: the time in milliseconds, and the peak memory.
struct Cost {
    x: usize,
    tape: f64,
    matrix_form: f64,
    mebibytes: f64,
}

fn main() {
    let Arguments { quick, out } = Arguments::read();
    let out = out.unwrap_or_else(|| PathBuf::from("target/growth"));
    std::fs::create_dir_all(&out).expect("growth: cannot create the folder of the charts");
    for growth in &GROWTHS {
        println!("Time and peak memory of a step by {}:", growth.label);
        let sizes = std::iter::successors(Some(growth.from), |x| Some(2 * x));
        let costs: Vec<Cost> =
            sizes.take_while(|&x| x <= growth.to[usize::from(quick)]).map(|x| cost(growth, x, quick)).collect();
        let [first, .., last] = &costs[..] else { unreachable!("there are at least two sizes") };
        let work = (last.x as f64 / first.x as f64).powi(growth.power);
        assert!(last.mebibytes < first.mebibytes * work * 1.1, "memory grows no faster than the work");
        draw(growth, &costs, &out);
    }
    println!("The charts are in {}.", out.display());
}

fn cost(growth: &Growth, x: usize, quick: bool) -> Cost {
    let size = (growth.network)(x);
    let [tape, matrix_form] = times(&Work::new(size), Duration::from_millis(if quick { 20 } else { 400 }));
    let mebibytes = mebibytes(size);
    println!("  {x:5}: tape {tape:9.3} ms, matrix form {matrix_form:9.3} ms; {mebibytes:8.2} MiB");
    Cost { x, tape, matrix_form, mebibytes }
}

/// A network, a batch and its targets.
struct Work {
    model: Mlp<Tensor<f32>>,
    x: Tensor<f32>,
    target: Tensor<f32>,
}

impl Work {
    fn new(Size { batch, width, depth }: Size) -> Self {
        let rng = &mut StdRng::seed_from_u64(0);
        let model = Mlp::new(&vec![width; depth + 1], Transfer::Relu, Init::HeNormal, rng);
        let [x, target] = [(); 2].map(|()| Tensor::uniform([batch, width], 0.0, 1.0, rng));
        Self { model, x, target }
    }

    fn tape_step(&self, trainer: &mut Trainer<Mlp<Tensor<f32>>, Sgd<Tensor<f32>>>) -> f64 {
        let means = trainer.step(&(), &mut (), |_, mlp, _, _| loss::squared_error(&mlp.forward(&self.x), &self.target));
        means.expect("the loss is finite").total
    }

    fn matrix_form_step(&self, model: &mut Mlp<Tensor<f32>>) -> f64 {
        let activations = matrix_form::forward(model, &self.x);
        let loss = loss::squared_error(activations.output(), &self.target);
        let cost = matrix_form::squared_error_gradient(activations.output(), &self.target);
        let gradients = matrix_form::backward(model, &activations, &cost);
        Sgd::new(RATE).step(model, &gradients.nabla);
        loss.item().into()
    }
}

/// A learning rate so small that even the deepest network stays stable.
const RATE: f64 = 1e-6;

/// The shortest time of a step in milliseconds, on the tape and by the matrix form. The two take turns for `duration`.
fn times(work: &Work, duration: Duration) -> [f64; 2] {
    let mut trainer = Trainer::new(work.model.clone(), Sgd::new(RATE));
    let mut model = work.model.clone();
    let (tape, matrix_form) = (work.tape_step(&mut trainer), work.matrix_form_step(&mut model));
    assert!((tape - matrix_form).abs() <= 1e-4 * tape.abs(), "the losses differ: {tape} and {matrix_form}");
    let (mut best, start) = ([f64::INFINITY; 2], Instant::now());
    for turn in 0.. {
        best[0] = best[0].min(milliseconds(|| work.tape_step(&mut trainer)));
        best[1] = best[1].min(milliseconds(|| work.matrix_form_step(&mut model)));
        if turn >= 3 && start.elapsed() > duration {
            break;
        }
    }
    best
}

fn milliseconds(step: impl FnOnce() -> f64) -> f64 {
    let start = Instant::now();
    std::hint::black_box(step());
    start.elapsed().as_secs_f64() * 1e3
}

/// The peak memory of weights, gradients and tape: the bytes that a fresh thread, without pooled buffers, allocates.
fn mebibytes(size: Size) -> f64 {
    let peak = || {
        let work = Work::new(size);
        let steps = || {
            let copy = work.model.map(&mut |_, w| Tensor::from(w.to_vec()).reshape(w.shape()));
            let mut trainer = Trainer::new(copy, Sgd::new(RATE));
            (0..3).for_each(|_| _ = work.tape_step(&mut trainer));
        };
        allocation_counter::measure(steps).bytes_max as f64 / f64::from(1 << 20)
    };
    autodiff::set_threads(1);
    let most = std::thread::scope(|scope| scope.spawn(peak).join().expect("the steps do not panic"));
    autodiff::set_threads(0);
    most
}

/// Draws the charts of time and memory, with a guide for the growth of the work.
fn draw(growth: &Growth, costs: &[Cost], out: &std::path::Path) {
    let series = |y: fn(&Cost) -> f64| costs.iter().map(move |cost| [cost.x as f64, y(cost)]);
    let guide = |y: fn(&Cost) -> f64| {
        let lowest = series(y).fold(f64::INFINITY, |low, [_, y]| low.min(y));
        let last = costs.last().expect("there are at least two sizes");
        let (end, top) = (last.x as f64, y(last));
        let at = move |[x, _]: [f64; 2]| [x, top * (x / end).powi(growth.power)];
        series(y).map(at).filter(move |[_, y]| *y >= lowest)
    };
    let power = if growth.power == 1 { "proportional" } else { "quadratic" };
    let time = Chart::new(growth.label, "ms per step")
        .log_log()
        .with("tape", Mark::Line, series(|cost| cost.tape))
        .with("matrix form", Mark::Line, series(|cost| cost.matrix_form))
        .with(power, Mark::Guide, guide(|cost| cost.tape));
    let memory = Chart::new(growth.label, "peak memory, MiB")
        .log_log()
        .with("tape, weights, gradients", Mark::Line, series(|cost| cost.mebibytes))
        .with(power, Mark::Guide, guide(|cost| cost.mebibytes));
    for (quantity, chart) in [("time", time), ("memory", memory)] {
        let path = out.join(format!("{}_{quantity}.svg", growth.name));
        std::fs::write(&path, chart.draw()).expect("growth: cannot write a chart");
    }
}
