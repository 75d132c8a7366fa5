//! Tapes of many nodes: recorded, walked and cleared in a stated number of bytes for each.

use autodiff::prelude::*;

/// What a tape of so many nodes takes while it grows, and what its walk takes beside it, in bytes a node.
#[derive(Debug)]
struct Load {
    nodes: usize,
    /// What the tape says that it holds.
    held: usize,
    /// The most at once, while the tape grew and moved.
    recording: usize,
    /// The most at once beside the tape, in the walk.
    walking: usize,
}

/// Records `y`, walks back to the input, clears the tape and drops it: of numbers nothing is left, of tensors the
/// pool of buffers, which later ones are taken from.
fn measure<V: Value>(x: V, record: impl for<'t> Fn(Var<'t, V>) -> Var<'t, V>, check: impl Fn(V)) -> Load {
    let mut load = Load { nodes: 0, held: 0, recording: 0, walking: 0 };
    let all = allocation_counter::measure(|| {
        let mut tape = Tape::new();
        let input = tape.variable(x);
        let mut y = None;
        let recording = allocation_counter::measure(|| y = Some(record(input)));
        load.nodes = tape.len();
        (load.held, load.recording) = (tape.bytes() / load.nodes, recording.bytes_max as usize / load.nodes);
        let mut slope = None;
        let walking = allocation_counter::measure(|| slope = Some(y.expect("it is recorded").backward().of(&input)));
        load.walking = walking.bytes_max as usize / load.nodes;
        check(slope.expect("it is walked"));
        tape.clear();
        assert!(tape.is_empty());
    });
    println!("{load:?}, and {} bytes in all are kept for buffers to come", all.bytes_current);
    // The pool keeps the buffers: 16 bytes of elements, 48 that say whose they are, and a place in its lists.
    let kept = if V::SCALAR { 0 } else { 80 * load.nodes };
    assert!(all.bytes_current.unsigned_abs() as usize <= kept + (1 << 20), "{} bytes are left", all.bytes_current);
    load
}

/// Numbers: four nodes a step.
fn numbers(nodes: usize) {
    let steps = nodes / 4;
    let load = measure(
        1.0f64,
        |x| (0..steps).fold(x, |y, _| (y.cos() - y).scale(1e-9) + y),
        |slope| assert!(slope.is_finite() && slope != 1.0),
    );
    assert!(load.nodes >= nodes);
    assert!(load.held <= 64 && load.recording <= 96 && load.walking <= 32, "{load:?}");
}

/// Tensors of four numbers: two nodes a step.
fn tensors(nodes: usize) {
    let load = measure(
        Tensor::from([0.1f32, 0.2, 0.3, 0.4]),
        |x| (0..nodes / 2).fold(x, |y, _| y.sin() + x).sum(),
        |slope| assert!(slope.iter().all(f32::is_finite)),
    );
    assert!(load.nodes >= nodes);
    assert!(load.held <= 400 && load.recording <= 600 && load.walking <= 400, "{load:?}");
}

#[test]
fn a_hundred_thousand_numbers() {
    numbers(100_000);
}

#[test]
fn ten_thousand_tensors() {
    tensors(10_000);
}

#[test]
#[ignore = "long"]
fn ten_million_numbers() {
    numbers(10_000_000);
}

#[test]
#[ignore = "long"]
fn a_million_tensors() {
    tensors(1_000_000);
}
