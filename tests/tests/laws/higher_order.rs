//! Second and third derivatives: all methods agree with each other and with finite differences. Mixed derivatives are
//! symmetric.

use autodiff::prelude::*;
use tests::domain::{direction, rng};
use tests::finite_differences::directional;
use tests::law::{agree, every, every_row};
use tests::table::Row;

/// For methods that compute the same terms in the same order.
const ULPS: f64 = 1e-14;
/// For methods that add in another order. Third derivatives in the table reach 10⁴ and cancel.
const ROUNDING: f64 = 1e-12;

fn gradient<V: Value>(row: Row, x: &V) -> V {
    grad(x, |x| row.loss(&x))
}

/// A point of a row, and `N` directions.
fn case<const N: usize>(row: Row) -> (Tensor<f64>, [Tensor<f64>; N]) {
    let x = row.point(11);
    let rng = &mut rng(12);
    let n = x.size();
    (x, std::array::from_fn(|_| direction(n, rng)))
}

#[test]
fn hessian_vector_products_agree_with_finite_differences() {
    every(Row::differentiable(), |row| {
        let (x, [v]) = case(row);
        agree("hvp = difference", &hvp(&x, &v, |x| row.loss(&x)), &directional(&x, &v, |x| gradient(row, x)), 1e-7)
    });
}

#[test]
fn all_methods_give_the_same_hessian_vector_product() {
    every_row(|row| {
        let (x, [v]) = case(row);
        let product = hvp(&x, &v, |x| row.loss(&x));
        let reverse = hvp_tree_by(Mode::Reverse, &x, &v, |_, x| row.loss(&x));
        agree("forward over reverse = reverse over reverse", &product, &reverse, ROUNDING)?;
        let (g, beside) = grad_and_hvp(&x, &v, |x| row.loss(&x));
        agree("gradient beside the product", &g, &gradient(row, &x), ROUNDING)?;
        agree("product beside the gradient", &product, &beside, ROUNDING)?;

        let of_dual = gradient(row, &Dual::new(x.clone(), v.clone())).tangent();
        agree("= tape of duals", &product, &of_dual, ROUNDING)?;

        let elements = Tensor::from_fn(x.shape(), |i| Dual::new(x[i], v[i]));
        let of_elements = gradient(row, &elements).map(|g| g.tangent());
        agree("= tape of dual elements", &product, &of_elements, ROUNDING)?;

        let tape = Tape::new();
        let (vx, vv) = (tape.variable(x.clone()), tape.constant(v.clone()));
        let [of_dual] = row.loss(&Dual::new(vx, vv)).tangent().grad([vx]);
        agree("= dual of variables", &product, &of_dual.value(), ROUNDING)?;

        let [g] = row.loss(&vx).grad([vx]);
        agree("= recorded twice", &reverse, &(g * vv).sum().grad([vx])[0].value(), ULPS)?;
        agree("= recorded forward", &product, &g.jvp([vx], [vv]).value(), ULPS)?;

        let outer = gradient_of_product(row, tape.variable(x.clone()), vv);
        agree("= tape of variables", &reverse, &outer.value(), ROUNDING)
    });
}

/// The gradient of ⟨∇f, v⟩, by a tape over variables of another tape.
fn gradient_of_product<'t>(row: Row, x: Var<'t, Tensor<f64>>, v: Var<'t, Tensor<f64>>) -> Var<'t, Tensor<f64>> {
    (gradient(row, &x) * v).sum().grad([x])[0]
}

#[test]
fn hessians_are_symmetric_and_agree_with_their_products() {
    every_row(|row| {
        let (x, [v]) = case(row);
        let h = hessian(&x, |x| row.loss(&x));
        agree("H = Hᵀ", &h, &h.t(), ROUNDING)?;
        agree("H·v", &h.matmul(&v), &hvp(&x, &v, |x| row.loss(&x)), ROUNDING)?;
        agree("laplacian = trace", &h.trace(), &laplacian(&x, |x| row.loss(&x)), ROUNDING)?;
        let (g, diagonal) = grad_and_hessian_diagonal(&x, |x| row.loss(&x));
        agree("gradient beside the diagonal", &g, &gradient(row, &x), ROUNDING)?;
        agree("diagonal = diagonal of the Hessian", &h.diagonal(), &diagonal, ROUNDING)?;
        let tape = Tape::new();
        let vx = tape.variable(x.clone());
        let [g] = row.loss(&vx).grad([vx]);
        agree("recorded", &h, &g.jacobian(vx).value(), ULPS)?;
        agree("by forward mode", &h, &jacobian_by(Mode::Forward, &x, |x| row.loss(&x).grad([x])[0]), ROUNDING)
    });
}

#[test]
fn hessian_vector_products_commute_with_vmap() {
    every_row(|row| {
        let rows: Vec<Tensor<f64>> = (0..3).map(|seed| row.point(seed)).collect();
        let x = Tensor::stack(0, &rows.iter().collect::<Vec<_>>());
        let (_, [v]) = case(row);
        let each: Vec<_> = rows.iter().map(|x| hvp(x, &v, |x| row.loss(&x))).collect();
        let expected = Tensor::stack(0, &each.iter().collect::<Vec<_>>());
        agree("hvp inside vmap", &vmap(&x, |x| hvp(&x, &x.lift(&v), |x| row.loss(&x))), &expected, ROUNDING)?;
        let outside = hvp(&x, &v.broadcast_to(x.shape()), |x| vmap(&x, |x| row.loss(&x)).sum());
        agree("vmap inside hvp", &outside, &expected, ROUNDING)
    });
}

#[test]
fn third_derivatives_agree_with_finite_differences() {
    every(Row::differentiable(), |row| {
        let (x, [u, v]) = case(row);
        let third = third_gradient(row, &x, &u, &v);
        let difference = directional(&x, &v, |x| hvp(x, &u, |x| row.loss(&x)));
        agree("third = difference", &third, &difference, 1e-6)
    });
}

/// The gradient of the second derivative along u and v, by three recorded backward passes.
fn third_gradient(row: Row, x: &Tensor<f64>, u: &Tensor<f64>, v: &Tensor<f64>) -> Tensor<f64> {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    let mut y = row.loss(&x);
    for direction in [u, v] {
        y = (y.grad([x])[0] * direction).sum();
    }
    y.grad([x])[0].value()
}

#[test]
fn all_methods_give_the_same_third_derivative() {
    every_row(|row| {
        let (x, [u, v, w]) = case(row);
        let third = third_gradient(row, &x, &u, &v);
        agree("symmetric", &third, &third_gradient(row, &x, &v, &u), ROUNDING)?;
        agree("symmetric", &third.dot(&w), &third_gradient(row, &x, &v, &w).dot(&u), ROUNDING)?;

        let twice = |x: &Tensor<f64>| Dual::new(Dual::new(x.clone(), u.clone()), Dual::constant(v.clone()));
        let of_duals = gradient(row, &twice(&x)).tangent().tangent();
        agree("= tape of duals of duals", &third, &of_duals, ROUNDING)?;

        let thrice = Dual::new(twice(&x), Dual::constant(Dual::constant(w.clone())));
        let forward = row.loss(&thrice).tangent().tangent().tangent();
        agree("= duals of duals of duals", &third.dot(&w), &forward, ROUNDING)?;

        let tape = Tape::new();
        let vx = tape.variable(x.clone());
        let pushed = [&u, &v, &w].into_iter().fold(row.loss(&vx), |y, v| y.jvp([vx], [vx.constant(v.clone())]));
        agree("= recorded forward three times", &third.dot(&w), &pushed.value(), ROUNDING)
    });
}
