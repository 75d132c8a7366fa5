//! Exploring the latent space.

use super::model::Variational;
use crate::network::TransferFunction;
use autodiff::prelude::*;
use rand::Rng;

impl<T: Element, F: TransferFunction> Variational<Tensor<T>, F> {
    /// The means of p(x|z) at `n` draws of z from the prior: \[n, features\].
    #[track_caller]
    pub fn generate(&self, n: usize, rng: &mut impl Rng) -> Tensor<T> {
        self.decode_as("generate", &Tensor::normal([n, self.latent()], 0.0, 1.0, rng))
    }

    /// The means of p(x|z) at `steps` points on the line between the codes of two samples, both \[features\], ends
    /// included: \[steps, features\].
    ///
    /// # Panics
    /// Panics if the samples are not vectors that match the model.
    #[track_caller]
    pub fn interpolate(&self, from: &Tensor<T>, to: &Tensor<T>, steps: usize) -> Tensor<T> {
        let (a, b) = (from.shape(), to.shape());
        assert!(a.rank() == 1 && a == b, "interpolate: samples {a} and {b}: two of shape [features] are needed");
        let [from, to] = [from, to].map(|x| x.unsqueeze(0));
        let (from, to) = (self.posterior_as("interpolate", &from).mean, self.posterior_as("interpolate", &to).mean);
        let share = Tensor::linspace(0.0, 1.0, steps).unsqueeze(-1);
        self.decode_as("interpolate", &(&from + share * (&to - &from)))
    }

    /// The means of p(x|z) over a square grid of two latent units, from −`limit` to `limit` each, with the others 0:
    /// \[side², features\]. Rows of the grid go down the second unit and columns along the first.
    ///
    /// # Panics
    /// Panics if the model does not have these units, if both are the same unit, or if the limit is not finite.
    #[track_caller]
    pub fn traverse(&self, units: [usize; 2], limit: f64, side: usize) -> Tensor<T> {
        self.decode_as("traverse", &plane("traverse", self.latent(), units, limit, side))
    }
}

/// The points of a square grid: \[side², latent\], row by row from the upper left, where unit `units[0]` is −limit and
/// unit `units[1]` is limit.
///
/// ```
/// use nn::autoencoder::variational::latent_plane;
/// let z = latent_plane::<f64>(3, [0, 2], 1.0, 2);
/// assert_eq!(z.to_vec(), [-1.0, 0.0, 1.0, 1.0, 0.0, 1.0, -1.0, 0.0, -1.0, 1.0, 0.0, -1.0]);
/// ```
///
/// # Panics
/// Panics if a unit is out of range, if both are the same unit, or if the limit is not finite.
#[track_caller]
pub fn latent_plane<T: Element>(latent: usize, units: [usize; 2], limit: f64, side: usize) -> Tensor<T> {
    plane("latent_plane", latent, units, limit, side)
}

#[track_caller]
fn plane<T: Element>(function: &str, latent: usize, units: [usize; 2], limit: f64, side: usize) -> Tensor<T> {
    assert!(units.iter().all(|&unit| unit < latent), "{function}: units {units:?} are given, but there are {latent}");
    assert!(units[0] != units[1], "{function}: units {units:?} are given, but two different ones are needed");
    assert!(limit.is_finite(), "{function}: the limit {limit} is not finite");
    let place = |i: usize| -limit + 2.0 * limit * i as f64 / (side.max(2) - 1) as f64;
    let grid = Tensor::from_fn([side, side, latent], |at| {
        T::from_f64(match at[2] {
            unit if unit == units[0] => place(at[1]),
            unit if unit == units[1] => -place(at[0]),
            _ => 0.0,
        })
    });
    grid.reshape([side * side, latent])
}
