//! Long chains and shared subexpressions: no pass recurses or visits a node twice. A cleared tape keeps its memory.

use autodiff::prelude::*;

/// Runs a test on a thread whose stack is too small for a recursion over the nodes.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn(work).expect("the thread starts");
    thread.join().expect("the test on the small stack passes");
}

#[test]
fn chain_of_a_million_numbers_differentiates_without_recursion() {
    /// Small steps towards the fixed point of the cosine, of three nodes each.
    fn chain<V: Value>(x: V) -> V {
        (0..333_400).fold(x, |y, _| (y.cos() - &y).scale(1e-6) + y)
    }
    on_a_small_stack(|| {
        let tape = Tape::new();
        let x = tape.variable(1.0);
        let y = chain(x);
        assert!(tape.len() > 1_000_000);
        let [slope] = y.grad([x]);
        let curvature = slope.backward().of(&x);
        let duals = chain(Dual::new(Dual::new(1.0, 1.0), Dual::constant(1.0))).tangent();
        assert!((slope.value() - duals.x).abs() <= 1e-9 * duals.x.abs(), "{} and {}", slope.value(), duals.x);
        assert!((curvature - duals.tangent()).abs() <= 1e-9 * curvature.abs(), "{curvature} and {}", duals.tangent());
        drop(tape);
    });
}

#[test]
fn chain_of_sixty_thousand_tensors_differentiates_without_recursion() {
    on_a_small_stack(|| {
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

/// Passes are linear in the number of operands.
#[test]
fn stack_of_a_hundred_thousand_tensors_differentiates_in_every_mode() {
    const N: usize = 100_000;
    /// Σ x² over N copies of x, which are operands of one concatenation.
    fn stacked<V: Value>(x: V) -> V {
        let parts = vec![x; N];
        V::stack(0, &parts.iter().collect::<Vec<_>>()).square().sum()
    }
    let (x, v) = (Tensor::from([0.5, 1.0]), Tensor::from([1.0, -1.0]));
    assert_eq!(grad(&x, |x| stacked(x)), &x * (2.0 * N as f64));
    assert_eq!(jvp(&x, &v, stacked).1.item(), -(N as f64));
    assert_eq!(hvp(&x, &v, |x| stacked(x)), &v * (2.0 * N as f64));
}

/// There are 2⁵⁰ paths through the 51 nodes; a pass must visit each node once.
#[test]
fn doubling_fifty_times_visits_each_node_once() {
    let tape = Tape::new();
    let x = tape.variable(3.0);
    let y = (0..50).fold(x, |y, _| y + y);
    assert_eq!(tape.len(), 51);
    assert_eq!(y.backward().of(&x), 2f64.powi(50));
    let before = tape.len();
    let [slope] = y.square().grad([x]);
    assert_eq!(slope.value(), 2.0 * 3.0 * 2f64.powi(100));
    assert!(tape.len() - before < 300, "{} nodes recorded by a backward pass over 52", tape.len() - before);
    assert_eq!(slope.grad([x])[0].value(), 2.0 * 2f64.powi(100));
    assert_eq!(y.jvp([x], [tape.constant(1.0)]).value(), 2f64.powi(50));
    assert_eq!((0..50).fold(Dual::new(3.0, 1.0), |y, _| y + y).tangent(), 2f64.powi(50));
}

#[test]
fn cleared_tape_keeps_its_memory() {
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

/// The operation, the operands and the value of a node share 32 bytes.
#[test]
fn node_of_a_number_takes_32_bytes() {
    let tape = Tape::new();
    tape.reserve(1000);
    let empty = tape.bytes();
    assert!(empty <= 1000 * 32 + 64, "{empty} bytes for 1000 nodes");
    let x = tape.variable(1.0);
    (0..500).fold(x, |y, _| y * x);
    assert_eq!(tape.bytes(), empty);
}

#[test]
fn recorded_pass_skips_nodes_that_do_not_depend_on_the_inputs() {
    let tape = Tape::new();
    let (x, data) = (tape.variable(2.0), tape.constant(3.0));
    let fixed = (0..1000).fold(data, |y, _| y.sin() + y);
    let y = fixed * x;
    let before = tape.len();
    let [slope] = y.grad([x]);
    assert_eq!(slope.value(), fixed.value());
    assert!(tape.len() - before <= 3, "{} nodes recorded for one product", tape.len() - before);
}
