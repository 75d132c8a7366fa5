//! A training step of a variational autoencoder by hand, with a Bernoulli decoder and Adam.

use super::functions::{self, Number};
use super::{Activation, Layer, Parameter, Update, backward, backward_all, forward_all, layers, update_all};

pub(crate) struct Vae<T> {
    encoder: Vec<Layer<T>>,
    /// z as a layer without weights, whose δ the decoder writes.
    latent: Layer<T>,
    decoder: Vec<Layer<T>>,
    batch: usize,
    steps: i32,
}

type Weights<T> = Vec<(usize, usize, Vec<T>)>;

impl<T: Number> Vae<T> {
    /// A model from its layers. The last layer of the encoder outputs μ and ln σ², side by side.
    pub(crate) fn new(encoder: Weights<T>, decoder: Weights<T>, batch: usize) -> Self {
        let units = decoder[0].1;
        let zeros = || vec![T::ZERO; batch * units];
        let latent = Layer {
            inputs: 0,
            outputs: units,
            activation: Activation::Linear,
            weight: Parameter::new(Vec::new(), Update::Adam),
            bias: Parameter::new(Vec::new(), Update::Adam),
            y: zeros(),
            delta: zeros(),
        };
        let [encoder, decoder] =
            [encoder, decoder].map(|w| layers(w, Activation::Relu, Activation::Linear, batch, Update::Adam));
        Self { encoder, latent, decoder, batch, steps: 0 }
    }

    /// Trains on one batch with noise ε, and returns −ELBO before the update.
    pub(crate) fn step(&mut self, x: &[T], noise: &[T]) -> f64 {
        let (units, scale) = (self.latent.outputs, T::of(1.0 / self.batch as f64));
        forward_all(&mut self.encoder, x, self.batch);
        let code = self.encoder.last_mut().expect("layers");
        let mut kl = T::ZERO;
        let rows = self.latent.y.chunks_exact_mut(units).zip(noise.chunks_exact(units));
        for ((z, noise), code) in rows.zip(code.y.chunks_exact(2 * units)) {
            for (j, (z, &noise)) in z.iter_mut().zip(noise).enumerate() {
                let (mean, std) = (code[j], (T::of(0.5) * code[units + j]).exp());
                *z = mean + std * noise;
                kl += mean * mean + std * std - T::ONE - code[units + j];
            }
        }
        forward_all(&mut self.decoder, &self.latent.y, self.batch);
        let output = self.decoder.last_mut().expect("layers");
        let nats = functions::bernoulli(&output.y, x, &mut output.delta, scale);
        for l in (1..self.decoder.len()).rev() {
            let (before, rest) = self.decoder.split_at_mut(l);
            backward(&mut rest[0], before.last_mut(), &self.latent.y, self.batch);
        }
        backward(&mut self.decoder[0], Some(&mut self.latent), x, self.batch);
        let rows = self.latent.delta.chunks_exact(units).zip(noise.chunks_exact(units));
        let codes = code.y.chunks_exact(2 * units).zip(code.delta.chunks_exact_mut(2 * units));
        for ((dz, noise), (code, delta)) in rows.zip(codes) {
            for j in 0..units {
                let std = (T::of(0.5) * code[units + j]).exp();
                delta[j] = dz[j] + scale * code[j];
                delta[units + j] = T::of(0.5) * (dz[j] * noise[j] * std + scale * (std * std - T::ONE));
            }
        }
        backward_all(&mut self.encoder, x, self.batch);
        self.steps += 1;
        update_all(&mut self.encoder, Update::Adam, self.steps);
        update_all(&mut self.decoder, Update::Adam, self.steps);
        (nats + T::of(0.5) * kl * scale).to_f64()
    }
}
