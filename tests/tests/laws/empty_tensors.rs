//! Tensors without elements: results and derivatives are empty too, and sums are 0.

use autodiff::prelude::*;
use tests::law::every;
use tests::table::Row;

#[test]
fn pointwise_functions_of_empty_tensors_have_empty_derivatives() {
    for shape in [Shape::from([0]), [0, 3].into(), [2, 0].into(), [2, 0, 3].into()] {
        every(Row::elementwise(), |row| {
            let x: Vec<Tensor<f64>> = row.operands().iter().map(|_| Tensor::zeros(shape.clone())).collect();
            assert_eq!(row.call(&x).shape(), &shape);
            let tape = Tape::new();
            let vars: Vec<_> = x.iter().map(|x| tape.variable(x.clone())).collect();
            let total = row.call(&vars).square().sum();
            assert_eq!(total.value().item(), 0.0);
            for (g, recorded) in total.backward().of(&vars).iter().zip(total.grad_tree(&vars)) {
                assert_eq!((g.shape(), recorded.value().shape()), (&shape, &shape));
            }
            Ok(())
        });
    }
}

#[test]
fn gradient_through_a_broadcast_to_an_empty_tensor_is_zero() {
    for (a, b) in [([2, 1, 1], [2, 0, 3]), ([1, 1, 3], [2, 0, 3]), ([0, 1, 1], [1, 4, 5]), ([2, 3, 0], [2, 3, 1])] {
        let x = Tensor::<f64>::ones(a);
        let product = |y: &Tensor<f64>| grad(&x, |x| (x * y).square().sum());
        assert_eq!(product(&Tensor::ones(b)), Tensor::zeros(a), "{a:?} × {b:?}");
    }
}

#[test]
fn reductions_products_and_moves_accept_empty_axes() {
    let x = Tensor::<f64>::from_vec([3, 0], Vec::new());
    assert_eq!(x.sum_axis(1), Tensor::zeros([3]));
    assert_eq!(x.sum_axis(0), Tensor::zeros([0]));
    assert_eq!(x.prod_axis(1), Tensor::ones([3]));
    assert_eq!(x.slice(0, 1, 3).to_vec(), [0.0; 0]);
    assert_eq!(x.slice(0, 1, 3).exp().shape(), &Shape::from([2, 0]));
    assert_eq!(x.flip(0).cumsum(0).shape(), &Shape::from([3, 0]));
    assert_eq!(x.matmul(Tensor::zeros([0, 4])), Tensor::zeros([3, 4]));
    assert_eq!(x.t().matmul(Tensor::zeros([3, 4])).shape(), &Shape::from([0, 4]));
    assert_eq!(x.softmax(0).shape(), &Shape::from([3, 0]));
    assert_eq!(x.logsumexp(0).shape(), &Shape::from([0]));
    assert_eq!(x.sort(1).shape(), &Shape::from([3, 0]));
    let weights = grad(&Tensor::<f64>::ones([4, 0]), |w| w.constant(x.clone()).matmul_t(w).sum());
    assert_eq!(weights.shape(), &Shape::from([4, 0]));
    assert_eq!(jacobian(&Tensor::<f64>::zeros([0]), |x| x.square()).shape(), &Shape::from([0, 0]));
}
