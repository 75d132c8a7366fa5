//! Derivatives on arrays are those on tensors, in every mode and nested. With the feature `cuda`, on the first CUDA device.

use autodiff::prelude::*;
use autodiff::{Number, Tree, hessian, hvp, jacobian, jvp, value_and_grad};
use autodiff_candle::{Array, Float};
use candle_core::Device;
use nn::autoencoder::contractive::{self, Method};
use nn::{Init, Mlp, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};

fn array<T: Float>(x: &Tensor<T>) -> Array<T> {
    Array::from_host(x, &Device::cuda_if_available(0).expect("the first CUDA device"))
}

/// The bound on the difference, relative to the largest element.
fn tolerance<T: Float>() -> f64 {
    if <T as Number>::EPSILON > 1e-10 { 1e-5 } else { 1e-12 }
}

fn assert_same<T: Float>(what: &str, found: &Array<T>, expected: &Tensor<T>) {
    assert_eq!(found.shape(), *expected.shape(), "{what}");
    let wide = |x: &Tensor<T>| x.map(|&x| Number::to_f64(x));
    let (found, expected) = (wide(&found.primal()), wide(expected));
    let largest = expected.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let error = (&found - &expected).iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    assert!(error <= tolerance::<T>() * largest, "{what}: the error is {error:e} beside {largest:e}");
}

fn assert_same_tree<T: Float>(what: &str, found: &impl Tree<Leaf = Array<T>>, expected: &impl Tree<Leaf = Tensor<T>>) {
    for ((path, found), expected) in expected.paths().iter().zip(found.leaves()).zip(expected.leaves()) {
        assert_same(&format!("{what}: {path}"), &found, &expected);
    }
}

/// A function of a matrix \[4, 3\] that uses most kinds of operations.
fn program<V: Value>(x: &V) -> V {
    let h = x.tanh().matmul(&x.t()).sigmoid(); // [4, 4]
    let s = h.log_softmax(-1).slice_by(0, 0, 4, 2); // [2, 4]
    let c = (x.softplus().cumsum(0) + x.sin().flip(1)).pad(0, 1, 1); // [6, 3]
    let g = c.gather(0, &Tensor::from([[0, 1, 5], [4, 4, 2]])).expm1(); // [2, 3]
    let joined = V::concat(1, &[&s, &g.square(), &(g.clone() * 0.3).atan()]); // [2, 10]
    let norms = (joined.relu() + joined.abs() * 0.5).sum_keep(1) + 1.0;
    (joined.clone() / &norms).exp().sum_axis(1) + joined.erf().mean_axis(1) + joined.maximum(0.2).sum_axis(1)
}

fn derivatives_agree<T: Float>() {
    let rng = &mut StdRng::seed_from_u64(1);
    let x = Tensor::<T>::normal([4, 3], 0.0, 0.7, rng);
    let v = Tensor::<T>::normal([4, 3], 0.0, 1.0, rng);
    let (ax, av) = (array(&x), array(&v));
    assert_same("value", &program(&ax), &program(&x));
    assert_same("gradient", &grad(&ax, |x| program(&x).sum()), &grad(&x, |x| program(&x).sum()));
    assert_same("jacobian", &jacobian(&ax, |x| program(&x)), &jacobian(&x, |x| program(&x)));
    let (tangent, expected) = (jvp(&ax, &av, |x| program(&x)), jvp(&x, &v, |x| program(&x)));
    assert_same("tangent", &tangent.1, &expected.1);
    assert_same("hvp", &hvp(&ax, &av, |x| program(&x).sum()), &hvp(&x, &v, |x| program(&x).sum()));
    assert_same("hessian", &hessian(&ax, |x| program(&x).sum()), &hessian(&x, |x| program(&x).sum()));
}

#[test]
fn derivatives_of_a_program_agree_with_tensors() {
    derivatives_agree::<f32>();
    derivatives_agree::<f64>();
}

fn networks_agree<T: Float>() {
    let rng = &mut StdRng::seed_from_u64(2);
    let x = Tensor::<T>::uniform([8, 6], 0.0, 1.0, rng);
    let classes = Tensor::from_fn([8], |i| i[0] % 3);
    for f in [Transfer::Relu, Transfer::Tanh, Transfer::Sigmoid, Transfer::Softplus, Transfer::Silu, Transfer::Gelu] {
        let mlp = Mlp::<Tensor<T>>::new(&[6, 5, 3], f, Init::GlorotUniform, rng);
        let arrays = mlp.map(&mut |_, leaf| array(leaf));
        fn entropy<'t, V: Value>(
            tape: &'t Tape<V>,
            mlp: Mlp<Var<'t, V>>,
            x: &V,
            classes: &Tensor<usize>,
        ) -> Var<'t, V> {
            loss::cross_entropy(&mlp.forward(&tape.constant(x.clone())), classes)
        }
        let (ax, name) = (array(&x), format!("{f:?}"));
        let (value, gradient) = value_and_grad(&mlp, |tape, mlp| entropy(tape, mlp, &x, &classes));
        let found = value_and_grad(&arrays, |tape, mlp| entropy(tape, mlp, &ax, &classes));
        assert_same(&name, &found.0, &value);
        assert_same_tree(&name, &found.1, &gradient);
        let product = hvp_tree(&mlp, &mlp, |tape, mlp| entropy(tape, mlp, &x, &classes));
        let found = hvp_tree(&arrays, &arrays, |tape, mlp| entropy(tape, mlp, &ax, &classes));
        assert_same_tree(&format!("hvp, {name}"), &found, &product);
        fn penalty<'t, V: Value>(tape: &'t Tape<V>, mlp: Mlp<Var<'t, V>>, x: &V) -> Var<'t, V> {
            contractive::penalty(&mlp, tape.constant(x.clone()), Method::Nested)
        }
        let (_, gradient) = value_and_grad(&mlp, |tape, mlp| penalty(tape, mlp, &x));
        let (_, found) = value_and_grad(&arrays, |tape, mlp| penalty(tape, mlp, &ax));
        assert_same_tree(&format!("contractive penalty, {name}"), &found, &gradient);
    }
}

#[test]
fn gradients_and_hessian_products_of_networks_agree_with_tensors() {
    networks_agree::<f32>();
    networks_agree::<f64>();
}
