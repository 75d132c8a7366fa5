//! Forward and backward passes over a tape: which nodes they visit, what they record, and what they leave behind.

use autodiff::prelude::*;

/// Otherwise each nested forward derivative would double the tape.
#[test]
fn forward_pass_records_only_nodes_that_its_output_depends_on() {
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
    assert!(
        tape.len() - before <= alone + 3,
        "{} nodes recorded; exp alone takes {alone}, the square 3 more",
        tape.len() - before
    );
}

#[test]
fn gradient_by_an_intermediate_result_is_available() {
    fn derivatives<V: Value>(x: V) -> [V; 4] {
        let tape = Tape::new();
        let x = tape.variable(x);
        let h = x.square();
        let y = (h * 3.0).sum();
        let (both, [dx, dh]) = (y.backward_wrt(&[x, h]), y.grad([x, h]));
        [both.of(&x), both.of(&h), dx.value(), dh.value()]
    }
    assert_eq!(derivatives(2.0), [12.0, 3.0, 12.0, 3.0]);
    let [dx, dh] = [Tensor::from([6.0, 12.0]), Tensor::full([2], 3.0)];
    assert_eq!(derivatives(Tensor::from([1.0, 2.0])), [dx.clone(), dh.clone(), dx, dh]);
}

/// The pullback of `concat` hands out slices of its cotangent. A slice that no one else holds is added to in place, at its
/// offset in the storage.
#[test]
fn cotangent_that_is_a_slice_of_another_accumulates_in_place() {
    let x = Tensor::from_fn([3, 4], |i| (4 * i[0] + i[1]) as f64);
    let before = Tensor::<f64>::ones([2, 4]);
    let weights = Tensor::from_fn([5, 4], |i| 1.0 + (4 * i[0] + i[1]) as f64);
    for (axis, start, len, step) in [(0, 0, 2, 1), (0, 1, 2, 1), (0, 0, 2, 2), (1, 1, 2, 1), (1, 0, 2, 3), (1, 3, 1, 1)]
    {
        let shape = if axis == 0 { [len, 4] } else { [3, len] };
        let part = Tensor::from_fn(shape, |i| 100.0 * (1 + shape[1] * i[0] + i[1]) as f64);
        let slope = grad(&x, |x| {
            let slice = x.slice_by(axis as isize, start, start + (len - 1) * step + 1, step);
            let joined = Structural::concat(0, &[&x.lift(&before), &x]);
            (joined * &weights).sum() + (slice * &part).sum()
        });
        let expected = Tensor::from_fn([3, 4], |i| {
            let (i, [row, column]) = ([i[0], i[1]], [i[0], i[1]]);
            let place = i[axis].checked_sub(start).filter(|place| place % step == 0 && place / step < len);
            let slice = place.map_or(0.0, |place| {
                let at = if axis == 0 { [place / step, column] } else { [row, place / step] };
                part.at(at).item()
            });
            weights.at([row + 2, column]).item() + slice
        });
        assert_eq!(slope, expected, "slice({axis}, {start}, {len}, {step})");
    }
}

/// Passes from several outputs to several inputs give the same results in any order.
#[test]
fn backward_pass_leaves_no_state_on_the_tape() {
    fn derivatives<V: Value>(x: V) -> Vec<V> {
        let tape = Tape::new();
        let (x, z) = (tape.variable(x.clone()), tape.variable(x));
        let h = x.square() * z;
        let (inner, y) = (h.sum(), (h.sin() + x.powi(3)).sum());
        tape.variable(z.value()); // a later variable that nothing depends on
        let all = |y: Var<'_, V>| y.backward().of(&vec![x, z]);
        let to = |y: Var<'_, V>| y.backward_wrt(&[h, x]).of(&vec![h, x]);
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
fn derivative_of_scaling_by_a_constant_is_recorded_as_one_operation() {
    let tape = Tape::new();
    let (x, g) = (tape.variable(2.0), tape.variable(1.0));
    for (y, slope) in [(x * 3.0, 3.0), (x / 4.0, 0.25)] {
        let before = tape.len();
        let [dx] = y.grad_with(g, [x]);
        assert_eq!((dx.value(), tape.len() - before), (slope, 1));
    }
}

/// The identity, with a pullback that must not be called.
struct OnlyForward;

impl Primitive for OnlyForward {
    fn name(&self) -> &str {
        "only_forward"
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        x[0]
    }

    fn pull<'a>(&self, _: &[Dyn<'a>], _: Dyn<'a>, _: Dyn<'a>) -> Vec<Dyn<'a>> {
        unreachable!("no requested gradient depends on this node")
    }
}

#[test]
fn backward_pass_skips_nodes_that_no_requested_gradient_needs() {
    let tape = Tape::new();
    let (data, w) = (tape.constant(Tensor::from([1.0, 2.0])), tape.variable(Tensor::from([3.0, 4.0])));
    let y = (custom(OnlyForward, &[&data]) * w).sum();
    assert_eq!(y.backward().of(&w).to_vec(), [1.0, 2.0]);
    assert_eq!(y.backward_wrt(&[w]).of(&w).to_vec(), [1.0, 2.0]);
    assert_eq!(y.grad([w])[0].value().to_vec(), [1.0, 2.0]);
    // A recorded pass records no cotangents of constants either.
    let recorded = |y: Var<'_, Tensor<f64>>| {
        let before = tape.len();
        y.grad([w]);
        tape.len() - before
    };
    assert_eq!(recorded((data.exp() * w).sum()), recorded((tape.constant(data.value()) * w).sum()));
    // Skipped too: variables whose gradient is not requested, and nodes behind a `detach`.
    let y =
        (custom(OnlyForward, &[&(w * 2.0)]).detach() * w + custom(OnlyForward, &[&tape.variable(data.value())])).sum();
    assert_eq!(y.backward_wrt(&[w]).of(&w).to_vec(), [6.0, 8.0]);
}

#[test]
fn tangents_of_an_input_given_twice_are_added() {
    let tape = Tape::new();
    let x = tape.variable(3.0);
    let y = x.square();
    let [one, two] = [1.0, 2.0].map(|dx| tape.variable(dx));
    assert_eq!(y.jvp([x, x], [one, two]).value(), 6.0 * (1.0 + 2.0));
}

#[test]
fn forward_pass_ignores_inputs_recorded_after_the_output() {
    let tape = Tape::new();
    let x = tape.variable(3.0);
    let y = x.square();
    let later = tape.variable(1.0);
    assert_eq!(y.jvp([x, later], [later, later]).value(), 6.0);
    assert!(y.jvp([later], [later]).is_unconnected());
}

/// A backward pass over plain numbers keeps a cotangent (8 bytes) and a flag (1 byte) per node.
#[test]
fn bytes_of_a_tape_include_the_buffers_of_its_passes() {
    let tape = Tape::new();
    let x = tape.variable(0.5);
    let y = (0..1000).fold(x, |y, _| y.sin());
    let before = tape.bytes();
    y.backward();
    let (buffers, least) = (tape.bytes() - before, tape.len() * 9);
    assert!((least..=2 * least).contains(&buffers), "{buffers} bytes for {} nodes", tape.len());
}

/// `f32` counts only up to 2²⁴.
#[test]
fn checkpoint_compares_more_elements_than_single_precision_counts() {
    let x = Tensor::<f32>::ones([(1 << 24) + 1]);
    let slope = grad(&x, |x| checkpoint(|x| x[0] * 2.0, &[&x]).sum());
    assert!(slope.iter().all(|x| x == 2.0));
}

#[test]
fn gradient_of_elements_taken_from_an_empty_slice_is_zero() {
    let slope = grad(&Tensor::<f64>::ones([1, 4]), |x| x.slice(0, 0, 0).take(1, &[3]).sum() + x.sum());
    assert_eq!(slope, Tensor::ones([1, 4]));
}

/// A tensor for whose factors the tape looks; for a small one they are computed anew.
fn large(x: f64) -> Tensor<f64> {
    Tensor::from_fn([300], |i| x + i[0] as f64 / 300.0)
}

fn three_layers<V: Value>(x: &V) -> V {
    (0..3).fold(x.clone(), |h, i| (h.scale(1.5 + f64::from(i)).sin() + h).tanh())
}

/// Each order of the derivative needs sech² and tanh of the same numbers again.
#[test]
fn factors_of_derivatives_are_recorded_once() {
    fn third<'t, V: Reading>(tape: &'t Tape<V>, x: V) -> Var<'t, V> {
        let x = tape.variable(x);
        (0..3).fold(three_layers(&x).sum(), |y, _| y.grad([x])[0].sum())
    }
    let tape = Tape::new();
    let found = third(&tape, large(-1.0)).value().item();
    let text = tape.to_string();
    let count = |op: &str| text.matches(&format!("= {op} ")).count();
    assert_eq!(count("sech_squared"), 3);
    assert_eq!([count("tanh"), count("sin"), count("cos")], [6, 6, 3]); // three each are the user's
    let expected: f64 = large(-1.0).iter().map(|x| third(&Tape::new(), x).value()).sum();
    assert!((found - expected).abs() < 1e-10 * expected.abs(), "{found} {expected}");
}

/// A user may differentiate with respect to any node, so two nodes of the user are never one, and a factor is not a node
/// of the user.
#[test]
fn nodes_of_the_user_stay_apart_from_factors() {
    let tape = Tape::new();
    let x = tape.variable(large(0.0));
    let [first, second] = [x.tanh(), x.tanh()];
    let _ = (first + second).sum().grad([x]);
    assert_eq!((first * second).sum().grad([first])[0].value(), second.value());

    let h = x.tanh();
    let [slope] = h.powi(3).sum().grad([x]); // 3h²·sech²x
    let [curvature] = slope.sum().grad([x]); // 6h·sech⁴x − 6h²·sech²x·tanh x
    let [by_h] = curvature.sum().grad([h]); // with x, and so the factors, fixed
    let expected = x.value().map(|x| {
        let (t, s) = (x.tanh(), 1.0 / x.cosh().powi(2));
        6.0 * s * s - 12.0 * t * s * t
    });
    assert_close(&by_h.value(), &expected, 1e-13);
}

/// The values of a tape may be variables of another one, where a factor is not a node of the user either.
#[test]
fn nodes_of_the_user_stay_apart_from_factors_on_an_outer_tape() {
    let outer = Tape::new();
    let a = outer.variable(large(0.5));
    let inner = Tape::new();
    let x = inner.variable(a);
    let y = x.sin();
    let [slope] = y.sum().grad([x]);
    let [curvature] = slope.sum().grad([x]); // −sin x
    assert!(curvature.value().sum().grad([y.value()])[0].is_unconnected());
}

/// A pullback of zeros that does not use `g` may return what it computes from an operand alone. It is a node of its own all
/// the same.
#[test]
fn cotangents_that_do_not_use_theirs_stay_apart() {
    struct Gate;
    impl Primitive for Gate {
        fn name(&self) -> &str {
            "gate"
        }
        fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
            x[0].sin() + x[1].floor()
        }
        fn pull<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
            vec![g * x[0].cos(), x[1] * 0.0]
        }
    }
    let tape = Tape::new();
    let [x, k] = [0.5, 1.5].map(|x| tape.variable(large(x)));
    let [a, b] = [(); 2].map(|()| custom(Gate, &[&x, &k]).sum().grad([k])[0]);
    let loss = (a * 3.0 + b * 5.0).sum();
    assert_eq!([a, b].map(|z| loss.grad([z])[0].value()[[0]]), [3.0, 5.0]);
}

/// A factor is not shared on a traced tape, where it bears the line of the derivative that needs it.
#[test]
fn infinite_factor_is_blamed_on_the_operation_that_uses_it() {
    let tape = Tape::traced();
    let x = tape.variable(Tensor::<f64>::zeros([300]));
    let guilty = x.log2();
    let masked = x.ln();
    let y = x.greater(0.5).select(&masked, &x.square()) + guilty;
    let [slope] = y.sum().grad([x]);
    let site = slope.first_not_finite().expect("log2 has an infinite slope");
    assert_eq!(site.derivative_of.as_deref(), Some("%1 = log2 %0 : [300]"));
}
