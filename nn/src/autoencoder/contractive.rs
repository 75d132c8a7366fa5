//! Contractive autoencoders: a penalty on the derivative of the code with respect to the input.
//!
//! The penalty is (1/n) Σᵢ ‖J_φ(xᵢ)‖²_F: the sum of the squares of all derivatives of each sample's code by **its own**
//! input, averaged over the batch (Rifai et al. 2011, equation 2). Training needs its gradient, a second derivative of
//! the encoder. A popular shortcut takes the gradient of the summed code with respect to the input. That is another
//! quantity, in which derivatives of different signs cancel.
//!
//! | method | encoders | cost per sample, for layers d → … → p |
//! |---|---|---|
//! | [`nested`] | any function on a tape | p backward passes, batched |
//! | [`layered`] | an [`Mlp`] with transfer functions of single units | p rows through the layers, by matrices |
//! | [`layered`], one layer | the same | Σⱼ f′(zⱼ)²·‖Wⱼ‖², as little as the layer itself |
//! | [`hutchinson`] | any function on a tape | a backward pass for each probe; an estimate |

use crate::loss::{batch_mean, over_batch, square_of_product};
use crate::network::{Input, Mlp, Transfer, TransferFunction};
use autodiff::prelude::*;
use rand::{Rng, RngExt};

/// The method to compute [`penalty`]. All but the estimate give the same number.
#[derive(Default)]
pub enum Method<'r> {
    /// The cheapest exact method: by layers, or nested if a transfer function mixes units (softmax).
    #[default]
    Exact,
    /// By nested differentiation on the tape: see [`nested`].
    Nested,
    /// By layers: see [`layered`].
    Layered,
    /// An unbiased estimate: see [`hutchinson`].
    Hutchinson {
        /// The number of random directions.
        probes: usize,
        /// The generator of the directions.
        rng: &'r mut dyn Rng,
    },
}

/// The contractive penalty of an encoder at a batch x, \[n, features\]: a scalar variable, to be scaled by λ and added
/// to a loss.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Init, Mlp, Transfer, autoencoder::contractive::{self, Method}};
/// use rand::{SeedableRng, rngs::StdRng};
/// let rng = &mut StdRng::seed_from_u64(0);
/// let encoder = Mlp::new(&[6, 5, 3], Transfer::Tanh, Init::GlorotUniform, rng);
/// let x = Tensor::<f64>::normal([4, 6], 0.0, 1.0, rng);
/// let by = |method: fn() -> Method<'static>| value_and_grad(&encoder, |tape, encoder| {
///     contractive::penalty(&encoder, tape.constant(x.clone()), method())
/// });
/// let (layered, nested) = (by(|| Method::Layered), by(|| Method::Nested));
/// assert!(layered.0.approx(&nested.0, 1e-12).is_ok());
/// assert!(layered.1.layers[0].weight.approx(&nested.1.layers[0].weight, 1e-12).is_ok());
/// ```
///
/// # Panics
/// Panics if x is not a batch or does not match the encoder. Panics for [`Method::Layered`] if a transfer function
/// mixes units, and for [`Method::Hutchinson`] without probes.
#[track_caller]
pub fn penalty<'t, V: Value, F: TransferFunction>(
    encoder: &Mlp<Var<'t, V>, F>,
    x: Var<'t, V>,
    method: Method<'_>,
) -> Var<'t, V> {
    let mixes = encoder.transfers.iter().any(|f| f.standard() == Some(Transfer::Softmax));
    let input = checked_input("contractive::penalty", encoder, &x);
    match method {
        Method::Exact if mixes => nested(encoder.run(&input, &x), x),
        Method::Exact | Method::Layered => by_layers(&input, encoder, &x),
        Method::Nested => nested(encoder.run(&input, &x), x),
        Method::Hutchinson { probes, rng } => hutchinson(encoder.run(&input, &x), x, probes, rng),
    }
}

/// (1/n) Σᵢ ‖∂hᵢ/∂xᵢ‖²_F of any code h, \[n, …\], computed on the tape from x, \[n, …\]. Row i of h must depend on row
/// i of x only. The Jacobian of each sample is recorded, so the penalty can be differentiated like any other variable.
///
/// # Panics
/// Panics if the first axes differ, are missing or have size 0, if the variables are on different tapes, or if h does not
/// depend on x.
#[track_caller]
pub fn nested<'t, V: Value>(h: Var<'t, V>, x: Var<'t, V>) -> Var<'t, V> {
    check_batches("contractive::nested", &h.shape(), &x.shape());
    let jacobian = h.batch_jacobian(x);
    check_connected("contractive::nested", jacobian);
    batch_mean(&jacobian.square())
}

/// The penalty of an MLP by matrices, without a backward pass. J = Dᴸ·Wᴸ· … ·D¹·W¹ with Dˡ = diag f′(zˡ) is multiplied
/// from the left, with a row for each unit of the code.
///
/// The last product, by W¹, is not formed if its norm is cheaper without it: see [`square_of_product`]. For one layer,
/// the left factor is diagonal, and the penalty is Σⱼ f′(zⱼ)²·‖Wⱼ‖² (Rifai et al. 2011, equation 3).
///
/// # Panics
/// Panics if x is not a batch or does not match the encoder, or if a transfer function mixes units.
#[track_caller]
pub fn layered<V: Value, F: TransferFunction>(encoder: &Mlp<V, F>, x: &V) -> V {
    by_layers(&checked_input("contractive::layered", encoder, x), encoder, x)
}

#[track_caller]
fn by_layers<V: Value, F: TransferFunction>(input: &Input, encoder: &Mlp<V, F>, x: &V) -> V {
    let mut slopes = Vec::with_capacity(encoder.layers.len());
    let mut a = x.clone();
    for (l, (layer, f)) in encoder.pairs(input.function).enumerate() {
        let (y, slope) = f.value_and_derivative(&layer.run(input, l, &a));
        slopes.push(slope);
        a = y;
    }
    let (first, code) = (&encoder.layers[0].weight, slopes.pop().expect("a network has layers"));
    if slopes.is_empty() {
        return batch_mean(&(code.square() * first.square().sum_axis(-1)));
    }
    // Rows of the product so far: [n, code, units of layer l].
    let mut rows = code.unsqueeze(-1);
    for (l, slope) in slopes.iter().enumerate().rev() {
        let weight = &encoder.layers[l + 1].weight;
        rows = if l + 2 == encoder.layers.len() { rows * weight } else { rows.matmul(weight) };
        rows *= slope.unsqueeze(-2);
    }
    over_batch(input.function, &square_of_product(&rows, first), &rows.shape())
}

/// An unbiased estimate of [`nested`]: for directions v of random signs, the mean of ‖vᵀ·J‖² is ‖J‖²_F (Hutchinson
/// 1990). It takes one recorded backward pass for each probe; the exact method takes one for each unit of the code. The
/// variance falls with the number of probes.
///
/// # Panics
/// Panics if there are no probes, if the first axes differ, are missing or have size 0, if the variables are on
/// different tapes, or if h does not depend on x.
#[track_caller]
pub fn hutchinson<'t, V: Value>(h: Var<'t, V>, x: Var<'t, V>, probes: usize, rng: &mut dyn Rng) -> Var<'t, V> {
    let shape = h.shape();
    check_batches("hutchinson", &shape, &x.shape());
    assert!(probes > 0, "hutchinson: {shape}: at least one probe is needed");
    let mut total: Option<Var<'t, V>> = None;
    for _ in 0..probes {
        let signs = Tensor::from_fn(&shape[..], |_| Number::from_f64(if rng.random() { 1.0 } else { -1.0 }));
        let [row] = h.grad_with(h.lift(&signs), [x]);
        check_connected("hutchinson", row);
        let estimate = batch_mean(&row.square());
        total = Some(total.map_or(estimate, |total| total + estimate));
    }
    total.expect("one probe at least") * (1.0 / probes as f64)
}

/// A code never depends on a second constant that is made from the same tensor.
#[track_caller]
fn check_connected<V: Value>(function: &str, derivative: Var<'_, V>) {
    assert!(
        !derivative.is_unconnected(),
        "{function}: the code does not depend on x; give the very variable that was encoded"
    );
}

/// The input of an encoder in the words of a function.
///
/// # Panics
/// Panics if the encoder has no layers, or if x is not a batch that it takes. A single sample would be divided by the
/// number of its features.
#[track_caller]
fn checked_input<V: Value, F>(function: &'static str, encoder: &Mlp<V, F>, x: &V) -> Input {
    let Some(first) = encoder.layers.first() else { panic!("{function}: the encoder has no layers") };
    let input = Input::new(function, "the encoder", "x");
    first.check(&input, 0, &x.shape());
    input.check_batch(&x.shape(), first.weight.shape()[1]);
    input
}

#[track_caller]
fn check_batches(function: &str, h: &Shape, x: &Shape) {
    let fits = h.first().is_some_and(|&n| n > 0 && x.first() == Some(&n));
    assert!(fits, "{function}: the code has shape {h} and x has shape {x}: batches of the same n > 0 are needed");
}
