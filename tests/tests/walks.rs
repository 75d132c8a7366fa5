//! What a walk over a tape does, records and leaves behind, and what it does not.

use autodiff::prelude::*;

/// What else is on a tape is not walked forward, and not recorded: nested forward derivatives of several directions on
/// one tape would double it each time.
#[test]
fn a_walk_forward_records_only_what_its_output_depends_on() {
    let tape = Tape::new();
    let x = tape.variable(0.5);
    let y = x.exp();
    let alone = {
        let before = tape.len();
        y.jvp([x], [tape.constant(1.0)]);
        tape.len() - before
    };
    let _ = (0..5).fold(x, |z, _| z.sin() * x);
    let z = y.square();
    let before = tape.len();
    z.jvp([x], [tape.constant(1.0)]);
    assert!(tape.len() - before <= alone + 3, "{} nodes, not {alone} and those of the square", tape.len() - before);
}

/// What was pulled on is kept where it was asked for, and freed elsewhere.
#[test]
fn an_intermediate_result_can_be_asked_for() {
    fn derivatives<V: Value>(x: V) -> [V; 4] {
        let tape = Tape::new();
        let x = tape.variable(x);
        let h = x.square();
        let y = (h * 3.0).sum();
        let (both, [dx, dh]) = (y.backward_to(&[x, h]), y.grad([x, h]));
        [both.of(&x), both.of(&h), dx.value(), dh.value()]
    }
    assert_eq!(derivatives(2.0), [12.0, 3.0, 12.0, 3.0]);
    let [dx, dh] = [Tensor::from([6.0, 12.0]), Tensor::full([2], 3.0)];
    assert_eq!(derivatives(Tensor::from([1.0, 2.0])), [dx.clone(), dh.clone(), dx, dh]);
}

/// Walks from other outputs and to other inputs, of numbers and of tensors, leave nothing behind on their tape.
#[test]
fn a_walk_leaves_nothing_behind() {
    fn derivatives<V: Value>(x: V) -> Vec<V> {
        let tape = Tape::new();
        let (x, z) = (tape.variable(x.clone()), tape.variable(x));
        let h = x.square() * z;
        let (inner, y) = (h.sum(), (h.sin() + x.powi(3)).sum());
        tape.variable(z.value()); // after all of it, and connected with nothing
        let all = |y: Var<'_, V>| y.backward().of(&vec![x, z]);
        let to = |y: Var<'_, V>| y.backward_to(&[h, x]).of(&vec![h, x]);
        let before = [all(y), all(inner), to(y), to(inner)].concat();
        let again = [to(y), to(inner), all(y), all(inner)];
        let [to_y, to_inner, y, inner] = again;
        before.into_iter().chain([y, inner, to_y, to_inner].concat()).collect()
    }
    let numbers = derivatives(0.7);
    assert_eq!(numbers[..8], numbers[8..]);
    assert_eq!(numbers[2..4], [2.0 * 0.7 * 0.7, 0.7 * 0.7]);
    let tensors = derivatives(Tensor::from([0.7, 0.7]));
    assert_eq!(tensors[..8], tensors[8..]);
    tensors.iter().zip(&numbers).for_each(|(tensor, number)| assert_eq!(tensor, &Tensor::full([2], *number)));
}

#[test]
fn the_derivative_by_a_number_is_recorded_as_one_operation() {
    let tape = Tape::new();
    let (x, g) = (tape.variable(2.0), tape.variable(1.0));
    for (y, slope) in [(x * 3.0, 3.0), (x / 4.0, 0.25)] {
        let before = tape.len();
        let [dx] = y.grad_from(g, [x]);
        assert_eq!((dx.value(), tape.len() - before), (slope, 1));
    }
}

/// The identity, which is not to be differentiated.
struct OnlyForward;

impl Primitive for OnlyForward {
    fn name(&self) -> &str {
        "only_forward"
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        x[0]
    }

    fn pull<'a>(&self, _: &[Dyn<'a>], _: Dyn<'a>, _: Dyn<'a>) -> Vec<Dyn<'a>> {
        unreachable!("nothing that is asked for comes through here")
    }
}

#[test]
fn a_walk_back_does_nothing_for_data() {
    let tape = Tape::new();
    let (data, w) = (tape.constant(Tensor::from([1.0, 2.0])), tape.variable(Tensor::from([3.0, 4.0])));
    let y = (custom(OnlyForward, &[&data]) * w).sum();
    assert_eq!(y.backward().of(&w).to_vec(), [1.0, 2.0]);
    assert_eq!(y.backward_to(&[w]).of(&w).to_vec(), [1.0, 2.0]);
    assert_eq!(y.grad([w])[0].value().to_vec(), [1.0, 2.0]);
    // Nothing is recorded either: not even a cotangent that would go nowhere.
    let recorded = |y: Var<'_, Tensor<f64>>| {
        let before = tape.len();
        y.grad([w]);
        tape.len() - before
    };
    assert_eq!(recorded((data.exp() * w).sum()), recorded((tape.constant(data.value()) * w).sum()));
    // Nor for a variable by which nobody asks, or whose derivative ends on the way.
    let y =
        (custom(OnlyForward, &[&(w * 2.0)]).detach() * w + custom(OnlyForward, &[&tape.variable(data.value())])).sum();
    assert_eq!(y.backward_to(&[w]).of(&w).to_vec(), [6.0, 8.0]);
}

#[test]
fn an_input_that_is_named_twice_moves_by_both_tangents() {
    let tape = Tape::new();
    let x = tape.variable(3.0);
    let y = x.square();
    let [one, two] = [1.0, 2.0].map(|dx| tape.variable(dx));
    assert_eq!(y.jvp([x, x], [one, two]).value(), 6.0 * (1.0 + 2.0));
}

#[test]
fn what_comes_after_the_output_does_not_move_it() {
    let tape = Tape::new();
    let x = tape.variable(3.0);
    let y = x.square();
    let later = tape.variable(1.0);
    assert_eq!(y.jvp([x, later], [later, later]).value(), 6.0);
    assert!(y.jvp([later], [later]).is_unconnected());
}

/// A walk back over plain numbers keeps a sum for each node, and whether anything has arrived.
#[test]
fn a_tape_counts_the_room_of_its_walks() {
    let tape = Tape::new();
    let x = tape.variable(0.5);
    let y = (0..1000).fold(x, |y, _| y.sin());
    let before = tape.bytes();
    y.backward();
    let (room, least) = (tape.bytes() - before, tape.len() * 9);
    assert!((least..=2 * least).contains(&room), "{room} bytes for {} nodes", tape.len());
}
