//! The peak memory of training, on the tape and by hand, and the bytes per node of a tape.
//!
//!     cargo bench -p nn --bench memory
//!
//! The bench counts the bytes that one thread allocates for weights, gradients, optimiser and five steps. The batch is
//! allocated before.
#![allow(missing_docs)]

#[allow(dead_code, reason = "each bench uses a part of it")]
mod by_hand;
#[allow(dead_code, reason = "each bench uses a part of it")]
mod work;

use allocation_counter::measure;
use autodiff::prelude::*;
use by_hand::Update;
use nn::{Adam, Optimizer, Sgd, Trainer};
use rayon_core::ThreadPoolBuilder;
use work::{CASES, Case, Work, slice};

const STEPS: usize = 5;

fn main() {
    autodiff::set_threads(1);
    println!("| peak memory, MiB | by hand | tape | ratio |\n|---|---:|---:|---:|");
    for case in &CASES {
        let [by_hand, tape] =
            [by_hand_peak, tape_peak].map(|peak| on_new_thread(move || peak(case)) / f64::from(1 << 20));
        println!("| {} | {by_hand:.3} | {tape:.3} | {:.2} |", case.name, tape / by_hand);
    }
    println!("\n| bytes per node | |\n|---|---:|");
    println!("| number on a tape | {:.1} |", recorded(1.0f64, 1_000_000));
    println!("| active number, per operation | {:.1} |", active(1_000_000));
    println!(
        "| tensor of 4 f32 on a tape, with its elements | {:.1} |",
        recorded(Tensor::from([0.1f32, 0.2, 0.3, 0.4]), 100_000)
    );
}

/// Measures on a new thread, which has no pooled buffers.
fn on_new_thread(peak: impl FnOnce() -> f64 + Send) -> f64 {
    std::thread::scope(|scope| scope.spawn(peak).join().expect("the measured steps do not panic"))
}

fn by_hand_peak(case: &Case) -> f64 {
    let _pool = ThreadPoolBuilder::new().num_threads(1).use_current_thread().build().expect("one thread");
    let work = Work::<f32>::new(case);
    let peak = measure(|| {
        let mut network = work.by_hand(case);
        (0..STEPS).for_each(|_| {
            network.step(slice(&work.x), slice(&work.target), slice(&work.classes));
        });
    });
    peak.bytes_max as f64
}

fn tape_peak(case: &Case) -> f64 {
    match case.update {
        Update::Descent => tape_peak_with(case, Sgd::new(0.01)),
        Update::Adam => tape_peak_with(case, Adam::new(1e-3)),
    }
}

fn tape_peak_with<O: Optimizer<Tensor<f32>>>(case: &Case, optimizer: O) -> f64 {
    let work = Work::<f32>::new(case);
    let peak = measure(|| {
        let copy = work.model.map(&mut |_, w| Tensor::from(w.to_vec()).reshape(w.shape()));
        let mut trainer = Trainer::new(copy, optimizer);
        (0..STEPS).for_each(|_| {
            work.tape_step(case, &mut trainer);
        });
    });
    peak.bytes_max as f64
}

/// The bytes per node of a tape that reserved room for all nodes.
fn recorded<V: Value>(x: V, nodes: usize) -> f64 {
    let tape = Tape::new();
    tape.reserve(nodes);
    let x = tape.variable(x);
    (1..nodes).fold(x, |y, _| y.sin());
    tape.bytes() as f64 / tape.len() as f64
}

/// The bytes per operation of a program on active numbers. Here three operations make one node, because an expression
/// is recorded only once it has more than two operands.
fn active(operations: usize) -> f64 {
    let mut tape = ScalarTape::new();
    let gradient = tape.grad(&[0.7f64, 0.9, 0.1], |x| (0..operations / 3).fold(x[0], |y, _| y.sin() * x[1] + x[2]));
    assert!(gradient[0].is_finite());
    tape.bytes() as f64 / operations as f64
}
