//! Hebbian learning: what fires together wires together (Hebb 1949, page 62).
//!
//! These rules strengthen a weight by the product of the activities at its two ends. There is no loss and no target.
//! Fed with its own output, a unit learns what its inputs have in common; fed with given outputs, a layer learns to
//! associate.

use crate::network::Input;
use autodiff::prelude::*;

/// Hebb's rule Δw = η·y·x, averaged over a batch: W + (η/n)·Σᵢ yᵢxᵢᵀ for weights W, \[out, in\], inputs x, \[n, in\],
/// and activities y, \[n, out\]. Returns the new weights.
///
/// With y = W·x the weights grow without bound along the first principal component. [`oja`] prevents this.
///
/// # Panics
/// Panics if the shapes do not match, the batch is empty, or the rate is not finite.
#[track_caller]
pub fn hebb<V: Value>(weights: &V, x: &V, y: &V, rate: f64) -> V {
    hebb_as("hebb", weights, x, y, rate)
}

#[track_caller]
fn hebb_as<V: Value>(function: &'static str, weights: &V, x: &V, y: &V, rate: f64) -> V {
    let (shape, inputs, activities) = (weights.shape(), x.shape(), y.shape());
    let [outputs, features] = *shape else { panic!("{function}: weights {shape}: a matrix [out, in] is needed") };
    assert!(rate.is_finite(), "{function}: the rate is {rate}, but must be a finite number");
    Input::new(function, "the layer", "x").check_batch(&inputs, features);
    let fits = *activities == [inputs[0], outputs];
    assert!(fits, "{function}: weights {shape} do not match inputs {inputs} and activities {activities}");
    y.t_matmul(x) * (rate / inputs[0] as f64) + weights
}

/// Oja's rule Δw = η·y·(x − y·w) with y = w·x, averaged over a batch, for the weights w, \[in\], of one unit and inputs
/// x, \[n, in\]. Returns the new weights.
///
/// It is Hebb's rule with a decay that keeps the norm near 1: to first order in η, Hebb's rule followed by a division
/// by the norm. For inputs of mean 0 it converges to the first principal component, of norm 1, from any start that is
/// not orthogonal to it (Oja 1982, equation 2 and its theorem).
///
/// ```
/// use autodiff::prelude::*;
/// let x = Tensor::from([[3.0, 0.1], [-3.0, 0.1], [0.0, -0.2]]);
/// let mut w = Tensor::from([0.6, 0.8]);
/// for _ in 0..200 {
///     w = nn::hebb::oja(&w, &x, 0.1);
/// }
/// assert!(w.approx(&Tensor::from([1.0, 0.0]), 1e-9).is_ok());
/// ```
///
/// # Panics
/// Panics if `x` does not have as many columns as there are weights, the batch is empty, or the rate is not finite.
#[track_caller]
pub fn oja<V: Value>(weights: &V, x: &V, rate: f64) -> V {
    let shape = weights.shape();
    let [features] = *shape else { panic!("oja: weights {shape}: a vector [in] is needed") };
    assert!(rate.is_finite(), "oja: the rate is {rate}, but must be a finite number");
    Input::new("oja", "the unit", "x").check_batch(&x.shape(), features);
    let n = x.shape()[0] as f64;
    let y = x.matmul(weights);
    let hebb = x.t_matmul(&y);
    let decay = y.square().sum() * weights;
    (hebb - decay) * (rate / n) + weights
}

/// An associative memory for pairs of patterns of ±1, by Hebb's rule in its simplest form: each pair is presented once.
///
/// W = (1/in)·Σₖ yₖxₖᵀ, and the output recalled for x is sign(W·x). Orthogonal patterns are recalled exactly. Other
/// patterns disturb each other a little, so the number of pairs that a memory holds grows with `in`. If x = y, a
/// damaged pattern is completed (Hopfield 1982). (Kohonen 1972; Anderson 1972; Hertz, Krogh and Palmer 1991, chapter
/// 2.)
///
/// ```
/// use autodiff::prelude::*;
/// use nn::hebb::Association;
/// let (x, y) = (Tensor::from([[1.0, 1.0, -1.0, -1.0], [1.0, -1.0, 1.0, -1.0]]), Tensor::from([[1.0, -1.0], [-1.0, -1.0]]));
/// let mut memory = Association::new(4, 2);
/// memory.store(&x, &y);
/// assert_eq!(memory.recall(&x), y);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Association<V> {
    /// W, \[out, in\].
    pub weights: V,
}

autodiff::tree!(Association { weights });

impl<T: Element> Association<Tensor<T>> {
    /// An empty memory.
    pub fn new(inputs: usize, outputs: usize) -> Self {
        Self { weights: Tensor::zeros([outputs, inputs]) }
    }
}

impl<V: Value> Association<V> {
    /// Adds pairs of patterns: x, \[n, in\], and y, \[n, out\].
    ///
    /// # Panics
    /// Panics if the shapes do not match, or if there is no pair.
    #[track_caller]
    pub fn store(&mut self, x: &V, y: &V) {
        let shape = x.shape();
        let [n, inputs] = *shape else {
            panic!("Association::store: `x` has shape {shape}: a batch [n, in] is needed")
        };
        self.weights = hebb_as("Association::store", &self.weights, x, y, n as f64 / inputs as f64);
    }

    /// The output associated with x: \[n, in\] → \[n, out\], or \[in\] → \[out\]. A weighted sum of 0 gives +1.
    ///
    /// # Panics
    /// Panics if `x` does not have as many columns as the weights.
    #[track_caller]
    pub fn recall(&self, x: &V) -> V {
        Input::new("Association::recall", "the memory", "x").check(&x.shape(), self.weights.shape()[1]);
        x.matmul_t(&self.weights).step() * 2.0 - 1.0
    }
}
