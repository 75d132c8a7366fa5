//! Detached values, primitives, checkpoints and batches inside nested derivatives.

use crate::{d, push};
use autodiff::prelude::*;
use autodiff::{assert_close, custom};
use tests::table::{Cube, CustomProduct};

#[test]
fn detach_cuts_the_derivatives_of_its_own_and_of_outer_levels() {
    // The inner derivative is x, and `detach` makes it a constant for the outer level.
    assert_eq!(d(&2.0, |x| d(&x.constant(3.0), |y| y.constant(x) * y).detach() * x), 2.0);
    assert_eq!(d(&2.0, |x| d(&x.constant(3.0), |y| y.constant(x).detach() * y) * x), 2.0);
    assert_eq!(d(&2.0, |x| d(&x.constant(3.0), |y| y.constant(x) * y * y.detach()) * x), 12.0);
    assert_eq!(push(&2.0, |x| push(&x.full_like(3.0), |y| Dual::constant(x) * y * y.detach()) * x), 12.0);
    let tape = Tape::new();
    let x = tape.variable(2.0);
    let [slope] = (x.powi(3) * x.detach()).grad([x]); // 3x²·c and then 6x·c, with the constant c = 2
    assert_eq!((slope.value(), slope.grad([x])[0].value()), (24.0, 24.0));
}

#[test]
fn custom_primitives_differentiate_correctly_at_every_level() {
    assert_eq!(d(&2.0, |x| d(&x, |y| custom(Cube, &[&(y * y.constant(x))]))), 3.0 * 5.0 * 16.0);
    assert_eq!(push(&2.0, |x| push(&x, |y| custom(Cube, &[&(y * Dual::constant(x))]))), 240.0);
    assert_eq!(d(&2.0, |x| push(&x, |y| custom(Cube, &[&(y * Dual::constant(x))]))), 240.0);
    assert_eq!(nth_derivative(3, &2.0, |x| custom(Cube, &[&x])), 6.0);
    assert_eq!(nth_derivative(4, &2.0, |x| custom(Cube, &[&x]) * x), 24.0);
    assert_eq!(d(&1.0, |x| x * d(&x.constant(1.0), |y| custom(CustomProduct, &[&y.constant(x), &y]))), 2.0);
    assert_eq!(nth_derivative(2, &3.0, |x| custom(CustomProduct, &[&x, &x])), 2.0);
}

#[test]
fn checkpoints_differentiate_correctly_at_every_level() {
    let part = |x: f64| checkpoint(|x| x[0].square().sin(), &[&x]);
    assert_eq!(part(0.5), 0.25f64.sin());
    let plain = nth_derivative(3, &0.7, |x| x.square().sin());
    let checkpointed = nth_derivative(3, &0.7, |x| checkpoint(|x| x[0].square().sin(), &[&x]));
    assert!((plain - checkpointed).abs() < 1e-13);
    let nested = nth_derivative(3, &0.7, |x| checkpoint(|x| checkpoint(|x| x[0].square(), &[&x[0]]).sin(), &[&x]));
    assert!((plain - nested).abs() < 1e-13);
    // A derivative inside a checkpoint inside a derivative: d/dx [x · cos(x²)·2x].
    let inner = d(&0.7, |x| checkpoint(|x| x[0] * grad(&x[0], |y| y.square().sin()), &[&x]));
    let by_hand = d(&0.7, |x| x * x.square().cos() * x * 2.0);
    assert!((inner - by_hand).abs() < 1e-13);
}

#[test]
fn gradients_nest_inside_batches_and_batches_inside_gradients() {
    let x = Tensor::from([[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]]);
    let row_function = |x: &Tensor<f64>| grad(x, |x| x.sin().prod());
    let each: Vec<Tensor<f64>> = (0..3).map(|i| row_function(&x.index_axis(0, i))).collect();
    let each = Tensor::stack(0, &each.iter().collect::<Vec<_>>());
    assert_close(&vmap(&x, |x| grad(&x, |x| x.sin().prod())), &each, 1e-15);

    // The gradient of Σ ‖∇f(row)‖² holds a batch of gradients; it equals three Hessian-vector products.
    let penalty = grad(&x, |x| vmap(&x, |x| grad(&x, |x| x.sin().prod()).square().sum()).sum());
    let by_hand: Vec<_> =
        (0..3).map(|i| hvp(&x.index_axis(0, i), &each.index_axis(0, i), |x| x.sin().prod()) * 2.0).collect();
    assert_close(&penalty, &Tensor::stack(0, &by_hand.iter().collect::<Vec<_>>()), 1e-14);

    // A batch inside a gradient inside a batch: d/dc Σᵢ (c·xᵢ)³ = 3c² Σ xᵢ³ for each c.
    let c = Tensor::from([1.0, 2.0]);
    let column = x.index_axis(1, 0);
    let slopes = vmap(&c, |c| {
        grad(&c, |c| vmap(&c.constant(c.value().lift(&column)), |x| (x * Batched::shared(c)).powi(3)).sum())
    });
    assert_close(&slopes, &(c.square() * column.powi(3).sum() * 3.0), 1e-14);
}

/// The Jacobian of each row, computed inside a batch, and the gradient of a penalty on these Jacobians.
#[test]
fn jacobians_inside_a_batch_can_be_differentiated() {
    let x = Tensor::from([[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]]);
    let w = Tensor::from([[1.0, 2.0], [-0.5, 0.3], [0.2, 0.7]]);
    let by_rows = vmap(&x, |x| jacobian(&x, |x| x.constant(x.value().lift(&w)).matmul(x).tanh()));
    assert_close(&by_rows, &batch_jacobian(&x, |x| x.matmul_t(x.constant(w.clone())).tanh()), 1e-15);
    let penalty = |w: &Tensor<f64>| {
        grad(w, |w| {
            let x = w.constant(x.clone());
            x.matmul_t(w).tanh().batch_jacobian(x).square().sum()
        })
    };
    let nested = grad(&w, |w| {
        vmap(&w.constant(x.clone()), |x| {
            jacobian(&x, |x| x.constant(Batched::shared(w)).matmul(x).tanh()).square().sum()
        })
        .sum()
    });
    assert_close(&nested, &penalty(&w), 1e-14);
}

/// `grad` in `vmap` in `grad` in `vmap`, around a checkpoint and a primitive:
/// f(c) = d/dc Σⱼ (d/dx cube(c·x))(xⱼ) = Σⱼ 9c²·xⱼ².
#[test]
fn four_alternating_transforms_nest() {
    let points = Tensor::from([0.5, -1.0, 2.0]);
    let c = Tensor::from([1.0, -2.0]);
    let slopes = vmap(&c, |c| {
        grad(&c, |c| {
            let points = c.constant(c.value().lift(&points));
            vmap(&points, |x| {
                let c = Batched::shared(c);
                grad(&x, |x| checkpoint(|x| custom(Cube, &[&(x[0] * x[1])]), &[&x, &x.constant(c.clone())]))
            })
            .sum()
        })
    });
    assert_close(&slopes, &(c.square() * points.square().sum() * 9.0), 1e-13);
}

/// The function runs once for all rows, so a draw inside is shared. A draw that is a leaf has rows of its own.
#[test]
fn rows_share_a_draw_inside_a_map_and_have_their_own_as_a_leaf() {
    let x = Tensor::ones([3, 2]);
    let draw = |shape: Shape| Tensor::<f64>::uniform(shape, 0.0, 1.0, &mut tests::domain::rng(1));
    let shared = vmap(&x, |x| x.clone() * x.lift(&draw(x.shape())));
    assert_eq!(shared, draw([2].into()).broadcast_to([3, 2]));
    let noise = draw([3, 2].into());
    assert_eq!(vmap_tree(&(x.clone(), noise.clone()), |(x, noise)| x * noise), noise);
    let gradient = grad(&x, |x| vmap_tree(&(x, x.constant(noise.clone())), |(x, noise)| x * noise).sum());
    assert_eq!(gradient, noise);
}

/// The index of a sort has an entry for each row of the batch.
#[test]
fn sort_in_a_checkpoint_in_a_map_sorts_each_row() {
    let x = Tensor::from([[0.3, 0.1, 0.2], [1.0, 3.0, 2.0]]);
    let sorted = |x: &Batched<Tensor<f64>>| checkpoint(|x| x[0].sort(0) * 2.0, &[x]);
    assert_eq!(vmap(&x, |x| sorted(&x)), x.sort(1) * 2.0);
    let gradient = vmap(&x, |x| grad(&x, |x| (checkpoint(|x| x[0].sort(0), &[&x]) * x).sum()));
    assert_close(&gradient, &(x.sort(1) + Tensor::from([[0.2, 0.3, 0.1], [1.0, 2.0, 3.0]])), 1e-15);
}
