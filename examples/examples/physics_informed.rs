//! A network solves the differential equation y″ + 0.4·y′ + 4y = 0 of a damped oscillator, with y(0) = 1 and y′(0) = 0.
//!
//! The loss is the mean squared residual of the equation (Raissi, Perdikaris and Karniadakis 2019). The residual
//! contains two derivatives with respect to the input t, and training differentiates it once more.

use autodiff::prelude::*;
use nn::{Init, Lbfgs, Mlp, Transfer};
use rand::{SeedableRng, rngs::StdRng};

const DAMPING: f64 = 0.4;
const STIFFNESS: f64 = 4.0;
const END: f64 = 3.0;

fn main() {
    let steps = if examples::Arguments::read().quick { 60 } else { 400 };
    let rng = &mut StdRng::seed_from_u64(0);
    let mut mlp = Mlp::<Tensor<f64>>::new(&[1, 20, 20, 1], Transfer::Tanh, Init::GlorotNormal, rng);
    let times = Tensor::<f64>::linspace(0.0, END, 40).reshape([40, 1]);
    let mut lbfgs = Lbfgs::new(20);
    let mut loss = f64::INFINITY;
    for step in 1..=steps {
        let previous = loss;
        loss = lbfgs.step(&mut mlp, |mlp| {
            value_and_grad(mlp, |tape, mlp| {
                let t = tape.constant(times.clone());
                let y = solution(&mlp, &t);
                let [velocity] = y.sum().grad([t]); // dyᵢ/dtᵢ in row i, as yᵢ depends on tᵢ only
                let [acceleration] = velocity.sum().grad([t]);
                (acceleration + velocity * DAMPING + y * STIFFNESS).square().mean()
            })
        });
        assert!(loss <= previous, "a step of L-BFGS does not increase the loss");
        if step % (steps / 5) == 0 {
            println!("step {step:3}: mean squared residual {loss:.2e}");
        }
    }
    let error = (solution(&mlp, &times) - exact(&times)).abs().max().item();
    println!("largest error against the exact solution: {error:.1e}");
    assert!(error < if steps < 400 { 0.1 } else { 2e-3 });
}

/// y(t) = 1 + t²·N(t), which meets y(0) = 1 and y′(0) = 0 for any network N. Only the equation is left to learn.
fn solution<V: Value>(mlp: &Mlp<V>, t: &V) -> V {
    mlp.forward(t) * t.square() + 1.0
}

/// The exact solution e^(−t·d/2)·(cos ωt + d/(2ω)·sin ωt), with damping d, stiffness k and ω² = k − d²/4.
fn exact(t: &Tensor<f64>) -> Tensor<f64> {
    let omega = (STIFFNESS - DAMPING * DAMPING / 4.0).sqrt();
    let oscillation = (t * omega).cos() + (t * omega).sin() * (DAMPING / (2.0 * omega));
    (t * (-DAMPING / 2.0)).exp() * oscillation
}
