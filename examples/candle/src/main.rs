//! Trains three models on the tensors of candle, in both precisions, on the first CUDA device if there is one.
//!
//!     cargo run --release [--features cuda]

use autodiff_candle::programs::{contractive, digits, physics};
use candle_core::Device;
use nn::NotFinite;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let device = Device::cuda_if_available(0)?;
    println!("on {device:?}");
    train::<f32>("f32", &device)?;
    train::<f64>("f64", &device)?;
    Ok(())
}

fn train<T: autodiff_candle::Float>(elements: &str, device: &Device) -> Result<(), NotFinite> {
    let report =
        |what: &str, figure: f64, copies: usize| println!("{elements}: {what} {figure:.4}, {copies} host copies");
    let trained = digits::<T>(device, 10)?;
    report("digits 64-32-10, accuracy on the test images", trained.figure, trained.host_copies);
    let trained = physics::<T>(device, 1000)?;
    report("damped oscillator, largest error", trained.figure, trained.host_copies);
    for factor in [0.0, 0.3] {
        let trained = contractive::<T>(device, 10, factor)?;
        report(&format!("autoencoder 64-24, λ = {factor}: ‖J‖²"), trained.figure, trained.host_copies);
    }
    Ok(())
}
