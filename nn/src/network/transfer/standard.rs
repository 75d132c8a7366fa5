//! The usual transfer functions, with their derivatives as formulas.

use super::function::{TransferFunction, check_cotangent};
use autodiff::prelude::*;
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

/// The usual transfer functions, or activation functions, f (the chapter's section 3.4).
///
/// All but softmax act on each element by itself. Φ and φ are the normal distribution function and its density, and
/// s(u) = 1/(1 + e⁻ᵘ):
///
/// | function | f(u) | f′(u) | range |
/// |---|---|---|---|
/// | `Step(θ)` | 1 where u ≥ θ, else 0 | 0 | {0, 1} |
/// | `Linear` | u | 1 | (−∞, ∞) |
/// | `Sigmoid` | s(u) | s(u)·(1 − s(u)) | (0, 1) |
/// | `Tanh` | tanh u | 1 − tanh² u | (−1, 1) |
/// | `Relu` | max(0, u) | 1 where u > 0, else 0 | \[0, ∞) |
/// | `Softplus` | ln(1 + eᵘ) | s(u) | (0, ∞) |
/// | `LeakyRelu(c)` | u where u > 0, else c·u | 1 where u > 0, else c | (−∞, ∞) |
/// | `Elu(α)` | u where u > 0, else α·(eᵘ − 1) | 1 where u > 0, else α·eᵘ | (−α, ∞) |
/// | `Gelu` | u·Φ(u) | Φ(u) + u·φ(u) | \[−0.17, ∞) |
/// | `Silu` | u·s(u) | s(u) + u·s(u)·(1 − s(u)) | \[−0.28, ∞) |
/// | `Softmax` | eᵘⁱ / Σⱼ eᵘʲ along the last axis | a matrix: see [`pull`](TransferFunction::pull) | (0, 1), sum 1 |
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Transfer, TransferFunction};
/// let u = Tensor::from([-1.0, 2.0]);
/// assert_eq!(Transfer::Relu.apply(&u).to_vec(), [0.0, 2.0]);
/// assert_eq!(Transfer::Step(0.5).apply(&u).to_vec(), [0.0, 1.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Transfer {
    /// 1 from the threshold on: McCulloch and Pitts 1943. Its derivative is 0, so gradients teach nothing through it.
    Step(f64),
    /// The identity.
    Linear,
    /// The logistic function.
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
    /// The rectifier, or ramp: Glorot, Bordes and Bengio 2011.
    Relu,
    /// The smooth rectifier: Dugas et al. 2001.
    Softplus,
    /// The rectifier with a slope below 0: Maas, Hannun and Ng 2013.
    LeakyRelu(f64),
    /// The exponential linear unit: Clevert, Unterthiner and Hochreiter 2016.
    Elu(f64),
    /// The Gaussian error linear unit, exact: Hendrycks and Gimpel 2016.
    Gelu,
    /// The sigmoid linear unit: Elfwing, Uchibe and Doya 2018.
    Silu,
    /// Probabilities from logits. A network to be trained should end in `Linear`, with a loss that takes logits.
    Softmax,
}

/// The derivatives are the formulas of the table; neither the tape nor dual numbers are involved.
impl TransferFunction for Transfer {
    /// # Panics
    /// Panics for softmax if u has rank 0.
    #[track_caller]
    fn apply<V: Value>(&self, u: &V) -> V {
        match *self {
            Transfer::Step(threshold) => u.shift(-threshold).step(),
            Transfer::Linear => u.clone(),
            Transfer::Sigmoid => u.sigmoid(),
            Transfer::Tanh => u.tanh(),
            Transfer::Relu => u.relu(),
            Transfer::Softplus => u.softplus(),
            Transfer::LeakyRelu(slope) => u.leaky_relu(slope),
            Transfer::Elu(alpha) => u.elu(alpha),
            Transfer::Gelu => u.gelu(),
            Transfer::Silu => u.silu(),
            Transfer::Softmax => u.softmax(-1),
        }
    }

    /// # Panics
    /// Panics for softmax, whose derivative is a matrix.
    #[track_caller]
    fn derivative<V: Value>(&self, u: &V) -> V {
        let positive = |u: &V| u.greater(u.full_like(0.0));
        match *self {
            Transfer::Step(_) => u.full_like(0.0),
            Transfer::Linear => u.full_like(1.0),
            Transfer::Sigmoid => logistic_slope(&u.sigmoid()),
            Transfer::Tanh => tanh_slope(&u.tanh()),
            Transfer::Relu => positive(u),
            Transfer::Softplus => u.sigmoid(),
            Transfer::LeakyRelu(slope) => positive(u).select(&u.full_like(1.0), &u.full_like(slope)),
            Transfer::Elu(alpha) => positive(u).select(&u.full_like(1.0), &u.clamp_max(0.0).exp().scale(alpha)),
            Transfer::Gelu => {
                let cumulative = u.scale(-FRAC_1_SQRT_2).erfc().scale(0.5);
                let density = u.square().scale(-0.5).exp().scale(0.5 * FRAC_1_SQRT_2 * FRAC_2_SQRT_PI);
                cumulative + density.mul_strong_zero(u)
            }
            Transfer::Silu => logistic_slope(&u.sigmoid()).mul_strong_zero(u) + u.sigmoid(),
            Transfer::Softmax => panic!("derivative: softmax mixes the elements of a row: see TransferFunction::pull"),
        }
    }

    /// Shares work where the formulas allow.
    ///
    /// # Panics
    /// Panics as `derivative`.
    #[track_caller]
    fn value_and_derivative<V: Value>(&self, u: &V) -> (V, V) {
        let y = self.apply(u);
        let slope = match self {
            Transfer::Sigmoid => logistic_slope(&y),
            Transfer::Tanh => tanh_slope(&y),
            other => other.derivative(u),
        };
        (y, slope)
    }

    /// For softmax, y ∘ (g − Σⱼ gⱼyⱼ) with y = f(u).
    #[track_caller]
    fn pull<V: Value>(&self, u: &V, g: &V) -> V {
        check_cotangent(u, g);
        match self {
            Transfer::Linear => g.clone(),
            Transfer::Softmax => {
                let y = u.softmax(-1);
                let mean = (y.clone() * g).sum_keep(-1);
                y * (g.clone() - mean)
            }
            pointwise => pointwise.derivative(u) * g,
        }
    }

    /// The smallest interval that holds f(u) for all u: the last column of the table, in numbers. The table says
    /// whether the ends belong to it; functions that saturate reach them by rounding.
    ///
    /// ```
    /// use nn::{Transfer, TransferFunction};
    /// assert_eq!(Transfer::Tanh.range(), (-1.0, 1.0));
    /// assert_eq!(Transfer::Relu.range(), (0.0, f64::INFINITY));
    /// ```
    fn range(&self) -> (f64, f64) {
        // Gelu and silu have one minimum each, where f′ is 0: at u = −0.75179… and −1.27846….
        const GELU_MINIMUM: f64 = -0.169_971_207_479_903_66;
        const SILU_MINIMUM: f64 = -0.278_464_542_761_073_75;
        const ALL: f64 = f64::INFINITY;
        match *self {
            Transfer::Step(_) | Transfer::Sigmoid | Transfer::Softmax => (0.0, 1.0),
            Transfer::Linear => (-ALL, ALL),
            Transfer::Tanh => (-1.0, 1.0),
            Transfer::Relu | Transfer::Softplus => (0.0, ALL),
            Transfer::LeakyRelu(slope) if slope > 0.0 => (-ALL, ALL),
            Transfer::LeakyRelu(_) => (0.0, ALL),
            Transfer::Elu(alpha) => ((-alpha).min(0.0), ALL),
            Transfer::Gelu => (GELU_MINIMUM, ALL),
            Transfer::Silu => (SILU_MINIMUM, ALL),
        }
    }

    fn standard(&self) -> Option<Transfer> {
        Some(*self)
    }
}

/// 1 − y², for y = tanh u.
#[track_caller]
fn tanh_slope<V: Value>(y: &V) -> V {
    y.square().sub_from(1.0)
}

/// s·(1 − s), for s = s(u).
#[track_caller]
fn logistic_slope<V: Value>(s: &V) -> V {
    s.sub_from(1.0) * s
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINTWISE: [Transfer; 10] = [
        Transfer::Step(0.5),
        Transfer::Linear,
        Transfer::Sigmoid,
        Transfer::Tanh,
        Transfer::Relu,
        Transfer::Softplus,
        Transfer::LeakyRelu(0.1),
        Transfer::Elu(1.5),
        Transfer::Gelu,
        Transfer::Silu,
    ];

    /// Both sides of every kink, the kinks themselves, saturation and infinities.
    fn points() -> Tensor<f64> {
        let infinity = f64::INFINITY;
        Tensor::from([-infinity, -800.0, -30.0, -2.0, -0.3, 0.0, 0.5, 0.7, 3.0, 40.0, 800.0, infinity])
    }

    #[test]
    fn formulas_of_derivatives_agree_with_tape() {
        for transfer in POINTWISE {
            let by_tape = grad(&points(), |u| transfer.apply(&u).sum());
            let by_formula = transfer.derivative(&points());
            assert!(by_formula.approx(&by_tape, 1e-15).is_ok(), "{transfer:?}:\n{by_formula}\n{by_tape}");
            let both = (transfer.apply(&points()), by_formula);
            assert_eq!(transfer.value_and_derivative(&points()), both, "{transfer:?}");
        }
    }

    /// The same functions without their formulas, as a user would write them.
    #[derive(Clone, Debug)]
    struct WithoutFormulas(Transfer);

    impl TransferFunction for WithoutFormulas {
        fn apply<V: Value>(&self, u: &V) -> V {
            self.0.apply(u)
        }
    }

    #[test]
    fn formulas_of_derivatives_agree_with_dual_numbers() {
        for transfer in POINTWISE {
            let own = WithoutFormulas(transfer);
            let (formula, by_dual) = (transfer.derivative(&points()), own.derivative(&points()));
            assert!(formula.approx(&by_dual, 1e-15).is_ok(), "{transfer:?}:\n{formula}\n{by_dual}");
            assert_eq!(own.value_and_derivative(&points()), (transfer.apply(&points()), by_dual.clone()));
            let g = Tensor::linspace(-2.0, 2.0, points().size());
            assert_eq!(own.pull(&points(), &g), by_dual * g);
        }
    }

    #[test]
    fn pull_of_softmax_agrees_with_tape() {
        let (u, g) = (Tensor::from([[1.0, -2.0, 0.5], [700.0, 0.0, -700.0]]), Tensor::from([[1.0, 2.0, -1.0]]));
        let g = g.broadcast_to([2, 3]);
        let (_, pullback) = vjp(&u, |u| Transfer::Softmax.apply(&u));
        autodiff::assert_close(&Transfer::Softmax.pull(&u, &g), &pullback(&g), 1e-15);
    }

    #[test]
    #[should_panic(expected = "softmax mixes the elements of a row")]
    fn softmax_has_no_pointwise_derivative() {
        Transfer::Softmax.derivative(&points());
    }
}
