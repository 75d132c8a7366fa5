//! Arithmetic as people write it: assignment, sums of iterators, and formats, on every type of number.

use autodiff::prelude::*;

#[test]
fn assignment_operators_act_on_variables() {
    fn steps<'t, V: Value>(x: Var<'t, V>) -> Var<'t, V> {
        let mut y = x;
        y += x.square();
        y -= &x;
        y *= 3.0;
        y /= x + 1.0;
        y += 2.0;
        y
    }
    // y = 3x²/(x + 1) + 2, so y′ = 3(x² + 2x)/(x + 1)².
    assert_eq!(value_and_grad(&1.0, |_, x| steps(x)), (3.5, 2.25));
    assert_eq!(grad(&Tensor::from([1.0]), |x| steps(x).sum()).to_vec(), [2.25]);
}

#[test]
fn assignment_operators_act_on_tensors_duals_and_batches() {
    let mut w = Tensor::from([1.0, 2.0]);
    w -= &Tensor::from([0.5, 1.0]) * 0.1;
    w *= 2.0;
    assert_eq!(w.to_vec(), [1.9, 3.8]);
    let mut x = Dual::new(3.0, 1.0);
    x *= x;
    x %= Dual::constant(5.0);
    assert_eq!((x.x, x.tangent()), (4.0, 6.0));
    let rows = vmap(&Tensor::from([[1.0], [2.0]]), |mut x| {
        x += 1.0;
        x.square().sum()
    });
    assert_eq!(rows.to_vec(), [4.0, 9.0]);
}

#[test]
fn iterators_of_variables_have_sums_and_products() {
    let x = vec![1.0, 2.0, 3.0];
    let gradient = |f: for<'t> fn(Vec<Var<'t, f64>>) -> Var<'t, f64>| value_and_grad(&x, |_, x| f(x)).1;
    assert_eq!(gradient(|x| x.into_iter().map(|x| x.square()).sum()), [2.0, 4.0, 6.0]);
    assert_eq!(gradient(|x| x.into_iter().product()), [6.0, 3.0, 2.0]);
}

#[test]
#[should_panic(expected = "sum: there are no variables, so the sum belongs to no tape")]
fn sum_of_no_variables_is_refused() {
    Vec::<Var<'_, f64>>::new().into_iter().sum::<Var<'_, f64>>();
}

#[test]
fn numbers_are_written_in_the_format_that_is_asked_for() {
    let tape = Tape::new();
    let x = tape.variable(2.0f64.sqrt());
    assert_eq!(format!("{x:.2} {x:e}"), "1.41 1.4142135623730951e0");
    assert_eq!(format!("{:.1}", tape.variable(0.25) * 3.0), "0.8");
    let dual = Dual::new(0.125, 2.0);
    assert_eq!(format!("{dual} {dual:.1} {dual:e}"), "0.125 + 2ε 0.1 + 2.0ε 1.25e-1 + 2e0ε");
    let active: Active<'_, f64> = Active::constant(1.5);
    assert_eq!(format!("{active:.2} {active:e}"), "1.50 1.5e0");
    let vector = Tape::new();
    let v = vector.variable(Tensor::from([1.0, 2.0]));
    assert_eq!(v.to_string(), Tensor::from([1.0, 2.0]).to_string());
}
