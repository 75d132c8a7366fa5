//! A training loop in its steady state allocates the same memory in each step and keeps none of it.
//!
//! The allocation counter is the global allocator of this test binary. It counts per thread.

use autodiff::prelude::*;
use tests::domain::rng;

/// The allocations of each step: their number, their bytes, and the bytes still held after the step.
fn measured(steps: usize, mut step: impl FnMut()) -> Vec<[i64; 3]> {
    let one = |_| {
        let info = allocation_counter::measure(&mut step);
        [info.count_total as i64, info.bytes_total as i64, info.bytes_current]
    };
    (0..steps).map(one).collect()
}

/// The number of steps that fill the pool of buffers.
const FILLING: usize = 5;

/// Asserts that after the first steps every step allocates the same memory and keeps none.
#[track_caller]
fn assert_steady(steps: &[[i64; 3]]) {
    let steady = steps[FILLING];
    assert!(steady[0] > 0, "the allocation counter counts nothing: {steps:?}");
    assert!(
        steps[FILLING..].iter().all(|step| *step == steady),
        "the steps differ in [allocations, bytes, bytes kept]: {steps:?}"
    );
    assert_eq!(steady[2], 0, "the steps keep memory, [allocations, bytes, bytes kept]: {steps:?}");
}

/// Trains two layers by gradient descent.
#[test]
fn training_loop_allocates_the_same_memory_in_each_step() {
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
        let h = (tape.constant(x.clone()).matmul_t(w[0]) + w[1]).tanh();
        let loss = (h.matmul_t(w[2]) - &y).square().mean();
        let gradient = loss.backward().of(&w);
        losses.push(loss.value().item());
        for (weight, g) in model.iter_mut().zip(gradient) {
            *weight = &*weight - g * 0.1;
        }
    });
    assert_steady(&steps);
    assert!(losses[19] < losses[0], "the loss does not fall: {losses:?}");
}

/// The loss contains derivatives, so each step records a backward pass on the tape.
#[test]
fn training_loop_with_a_gradient_penalty_allocates_the_same_memory_in_each_step() {
    let rng = &mut rng(2);
    let x = Tensor::<f64>::uniform([16, 4], -1.0, 1.0, rng);
    let mut w = Tensor::<f64>::normal([3, 4], 0.0, 0.5, rng);
    let mut tape = Tape::new();
    let steps = measured(12, || {
        tape.clear();
        let (vx, vw) = (tape.constant(x.clone()), tape.variable(w.clone()));
        let h = vx.matmul_t(vw).tanh();
        let penalty = h.batch_jacobian(vx).square().sum() + h.sum().grad([vx])[0].square().sum();
        let g = (h.square().mean() + penalty * 0.1).backward().of(&vw);
        w = &w - g * 0.01;
    });
    assert_steady(&steps);
}

/// Once a tape of plain numbers has grown, recording allocates nothing, and a backward pass allocates a few buffers.
#[test]
fn tape_of_numbers_records_without_allocating() {
    let mut tape = Tape::new();
    let steps = measured(12, || {
        tape.clear();
        let x = tape.variable(0.5f64);
        (0..10_000).fold(x, |y, _| (y * x).sin() + 0.1);
    });
    assert_eq!(steps[FILLING..], [[0, 0, 0]; 12 - FILLING]);
    let passes = measured(12, || {
        tape.clear();
        let x = tape.variable(0.5f64);
        let y = (0..10_000).fold(x, |y, _| (y * x).sin() + 0.1);
        assert!(y.backward().of(&x).is_finite());
    });
    assert_steady(&passes);
    assert!(passes[FILLING][0] < 10, "{} allocations for one backward pass", passes[FILLING][0]);
}

/// The sum of a repeated element multiplies it. A copy of these elements would take 2 GiB.
#[test]
fn sum_of_repeated_elements_copies_none() {
    let row = Tensor::from([1.0, 2.0, 3.0]);
    let sums = || {
        assert_eq!(Tensor::<f64>::ones([1 << 28]).sum().item(), f64::from(1 << 28));
        assert_eq!(row.broadcast_to([1 << 26, 3]).sum_axis(0), &row * f64::from(1 << 26));
        assert_eq!(row.broadcast_to([1 << 26, 3]).mean().item(), 2.0);
        let column = row.reshape([3, 1]).broadcast_to([1 << 10, 3, 1 << 16]);
        assert_eq!(column.sum_to([3, 1]).to_vec(), [1, 2, 3].map(|x| f64::from(x << 26)));
        assert_eq!(grad(&row, |row| row.broadcast_to([1 << 26, 3]).sum()).to_vec(), [f64::from(1 << 26); 3]);
    };
    let bytes = allocation_counter::measure(sums).bytes_max;
    assert!(bytes < 10_000, "{bytes} bytes");
}

type Derivative = for<'t> fn(Var<'t, f64>) -> Var<'t, f64>;

/// The bytes that a derivative allocates at the end of a tape of `n` nodes, if it uses only the last ones. The second
/// derivative counts, because a tape of numbers keeps the memory of the first pass.
fn bytes_of_a_derivative(n: usize, derivative: Derivative) -> u64 {
    let tape = Tape::new();
    let mut y = tape.constant(0.5);
    while tape.len() < n {
        y += 1e-3;
    }
    tape.reserve(100); // the tape itself must not grow
    let x = tape.variable(0.5);
    let mut value = derivative(x).value();
    let bytes = allocation_counter::measure(|| value = derivative(x).value()).bytes_total;
    assert!((value - 0.5f64.cos()).abs() < 1e-15);
    bytes
}

/// A table over all nodes would make a loop of recorded derivatives quadratic in its length.
#[test]
fn recorded_derivative_takes_the_memory_of_what_lies_between_on_a_tape_of_any_length() {
    let derivatives: [(&str, Derivative); 4] = [
        ("grad", |x| x.sin().grad([x])[0]),
        ("jvp", |x| x.sin().jvp([x], [x.full_like(1.0)])),
        ("jacobian", |x| x.sin().jacobian(x)),
        ("backward_wrt", |x| x.constant(x.sin().backward_wrt(&[x]).of(&x))),
    ];
    for (name, derivative) in derivatives {
        let [short, long] = [100, 100_000].map(|n| bytes_of_a_derivative(n, derivative));
        assert_eq!(short, long, "{name}");
    }
}
