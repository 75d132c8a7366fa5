//! Programs that train on arrays: a classifier, a network that solves a differential equation, and an autoencoder whose loss
//! contains its Jacobian. Each is generic over the element type and runs on any device.

mod contractive;
mod digits;
mod physics;

pub use contractive::contractive;
pub use digits::digits;
pub use physics::physics;

use crate::array::{Array, Float};
use autodiff::{Tensor, Tree};
use candle_core::Device;

/// What a training achieved.
#[derive(Clone, Copy, Debug)]
pub struct Trained {
    /// The figure that the program names.
    pub figure: f64,
    /// The arrays that training copied between host and device, see [`host_copies`](crate::host_copies).
    pub host_copies: usize,
}

/// A model on a device.
pub(crate) fn on_device<T: Float, M: Tree<Leaf = Tensor<T>>>(model: &M, device: &Device) -> M::With<Array<T>> {
    model.map(&mut |_, leaf| Array::from_host(leaf, device))
}
