//! Hebbian learning: Oja's rule finds the first principal component of the digits, and a memory of digits completes
//! what is cut off.

use autodiff::prelude::*;
use nn::data::Digits;
use nn::hebb::{Association, oja};
use rand::{SeedableRng, rngs::StdRng};

fn main() {
    let x = Digits::<f64>::all().x;
    let x = &x - x.mean_axis(0);
    principal_component(&x);
    memory();
}

fn principal_component(x: &Tensor<f64>) {
    let v = power_iteration(x);
    let mut w = Tensor::normal([64], 0.0, 0.1, &mut StdRng::seed_from_u64(0));
    println!("Oja's rule on 1797 digits: the norm of w, and its cosine with the first eigenvector");
    for step in 0..=1000 {
        if step % 200 == 0 {
            let (norm, cosine) = (w.norm().item(), (w.dot(&v) / w.norm()).item().abs());
            println!("  step {step:4}: norm {norm:.6}, cosine {cosine:.6}");
        }
        w = oja(&w, x, 0.5);
    }
    assert!((w.norm().item() - 1.0).abs() < 1e-6 && w.dot(&v).item().abs() > 0.999999);
}

/// The first eigenvector of XᵀX.
fn power_iteration(x: &Tensor<f64>) -> Tensor<f64> {
    let square = x.t_matmul(x);
    let unit = |v: Tensor<f64>| &v / v.norm();
    (0..2000).fold(unit(Tensor::ones([64])), |v, _| unit(square.matmul(&v)))
}

/// Three patterns of 8×8 cells are stored; from the upper half of each, the whole is recalled.
fn memory() {
    let pattern =
        |f: fn(usize, usize) -> bool| Tensor::from_fn([64], |i| if f(i[0] / 8, i[0] % 8) { 1.0 } else { -1.0 });
    let patterns = Tensor::<f64>::stack(
        0,
        &[
            &pattern(|row, column| row == column || row + column == 7),
            &pattern(|row, column| (row / 2 + column / 2) % 2 == 0),
            &pattern(|_, column| column < 3),
        ],
    );
    let mut memory = Association::new(64, 64);
    memory.store(&patterns, &patterns);
    let cue = patterns.slice(1, 0, 32).pad(1, 0, 32);
    let recalled = memory.recall(&cue);
    println!("\nShown, and recalled:");
    for row in 0..8 {
        let line = |x: &Tensor<f64>, k: usize| -> String {
            (0..8).map(|column| [" .", " ?", " #"][(x[[k, 8 * row + column]] + 1.0) as usize]).collect()
        };
        println!("{}", (0..3).map(|k| format!("{} →{}     ", line(&cue, k), line(&recalled, k))).collect::<String>());
    }
    assert_eq!(recalled, patterns);
}
