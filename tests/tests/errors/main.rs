//! Every mistake in user code panics at the user's line. The message names the function, the shapes and the mistake.

use autodiff::prelude::*;
use autodiff::{ShapeError, custom};
use std::sync::Mutex;

mod panics;
mod shape_errors;

use panics::{caught, fails};

type Numbers = Tensor<f64>;

fn matrix() -> Numbers {
    Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
}

#[test]
fn functions_reject_variables_of_another_tape() {
    let (tape, other) = (Tape::new(), Tape::new());
    let (x, y) = (tape.variable(matrix()), other.variable(matrix()));
    let text = |name| format!("{name}: the variables are on two different tapes");
    fails(&text("add"), || (x + y).value());
    fails(&text("matmul(x·xᵀ)"), || x.matmul_t(&y).value());
    fails(&text("select"), || x.select(&x, &y).value());
    fails(&text("grad"), || x.sum().grad([y])[0].value());
    fails(&text("grad_with"), || x.grad_with(y, [x])[0].value());
    fails(&text("grad_tree"), || x.sum().grad_tree(&vec![y]));
    fails(&text("jvp"), || x.jvp([y], [x]).value());
    fails(&text("jvp"), || x.jvp([x], [y]).value());
    fails(&text("jacobian"), || x.jacobian(y).value());
    fails(&text("batch_jacobian"), || x.batch_jacobian(y).value());
    fails(&text("backward_wrt"), || x.sum().backward_wrt(&[y]));
    let forever: &'static Tape<_> = Box::leak(Box::new(Tape::new()));
    fails(&text("value_and_grad"), || value_and_grad(&matrix(), |_, _| forever.variable(Tensor::scalar(1.0))));
    let elsewhere = || forever.variable(Tensor::scalar(1.0));
    fails(&text("value_and_grad_tree"), || Tape::new().value_and_grad_tree(&matrix(), |_, _| elsewhere()));
    fails(&text("grad"), || grad(&matrix(), |_| elsewhere()));
    fails(&text("vjp"), || vjp(&matrix(), |_| elsewhere()).0);
    fails(&text("vjp_tree"), || vjp_tree(&matrix(), |_, _| elsewhere()).0);
    fails(&text("jvp"), || jvp(&matrix(), &matrix(), |_| elsewhere()));
    fails(&text("jvp_tree"), || jvp_tree(&matrix(), &matrix(), |_, _| elsewhere()));
    fails(&text("hvp"), || hvp(&matrix(), &matrix(), |_| elsewhere()));
    fails(&text("hvp_tree"), || hvp_tree(Mode::Reverse, &matrix(), &matrix(), |_, _| elsewhere()));
    fails(&text("hessian"), || hessian(&matrix(), |_| elsewhere()));
    fails(&text("laplacian"), || laplacian(&matrix(), |_| elsewhere()));
    fails(&text("jacobian"), || jacobian(&matrix(), |_| elsewhere()));
    fails(&text("jacobian_by"), || jacobian_by(Mode::Forward, &matrix(), |_| elsewhere()));
    fails(&text("batch_jacobian"), || batch_jacobian(&matrix(), |_| elsewhere()));
    fails(&text("check_grads"), || check_grads(&matrix(), &Options::order(1), |_| elsewhere()));
    fails("check_grads: the order must be at least 1", || check_grads(&matrix(), &Options::order(0), |x| x));
    fails(&text("nth_derivative"), || nth_derivative(0, &matrix(), |_| elsewhere()));
    fails("Gradients::of: the variable is on another tape", || x.sum().backward().of(&y));
}

#[test]
fn passes_reject_outputs_cotangents_and_tangents_of_the_wrong_shape() {
    let tape = Tape::new();
    let (x, c) = (tape.variable(matrix()), tape.constant(matrix()));
    let scalar = |name| {
        format!("{name}: the output must have one element, but its shape is [2, 3]; reduce it, or give a cotangent")
    };
    fails(&scalar("backward"), || x.backward());
    fails(&scalar("backward_wrt"), || x.backward_wrt(&[x]));
    fails(&scalar("grad"), || x.grad([x])[0].value());
    fails(&scalar("grad_tree"), || x.grad_tree(&[x]));
    fails("backward_with: the cotangent has shape [2], but the output has shape [2, 3]", || {
        x.backward_with(Tensor::ones([2]))
    });
    fails("grad_with: the cotangent has shape [], but the output has shape [2, 3]", || x.grad_with(x.sum(), [x]));
    fails("jvp: the tangent has shape [], but the input has shape [2, 3]", || x.jvp([x], [x.sum()]).value());
    fails("batch_jacobian: the output [] and the input [2, 3] must have first axes of the same size", || {
        x.sum().batch_jacobian(x).value()
    });
    let gradients = (x * c).sum().backward();
    fails(
        "Gradients::of: %1 is a constant or an intermediate result; pass it to backward_wrt to get its derivative",
        || gradients.of(&c),
    );
}

#[test]
fn transforms_reject_functions_and_tangents_of_the_wrong_shape() {
    let x = matrix();
    let scalar = |name| {
        format!("{name}: the output must have one element, but its shape is [2, 3]; reduce it, or give a cotangent")
    };
    fails(&scalar("grad"), || grad(&x, |x| x));
    fails(&scalar("value_and_grad_tree"), || Tape::new().value_and_grad_tree(&x, |_, x| x));
    fails(&scalar("value_and_grad"), || value_and_grad(&(x.clone(), x.clone()), |_, (x, _)| x));
    fails(&scalar("hessian"), || hessian(&x, |x| x));
    fails(&scalar("laplacian"), || laplacian(&x, |x| x));
    fails(&scalar("hvp"), || hvp(&x, &x, |x| x));
    fails(&scalar("hvp_tree"), || hvp_tree(Mode::Reverse, &x, &x, |_, x| x));
    fails(&scalar("nth_derivative"), || nth_derivative(2, &x, |x| x));
    fails("jvp: the tangent has shape [], but the input has shape [2, 3]", || jvp(&x, &x.sum(), |x| x));
    fails("hvp: the tangent has shape [], but the input has shape [2, 3]", || hvp(&x, &x.sum(), |x| x.sum()));
    for mode in [Mode::Forward, Mode::Reverse] {
        let [one, two] = [1, 2].map(|n| vec![x.clone(); n]);
        fails("hvp_tree: the tangent has 1 leaves, but the input has 2", || {
            hvp_tree(mode, &two, &one, |_, x| (x[0] * x[1]).sum())
        });
        fails("hvp_tree: the tangent has shape [], but the input has shape [2, 3]", || {
            hvp_tree(mode, &x, &x.sum(), |_, x| x.square().sum())
        });
    }
    fails("jvp_tree: the tangent has 0 leaves, but the input has 1", || {
        jvp_tree(&vec![x.clone()], &Vec::new(), |_, x| x[0].sum())
    });
    fails("batch_jacobian: the output [] and the input [2, 3] must have first axes of the same size", || {
        batch_jacobian(&x, |x| x.sum())
    });
    fails("vmap: []: a scalar has no rows", || vmap(&1.0, |x| x));
    fails("from_batch: []: a scalar has no rows", || Batched::from_batch(1.0));
    fails("vmap_tree: the tree has no leaves", || vmap_tree(&Vec::<Tensor<f64>>::new(), |_| Batched::shared(x.sum())));
    fails("vmap_tree: [2, 3] × []: the leaves have different numbers of rows", || {
        vmap_tree(&(x.clone(), x.sum()), |(x, y)| x * y)
    });
    fails("vmap_tree: [2, 3] × [3, 2]: the leaves have different numbers of rows", || {
        vmap_tree(&[x.clone(), x.t()], |[x, y]| x.dot(&y))
    });
    let (_, pullback) = vjp(&x, |x| x.square());
    let (text, ..) = caught(|| pullback(&x.sum())).expect("a panic");
    assert_eq!(text, "vjp: the cotangent has shape [], but the output has shape [2, 3]");
}

#[test]
fn tensors_reject_wrong_sizes_indices_and_ranges() {
    fails("from_vec: [2, 3]: 5 elements were given", || Tensor::from_vec([2, 3], vec![0.0; 5]));
    fails("item: [2, 3]: one element was expected, not 6", || matrix().item());
    fails("index [2, 0] is outside of shape [2, 3]", || assert!(matrix()[[2, 0]] > 0.0));
    fails("index [0] is outside of shape [2, 3]", || assert!(matrix()[[0]] > 0.0));
    fails("[2, 3]: axis 2 is out of range for rank 2", || matrix().argmax(2));
    fails("uniform: the range [1, 0) is empty or not finite", || {
        Numbers::uniform([2], 1.0, 0.0, &mut tests::domain::rng(1))
    });
    let huge = [usize::MAX, 2];
    fails("shape [18446744073709551615, 2]: the number of elements overflows", || Numbers::zeros(huge));
    fails("concat: at least one operand is needed", || Numbers::concat(0, &[]));
}

#[test]
fn plain_numbers_reject_operations_that_need_axes() {
    fails("reshape: []: 1 elements cannot be reshaped to [2]", || Structural::reshape(&1.0, [2]));
    fails("broadcast[2]: the result has shape [2], but a plain number has no axes: use a Tensor of rank 0", || {
        Structural::broadcast_to(&1.0, [2])
    });
    let tape = Tape::new();
    let x = tape.variable(1.0);
    fails("broadcast[2]: the result has shape [2], but a plain number has no axes: use a Tensor of rank 0", || {
        x.broadcast_to([2]).value()
    });
    fails("sum_axis: []: axis 0 is out of range for rank 0", || x.sum_axis(0).value());
}

#[test]
fn checked_functions_return_the_message_as_an_error() {
    let (x, y) = (matrix(), Tensor::ones([2, 2]));
    let text = |result: Result<Numbers, ShapeError>| result.expect_err("an error").to_string();
    assert_eq!(text(x.try_add(&y)), "add: [2, 3] × [2, 2]: the shapes do not broadcast");
    assert_eq!(text(x.try_sub(&y)), "sub: [2, 3] × [2, 2]: the shapes do not broadcast");
    assert_eq!(text(x.try_mul(&y)), "mul: [2, 3] × [2, 2]: the shapes do not broadcast");
    assert_eq!(text(x.try_div(&y)), "div: [2, 3] × [2, 2]: the shapes do not broadcast");
    assert_eq!(text(x.try_matmul(&y)), "matmul: [2, 3] × [2, 2]: inner sizes 3 and 2 differ");
    assert_eq!(text(x.try_reshape([4])), "reshape: [2, 3]: 6 elements cannot be reshaped to [4]");
    assert_eq!(text(x.try_broadcast_to([3])), "broadcast: [2, 3]: the shape does not broadcast to [3]");
    assert_eq!(text(Tensor::try_from_vec([2], vec![1.0])), "from_vec: [2]: 1 elements were given");
    let error = x.try_matmul(&y).expect_err("an error");
    assert_eq!((error.op(), error.shapes()), ("matmul", &[Shape::from([2, 3]), Shape::from([2, 2])][..]));
    assert_eq!(x.try_add(&x), Ok(&x + &x));
    let tape = Tape::new();
    let (a, b) = (tape.variable(1.0), tape.variable(2.0).named("b"));
    let gradients = a.square().backward();
    assert_eq!(gradients.try_of(a), Ok(2.0));
    assert_eq!(gradients.try_of(b).expect_err("unconnected").to_string(), "the output does not depend on b");
    assert_eq!(gradients.of(&b), 0.0);
}

/// A primitive whose pullback returns cotangents of a wrong shape, and possibly a wrong number of them.
struct Wrong {
    count: usize,
}

impl Primitive for Wrong {
    fn name(&self) -> &str {
        "wrong"
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        x[0]
    }

    fn pull<'a>(&self, _x: &[Dyn<'a>], _y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        vec![g.sum(); self.count]
    }
}

#[test]
fn custom_primitives_with_a_wrong_pullback_are_rejected() {
    let message = |count| caught(|| grad(&matrix(), |x| custom(Wrong { count }, &[&x]).sum())).expect("a panic").0;
    assert_eq!(message(1), "wrong: pull returns shape [] for operand 0 of shape [2, 3]");
    assert!(message(2).contains("wrong: pull returns 2 cotangents for 1 operands"), "{}", message(2));
}

/// x times a draw, with a new draw in each call.
fn checkpoint_that_draws<V: Value>(x: &V) -> V {
    let rng = Mutex::new(tests::domain::rng(1));
    let draw = move |shape| Tensor::uniform(shape, 0.0, 1.0, &mut *rng.lock().expect("no panic while drawing"));
    checkpoint(move |x| x[0] * x[0].lift(&draw(x[0].shape())), &[x])
}

#[test]
fn checkpoint_rejects_functions_that_draw_random_numbers() {
    let rejects = |f: &dyn Fn()| {
        let text = caught(f).expect("a panic").0;
        assert!(text.starts_with(&format!("checkpoint: the function at {}:", file!())), "{text}");
        assert!(text.ends_with("returned a different value when it was recomputed; pass random draws in as arguments"));
    };
    let x = matrix();
    rejects(&|| drop(grad(&x, |x| checkpoint_that_draws(&x).sum())));
    rejects(&|| assert!(grad(&0.5, |x| checkpoint_that_draws(&x)) > 0.0));
    rejects(&|| drop(jvp(&x, &x, |x| checkpoint_that_draws(&x))));
    rejects(&|| drop(hvp(&x, &x, |x| checkpoint_that_draws(&x).square().sum())));
    rejects(&|| drop(hessian(&x, |x| checkpoint_that_draws(&x).square().sum())));
    rejects(&|| drop(jacobian(&x, |x| checkpoint_that_draws(&x))));
    rejects(&|| drop(vmap(&x, |x| grad(&x, |x| checkpoint_that_draws(&x).sum()))));
    rejects(&|| drop(grad(&x, |x| vmap(&x, |x| checkpoint_that_draws(&x)).sum())));

    // A draw that is an operand stays the same.
    let draw = Tensor::uniform([2, 3], 0.0, 1.0, &mut tests::domain::rng(1));
    assert_eq!(grad(&x, |x| checkpoint(|x| x[0] * x[1], &[&x, &x.constant(draw.clone())]).sum()), draw);
    // So does NaN, and a result on which the rows of a batch do not depend.
    assert!(grad(&-1.0_f64, |x| checkpoint(|x| x[0].ln(), &[&x])).is_finite());
    let shared = vmap(&x, |x| grad(&x, |x| checkpoint(|x| x[1].sin(), &[&x.sum(), &x.full_like(1.0)]).sum()));
    assert_eq!(shared, x * 0.0);
}
