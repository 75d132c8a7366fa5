//! Losses of matrices and their first three derivatives, beside those of JAX (golden.py).

use super::{near, three_gradients_along};
use autodiff::prelude::*;

const N: usize = 4;

/// sin(seed + 3·i + 1.7·j·(i + 1)), which is neither symmetric nor singular.
fn formula(rows: usize, columns: usize, seed: f64) -> Tensor<f64> {
    Tensor::from_fn([rows, columns], |at| {
        let (i, j) = (at[0] as f64, at[1] as f64);
        (seed + 3.0 * i + 1.7 * j * (i + 1.0)).sin()
    })
}

type Recorded<'t> = Var<'t, Tensor<f64>>;

fn positive(a: Recorded<'_>) -> Recorded<'_> {
    (a + a.t()) * 0.5 + a.constant(Tensor::from([3.0, 4.0, 5.0, 6.0]).diagonal_matrix())
}

fn regular(a: Recorded<'_>) -> Recorded<'_> {
    a + a.constant(Tensor::eye(N) * 2.0)
}

fn weighted(y: Recorded<'_>) -> Recorded<'_> {
    let weights = Tensor::arange(y.shape().size()).cos().reshape(y.shape());
    (y * (y * 0.5 + 1.0) * &weights).sum()
}

/// The loss of this name.
fn loss<'t>(name: &str, a: Recorded<'t>) -> Recorded<'t> {
    let b = a.constant(formula(N, 2, 5.0));
    match name {
        "solve" => weighted(regular(a).solve(b)),
        "inverse" => weighted(regular(a).inverse()),
        "cholesky" => weighted(positive(a).cholesky()),
        "triangular_solve" => weighted(regular(a).triangular_solve(Triangle::Lower, b)),
        "det" => weighted(regular(a).det()),
        "log_det" => weighted(regular(a).log_det()),
        "qr" => {
            let (q, r) = a.qr();
            weighted(q) + weighted(r)
        }
        "eigh" => {
            let (w, v) = positive(a).eigh();
            let v = v.slice(1, 0, 2);
            weighted(w) + weighted(v.matmul_t(v))
        }
        "singular_values" => weighted(a.singular_values()),
        "svd" => {
            let (u, s, v) = a.svd();
            weighted(s) + weighted(u.slice(1, 0, 2).matmul_t(v.slice(1, 0, 2)))
        }
        "einsum" => weighted(Var::einsum("ij,kj,il,lm->mk", &[&a, &a, &b.matmul_t(b), &a])),
        _ => panic!("golden.txt: {name} is no loss of this test"),
    }
}

#[test]
fn derivatives_to_the_third_agree_with_jax() {
    let mut lines = include_str!("golden.txt").lines().map(|line| line.split(' '));
    let mut losses = 0;
    while let Some(mut value) = lines.next() {
        let name = value.next().expect("a name");
        let rows = if name == "qr" { N + 1 } else { N };
        let [a, u, v] = [1.0, 2.0, 3.0].map(|seed| formula(rows, N, seed));
        let gradients = three_gradients_along(&a, [&u, &v], |a| loss(name, a));
        let tape = Tape::new();
        near(name, &loss(name, tape.variable(a)).value(), &Tensor::scalar(parse(value.nth(1))), 1e-14);
        for (gradient, tolerance) in gradients.iter().zip([1e-13, 1e-12, 1e-11]) {
            let expected: Vec<f64> = lines.next().expect("a line").skip(2).map(|x| parse(Some(x))).collect();
            near(name, &gradient.flatten(), &Tensor::from(expected), tolerance);
        }
        losses += 1;
    }
    assert_eq!(losses, 11);
}

fn parse(number: Option<&str>) -> f64 {
    number.expect("a number").parse().expect("a number")
}
