//! A steady training loop asks for the same memory at each step, once its buffers are there: nothing is kept, nothing grows.
//!
//! A test binary of its own, since the counter is its global allocator. It counts by thread.

use autodiff::prelude::*;
use tests::domain::rng;

/// The allocations of each of some steps: their number, their bytes, and what is left of them afterwards.
fn measured(steps: usize, mut step: impl FnMut()) -> Vec<[i64; 3]> {
    let one = |_| {
        let info = allocation_counter::measure(&mut step);
        [info.count_total as i64, info.bytes_total as i64, info.bytes_current]
    };
    (0..steps).map(one).collect()
}

/// The first steps fill the pool of buffers: which one is taken depends on which ones there are.
const FILLING: usize = 5;

/// Asserts that after the first steps each one allocates the same, and leaves nothing.
#[track_caller]
fn assert_steady(steps: &[[i64; 3]]) {
    let steady = steps[FILLING];
    assert!(steady[0] > 0, "the counter counts nothing: {steps:?}");
    assert!(steps[FILLING..].iter().all(|step| *step == steady), "count, bytes and rest of each step: {steps:?}");
    assert_eq!(steady[2], 0, "bytes are left behind: {steps:?}");
}

/// Two layers, by plain gradient descent.
#[test]
fn a_training_loop_is_steady() {
    let rng = &mut rng(1);
    let (x, y) = (Tensor::<f32>::uniform([32, 8], -1.0, 1.0, rng), Tensor::uniform([32, 4], -1.0, 1.0, rng));
    let mut model = vec![
        Tensor::<f32>::normal([16, 8], 0.0, 0.3, rng),
        Tensor::zeros([16]),
        Tensor::normal([4, 16], 0.0, 0.3, rng),
    ];
    let mut tape = Tape::new();
    let mut losses = Vec::with_capacity(20);
    let steps = measured(20, || {
        tape.clear();
        let w = tape.variables(&model);
        let h = (tape.constant(x.clone()).matmul_t(&w[0]) + w[1]).tanh();
        let loss = (h.matmul_t(&w[2]) - &y).square().mean();
        let gradient = loss.backward().of(&w);
        losses.push(loss.value().item());
        for (weight, g) in model.iter_mut().zip(gradient) {
            *weight = &*weight - g * 0.1;
        }
    });
    assert_steady(&steps);
    assert!(losses[19] < losses[0], "{losses:?}");
}

/// A loss with a derivative inside, so that the walk back is recorded on the tape too.
#[test]
fn a_nested_training_loop_is_steady() {
    let rng = &mut rng(2);
    let x = Tensor::<f64>::uniform([16, 4], -1.0, 1.0, rng);
    let mut w = Tensor::<f64>::normal([3, 4], 0.0, 0.5, rng);
    let mut tape = Tape::new();
    let steps = measured(12, || {
        tape.clear();
        let (vx, vw) = (tape.constant(x.clone()), tape.variable(w.clone()));
        let h = vx.matmul_t(&vw).tanh();
        let penalty = h.jacobian_rows(vx).square().sum() + h.sum().grad([vx])[0].square().sum();
        let g = (h.square().mean() + penalty * 0.1).backward().of(&vw);
        w = &w - g * 0.01;
    });
    assert_steady(&steps);
}

/// Plain numbers: once the tape has grown, recording allocates nothing, and a walk a fixed number of times.
#[test]
fn a_scalar_tape_records_without_allocating() {
    let mut tape = Tape::new();
    let steps = measured(12, || {
        tape.clear();
        let x = tape.variable(0.5f64);
        (0..10_000).fold(x, |y, _| (y * x).sin() + 0.1);
    });
    assert_eq!(steps[FILLING..], [[0, 0, 0]; 12 - FILLING]);
    let walks = measured(12, || {
        tape.clear();
        let x = tape.variable(0.5f64);
        let y = (0..10_000).fold(x, |y, _| (y * x).sin() + 0.1);
        assert!(y.backward().of(&x).is_finite());
    });
    assert_steady(&walks);
    assert!(walks[FILLING][0] < 10, "{} allocations for one walk", walks[FILLING][0]);
}
