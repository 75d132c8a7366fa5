//! Initial weights.

use autodiff::prelude::*;
use rand::Rng;

/// How the weights W, \[out, in\], of a layer are drawn.
///
/// The first six keep the variance of signals roughly constant through the layers: He and LeCun in the forward pass,
/// Glorot as a compromise between the forward and the backward pass. They differ in the variance of a weight:
///
/// | initialiser | variance of a weight | for | source |
/// |---|---|---|---|
/// | Glorot | 2/(in + out) | tanh, linear | Glorot and Bengio 2010, equations 12 and 16 |
/// | He | 2/in | rectifiers | He et al. 2015, section 2.2 |
/// | LeCun | 1/in | linear, selu | LeCun et al. 1998, *Efficient BackProp*, section 4.6 |
///
/// “Normal” draws from a normal distribution, “uniform” from \[−√(3·variance), √(3·variance)).
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Init {
    /// Glorot's variance, uniform.
    GlorotUniform,
    /// Glorot's variance, normal.
    GlorotNormal,
    /// He's variance, uniform.
    HeUniform,
    /// He's variance, normal.
    HeNormal,
    /// LeCun's variance, uniform.
    LeCunUniform,
    /// LeCun's variance, normal.
    LeCunNormal,
    /// Orthonormal rows, or columns where there are fewer of them (Saxe, McClelland and Ganguli 2014, section 3).
    Orthogonal,
    /// One number everywhere. All units of a hidden layer then learn the same thing, which is rarely useful.
    Constant(f64),
}

impl Init {
    /// Draws weights of shape \[outputs, inputs\]. The same generator state gives the same weights. Either size may be
    /// 0.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use rand::{SeedableRng, rngs::StdRng};
    /// let rng = &mut StdRng::seed_from_u64(0);
    /// let weight: Tensor<f64> = nn::Init::Orthogonal.draw(3, 5, rng);
    /// assert!(weight.matmul_t(&weight).approx(&Tensor::eye(3), 1e-12).is_ok());
    /// ```
    pub fn draw<T: Element>(self, outputs: usize, inputs: usize, rng: &mut impl Rng) -> Tensor<T> {
        let shape = [outputs, inputs];
        if shape.contains(&0) {
            return Tensor::zeros(shape); // no numbers, whose variance would be 1/0
        }
        let (fan_out, fan_in) = (outputs as f64, inputs as f64);
        let uniform = |variance: f64, rng| {
            let limit = (3.0 * variance).sqrt();
            Tensor::uniform(shape, -limit, limit, rng)
        };
        match self {
            Init::GlorotUniform => uniform(2.0 / (fan_in + fan_out), rng),
            Init::GlorotNormal => Tensor::normal(shape, 0.0, (2.0 / (fan_in + fan_out)).sqrt(), rng),
            Init::HeUniform => uniform(2.0 / fan_in, rng),
            Init::HeNormal => Tensor::normal(shape, 0.0, (2.0 / fan_in).sqrt(), rng),
            Init::LeCunUniform => uniform(1.0 / fan_in, rng),
            Init::LeCunNormal => Tensor::normal(shape, 0.0, (1.0 / fan_in).sqrt(), rng),
            Init::Orthogonal => orthogonal(outputs, inputs, rng),
            Init::Constant(c) => Tensor::full(shape, T::from_f64(c)),
        }
    }
}

/// Orthonormalises normal draws. The normal distribution has no preferred direction, so the result is uniform among the
/// orthonormal systems.
fn orthogonal<T: Element>(outputs: usize, inputs: usize, rng: &mut impl Rng) -> Tensor<T> {
    let (few, many) = (outputs.min(inputs), outputs.max(inputs));
    let draws: Tensor<f64> = Tensor::normal([few, many], 0.0, 1.0, rng);
    let mut basis: Vec<Tensor<f64>> = Vec::with_capacity(few);
    for i in 0..few {
        let mut row = draws.index_axis(0, i);
        for _ in 0..2 {
            // Gram–Schmidt runs twice: once is not orthogonal to rounding if rows are nearly dependent.
            row = basis.iter().fold(row, |row, unit| &row - unit * row.dot(unit));
        }
        basis.push(&row / row.norm());
    }
    let rows = Tensor::stack(0, &basis.iter().collect::<Vec<_>>());
    let weight = if outputs <= inputs { rows } else { rows.t() };
    weight.map(|&w| T::from_f64(w))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Linear;
    use rand::{SeedableRng, rngs::StdRng};

    #[test]
    fn variances_agree_with_the_table() {
        let (outputs, inputs) = (150, 300);
        let cases = [
            (Init::GlorotUniform, 2.0 / 450.0),
            (Init::GlorotNormal, 2.0 / 450.0),
            (Init::HeUniform, 2.0 / 300.0),
            (Init::HeNormal, 2.0 / 300.0),
            (Init::LeCunUniform, 1.0 / 300.0),
            (Init::LeCunNormal, 1.0 / 300.0),
            (Init::Orthogonal, 1.0 / 300.0),
            (Init::Constant(0.5), 0.0),
        ];
        for (init, variance) in cases {
            let weight: Tensor<f64> = init.draw(outputs, inputs, &mut StdRng::seed_from_u64(7));
            assert!((weight.var(0).item() - variance).abs() < 0.03 * variance + 1e-30, "{init:?}");
        }
    }

    #[test]
    fn same_seed_gives_same_weights() {
        let draw = |seed| -> Tensor<f32> { Init::HeNormal.draw(4, 3, &mut StdRng::seed_from_u64(seed)) };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }

    #[test]
    fn layers_of_size_zero_have_no_weights() {
        let all = [
            Init::GlorotUniform,
            Init::GlorotNormal,
            Init::HeUniform,
            Init::HeNormal,
            Init::LeCunUniform,
            Init::LeCunNormal,
            Init::Orthogonal,
            Init::Constant(0.5),
        ];
        for (init, shape) in all.into_iter().flat_map(|init| [[0, 3], [3, 0], [0, 0]].map(|shape| (init, shape))) {
            let weight: Tensor<f32> = init.draw(shape[0], shape[1], &mut StdRng::seed_from_u64(0));
            assert_eq!(weight.shape(), shape, "{init:?}");
        }
        let layer = Linear::<Tensor<f64>>::new(0, 3, Init::HeUniform, &mut StdRng::seed_from_u64(0));
        assert_eq!(layer.forward(Tensor::zeros([2, 0])), Tensor::zeros([2, 3]));
    }

    #[test]
    fn tall_orthogonal_matrix_has_orthonormal_columns() {
        let weight: Tensor<f64> = Init::Orthogonal.draw(5, 3, &mut StdRng::seed_from_u64(0));
        autodiff::assert_close(&weight.t_matmul(&weight), &Tensor::eye(3), 1e-12);
    }
}
