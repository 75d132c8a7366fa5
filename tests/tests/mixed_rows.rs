//! Functions that mix the rows of a batch have no Jacobian for each row: the search finds them, and traced tapes refuse.

use autodiff::check::Options;
use autodiff::prelude::*;

/// Numbers in \[n, 2\], without a zero and without ties.
fn rows(n: usize) -> Tensor<f64> {
    Tensor::from_fn([n, 2], |i| (1.0 + i[0] as f64 * 0.7 + i[1] as f64 * 0.4).sin())
}

fn mixed_row(n: usize, f: impl for<'t> Fn(Var<'t, Tensor<f64>>) -> Var<'t, Tensor<f64>>) -> Option<usize> {
    let tape = Tape::new();
    let x = tape.variable(rows(n));
    f(x).mixed_row(x)
}

#[test]
fn search_finds_a_single_row_that_depends_on_any_other_row() {
    for n in 1..10 {
        for (from, to) in (0..n * n).map(|pair| (pair / n, pair % n)) {
            let mask = Tensor::from_fn([n, n], |i| if (i[0], i[1]) == (to, from) { 0.5 } else { 0.0 });
            let found = mixed_row(n, |x| x.tanh() + x.constant(mask.clone()).matmul(x).sin());
            assert_eq!(found, (from != to).then_some(from), "{n} rows, row {to} depends on row {from}");
        }
    }
}

#[test]
fn search_accepts_functions_of_single_rows() {
    let w = Tensor::from([[0.5, -0.2], [0.3, 0.8], [1.0, 0.1]]);
    for n in [0, 1, 2, 5, 8, 33] {
        assert_eq!(mixed_row(n, |x| x.matmul_t(x.constant(w.clone())).tanh()), None);
        assert_eq!(mixed_row(n, |x| x.softmax(1) * x.sum_keep(1).sort(1)), None);
        assert_eq!(mixed_row(n, |x| x.constant(x.value())), None); // no dependence at all
        assert_eq!(mixed_row(n, |x| x.square().sum().grad([x])[0]), None);
    }
}

#[test]
fn search_finds_normalisation_over_the_batch_in_derivatives_too() {
    for n in [2, 3, 17] {
        assert_ne!(mixed_row(n, |x| x - x.mean_axis(0)), None);
        assert_ne!(mixed_row(n, |x| x.softmax(0)), None);
        assert_ne!(mixed_row(n, |x| x.flip(0)), None);
        assert_ne!(mixed_row(n, |x| x.cumsum(0)), None);
        assert_ne!(mixed_row(n, |x| x.sum().square().grad([x])[0]), None);
    }
    // In each row of an enclosing map.
    let found = |mix: bool| {
        let mut found = None;
        vmap(&Tensor::stack(0, &[&rows(3), &rows(3)]), |x| {
            let tape = Tape::new();
            let v = tape.variable(x.clone());
            found = if mix { v - v.mean_axis(0) } else { v.sin() }.mixed_row(v);
            x
        });
        found
    };
    assert_eq!((found(false), found(true).is_some()), (None, true));
}

fn penalty<'t>(x: Var<'t, Tensor<f64>>, mix: bool) -> Var<'t, Tensor<f64>> {
    let h = x.tanh();
    (if mix { h - h.mean_axis(0) } else { h }).batch_jacobian(x).square().sum()
}

#[test]
fn traced_tapes_reject_the_jacobian_of_mixed_rows() {
    for tape in [Tape::new(), Tape::traced()] {
        penalty(tape.variable(rows(4)), false);
    }
    penalty(Tape::new().variable(rows(4)), true);
    let tape = Tape::traced();
    let x = tape.variable(rows(4));
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| penalty(x, true).value()));
    let panic = panic.expect_err("a panic");
    let message = panic.downcast_ref::<String>().expect("a text");
    assert_eq!(message, "batch_jacobian: [4, 2] by [4, 2]: other rows of the output depend on row 0 of the input too");
}

#[test]
fn check_of_gradients_accepts_the_jacobian_of_single_rows() {
    check_grads(&rows(3), &Options::order(2), |x| penalty(x, false)).unwrap();
}

#[test]
#[should_panic(expected = "other rows of the output depend on row 0 of the input too")]
fn check_of_gradients_rejects_the_jacobian_of_mixed_rows() {
    let _ = check_grads(&rows(3), &Options::order(1), |x| penalty(x, true));
}
