//! Compositions by name, for every reading. None but `log_softmax` carries a rule of its own: derivatives are those of
//! the parts.

use super::math::Math;
use super::structural::Structural;
use crate::algebra::op::Op;
use crate::algebra::value::Value;
use crate::array::Shape;

/// Means, norms, softmax and their like, extreme values, and activation functions.
///
/// Reductions «along an axis» drop it; the axis may be counted from the end. All panic at the caller's line where the
/// axis does not exist.
pub trait Composite: Value {
    /// The mean of all elements, of rank 0.
    #[track_caller]
    fn mean(&self) -> Self {
        self.sum().scale(1.0 / self.shape().size() as f64)
    }

    /// The mean along one axis.
    #[track_caller]
    fn mean_axis(&self, axis: isize) -> Self {
        let sum = self.sum_axis(axis);
        sum.scale(1.0 / axis_size(self, axis))
    }

    /// The variance along one axis: the sum of squared distances from the mean, over n − `ddof`.
    #[track_caller]
    fn var_axis(&self, axis: isize, ddof: usize) -> Self {
        let n = axis_size(self, axis);
        let mean = self.sum_keep(axis).scale(1.0 / n);
        (self.clone() - mean).square().sum_axis(axis).scale(1.0 / (n - ddof as f64))
    }

    /// The standard deviation along one axis, over n − `ddof`.
    #[track_caller]
    fn std_axis(&self, axis: isize, ddof: usize) -> Self {
        self.var_axis(axis, ddof).sqrt()
    }

    /// The variance of all elements, over n − `ddof`.
    #[track_caller]
    fn var(&self, ddof: usize) -> Self {
        self.flatten().var_axis(0, ddof)
    }

    /// The standard deviation of all elements, over n − `ddof`.
    #[track_caller]
    fn std(&self, ddof: usize) -> Self {
        self.var(ddof).sqrt()
    }

    /// The sum of absolute values of all elements.
    #[track_caller]
    fn norm_l1(&self) -> Self {
        self.abs().sum()
    }

    /// The Euclidean norm of all elements. At 0 its derivatives, of every order, are 0.
    #[track_caller]
    fn norm(&self) -> Self {
        root_or_zero(&self.square().sum())
    }

    /// The Euclidean norm along one axis. At 0 its derivatives, of every order, are 0.
    #[track_caller]
    fn norm_axis(&self, axis: isize) -> Self {
        root_or_zero(&self.square().sum_axis(axis))
    }

    /// ln Σ eˣ along one axis, without overflow.
    #[track_caller]
    fn logsumexp(&self, axis: isize) -> Self {
        let peak = peak(self, axis);
        let sum = (self.clone() - &peak).exp().sum_axis(axis);
        sum.ln() + peak.squeeze(axis)
    }

    /// x − logsumexp(x) along one axis: the logarithm of [`softmax`](Composite::softmax), without cancellation.
    #[track_caller]
    fn log_softmax(&self, axis: isize) -> Self {
        let shape = self.shape();
        match shape.axis(axis) {
            Some(axis) => Self::apply(&Op::LogSoftmax { axis }, &[self]),
            None => panic!("log_softmax: {shape}: axis {axis} is out of range for rank {}", shape.rank()),
        }
    }

    /// eˣ / Σ eˣ along one axis, without overflow.
    #[track_caller]
    fn softmax(&self, axis: isize) -> Self {
        let weights = (self.clone() - peak(self, axis)).exp();
        let total = weights.sum_keep(axis);
        weights / total
    }

    /// e⁻ˣ / Σ e⁻ˣ along one axis.
    #[track_caller]
    fn softmin(&self, axis: isize) -> Self {
        self.neg().softmax(axis)
    }

    /// The product along one axis. Factors may be 0: the derivative by one is the product of the others.
    #[track_caller]
    fn prod_axis(&self, axis: isize) -> Self {
        let mut x = self.clone();
        // Halves are multiplied until one slice is left: log₂ n steps, and no division by a factor.
        loop {
            let n = axis_size(&x, axis) as usize;
            match n {
                0 => return x.sum_axis(axis).shift(1.0),
                1 => return x.squeeze(axis),
                _ => {
                    let pairs = x.slice(axis, 0, n / 2) * x.slice(axis, n / 2, n / 2 * 2);
                    x = if n.is_multiple_of(2) {
                        pairs
                    } else {
                        Self::concat(axis, &[&pairs, &x.slice(axis, n - 1, n)])
                    };
                }
            }
        }
    }

    /// The product of all elements.
    #[track_caller]
    fn prod(&self) -> Self {
        self.flatten().prod_axis(0)
    }

    /// The largest element along one axis; of several, the first.
    #[track_caller]
    fn max_axis(&self, axis: isize) -> Self {
        self.top_k(axis, 1).squeeze(axis)
    }

    /// The smallest element along one axis; of several, the first.
    #[track_caller]
    fn min_axis(&self, axis: isize) -> Self {
        self.neg().max_axis(axis).neg()
    }

    /// The largest of all elements; of several, the first.
    #[track_caller]
    fn max(&self) -> Self {
        self.flatten().max_axis(0)
    }

    /// The smallest of all elements; of several, the first.
    #[track_caller]
    fn min(&self) -> Self {
        self.flatten().min_axis(0)
    }

    /// The `k` largest elements along one axis, in falling order; equal ones in the order of their places.
    #[track_caller]
    fn top_k(&self, axis: isize, k: usize) -> Self {
        let (axis, size) = (from_end(self, axis), axis_size(self, axis) as usize);
        if k > size {
            panic!("top_k: {}: {k} elements of an axis of size {size}", self.shape());
        }
        let places = self.primal().top_k_places(axis, k);
        self.gather(axis, &places)
    }

    /// The elements along one axis in rising order; equal ones in the order of their places.
    #[track_caller]
    fn sort(&self, axis: isize) -> Self {
        let axis = from_end(self, axis);
        let places = self.primal().argsort(axis);
        self.gather(axis, &places)
    }

    /// x/(1 + |x|).
    #[track_caller]
    fn softsign(&self) -> Self {
        self.clone() / self.abs().shift(1.0)
    }

    /// x, and `slope`·x where x ≤ 0, which is also the derivative at 0: a slope of 0 gives `relu`.
    #[track_caller]
    fn leaky_relu(&self, slope: f64) -> Self {
        let positive = self.greater(&self.full_like(0.0));
        positive.select(self, &self.scale(slope))
    }

    /// x, and `alpha`·(eˣ − 1) where x ≤ 0 (Clevert, Unterthiner and Hochreiter 2016).
    #[track_caller]
    fn elu(&self, alpha: f64) -> Self {
        // The exponential of a large x is not chosen, but would be computed: bounded above by 0, it stays finite.
        let positive = self.greater(&self.full_like(0.0));
        positive.select(self, &self.clamp_max(0.0).expm1().scale(alpha))
    }

    /// The self-normalising unit (Klambauer et al. 2017): a scaled [`elu`](Composite::elu) with their constants.
    #[track_caller]
    fn selu(&self) -> Self {
        const ALPHA: f64 = 1.673_263_242_354_377_2;
        const SCALE: f64 = 1.050_700_987_355_480_5;
        self.elu(ALPHA).scale(SCALE)
    }

    /// x·Φ(x) with the normal distribution function Φ, exact, by `erf` (Hendrycks and Gimpel 2016).
    #[track_caller]
    fn gelu(&self) -> Self {
        let phi = self.scale(std::f64::consts::FRAC_1_SQRT_2).erf().shift(1.0).scale(0.5);
        phi * self
    }

    /// x·sigmoid(x) (Elfwing, Uchibe and Doya 2018).
    #[track_caller]
    fn silu(&self) -> Self {
        self.sigmoid() * self
    }
}

impl<V: Value> Composite for V {}

/// The largest element along an axis as a constant, kept with size 1; 0 where that is infinite, so that no ∞ − ∞ comes.
#[track_caller]
fn peak<V: Value>(x: &V, axis: isize) -> V {
    let peak = x.top_k(axis, 1).detach();
    let finite = peak.full_like(f64::INFINITY).greater(&peak.abs());
    finite.select(&peak, &peak.full_like(0.0))
}

/// √s, and where s is 0 the constant 0, so that no infinite slope meets another factor.
#[track_caller]
fn root_or_zero<V: Value>(s: &V) -> V {
    let zero = s.equal(&s.full_like(0.0));
    let safe = zero.select(&s.full_like(1.0), s);
    zero.select(&s.full_like(0.0), &safe.sqrt())
}

#[track_caller]
fn axis_size<V: Value>(x: &V, axis: isize) -> f64 {
    let shape = x.shape();
    match shape.axis(axis) {
        Some(axis) => shape[axis] as f64,
        None => panic!("{shape}: axis {axis} is out of range for rank {}", shape.rank()),
    }
}

/// The axis counted from the end: so it names the same axis of the numbers underneath, whatever a batch adds in front.
#[track_caller]
fn from_end<V: Value>(x: &V, axis: isize) -> isize {
    let shape: Shape = x.shape();
    match shape.axis(axis) {
        Some(axis) => axis as isize - shape.rank() as isize,
        None => panic!("{shape}: axis {axis} is out of range for rank {}", shape.rank()),
    }
}
