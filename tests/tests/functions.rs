//! What is passed to a transform: closures with a name, functions, and losses that return more than themselves.

use autodiff::prelude::*;

#[derive(Clone, Debug, PartialEq)]
struct Line<V> {
    slope: V,
    offset: V,
}
tree!(Line { slope, offset });

fn energy<'t>(x: Var<'t, Tensor<f64>>) -> Var<'t, Tensor<f64>> {
    x.square().sum() * 0.5
}

/// Generic over what the tape holds.
fn energy_on_any_tape<'t, V: Reading>(x: Var<'t, V>) -> Var<'t, V> {
    x.square().sum() * 0.5
}

fn generic_energy<V: Value>(x: &V) -> V {
    x.square().sum() * 0.5
}

fn loss<'t>(tape: &'t Tape<f64>, line: Line<Var<'t, f64>>) -> Var<'t, f64> {
    (line.slope * 2.0 + line.offset - tape.constant(3.0)).square()
}

#[test]
fn functions_and_closures_with_a_name_serve_every_transform() {
    let x = Tensor::from([1.0, 2.0]);
    let scale = Tensor::scalar(0.5);
    let copied = function_of(&x, |x| x.square().sum() * &scale);
    let scale = scale.clone();
    let owner = function_of(&x, move |x| x.square().sum() * &scale);
    for gradient in [
        grad(&x, copied),
        grad(&x, &owner),
        grad(&x, energy),
        grad(&x, energy_on_any_tape),
        grad(&x, |x| generic_energy(&x)),
        vjp(&x, &owner).1(&Tensor::scalar(1.0)),
        jacobian(&x, copied),
    ] {
        assert_eq!(gradient, x);
    }
    assert_eq!(hessian(&x, copied), Tensor::eye(2));
    assert_eq!(hvp(&x, &x, &owner), x);
}

#[test]
fn functions_and_closures_of_a_tree_with_a_name_serve_every_transform() {
    let line = Line { slope: 1.0, offset: 0.0 };
    let target = 3.0;
    let named = function_of_tree(&line, |_, line| (line.slope * 2.0 + line.offset - target).square());
    let gradient = Line { slope: -4.0, offset: -2.0 };
    assert_eq!(value_and_grad(&line, named), (1.0, gradient.clone()));
    assert_eq!(value_and_grad(&line, named), value_and_grad(&line, loss));
    assert_eq!(vjp_tree(&line, named).1(&1.0), gradient);
    assert_eq!(Tape::new().value_and_grad_tree(&line, named).1, gradient);
    assert_eq!(hvp_tree(&line, &line, named), Line { slope: 8.0, offset: 4.0 });
    check_grads_tree(&line, &Options::order(2), named).unwrap();
}

#[test]
fn losses_return_more_than_themselves_without_influence_on_the_gradient() {
    let line = Line { slope: 1.0, offset: 0.5 };
    let ((value, (prediction, names)), gradient) = value_and_grad_aux(&line, |tape, line| {
        let prediction = line.map(&mut |_, x| (x * 2.0).value());
        (loss(tape, line.clone()), (prediction, line.paths().join(" ")))
    });
    assert_eq!((value, gradient), value_and_grad(&line, loss));
    assert_eq!((prediction, &*names), (Line { slope: 2.0, offset: 1.0 }, "slope offset"));
}
