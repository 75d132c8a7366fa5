//! Long chains, wide reuse, and memory that is kept: nothing recurses, nothing is walked twice.

use autodiff::prelude::*;

/// The work of a test in a thread whose stack would not hold a recursion over its nodes.
fn in_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn(work).expect("a thread");
    thread.join().expect("the work is done");
}

#[test]
fn a_chain_of_a_million_numbers() {
    /// Small steps to the fixed point of the cosine: three nodes each.
    fn chain<V: Value>(x: V) -> V {
        (0..333_400).fold(x, |y, _| (y.cos() - &y).scale(1e-6) + y)
    }
    in_a_small_stack(|| {
        let tape = Tape::new();
        let x = tape.variable(1.0);
        let y = chain(x);
        assert!(tape.len() > 1_000_000);
        let [slope] = y.grad([x]);
        let curvature = slope.backward().of(&x);
        let duals = chain(Dual { x: Dual::new(1.0, 1.0), dx: Some(Dual::constant(1.0)) }).tangent();
        assert!((slope.value() - duals.x).abs() <= 1e-9 * duals.x.abs(), "{} and {}", slope.value(), duals.x);
        assert!((curvature - duals.tangent()).abs() <= 1e-9 * curvature.abs(), "{curvature} and {}", duals.tangent());
        drop(tape);
    });
}

#[test]
fn a_chain_of_many_tensors() {
    in_a_small_stack(|| {
        let tape = Tape::new();
        let x = tape.variable(Tensor::from([0.5, 1.0]));
        let y = (0..30_000).fold(x, |y, _| y.flip(0).scale(0.999_99)).sum();
        let [slope] = y.square().grad([x]);
        let expected = 2.0 * 1.5 * 0.999_99f64.powi(60_000);
        autodiff::assert_close(&slope.value(), &Tensor::full([2], expected), 1e-8);
        let second = slope.sum().backward().of(&x);
        autodiff::assert_close(&second, &Tensor::full([2], 4.0 * 0.999_99f64.powi(60_000)), 1e-8);
        drop(tape);
    });
}

/// A walk that went through each path, and not through each node, would take 2⁵⁰ steps.
#[test]
fn a_sum_with_itself_fifty_times() {
    let tape = Tape::new();
    let x = tape.variable(3.0);
    let y = (0..50).fold(x, |y, _| y + y);
    assert_eq!(tape.len(), 51);
    assert_eq!(y.backward().of(&x), 2f64.powi(50));
    let before = tape.len();
    let [slope] = y.square().grad([x]);
    assert_eq!(slope.value(), 2.0 * 3.0 * 2f64.powi(100));
    assert!(tape.len() - before < 300, "{} nodes for a walk over 51", tape.len() - before);
    assert_eq!(slope.grad([x])[0].value(), 2.0 * 2f64.powi(100));
    assert_eq!(y.jvp([x], [tape.constant(1.0)]).value(), 2f64.powi(50));
    assert_eq!((0..50).fold(Dual::new(3.0, 1.0), |y, _| y + y).tangent(), 2f64.powi(50));
}

#[test]
fn clear_keeps_the_memory() {
    let mut tape = Tape::new();
    let mut held = Vec::new();
    for _ in 0..4 {
        let x = tape.variable(1.0);
        let y = (0..10_000).fold(x, |y, _| y.sin() + x);
        y.backward();
        held.push(tape.bytes());
        tape.clear();
        assert_eq!((tape.len(), tape.bytes()), (0, held[0]));
    }
    assert!(held.iter().all(|&bytes| bytes == held[0]), "{held:?}");
    assert!(held[0] >= 20_000 * 32, "{held:?}");
}

/// A node of a scalar tape: operation, operands and value in 32 bytes.
#[test]
fn a_scalar_node_is_small() {
    let tape = Tape::new();
    tape.reserve(1000);
    let empty = tape.bytes();
    assert!(empty <= 1000 * 32 + 64, "{empty} bytes for 1000 nodes");
    let x = tape.variable(1.0);
    (0..500).fold(x, |y, _| y * x);
    assert_eq!(tape.bytes(), empty);
}

/// The parts of a graph that a question does not concern are not walked.
#[test]
fn only_what_depends_on_the_inputs_is_walked() {
    let tape = Tape::new();
    let (x, data) = (tape.variable(2.0), tape.constant(3.0));
    let fixed = (0..1000).fold(data, |y, _| y.sin() + y);
    let y = fixed * x;
    let before = tape.len();
    let [slope] = y.grad([x]);
    assert_eq!(slope.value(), fixed.value());
    assert!(tape.len() - before <= 3, "{} nodes for one product", tape.len() - before);
}
