//! Arithmetic of trees, in each reading.

use autodiff::prelude::*;

type Pair<V> = (V, Vec<V>);

fn pair() -> Pair<Tensor<f64>> {
    (Tensor::from([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]]), vec![Tensor::scalar(2.0), Tensor::from([-0.5, 4.0])])
}

fn direction() -> Pair<Tensor<f64>> {
    (Tensor::from([[0.3, 1.0, -0.2], [2.0, 0.1, 0.7]]), vec![Tensor::scalar(-1.0), Tensor::from([0.4, 0.6])])
}

#[test]
fn arithmetic_of_trees_is_that_of_their_flat_vectors() {
    let (x, y) = (pair(), direction());
    let [flat_x, flat_y] = [&x, &y].map(tree::flatten);
    assert_eq!(flat_x.to_vec(), [1.0, -2.0, 0.5, 0.0, 3.0, -1.0, 2.0, -0.5, 4.0]);
    assert_eq!(tree::unflatten(&x, &flat_x), x);
    assert_eq!(tree::flatten(&tree::add_scaled(&x, 2.0, &y)), &flat_x + &flat_y * 2.0);
    assert_eq!(tree::flatten(&tree::add_scaled(&x, Tensor::scalar(2.0), &y)), &flat_x + &flat_y * 2.0);
    assert_eq!(tree::flatten(&tree::zip_map(&x, &y, |x, y| x * y)), &flat_x * &flat_y);
    assert_eq!(tree::flatten(&tree::zeros_like(&x)), Tensor::zeros([9]));
    autodiff::assert_close(&tree::dot(&x, &y), &flat_x.dot(&flat_y), 1e-15);
    autodiff::assert_close(&tree::norm(&x), &flat_x.norm(), 1e-15);
    // A tree and a list of its leaves have the same leaves.
    assert_eq!(tree::dot(&x, &y.leaves()), tree::dot(&x, &y));
}

#[test]
fn trees_of_plain_numbers_have_arithmetic() {
    let (x, y) = ((3.0f32, [4.0f32]), (1.0f32, [0.5f32]));
    assert_eq!((tree::dot(&x, &y), tree::norm(&x)), (5.0, 5.0));
    assert_eq!(tree::add_scaled(&x, 2.0, &y), (5.0, [5.0]));
    for unit in [1e-200, 1.0, 1e200] {
        assert!((tree::norm(&[3.0 * unit, 4.0 * unit]) / (5.0 * unit) - 1.0).abs() < 1e-15);
    }
}

/// Every function of the module, in one scalar.
fn mixture<V: Value>(x: &Pair<V>, y: &Pair<V>) -> V {
    let product = tree::zip_map(x, y, |x, y| x.sin().mul(y));
    let moved = tree::add_scaled(x, tree::dot(x, y), &product);
    let flat = tree::flatten(&moved);
    let back = tree::unflatten(x, &flat.exp().tanh());
    tree::norm(&back) + tree::norm(&moved) + tree::dot(&tree::zeros_like(x), y)
}

#[test]
fn arithmetic_of_trees_has_derivatives_of_every_order_in_every_mode() {
    check_grads_tree(&(pair(), direction()), &Options::order(3), |_, (x, y)| mixture(&x, &y)).unwrap();
}

#[test]
fn arithmetic_of_trees_runs_on_batches() {
    let rows = |x: &Tensor<f64>| Tensor::stack(0, &[x, &(x + 0.25), &(x * 0.5)]);
    let batch = (pair().map(&mut |_, x| rows(x)), direction().map(&mut |_, x| rows(x)));
    let by_rows = vmap_tree(&batch, |(x, y)| mixture(&x, &y));
    for i in 0..3 {
        let (x, y) = batch.map(&mut |_, leaf| leaf.index_axis(0, i));
        autodiff::assert_close(&by_rows.index_axis(0, i), &mixture(&x, &y), 1e-14);
    }
}

#[test]
fn norm_of_a_tree_has_the_right_second_derivative_at_a_leaf_of_zeros() {
    let at_zero = (Tensor::from([0.0]), Tensor::from([3.0, 4.0]));
    let v = (Tensor::from([1.0]), Tensor::zeros([2]));
    for mode in [Mode::Forward, Mode::Reverse] {
        // The norm r has the Hessian (1 − x·xᵀ/r²)/r.
        let (zero, other) = hvp_tree_by(mode, &at_zero, &v, |_, x| tree::norm(&x));
        assert_eq!((zero.to_vec(), other.to_vec()), (vec![0.2], vec![0.0, 0.0]));
    }
}

#[test]
fn losses_that_take_steps_of_descent_have_meta_gradients() {
    fn task<'t>(w: &Pair<Var<'t, Tensor<f64>>>, minimum: f64) -> Var<'t, Tensor<f64>> {
        (tree::flatten(w) - minimum).square().sum() * 0.5
    }
    let (x, steps, rate) = (pair(), 3, 0.1);
    let (_, gradient) = value_and_grad(&x, |_, w| {
        let mut adapted = w.clone();
        for _ in 0..steps {
            let inner = task(&adapted, 1.0).grad_tree(&adapted);
            adapted = tree::add_scaled(&adapted, -rate, &inner);
        }
        task(&adapted, -1.0)
    });
    // Each step takes w − 1 to 0.9·(w − 1), so the adapted weights are 1 + 0.729·(w − 1).
    let factor = 0.9f64.powi(3);
    let expected = tree::flatten(&x).map(|w| factor * (1.0 + factor * (w - 1.0) + 1.0));
    autodiff::assert_close(&tree::flatten(&gradient), &expected, 1e-14);
}
