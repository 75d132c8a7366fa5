//! A custom loss is an ordinary function of the library's operations: it can be differentiated to any order and
//! minimised by any optimiser.
//!
//! Here a line y = w·x + b is fitted to points with outliers, by the negative log-likelihood of Student's t,
//! (ν + 1)/2·Σ ln(1 + r²/ν), which the library does not provide.

use autodiff::prelude::*;
use nn::{Init, Lbfgs, Linear, loss};
use rand::{SeedableRng, rngs::StdRng};

/// (ν + 1)/2·Σ ln(1 + r²/ν), averaged over the batch. A large error r counts by its logarithm only.
fn student_t<V: Value>(y: &V, target: &Tensor<V::Elem>, nu: f64) -> V {
    let r = y.clone() - y.lift(target);
    loss::batch_mean(&((r.square() * (1.0 / nu)).ln1p() * ((nu + 1.0) / 2.0)))
}

fn main() {
    let rng = &mut StdRng::seed_from_u64(0);
    let x = Tensor::<f64>::uniform([100, 1], -1.0, 1.0, rng);
    let noise = Tensor::normal([100, 1], 0.0, 0.05, rng);
    let outliers = Tensor::from_fn([100, 1], |i| if i[0] % 5 == 0 { 4.0 } else { 0.0 });
    let target = &x * 2.0 + 0.5 + noise + outliers;

    let line = Linear::new(1, 1, Init::Constant(0.0), rng);
    let by_squared_error = fit(&line, &x, |y| loss::squared_error(&y, &target));
    let by_student_t = fit(&line, &x, |y| student_t(&y, &target, 1.0));
    println!("Lines fitted to y = 2x + 0.5, with a fifth of the points moved up by 4:");
    for (name, line) in [("squared error", &by_squared_error), ("Student's t", &by_student_t)] {
        println!("  {name:13}: y = {:.3}·x + {:.3}", line.weight[[0, 0]], line.bias[[0]]);
    }
    assert!((by_squared_error.bias[[0]] - 0.5).abs() > 0.5, "the squared error follows the outliers");
    assert!((by_student_t.weight[[0, 0]] - 2.0).abs() < 0.1 && (by_student_t.bias[[0]] - 0.5).abs() < 0.1);
    check_second_order(&x, &target);
}

/// Fits a line to the whole batch by L-BFGS.
fn fit(
    line: &Linear<Tensor<f64>>,
    x: &Tensor<f64>,
    loss: impl for<'t> Fn(Var<'t, Tensor<f64>>) -> Var<'t, Tensor<f64>>,
) -> Linear<Tensor<f64>> {
    let mut line = line.clone();
    let mut lbfgs = Lbfgs::new(10);
    for _ in 0..30 {
        lbfgs.step(&mut line, |line| value_and_grad(line, |_, line| loss(line.forward(x))));
    }
    line
}

/// Compares the Hessian-vector product computed on the tape with a central difference of gradients.
fn check_second_order(y: &Tensor<f64>, target: &Tensor<f64>) {
    let gradient = |y: &Tensor<f64>| grad(y, |y| student_t(&y, target, 1.0));
    let v = Tensor::<f64>::linspace(-1.0, 1.0, 100).reshape([100, 1]);
    let by_tape = hvp(y, &v, |y| student_t(&y, target, 1.0));
    let by_difference = (gradient(&(y + &v * 1e-5)) - gradient(&(y - &v * 1e-5))) / 2e-5;
    let error = (&by_tape - &by_difference).abs().max().item();
    println!("Hessian-vector product on the tape and by central differences: largest difference {error:.1e}");
    assert!(error < 1e-9);
}
