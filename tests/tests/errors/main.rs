//! Every mistake in user code panics at the user's line. The message names the function, the shapes and the mistake.

use autodiff::prelude::*;
use autodiff::{Linear, Op, Pointwise, ShapeError, custom};
use std::sync::Mutex;

mod bad_arguments;
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
    let text = |name| {
        format!(
            "{name}: the variables are on two different tapes; take one as a constant of the other's tape: `x.constant(y.value())`"
        )
    };
    fails(&text("add"), || (x + y).value());
    fails(&text("matmul(x·xᵀ)"), || x.matmul_t(y).value());
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
    fails(&text("value_and_grad_aux"), || {
        value_and_grad_aux(&matrix(), |_, _| (forever.variable(Tensor::scalar(1.0)), ()))
    });
    let elsewhere = || forever.variable(Tensor::scalar(1.0));
    fails(&text("value_and_grad_tree"), || Tape::new().value_and_grad_tree(&matrix(), |_, _| elsewhere()));
    fails(&text("value_and_each_grad"), || Tape::new().value_and_each_grad(&matrix(), |_, _| elsewhere(), |_, _| ()));
    fails(&text("grad"), || grad(&matrix(), |_| elsewhere()));
    fails(&text("vjp"), || vjp(&matrix(), |_| elsewhere()).0);
    fails(&text("vjp_tree"), || vjp_tree(&matrix(), |_, _| elsewhere()).0);
    fails(&text("hvp"), || hvp(&matrix(), &matrix(), |_| elsewhere()));
    fails(&text("hvp_tree_by"), || hvp_tree_by(Mode::Reverse, &matrix(), &matrix(), |_, _| elsewhere()));
    fails(&text("hessian"), || hessian(&matrix(), |_| elsewhere()));
    fails(&text("grad_and_hessian_diagonal"), || grad_and_hessian_diagonal(&matrix(), |_| elsewhere()));
    fails(&text("sparse_jacobian"), || sparse_jacobian(&matrix(), |_| elsewhere()));
    fails(&text("sparse_hessian"), || sparse_hessian(&matrix(), |_| elsewhere()));
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
        format!(
            "{name}: the output must have one element, but its shape is [2, 3]; reduce it, or give a cotangent by `vjp`, \
             `grad_with` or `backward_with`"
        )
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
        format!(
            "{name}: the output must have one element, but its shape is [2, 3]; reduce it, or give a cotangent by `vjp`, \
             `grad_with` or `backward_with`"
        )
    };
    fails(&scalar("grad"), || grad(&x, |x| x));
    fails(&scalar("value_and_grad_tree"), || Tape::new().value_and_grad_tree(&x, |_, x| x));
    fails(&scalar("value_and_each_grad"), || Tape::new().value_and_each_grad(&x, |_, x| x, |_, _| ()));
    fails(&scalar("value_and_grad"), || value_and_grad(&(x.clone(), x.clone()), |_, (x, _)| x));
    fails(&scalar("value_and_grad_aux"), || value_and_grad_aux(&x, |_, x| (x, ())));
    fails(&scalar("hessian"), || hessian(&x, |x| x));
    fails(&scalar("grad_and_hessian_diagonal"), || grad_and_hessian_diagonal(&x, |x| x));
    fails(&scalar("sparse_hessian"), || sparse_hessian(&x, |x| x));
    fails(&scalar("laplacian"), || laplacian(&x, |x| x));
    fails(&scalar("hvp"), || hvp(&x, &x, |x| x));
    fails(&scalar("hvp_tree_by"), || hvp_tree_by(Mode::Reverse, &x, &x, |_, x| x));
    fails(&scalar("nth_derivative"), || nth_derivative(2, &x, |x| x));
    fails("jvp: the tangent has shape [], but the input has shape [2, 3]", || jvp(&x, &x.sum(), |x| x));
    fails("hvp: the tangent has shape [], but the input has shape [2, 3]", || hvp(&x, &x.sum(), |x| x.sum()));
    for mode in [Mode::Forward, Mode::Reverse] {
        let [one, two] = [1, 2].map(|n| vec![x.clone(); n]);
        fails("hvp_tree_by: the tangent has 1 leaves, but the input has 2", || {
            hvp_tree_by(mode, &two, &one, |_, x| (x[0] * x[1]).sum())
        });
        fails("hvp_tree_by: the tangent has shape [], but the input has shape [2, 3]", || {
            hvp_tree_by(mode, &x, &x.sum(), |_, x| x.square().sum())
        });
    }
    fails("jvp_tree: the tangent has 0 leaves, but the input has 1", || {
        jvp_tree(&vec![x.clone()], &Vec::new(), |x| x[0].sum())
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
    fails("from_vec: [2, 3]: 6 elements are needed, but 5 given", || Tensor::from_vec([2, 3], vec![0.0; 5]));
    fails("item: [2, 3]: one element was expected, not 6", || matrix().item());
    fails("index [2, 0] is outside of shape [2, 3]", || assert!(matrix()[[2, 0]] > 0.0));
    fails("index [0] has length 1, but shape [2, 3] has rank 2", || assert!(matrix()[[0]] > 0.0));
    fails("argmax: [2, 3]: axis 2 is out of range for rank 2", || matrix().argmax(2));
    fails("argmin: [2, 3]: axis 2 is out of range for rank 2", || matrix().argmin(2));
    fails("argsort: [2, 3]: axis -3 is out of range for rank 2", || matrix().argsort(-3));
    fails("top_k_indices: [2, 3]: 4 elements of axis 1, which has 3", || matrix().top_k_indices(1, 4));
    fails("argmax: [2, 0]: axis 1 has no elements", || Numbers::zeros([2, 0]).argmax(1));
    fails("argmin: [2, 0]: axis 1 has no elements", || Numbers::zeros([2, 0]).argmin(1));
    fails("var_axis: [2, 3]: 2 elements, but more than 2, the ddof, are needed", || matrix().var_axis(0, 2));
    fails("std_axis: [2, 3]: 2 elements, but more than 3, the ddof, are needed", || matrix().std_axis(0, 3));
    fails("var: [6]: 6 elements, but more than 7, the ddof, are needed", || matrix().var(7));
    fails("std: [0]: 0 elements, but more than 0, the ddof, are needed", || Numbers::zeros([0]).std(0));
    fails("uniform: the range [1, 0) is empty or not finite", || {
        Numbers::uniform([2], 1.0, 0.0, &mut tests::domain::rng(1))
    });
    let huge = [usize::MAX, 2];
    fails("zeros: [18446744073709551615, 2]: the number of elements overflows", || Numbers::zeros(huge));
    fails("eye: [1073741825, 1073741825]: the number of elements overflows", || Numbers::eye((1 << 30) + 1));
    fails("uniform: [144115188075855872, 3]: 432345564227567616 elements do not fit in memory", || {
        Numbers::uniform([1 << 57, 3], 0.0, 1.0, &mut tests::domain::rng(1))
    });
    fails("concat: at least one operand is needed", || Numbers::concat(0, &[]));
    fails("max: [2, 0]: at least one element is needed", || Numbers::zeros([2, 0]).max());
    fails("stack: at least one operand is needed", || Numbers::stack(0, &[]));
    fails("Shape::with: [2, 3]: axis 2 is out of range for rank 2", || matrix().shape().with(2, 1));
    fails("Shape::insert: [2, 3]: position 3 is out of range for a new axis", || matrix().shape().insert(3, 1));
    fails("Shape::remove: [2, 3]: axis 2 is out of range for rank 2", || matrix().shape().remove(2));
    fails("into_batch: [2, 3]: the batch has 2 values, not 3", || Batched::from_batch(matrix()).into_batch(3));
    fails("Dual::new: the tangent has shape [], but the value has shape [2, 3]", || {
        Dual::new(matrix(), matrix().sum())
    });
}

#[test]
fn affine_maps_reject_shapes_that_do_not_fit_at_the_callers_line() {
    let text = "affine: [2, 3] × [2, 3] × [3]: the shapes […, in], [out, in] and [out] are needed";
    fails(text, || matrix().affine(&matrix(), &Tensor::ones([3])));
}

#[test]
fn plain_numbers_reject_operations_that_need_axes() {
    fails("reshape: []: 1 elements cannot be reshaped to [2]", || Structural::reshape(&1.0, [2]));
    fails("broadcast_to: []: the result has shape [2], but a plain number has no axes: use a Tensor of rank 0", || {
        Structural::broadcast_to(&1.0, [2])
    });
    let tape = Tape::new();
    let x = tape.variable(1.0);
    fails("broadcast_to: []: the result has shape [2], but a plain number has no axes: use a Tensor of rank 0", || {
        x.broadcast_to([2]).value()
    });
    fails("sum_axis: []: axis 0 is out of range for rank 0", || x.sum_axis(0).value());
}

#[test]
fn operations_reject_a_wrong_number_of_operands() {
    let (x, tape) = (matrix(), Tape::new());
    let (v, dual, batch) =
        (tape.variable(matrix()), Dual::constant(matrix()), Batched::from_batch(Tensor::stack(0, &[&x, &x])));
    let add = "add: the operation takes 2 operands, not 1";
    let add_of_tensors = "add: [2, 3]: the operation takes 2 operands, not 1";
    fails(add, || Reading::apply(&Pointwise::Add.into(), &[&1.0]));
    fails(add_of_tensors, || Reading::apply(&Pointwise::Add.into(), &[&x]));
    fails(add_of_tensors, || Reading::apply(&Pointwise::Add.into(), &[&v]).value());
    fails(add, || Reading::apply(&Pointwise::Add.into(), &[&dual]));
    fails(add, || Reading::apply(&Pointwise::Add.into(), &[&batch]));
    fails("concat: the operation takes 1 or more operands, not 0", || Numbers::apply(&Linear::Concat(0).into(), &[]));
    fails("flip: [2, 3] × [2, 3]: the operation takes 1 operands, not 2", || {
        Numbers::apply(&Linear::Flip(0).into(), &[&x, &x])
    });
    let error = Numbers::try_apply(&Op::LogSoftmax { axis: 0 }, &[]).expect_err("no operands");
    assert_eq!(error.to_string(), "log_softmax: the operation takes 1 operands, not 0");
}

#[test]
fn maps_speak_in_the_words_of_their_function() {
    let x = matrix();
    fails("index_axis: [3]: index 3 is out of range for axis 0 of size 3", || vmap(&x, |x| x.index_axis(0, 3)));
    fails("mean_axis: [3]: axis 1 is out of range for rank 1", || vmap(&x, |x| x.mean_axis(1)));
    fails("matmul_t: [3] × [2, 2]: inner sizes 3 and 2 differ (right operand transposed)", || {
        vmap(&x, |x| x.matmul_t(Batched::shared(Tensor::ones([2, 2]))))
    });
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
    let bias = Tensor::ones([1]); // not broadcast
    let needed = "the shapes […, in], [out, in] and [out] are needed";
    assert_eq!(text(x.try_affine(&y, &bias)), format!("affine: [2, 3] × [2, 2] × [1]: {needed}"));
    assert_eq!(text(x.try_affine(&x, &bias)), format!("affine: [2, 3] × [2, 3] × [1]: {needed}"));
    assert_eq!(text(x.try_reshape([4])), "reshape: [2, 3]: 6 elements cannot be reshaped to [4]");
    let huge = "broadcast: [2, 3]: the result is [4611686018427387904, 2, 3]: the number of elements overflows";
    assert_eq!(text(x.try_broadcast_to([1 << 62, 2, 3])), huge);
    assert!(Structural::try_broadcast_to(&1.0, [2]).is_err());
    assert_eq!(text(x.try_broadcast_to([3])), "broadcast: [2, 3]: the shape does not broadcast to [3]");
    assert_eq!(text(Tensor::try_from_vec([2], vec![1.0])), "from_vec: [2]: 2 elements are needed, but 1 given");
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

    fn push<'a>(&self, _x: &[Dyn<'a>], _y: Dyn<'a>, dx: &[Dyn<'a>]) -> Option<Dyn<'a>> {
        Some(dx[0].sum())
    }
}

#[test]
fn custom_primitives_with_a_wrong_pullback_are_rejected() {
    // A pass runs later than the call, so the message names the line of the call.
    let said = |panic: Option<(String, String, u32)>, line: u32, what: &str| {
        let text = panic.expect("a panic").0;
        let start = format!("wrong, applied at {}:{line}:", file!());
        assert!(text.starts_with(&start) && text.ends_with(what), "{text}");
    };
    let caught_grad = |count| caught(|| grad(&matrix(), |x| custom(Wrong { count }, &[&x]).sum()));
    let line = line!() - 1;
    said(caught_grad(1), line, ": pull returns shape [] for operand 0 of shape [2, 3]");
    said(caught_grad(2), line, ": pull returns 2 cotangents for 1 operand");
    said(caught_grad(0), line, ": pull returns 0 cotangents for 1 operand");
    let caught_jvp = caught(|| jvp(&matrix(), &matrix(), |x| custom(Wrong { count: 1 }, &[&x])));
    said(caught_jvp, line!() - 1, ": push returns shape [] for a result of shape [2, 3]");
    let in_a_batch = |count| caught(|| grad(&matrix(), |x| vmap(&x, |x| custom(Wrong { count }, &[&x])).sum()));
    said(in_a_batch(2), line!() - 1, ": pull returns 2 cotangents for 1 operand");
    fails("wrong: the operation takes 1 or more operands, not 0", || custom::<Numbers>(Wrong { count: 1 }, &[]));
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

#[test]
fn arithmetic_of_trees_names_the_leaf_that_does_not_fit() {
    let two = (matrix(), vec![matrix().sum()]);
    let short = [matrix()];
    let many = "the first tree has 2 leaves and the second has 1; the second has none for `1.0`";
    fails(&format!("tree::dot: {many}"), || tree::dot(&two, &short));
    fails(&format!("tree::add_scaled: {many}"), || tree::add_scaled(&two, 1.0, &short));
    fails(&format!("tree::zip_map: {many}"), || tree::zip_map(&two, &short, |x, y| x + y));
    fails("tree::zip_map: the first tree has 1 leaves and the second has 2; the first has none for `1.0`", || {
        tree::zip_map(&short, &two, |x, y| x + y)
    });
    let wide = (matrix(), vec![matrix()]);
    let shape = "`1.0` has shape [] in the first tree, but [2, 3] in the second";
    fails(&format!("tree::dot: {shape}"), || tree::dot(&two, &wide));
    fails(&format!("tree::add_scaled: {shape}"), || tree::add_scaled(&two, 1.0, &wide));
    fails("tree::add_scaled: the factor is not a scalar: with it a leaf of shape [] has shape [2, 3]", || {
        tree::add_scaled(&two, matrix(), &two)
    });
    fails("tree::unflatten: the tree has 7 elements, but the vector has shape [6]", || {
        tree::unflatten(&two, &matrix().flatten())
    });
    fails("tree::unflatten: the tree has 6 elements, but the vector has shape [2, 3]", || {
        tree::unflatten(&short, &matrix())
    });
    fails("tree::flatten: the leaves are plain numbers, of which no vector can be made: use leaves()", || {
        tree::flatten(&[1.0, 2.0])
    });
    let empty = Vec::<Numbers>::new();
    fails("tree::dot: the trees have no leaves", || tree::dot(&empty, &empty));
    fails("tree::norm: the tree has no leaves", || tree::norm(&empty));
    fails("tree::flatten: the tree has no leaves", || tree::flatten(&empty));
    fails("with_leaves: the tree has 2 leaves, but 1 were given", || two.with_leaves(vec![1.0]));
}
