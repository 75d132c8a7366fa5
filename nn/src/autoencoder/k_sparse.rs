//! k-sparse autoencoders: each code keeps only its k largest activities.
//!
//! (Makhzani and Frey 2014.) The choice of the activities is not differentiated; the kept activities carry the whole
//! gradient.

use crate::measure::check_figures;
use crate::network::{Init, Input, check_sizes};
use crate::optim::check_not_negative;
use autodiff::prelude::*;
use rand::Rng;
use std::cmp::Ordering;

/// The method to find the k largest activities of a sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Selection {
    /// By sorting. Among equal activities the first are kept, so exactly k units are active.
    #[default]
    Sorting,
    /// By a threshold for each sample, which bisection adjusts until exactly k activities are above it. Nothing is
    /// sorted. If ties leave no such threshold, the first of the equal activities are kept.
    Thresholds,
}

/// A linear autoencoder with tied weights and a code with at most k units that are not 0: z = W·x + b, h keeps the k
/// largest elements of z, and the reconstruction is Wᵀ·h + c (Makhzani and Frey 2014, section 2.1).
///
/// k is an argument of each call, since it changes. It falls during training ([`anneal`]), so that no unit stays
/// unused; at test time, α·k units with α slightly above 1 do better.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Init, autoencoder::k_sparse::{KSparse, Selection}};
/// use rand::{SeedableRng, rngs::StdRng};
/// let rng = &mut StdRng::seed_from_u64(0);
/// let ae = KSparse::<Tensor<f64>>::new(6, 10, Init::GlorotUniform, rng);
/// let x = Tensor::normal([4, 6], 0.0, 1.0, rng);
/// let h = ae.encode(&x, 3, Selection::Sorting);
/// assert_eq!(h.iter().filter(|&h| h != 0.0).count(), 4 * 3);
/// assert_eq!(ae.decode(&h), ae.forward(&x, 3, Selection::Thresholds));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct KSparse<V> {
    /// W, \[code, features\].
    pub weight: V,
    /// b, \[code\].
    pub bias: V,
    /// c, \[features\].
    pub output_bias: V,
}

autodiff::tree!(KSparse { weight, bias, output_bias });

impl<V: Value> KSparse<V> {
    /// The code with exactly k units kept: \[n, features\] → \[n, code\].
    ///
    /// # Panics
    /// Panics if `x` does not have as many columns as W, if the code has fewer than k units, or if k is 0.
    #[track_caller]
    pub fn encode(&self, x: impl Operand<V>, k: usize, selection: Selection) -> V {
        self.encode_as("KSparse::encode", &x.cast(&self.weight), k, selection)
    }

    /// The reconstruction Wᵀ·h + c of a code: \[n, code\] → \[n, features\].
    ///
    /// # Panics
    /// Panics if the number of columns of `h` is not the number of rows of W.
    #[track_caller]
    pub fn decode(&self, h: &V) -> V {
        Input::new("KSparse::decode", "the decoder", "h").check(&h.shape(), self.weight.shape()[0]);
        h.matmul(&self.weight) + &self.output_bias
    }

    /// The reconstruction from k units, of the shape of `x`.
    ///
    /// # Panics
    /// Panics as [`encode`](KSparse::encode).
    #[track_caller]
    pub fn forward(&self, x: impl Operand<V>, k: usize, selection: Selection) -> V {
        self.decode(&self.encode_as("KSparse::forward", &x.cast(&self.weight), k, selection))
    }

    #[track_caller]
    fn encode_as(&self, function: &'static str, x: &V, k: usize, selection: Selection) -> V {
        Input::new(function, "the model", "x").check(&x.shape(), self.weight.shape()[1]);
        assert!(k > 0, "{function}: k is 0, but the code must keep at least one unit");
        keep(function, &(x.matmul_t(&self.weight) + &self.bias), k, selection)
    }
}

impl<T: Element> KSparse<Tensor<T>> {
    /// A model with drawn weights and zero biases.
    ///
    /// # Panics
    /// Panics if a size is 0.
    #[track_caller]
    pub fn new(features: usize, code: usize, init: Init, rng: &mut impl Rng) -> Self {
        check_sizes("KSparse", &[features, code], "the features and a code");
        let weight = init.draw(code, features, rng);
        Self { weight, bias: Tensor::zeros([code]), output_bias: Tensor::zeros([features]) }
    }
}

/// Keeps the k largest elements along the last axis and sets the others to 0; the result has the shape of z. NaN counts
/// as the largest.
///
/// # Panics
/// Panics if z has rank 0, or if its last axis has fewer than k elements.
#[track_caller]
pub fn keep_largest<V: Value>(z: &V, k: usize, selection: Selection) -> V {
    keep("keep_largest", z, k, selection)
}

#[track_caller]
fn keep<V: Value>(function: &str, z: &V, k: usize, selection: Selection) -> V {
    let shape = z.shape();
    let units = shape.last().copied().unwrap_or(0);
    assert!(k <= units && shape.rank() > 0, "{function}: {shape}: k is {k}, but there are {units} units");
    let places = match selection {
        Selection::Sorting => z.primal().top_k_indices(-1, k),
        Selection::Thresholds => places_above_threshold(&z.primal(), k),
    };
    // Indices, unlike a mask, apply to each value of a batch of values.
    z.gather(-1, &places).scatter_add(-1, &places, units)
}

/// `top_k_indices` along the last axis, by thresholds; the indices of a row ascend.
fn places_above_threshold<T: Element>(z: &Tensor<T>, k: usize) -> Tensor<usize> {
    let shape = z.shape();
    let units = shape[shape.rank() - 1];
    let keys: Vec<u64> = z.iter().map(|z| key(z.to_f64())).collect();
    let mut places = Vec::with_capacity(keys.len() / units.max(1) * k);
    for row in keys.chunks(units.max(1)) {
        let (low, high) = threshold(row, k);
        let above = row.iter().filter(|&&key| key > high).count();
        // The elements between the bounds are equal: take as many of the first as are missing.
        let mut ties = k - above;
        places.extend((0..units).filter(|&j| {
            let tie = row[j] > low && row[j] <= high && ties > 0;
            ties -= usize::from(tie);
            row[j] > high || tie
        }));
    }
    Tensor::from_vec(shape.with(shape.rank() - 1, k), places)
}

/// A whole number for each number, in the same order: bisection between keys meets neither an overflow nor a NaN, and
/// ends after 64 steps. NaN is the largest, and −0 equals 0.
fn key(z: f64) -> u64 {
    const SIGN: u64 = 1 << 63;
    match (z + 0.0).to_bits() {
        _ if z.is_nan() => u64::MAX,
        negative if negative & SIGN != 0 => !negative, // the order of bit patterns below 0 is reversed
        positive => positive | SIGN,
    }
}

/// Bounds by bisection: at least k keys are above the lower bound and at most k above the upper. If a threshold exists,
/// both bounds are equal to it. Otherwise they are neighbours with ties between them.
fn threshold(row: &[u64], k: usize) -> (u64, u64) {
    let (mut low, mut high) = (0, u64::MAX); // no key is 0
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        match row.iter().filter(|&&key| key > middle).count().cmp(&k) {
            Ordering::Equal => return (middle, middle),
            Ordering::Greater => low = middle,
            Ordering::Less => high = middle,
        }
    }
    (low, high)
}

/// A k that falls linearly from `start` to `end` over the first half of training and then stays. While k is large, all
/// units learn, and none is left dead (Makhzani and Frey 2014, section 2.2).
///
/// ```
/// use nn::autoencoder::k_sparse::anneal;
/// assert_eq!([0.0, 0.25, 0.5, 1.0].map(|progress| anneal(100, 20, progress)), [100, 60, 20, 20]);
/// ```
///
/// # Panics
/// Panics if the progress is below 0 or NaN.
#[track_caller]
pub fn anneal(start: usize, end: usize, progress: f64) -> usize {
    check_not_negative("anneal", "progress", progress);
    let left = (1.0 - 2.0 * progress).clamp(0.0, 1.0);
    (end as f64 + (start as f64 - end as f64) * left).round() as usize
}

/// The number of units that are 0 in all codes, \[n, code\]. It is not differentiated.
///
/// # Panics
/// Panics if h is not a batch, has no samples, or holds a NaN.
#[track_caller]
pub fn dead_units<T: Element>(h: &Tensor<T>) -> usize {
    assert!(h.shape().rank() == 2, "dead_units: {}: codes [n, code] are needed", h.shape());
    check_figures("dead_units", "h", h);
    h.abs().sum_axis(0).iter().filter(|sum| sum.to_f64() == 0.0).count()
}
