//! Linear operations: each is linear, equals its own derivative, and has a transpose.

use autodiff::prelude::*;
use tests::domain::{direction, rng};
use tests::law::{Verdict, agree, every};
use tests::table::Row;

/// The rows of linear functions.
const LINEAR: &[Row] = &[
    Row::neg,
    Row::scale,
    Row::div_by,
    Row::add,
    Row::sub,
    Row::add_column,
    Row::sub_row,
    Row::broadcast,
    Row::sum_to,
    Row::sum,
    Row::sum_axis,
    Row::sum_keep,
    Row::reshape,
    Row::flatten,
    Row::squeeze,
    Row::unsqueeze,
    Row::permute,
    Row::t,
    Row::swap_axes,
    Row::slice,
    Row::slice_by,
    Row::index_axis,
    Row::pad,
    Row::pad_by,
    Row::flip,
    Row::cumsum,
    Row::cumsum_from_end,
    Row::unfold,
    Row::unfold_by,
    Row::fold,
    Row::gather,
    Row::scatter_add,
    Row::take,
    Row::concat,
    Row::stack,
    Row::diagonal,
    Row::diagonal_matrix,
    Row::tril,
    Row::triu,
    Row::trace,
    Row::mean,
    Row::mean_axis,
];

fn every_linear(law: impl Fn(Row) -> Verdict) {
    every(LINEAR.iter().copied(), law);
}

#[test]
fn operation_commutes_with_linear_combinations() {
    every_linear(|row| {
        let (x, y) = (row.point(1), row.point(2));
        let combined = row.flat(&(&x * 2.0 - &y));
        agree("f(2x − y) = 2·f(x) − f(y)", &combined, &(row.flat(&x) * 2.0 - row.flat(&y)), 1e-14)
    });
}

#[test]
fn tangent_is_the_operation_applied_to_the_input_tangent() {
    every_linear(|row| {
        let (x, dx) = (row.point(1), row.point(2));
        agree("Df(x)·dx = f(dx)", &jvp(&x, &dx, |x| row.flat(&x)).1, &row.flat(&dx), 0.0)
    });
}

#[test]
fn transpose_of_the_transpose_is_the_operation() {
    every_linear(|row| {
        let x = row.point(1);
        let g = direction(row.flat(&x).size(), &mut rng(2));
        // The pullback is linear in the cotangent, so its own pullback is the operation.
        let tape = Tape::new();
        let (vx, vg) = (tape.variable(x.clone()), tape.variable(g));
        let pulled = row.flat(&vx).grad_with(vg, [vx])[0];
        let twice = pulled.backward_with(x.clone()).of(&vg);
        agree("fᵀᵀ = f", &twice, &row.flat(&x), 1e-14)
    });
}

#[test]
fn pullback_does_not_depend_on_the_point() {
    every_linear(|row| {
        let (x, y) = (row.point(1), row.point(2));
        let g = direction(row.flat(&x).size(), &mut rng(2));
        let at = |x: &Tensor<f64>| vjp(x, |x| row.flat(&x)).1(&g);
        agree("Jᵀ(x)·g = Jᵀ(y)·g", &at(&x), &at(&y), 0.0)
    });
}

#[test]
fn gradient_of_a_linear_operation_does_not_depend_on_the_point() {
    every_linear(|row| {
        let tape = Tape::new();
        let x = tape.variable(row.point(1));
        let [g] = row.flat(&x).mean().grad([x]);
        match g.grad_with(x, [x])[0].is_unconnected() {
            true => Ok(()),
            false => Err("the gradient depends on the point".into()),
        }
    });
}
