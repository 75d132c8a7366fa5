//! The diagram of an autoencoder.

use super::untied::Autoencoder;
use crate::network::TransferFunction;
use crate::network::diagram::{Columns, Role};
use autodiff::prelude::*;

impl<T: Element, F: TransferFunction> Autoencoder<Tensor<T>, F> {
    /// A diagram of the autoencoder as SVG: the chapter's figure 3.2, with the encoder φ from the input x to the code h,
    /// and the decoder ψ from the code to the reconstruction x′. Lines are drawn as by [`Mlp::diagram`].
    ///
    /// ```
    /// use autodiff::Tensor;
    /// use nn::{Autoencoder, Init, Transfer};
    /// use rand::{SeedableRng, rngs::StdRng};
    /// let rng = &mut StdRng::seed_from_u64(0);
    /// let ae = Autoencoder::<Tensor<f64>>::new(&[6, 4, 2], Transfer::Tanh, Init::GlorotUniform, rng);
    /// let svg = ae.diagram(); // to be written to a file, such as autoencoder.svg
    /// assert!(svg.contains("encoder φ") && svg.contains("decoder ψ"));
    /// ```
    ///
    /// # Panics
    /// Panics for an encoder or a decoder as [`Mlp::diagram`] does, or if the decoder does not take the code.
    ///
    /// [`Mlp::diagram`]: crate::Mlp::diagram
    #[track_caller]
    pub fn diagram(&self) -> String {
        const NAME: &str = "Autoencoder::diagram";
        let (mut down, mut up) = (self.encoder.columns(NAME), self.decoder.columns(NAME));
        let (code, last) = (down.columns.len() - 1, down.columns.len() + up.columns.len() - 2);
        let (units, taken) = (down.columns[code].units, up.columns[0].units);
        assert!(units == taken, "{NAME}: the code has {units} units, but the decoder takes {taken} features");
        (down.columns[code].role, down.columns[code].name) = (Role::Code, "h".to_owned());
        up.columns.remove(0);
        up.columns.last_mut().expect("a layer").name = "x′".to_owned();
        down.columns.append(&mut up.columns);
        down.weights.append(&mut up.weights);
        let parts = vec![("encoder φ".to_owned(), 0, code), ("decoder ψ".to_owned(), code, last)];
        Columns { parts, ..down }.draw("an autoencoder: the encoder, the code and the decoder")
    }
}
