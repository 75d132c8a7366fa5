//! The memory of large tapes, in bytes per node: while they are recorded, during a backward pass, and after `clear`.

use autodiff::prelude::*;

/// The memory of a tape and of a backward pass over it, in bytes per node.
#[derive(Debug)]
struct Memory {
    nodes: usize,
    /// As reported by `Tape::bytes`.
    held: usize,
    /// The peak while recording, which includes the copies of growing vectors.
    recording: usize,
    /// The peak of the backward pass, without the tape.
    backward: usize,
}

/// Records a function, runs a backward pass, then clears and drops the tape. Numbers leave no memory behind; tensors
/// leave buffers in the pool, for later tensors.
fn measure<V: Value>(x: V, record: impl for<'t> Fn(Var<'t, V>) -> Var<'t, V>, check: impl Fn(V)) -> Memory {
    let mut memory = Memory { nodes: 0, held: 0, recording: 0, backward: 0 };
    let all = allocation_counter::measure(|| {
        let mut tape = Tape::new();
        let input = tape.variable(x);
        let mut y = None;
        let recording = allocation_counter::measure(|| y = Some(record(input)));
        memory.nodes = tape.len();
        (memory.held, memory.recording) = (tape.bytes() / memory.nodes, recording.bytes_max as usize / memory.nodes);
        let mut slope = None;
        let backward = allocation_counter::measure(|| slope = Some(y.expect("recorded above").backward().of(&input)));
        memory.backward = backward.bytes_max as usize / memory.nodes;
        check(slope.expect("computed above"));
        tape.clear();
        assert!(tape.is_empty());
    });
    println!("{memory:?}; {} bytes remain allocated in all", all.bytes_current);
    // The pool keeps for each buffer 16 bytes of elements, 48 bytes of bookkeeping and an entry in its lists.
    let kept = if V::SCALAR { 0 } else { 80 * memory.nodes };
    assert!(
        all.bytes_current.unsigned_abs() as usize <= kept + (1 << 20),
        "{} bytes remain allocated",
        all.bytes_current
    );
    assert!(memory.held > 0 && memory.recording > 0 && memory.backward > 0, "the counters count nothing: {memory:?}");
    memory
}

/// Measures a chain of numbers, with four nodes per step.
fn assert_memory_of_numbers(nodes: usize) {
    let steps = nodes / 4;
    let memory = measure(
        1.0f64,
        |x| (0..steps).fold(x, |y, _| (y.cos() - y).scale(1e-9) + y),
        |slope| assert!(slope.is_finite() && slope != 1.0),
    );
    assert!(memory.nodes >= nodes);
    assert!(memory.held <= 64 && memory.recording <= 96 && memory.backward <= 32, "{memory:?}");
}

/// Measures a chain of tensors with four elements, with two nodes per step.
fn assert_memory_of_tensors(nodes: usize) {
    let memory = measure(
        Tensor::from([0.1f32, 0.2, 0.3, 0.4]),
        |x| (0..nodes / 2).fold(x, |y, _| y.sin() + x).sum(),
        |slope| assert!(slope.iter().all(f32::is_finite)),
    );
    assert!(memory.nodes >= nodes);
    assert!(memory.held <= 400 && memory.recording <= 600 && memory.backward <= 400, "{memory:?}");
}

#[test]
fn tape_of_a_hundred_thousand_numbers_stays_within_its_bytes_per_node() {
    assert_memory_of_numbers(100_000);
}

#[test]
fn tape_of_ten_thousand_tensors_stays_within_its_bytes_per_node() {
    assert_memory_of_tensors(10_000);
}

#[test]
#[ignore = "takes long and much memory"]
fn tape_of_ten_million_numbers_stays_within_its_bytes_per_node() {
    assert_memory_of_numbers(10_000_000);
}

#[test]
#[ignore = "takes long and much memory"]
fn tape_of_a_million_tensors_stays_within_its_bytes_per_node() {
    assert_memory_of_tensors(1_000_000);
}
