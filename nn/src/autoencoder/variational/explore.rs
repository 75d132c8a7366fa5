//! Exploring the latent space.

use super::model::Variational;
use autodiff::prelude::*;
use rand::Rng;

impl<T: Element> Variational<Tensor<T>> {
    /// The means of p(x|z) at `n` draws of z from the prior: \[n, features\].
    #[track_caller]
    pub fn generate(&self, n: usize, rng: &mut impl Rng) -> Tensor<T> {
        self.decode(&Tensor::normal([n, self.latent()], 0.0, 1.0, rng))
    }

    /// The means of p(x|z) at `steps` points on the line between the codes of two samples, both \[features\], ends
    /// included: \[steps, features\].
    ///
    /// # Panics
    /// Panics if the samples do not match the model.
    #[track_caller]
    pub fn interpolate(&self, from: &Tensor<T>, to: &Tensor<T>, steps: usize) -> Tensor<T> {
        let [from, to] = [from, to].map(|x| self.posterior(&x.unsqueeze(0)).mean);
        let share = Tensor::linspace(0.0, 1.0, steps).unsqueeze(-1);
        self.decode(&(&from + share * (&to - &from)))
    }

    /// The means of p(x|z) over a square grid of two latent units, from −`limit` to `limit` each, with the others 0:
    /// \[side², features\]. Rows of the grid go down the second unit and columns along the first.
    ///
    /// # Panics
    /// Panics if the model does not have these units.
    #[track_caller]
    pub fn traverse(&self, units: [usize; 2], limit: f64, side: usize) -> Tensor<T> {
        let latent = self.latent();
        assert!(units.iter().all(|&unit| unit < latent), "traverse: units {units:?} are given, but there are {latent}");
        self.decode(&latent_plane(latent, units, limit, side))
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
pub fn latent_plane<T: Element>(latent: usize, units: [usize; 2], limit: f64, side: usize) -> Tensor<T> {
    let place = |i: usize| -limit + 2.0 * limit * i as f64 / (side.max(2) - 1) as f64;
    Tensor::from_fn([side * side, latent], |at| {
        let (row, column) = (at[0] / side, at[0] % side);
        T::from_f64(match at[1] {
            unit if unit == units[0] => place(column),
            unit if unit == units[1] => -place(row),
            _ => 0.0,
        })
    })
}
