//! Shape errors of operations, the same for tensors, variables, dual numbers and batches.

use crate::panics::{caught, fails};
use crate::{Numbers, matrix};
use autodiff::prelude::*;

fn operators<V: Value>(make: &dyn Fn(Numbers) -> V) {
    let (x, y) = (make(matrix()), make(Tensor::ones([2, 2])));
    let text = |name| format!("{name}: [2, 3] × [2, 2]: the shapes do not broadcast");
    fails(&text("add"), || x.clone() + &y);
    fails(&text("sub"), || x.clone() - y.clone());
    fails(&text("mul"), || x.clone() * &y);
    fails(&text("div"), || x.clone() / y.clone());
    fails(&text("pow"), || x.pow(&y));
    fails(&text("maximum"), || x.maximum(&y));
    fails(&text("hypot"), || x.hypot(&y));
    fails(&text("logaddexp"), || x.logaddexp(&y));
    fails(&text("xlogy"), || x.xlogy(&y));
    fails("select: [2, 3] × [2, 2] × [2, 3]: the shapes do not broadcast", || x.select(&y, &x));
}

fn products<V: Value>(make: &dyn Fn(Numbers) -> V) {
    let (x, y) = (make(matrix()), make(Tensor::ones([2, 2])));
    fails("matmul: [2, 3] × [2, 2]: inner sizes 3 and 2 differ", || x.matmul(&y));
    fails("matmul_t: [2, 3] × [2, 2]: inner sizes 3 and 2 differ (right operand transposed)", || x.matmul_t(&y));
    fails("t_matmul: [2, 3] × [3, 2]: inner sizes 2 and 3 differ (left operand transposed)", || {
        x.t_matmul(make(Tensor::ones([3, 2])))
    });
    let batches = [make(Tensor::ones([2, 2, 3])), make(Tensor::ones([3, 3, 2]))];
    fails("matmul: [2, 2, 3] × [3, 3, 2]: the batch axes do not broadcast", || batches[0].matmul(&batches[1]));
    fails("matmul: [2, 3] × []: a scalar is not a matrix: multiply by it with *", || x.matmul(x.sum()));
    fails("dot: [2, 3] × [2, 2]: the shapes do not broadcast", || x.dot(&y));
    let bias = make(Tensor::ones([5]));
    fails("affine: [2, 3] × [2, 2] × [5]: the shapes […, in], [out, in] and [out] are needed", || {
        x.affine(&y, &bias)
    });
    fails("affine: [2, 3] × [2, 3] × [5]: the shapes […, in], [out, in] and [out] are needed", || {
        x.affine(&x, &bias)
    });
}

fn axes<V: Value>(make: &dyn Fn(Numbers) -> V) {
    let x = make(matrix());
    let text = |name: &str, axis| format!("{name}: [2, 3]: axis {axis} is out of range for rank 2");
    fails(&text("sum_axis", 2), || x.sum_axis(2));
    fails(&text("sum_keep", -3), || x.sum_keep(-3));
    fails(&text("squeeze", 2), || x.squeeze(2));
    fails(&text("swap_axes", 5), || x.swap_axes(0, 5));
    fails(&text("slice", 2), || x.slice(2, 0, 1));
    fails(&text("slice_by", 2), || x.slice_by(2, 0, 1, 2));
    fails(&text("index_axis", 3), || x.index_axis(3, 0));
    fails(&text("norm_axis", 2), || x.norm_axis(2));
    fails(&text("std_axis", 2), || x.std_axis(2, 0));
    fails(&text("softmin", 2), || x.softmin(2));
    fails(&text("pad", 2), || x.pad(2, 0, 1));
    fails(&text("flip", 2), || x.flip(2));
    fails(&text("cumsum", 2), || x.cumsum(2));
    fails(&text("cumprod", 2), || x.cumprod(2));
    fails(&text("cummax", 2), || x.cummax(2));
    fails(&text("take", 2), || x.take(2, &[0]));
    fails(&text("split", 2), || x.split(2, &[1]));
    fails("concat: [2, 3] × [2, 3]: axis 2 is out of range for rank 2", || V::concat(2, &[&x, &x]));
    fails("unsqueeze: [2, 3]: position 4 is out of range for a new axis", || x.unsqueeze(4));
    let derived: [fn(&V) -> V; 3] = [|x| x.mean_axis(2), |x| x.softmax(2), |x| x.sort(2)];
    for f in derived {
        let (text, file, _) = caught(|| f(&x)).expect("a panic");
        assert!(text.contains("[2, 3]: axis 2 is out of range for rank 2"), "{text}");
        assert_eq!(file, file!());
    }
}

fn shapes<V: Value>(make: &dyn Fn(Numbers) -> V) {
    let x = make(matrix());
    fails("reshape: [2, 3]: 6 elements cannot be reshaped to [4]", || x.reshape([4]));
    fails("squeeze: [2, 3]: axis 1 has size 3, not 1", || x.squeeze(1));
    fails("broadcast_to: [2, 3]: the shape does not broadcast to [3]", || x.broadcast_to([3]));
    fails("sum_to: [2, 3]: cannot be summed to [2], which does not broadcast to [2, 3]", || x.sum_to([2]));
    fails("permute: [2, 3]: [0, 0] is not a permutation of the axes", || x.permute(&[0, 0]));
    fails("slice: [2, 3]: 1..4 in steps of 1 is not within axis 1 of size 3", || x.slice(1, 1, 4));
    fails("slice_by: [2, 3]: 0..3 in steps of 0 is not within axis 1 of size 3", || x.slice_by(1, 0, 3, 0));
    fails("index_axis: [2, 3]: index 3 is out of range for axis 1 of size 3", || x.index_axis(1, 3));
    fails("pad: [2, 3]: the result is [2, 18446744073709551615]: the number of elements overflows", || {
        x.pad(1, usize::MAX, 2)
    });
    fails("stack: [2, 3] × [3, 2]: the shapes differ", || V::stack(0, &[&x, &x.t()]));
    fails("stack: [2, 3]: position 3 is out of range for a new axis", || V::stack(3, &[&x, &x]));
    fails("concat: [2, 3] × [2, 2]: sizes may differ on axis 0 only", || {
        V::concat(0, &[&x, &make(Tensor::ones([2, 2]))])
    });
    fails("split: [2, 3]: the sizes [1, 1] do not add up to 3, the size of axis 1", || x.split(1, &[1, 1]));
    fails("tril: [6]: a matrix is needed, which has rank 2 or more", || x.flatten().tril(0));
    fails("top_k: [2, 3]: axis 1 has size 3, but at least 4 is needed", || x.top_k(1, 4));
}

fn windows<V: Value>(make: &dyn Fn(Numbers) -> V) {
    let (x, kernel) = (make(Tensor::ones([2, 3, 8, 8])), make(Tensor::ones([4, 3, 3, 3])));
    let strides = Window::stride(1);
    fails("conv2d: [2, 3, 8, 8] × [4, 2, 3, 3]: the operand has 3 channels and the kernel 2", || {
        x.conv2d(make(Tensor::ones([4, 2, 3, 3])), strides)
    });
    fails(
        "conv1d: [2, 3, 8, 8] × [4, 3, 3, 3]: an operand of rank 2 or more and a kernel of rank 3 are needed",
        || x.conv1d(&kernel, Window::default()),
    );
    fails(
        "conv2d: [2, 3, 8, 8] × [4, 3, 11, 3]: windows of 11 elements are larger than an axis of 8 with padding 1",
        || x.conv2d(make(Tensor::ones([4, 3, 11, 3])), strides.padding(1)),
    );
    fails("conv2d: [2, 3, 8, 8] × [4, 3, 3, 3]: the size and the stride of a window are at least 1", || {
        x.conv2d(&kernel, Window::stride(0))
    });
    fails("max_pool2d: [2, 3, 8, 8]: windows of [2, 2] elements may hold none, in a padding of [2, 2]", || {
        x.max_pool2d([2, 2], strides.padding(2))
    });
    fails("max_pool1d: [2, 3, 8, 8]: windows of 9 elements are larger than an axis of 8 with padding 0", || {
        x.max_pool1d(9, Window::default())
    });
    fails("unfold: [2, 3, 8, 8]: windows of 9 elements in steps of 1 do not fit into axis 3 of size 8", || {
        x.unfold(-1, 9, 1)
    });
}

fn indices<V: Value>(make: &dyn Fn(Numbers) -> V) {
    let x = make(matrix());
    fails("gather: [2, 3]: index 3 is out of range for an axis of size 3", || {
        x.gather(1, &Tensor::from([[0, 3], [0, 0]]))
    });
    fails("gather: [2, 3]: the index has shape [1, 2], but may differ on axis 1 only", || {
        x.gather(1, &Tensor::from([[0, 1]]))
    });
    fails("scatter_add: [2, 3]: index 7 is out of range for an axis of size 4", || {
        x.scatter_add(1, &Tensor::full([2, 3], 7), 4)
    });
    fails("take: [2, 3]: index 2 is out of range for axis 0 of size 2", || x.take(0, &[1, 2]));
    fails("scatter_add: [2, 3]: the result is [2, 4611686018427387904]: the number of elements overflows", || {
        x.scatter_add(1, &Tensor::full([2, 3], 7), 1 << 62)
    });
}

/// Makes all these mistakes on values that `make` makes from tensors.
fn all<V: Value>(make: &dyn Fn(Numbers) -> V) {
    operators(make);
    products(make);
    axes(make);
    shapes(make);
    windows(make);
    indices(make);
}

#[test]
fn shape_errors_of_tensors_name_the_line_and_the_shapes() {
    all(&|x| x);
}

#[test]
fn shape_errors_of_variables_name_the_line_and_the_shapes() {
    let (tape, of_duals, outer) = (Tape::new(), Tape::new(), Tape::new());
    all(&|x| tape.variable(x));
    all(&|x| of_duals.variable(Dual::new(x.clone(), x)));
    let of_variables = Tape::new();
    all(&|x| of_variables.variable(outer.variable(x)));
}

#[test]
fn shape_errors_of_dual_numbers_name_the_line_and_the_shapes() {
    let tape = Tape::new();
    all(&|x| Dual::new(x.clone(), x));
    all(&|x| Dual::constant(tape.variable(x)));
}

#[test]
fn shape_errors_of_batches_name_the_line_and_the_shapes() {
    let tape = Tape::new();
    all(&Batched::shared);
    all(&|x| Batched::from_batch(Tensor::stack(0, &[&x, &x, &x, &x, &x])));
    all(&|x| Batched::from_batch(tape.variable(Tensor::stack(0, &[&x, &x]))));
}
