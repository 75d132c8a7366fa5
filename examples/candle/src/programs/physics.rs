//! A network solves the differential equation y″ + 0.4·y′ + 4y = 0 of a damped oscillator, with y(0) = 1 and y′(0) = 0.
//!
//! The loss is the mean squared residual of the equation (Raissi, Perdikaris and Karniadakis 2019). The residual contains two
//! derivatives with respect to the time, and training differentiates it once more.

use super::{Trained, on_device};
use crate::array::{Array, Float};
use crate::reading::host_copies;
use autodiff::prelude::*;
use candle_core::Device;
use nn::{Adam, Init, Mlp, NotFinite, Trainer, Transfer};
use rand::{SeedableRng, rngs::StdRng};

const DAMPING: f64 = 0.4;
const STIFFNESS: f64 = 4.0;

/// Trains for some steps on 40 times from 0 to 3. The figure is the largest error against the exact solution.
///
/// # Errors
/// Returns an error if a number in training is not finite.
pub fn physics<T: Float>(device: &Device, steps: usize) -> Result<Trained, NotFinite> {
    let rng = &mut StdRng::seed_from_u64(0);
    let mlp = Mlp::<Tensor<T>>::new(&[1, 20, 20, 1], Transfer::Tanh, Init::GlorotNormal, rng);
    let times = Tensor::<T>::linspace(0.0, 3.0, 40).reshape([40, 1]);
    let on_device_times = Array::from_host(&times, device);
    let mut trainer = Trainer::new(on_device(&mlp, device), Adam::new(1e-2));
    let before = host_copies();
    for _step in 0..steps {
        trainer.step(&on_device_times, &mut (), |tape, mlp, times, _| {
            let t = tape.constant(times.clone());
            let y = solution(&mlp, &t);
            let [velocity] = y.sum().grad([t]); // dyᵢ/dtᵢ in row i, because yᵢ depends on tᵢ only
            let [acceleration] = velocity.sum().grad([t]);
            (acceleration + velocity * DAMPING + y * STIFFNESS).square().mean()
        })?;
    }
    let host_copies = host_copies() - before;
    let found = solution(&trainer.model, &on_device_times).primal();
    let figure = (found - exact(&times)).abs().max().item();
    Ok(Trained { figure: autodiff::Number::to_f64(figure), host_copies })
}

/// y(t) = 1 + t²·N(t), which meets y(0) = 1 and y′(0) = 0 for any network N. Only the equation is left to learn.
fn solution<V: Value>(mlp: &Mlp<V>, t: &V) -> V {
    mlp.forward(t) * t.square() + 1.0
}

/// The exact solution e^(−t·d/2)·(cos ωt + d/(2ω)·sin ωt), with damping d, stiffness k and ω² = k − d²/4.
fn exact<T: Float>(t: &Tensor<T>) -> Tensor<T> {
    let omega = (STIFFNESS - DAMPING * DAMPING / 4.0).sqrt();
    let oscillation = (t * omega).cos() + (t * omega).sin() * (DAMPING / (2.0 * omega));
    (t * (-DAMPING / 2.0)).exp() * oscillation
}
