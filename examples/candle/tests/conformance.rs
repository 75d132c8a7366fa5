//! Arrays read every operation as tensors do, however their elements are stored. With the feature `cuda`, on the first CUDA
//! device.

use autodiff::prelude::*;
use autodiff::{Linear, Op, check};
use autodiff_candle::{Array, Float};
use candle_core::Device;
use rand::{SeedableRng, rngs::StdRng};

fn array<T: Float>(x: &Tensor<T>) -> Array<T> {
    Array::from_host(x, &Device::cuda_if_available(0).expect("the first CUDA device"))
}

/// The same numbers with the axes stored in reverse order.
fn transposed<T: Float>(x: &Tensor<T>) -> Array<T> {
    let reversed: Vec<usize> = (0..x.shape().rank()).rev().collect();
    Array::new(array(&x.permute(&reversed)).tensor().permute(reversed).expect("the axes are reversed"))
}

/// The same numbers as a part of a larger array.
fn part<T: Float>(x: &Tensor<T>) -> Array<T> {
    match x.shape().rank() {
        0 => array(x),
        _ => array(&x.pad(-1, 1, 2)).slice(-1, 1, 1 + x.shape()[x.shape().rank() - 1]),
    }
}

#[test]
fn arrays_agree_with_tensors_in_every_operation_and_mode() {
    check::value(array::<f32>).unwrap();
    check::value(array::<f64>).unwrap();
}

#[test]
fn views_agree_with_tensors_in_every_operation_and_mode() {
    check::value(transposed::<f32>).unwrap();
    check::value(transposed::<f64>).unwrap();
    check::value(part::<f32>).unwrap();
    check::value(part::<f64>).unwrap();
}

/// candle's product adds up wrong numbers for a transposed batch beside a matrix that is stored once.
#[test]
fn matrix_products_take_a_repeated_matrix() {
    let rng = &mut StdRng::seed_from_u64(0);
    let (a, b) = (Tensor::<f64>::uniform([2, 3, 4], 0.5, 1.0, rng), Tensor::<f64>::uniform([3, 5], 0.5, 1.0, rng));
    let (x, y) = (array(&a), array(&b));
    let (shared, expected) = (y.broadcast_to([2, 3, 5]), b.broadcast_to([2, 3, 5]));
    assert_close(&x.t_matmul(&shared).primal(), &a.t_matmul(&expected), 1e-14);
    assert_close(&shared.t_matmul(&x).primal(), &expected.t_matmul(&a), 1e-14);
}

/// candle's product refuses the strides of a permuted batch of slices, and five axes.
#[test]
fn matrix_products_take_views_and_any_number_of_axes() {
    let x = Tensor::<f64>::uniform([4, 3, 2, 5], 0.5, 1.0, &mut StdRng::seed_from_u64(0));
    let strided = array(&x).permute(&[1, 0, 2, 3]).slice(-1, 1, 4);
    let plain = x.permute(&[1, 0, 2, 3]).slice(-1, 1, 4);
    assert_close(&strided.matmul_t(&strided).primal(), &plain.matmul_t(&plain), 1e-14);
    let (five, expected) = (strided.reshape([1, 3, 4, 2, 3]), plain.reshape([1, 3, 4, 2, 3]));
    assert_close(&five.matmul_t(&five).primal(), &expected.matmul_t(&expected), 1e-14);
}

fn same_class(op: &Op, x: &Tensor<f64>) {
    let (found, expected) = (Array::apply(op, &[&array(x)]).primal(), Tensor::apply(op, &[x]));
    for (y, e) in found.iter().zip(expected.iter()) {
        assert!(y == e || y.is_nan() && e.is_nan() || (y - e).abs() <= 1e-14 * e.abs(), "{op} of {x:?}: {found:?}");
    }
}

#[test]
fn infinities_stay_in_their_sums_and_rows() {
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    let x = Tensor::from([
        [1e30, -1e30, 0.0],
        [inf, 1.0, 2.0],
        [-inf, 1.0, 2.0],
        [-inf, -inf, -inf],
        [nan, 1.0, 2.0],
        [1.0, nan, 0.0],
    ]);
    same_class(&Op::LogSoftmax { axis: 1 }, &x);
    same_class(&Op::LogSoftmax { axis: 0 }, &x);
    for (axis, reverse) in [(0, false), (0, true), (1, false), (1, true)] {
        same_class(&Linear::CumSum { axis, reverse }.into(), &x);
    }
}

#[test]
#[should_panic(expected = "matmul: [2, 3] × [2, 3]: inner sizes 3 and 2 differ")]
fn wrong_shapes_panic_in_the_words_of_the_operation() {
    let x = array(&Tensor::<f32>::ones([2, 3]));
    let _ = x.matmul(&x);
}
