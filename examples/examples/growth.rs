//! How the time and the memory of a step of training grow with the batch, the width and the depth of a network: for
//! each a picture of the time, beside backpropagation by matrices, and one of the memory.
//!
//! `--quick` stops early; `--out FOLDER` is where the pictures go, `target/growth` otherwise.

use autodiff::prelude::*;
use examples::picture::{Chart, Mark};
use nn::{Init, Mlp, Optimizer, Sgd, Trainer, Transfer, loss, matrix_form};
use rand::{SeedableRng, rngs::StdRng};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// What a network has where it is not what grows.
const SIZE: Size = Size { batch: 64, width: 256, depth: 3 };

#[derive(Clone, Copy)]
struct Size {
    batch: usize,
    width: usize,
    depth: usize,
}

/// What grows, up to where, as which power the work grows with it, and the size at a place on the way.
struct Growth {
    name: &'static str,
    label: &'static str,
    from: usize,
    to: [usize; 2],
    power: i32,
    at: fn(usize) -> Size,
}

const GROWTHS: [Growth; 3] = [
    Growth {
        name: "batch",
        label: "samples in the batch, 3 layers of 256 units",
        from: 1,
        to: [4096, 64],
        power: 1,
        at: |batch| Size { batch, ..SIZE },
    },
    Growth {
        name: "width",
        label: "units in each of 3 layers, 64 samples",
        from: 16,
        to: [4096, 256],
        power: 2,
        at: |width| Size { width, ..SIZE },
    },
    Growth {
        name: "depth",
        label: "layers of 256 units, 64 samples",
        from: 1,
        to: [64, 8],
        power: 1,
        at: |depth| Size { depth, ..SIZE },
    },
];

/// What a step takes: milliseconds by the tape and by matrices, and memory.
struct Cost {
    x: usize,
    tape: f64,
    matrices: f64,
    mebibytes: f64,
}

fn main() {
    let options: Vec<String> = std::env::args().skip(1).collect();
    let quick = options.iter().any(|option| option == "--quick");
    let out = options.iter().position(|option| option == "--out").and_then(|i| options.get(i + 1));
    let out = PathBuf::from(out.map_or("target/growth", String::as_str));
    std::fs::create_dir_all(&out).expect("the folder of the pictures can be made");
    for growth in &GROWTHS {
        println!("{}:", growth.label);
        let sizes = std::iter::successors(Some(growth.from), |x| Some(2 * x));
        let costs: Vec<Cost> =
            sizes.take_while(|&x| x <= growth.to[usize::from(quick)]).map(|x| cost(growth, x, quick)).collect();
        let [first, .., last] = &costs[..] else { unreachable!("it grows") };
        let work = (last.x as f64 / first.x as f64).powi(growth.power);
        assert!(last.mebibytes < first.mebibytes * work * 1.1, "memory grows no faster than the work");
        draw(growth, &costs, &out);
    }
    println!("The pictures are in {}.", out.display());
}

fn cost(growth: &Growth, x: usize, quick: bool) -> Cost {
    let size = (growth.at)(x);
    let [tape, matrices] = times(&Work::new(size), Duration::from_millis(if quick { 20 } else { 400 }));
    let mebibytes = mebibytes(size);
    println!("  {x:5}: {tape:9.3} ms, by matrices {matrices:9.3} ms; {mebibytes:8.2} MiB");
    Cost { x, tape, matrices, mebibytes }
}

/// A network, a batch, and targets.
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

    fn by_tape(&self, trainer: &mut Trainer<Mlp<Tensor<f32>>, Sgd<Tensor<f32>>>) -> f64 {
        let means = trainer.step(|tape, mlp| {
            loss::squared_error(&mlp.forward(&tape.constant(self.x.clone())), &tape.constant(self.target.clone()))
        });
        means.expect("the loss is finite").total
    }

    fn by_matrices(&self, model: &mut Mlp<Tensor<f32>>) -> f64 {
        let kept = matrix_form::forward(model, &self.x);
        let loss = loss::squared_error(kept.output(), &self.target);
        let cost = matrix_form::squared_error_gradient(kept.output(), &self.target);
        let gradient = matrix_form::backward(model, &kept, &cost);
        Sgd::new(RATE).step(model, &gradient);
        loss.item().into()
    }
}

/// So small that the deepest network stays where it is.
const RATE: f64 = 1e-6;

/// The shortest times of steps that take turns: by the tape, and by matrices.
fn times(work: &Work, enough: Duration) -> [f64; 2] {
    let mut trainer = Trainer::new(work.model.clone(), |_| Sgd::new(RATE));
    let mut model = work.model.clone();
    let (tape, matrices) = (work.by_tape(&mut trainer), work.by_matrices(&mut model));
    assert!((tape - matrices).abs() <= 1e-4 * tape.abs(), "both are the same: {tape} and {matrices}");
    let (mut best, start) = ([f64::INFINITY; 2], Instant::now());
    for turn in 0.. {
        best[0] = best[0].min(milliseconds(|| work.by_tape(&mut trainer)));
        best[1] = best[1].min(milliseconds(|| work.by_matrices(&mut model)));
        if turn >= 3 && start.elapsed() > enough {
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

/// The most memory that weights, gradients and tape take: what one thread asks for that has no buffers yet.
fn mebibytes(size: Size) -> f64 {
    let counted = || {
        let work = Work::new(size);
        let steps = || {
            let own = work.model.map(&mut |_, w| Tensor::from(w.to_vec()).reshape(w.shape()));
            let mut trainer = Trainer::new(own, |_| Sgd::new(RATE));
            (0..3).for_each(|_| _ = work.by_tape(&mut trainer));
        };
        allocation_counter::measure(steps).bytes_max as f64 / f64::from(1 << 20)
    };
    autodiff::set_threads(1);
    let most = std::thread::scope(|scope| scope.spawn(counted).join().expect("it does not panic"));
    autodiff::set_threads(0);
    most
}

fn draw(growth: &Growth, costs: &[Cost], out: &std::path::Path) {
    let series = |y: fn(&Cost) -> f64| costs.iter().map(move |cost| [cost.x as f64, y(cost)]);
    let guide = |y: fn(&Cost) -> f64| {
        let lowest = series(y).fold(f64::INFINITY, |low, [_, y]| low.min(y));
        let last = costs.last().expect("it grows");
        let (end, top) = (last.x as f64, y(last));
        let at = move |[x, _]: [f64; 2]| [x, top * (x / end).powi(growth.power)];
        series(y).map(at).filter(move |[_, y]| *y >= lowest)
    };
    let power = if growth.power == 1 { "in proportion" } else { "as the square" };
    let time = Chart::new(growth.label, "ms a step")
        .log_log()
        .with("tape", Mark::Line, series(|cost| cost.tape))
        .with("by matrices", Mark::Line, series(|cost| cost.matrices))
        .with(power, Mark::Guide, guide(|cost| cost.tape));
    let memory = Chart::new(growth.label, "MiB at most")
        .log_log()
        .with("tape, weights, gradients", Mark::Line, series(|cost| cost.mebibytes))
        .with(power, Mark::Guide, guide(|cost| cost.mebibytes));
    for (what, chart) in [("time", time), ("memory", memory)] {
        let place = out.join(format!("{}_{what}.svg", growth.name));
        std::fs::write(&place, chart.draw()).expect("a picture can be written");
    }
}
