//! Hebbian learning strengthens a weight if both of its units are active: Δw = η·y·x.
//!
//! Oja's rule, Δw = η·y·(x − y·w), finds the first principal component of the digits. An associative
//! memory, W = Σ y·xᵀ, recalls stored patterns from their upper halves.

use autodiff::prelude::*;
use nn::data::Digits;
use nn::hebb::{Association, oja};
use rand::{SeedableRng, rngs::StdRng};

fn main() {
    let x = Digits::<f64>::all().x;
    let x = &x - x.mean_axis(0);
    principal_component(&x);
    associative_memory();
}

/// Runs Oja's rule and compares w with the first eigenvector.
fn principal_component(x: &Tensor<f64>) {
    let v = power_iteration(x);
    let mut w = Tensor::normal([64], 0.0, 0.1, &mut StdRng::seed_from_u64(0));
    println!("Oja's rule on 1797 digits: the norm of w, and its cosine with the first principal component");
    for step in 0..=1000 {
        if step % 200 == 0 {
            let (norm, cosine) = (w.norm().item(), (w.dot(&v) / w.norm()).item().abs());
            println!("  step {step:4}: norm {norm:.6}, cosine {cosine:.6}");
        }
        w = oja(&w, x, 0.5);
    }
    assert!((w.norm().item() - 1.0).abs() < 1e-6 && w.dot(&v).item().abs() > 0.999999);
}

/// The first eigenvector of XᵀX, by power iteration.
fn power_iteration(x: &Tensor<f64>) -> Tensor<f64> {
    let gram = x.t_matmul(x);
    let normalised = |v: Tensor<f64>| &v / v.norm();
    (0..2000).fold(normalised(Tensor::ones([64])), |v, _| normalised(gram.matmul(&v)))
}

/// Stores three patterns of 8×8 cells and recalls each from its upper half.
fn associative_memory() {
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
    println!("\nAssociative memory: the cue (unknown cells are ?) → the recalled pattern");
    for row in 0..8 {
        let line = |x: &Tensor<f64>, k: usize| -> String {
            (0..8).map(|column| [" .", " ?", " #"][(x[[k, 8 * row + column]] + 1.0) as usize]).collect()
        };
        println!("{}", (0..3).map(|k| format!("{} →{}     ", line(&cue, k), line(&recalled, k))).collect::<String>());
    }
    assert_eq!(recalled, patterns);
}
