//! Functions composed of others: means, norms, softmax, extremes, activations.
//!
//! Only `log_softmax` is an operation with a rule of its own. All other derivatives follow from the parts.

use super::einsum::einsum;
use super::math::Math;
use super::structural::{Structural, checked_axis, flattened};
use crate::algebra::op::Op;
use crate::algebra::value::{Reading, from_end};
use crate::array::{Number, OrPanic, ShapeError};

/// Means, norms, softmax, products, extremes, and activation functions.
///
/// The [rule for axes](Structural#axes) of [`Structural`] holds here too.
///
/// # Panics
/// A function with an axis panics at the caller's line if the axis does not exist. So does an extreme of no elements.
pub trait Composite: Reading {
    /// The mean of all elements, a scalar.
    #[track_caller]
    fn mean(&self) -> Self {
        self.sum().scale(1.0 / self.shape().size() as f64)
    }

    /// The mean along one axis, which is removed.
    #[track_caller]
    fn mean_axis(&self, axis: isize) -> Self {
        let n = axis_size(self, "mean_axis", axis) as f64;
        self.sum_axis(axis).scale(1.0 / n)
    }

    /// The variance along one axis, which is removed: the sum of squared deviations from the mean, over n − `ddof`.
    ///
    /// # Panics
    /// Panics unless the axis has more than `ddof` elements.
    #[track_caller]
    fn var_axis(&self, axis: isize, ddof: usize) -> Self {
        variance(self, "var_axis", axis, ddof)
    }

    /// The standard deviation along one axis, which is removed: the root of [`var_axis`](Composite::var_axis). It is
    /// right even if the squares of the deviations overflow or underflow. If all elements are equal, it is 0, and so are
    /// its derivatives of every order.
    ///
    /// # Panics
    /// Panics unless the axis has more than `ddof` elements.
    #[track_caller]
    fn std_axis(&self, axis: isize, ddof: usize) -> Self {
        standard_deviation(self, "std_axis", axis, ddof)
    }

    /// The variance of all elements, a scalar: the sum of squared deviations from the mean, over n − `ddof`.
    ///
    /// # Panics
    /// Panics unless there are more than `ddof` elements.
    #[track_caller]
    fn var(&self, ddof: usize) -> Self {
        variance(&flattened(self, "var"), "var", 0, ddof)
    }

    /// The standard deviation of all elements, a scalar: the root of [`var`](Composite::var). If all elements are equal,
    /// it is 0, and so are its derivatives of every order.
    ///
    /// # Panics
    /// Panics unless there are more than `ddof` elements.
    #[track_caller]
    fn std(&self, ddof: usize) -> Self {
        standard_deviation(&flattened(self, "std"), "std", 0, ddof)
    }

    /// The sum of the absolute values of all elements, a scalar.
    #[track_caller]
    fn norm_l1(&self) -> Self {
        self.abs().sum()
    }

    /// The Euclidean norm of all elements, a scalar, right even if the squares overflow or underflow. At 0 its
    /// derivatives of every order are 0.
    #[track_caller]
    fn norm(&self) -> Self {
        norm(&[self], None)
    }

    /// The Euclidean norm along one axis, which is removed, right even if the squares overflow or underflow. At 0 its
    /// derivatives of every order are 0.
    #[track_caller]
    fn norm_axis(&self, axis: isize) -> Self {
        norm(&[self], Some(checked_axis(self, "norm_axis", axis) as isize))
    }

    /// The sum of the squares of all elements, a scalar. Unlike `norm().square()`, it has the right second derivative
    /// at 0.
    #[track_caller]
    fn norm_squared(&self) -> Self {
        self.square().sum()
    }

    /// The sum of squares along one axis, which is removed. Unlike `norm_axis(axis).square()`, it has the right second
    /// derivative at 0.
    #[track_caller]
    fn norm_squared_axis(&self, axis: isize) -> Self {
        self.square().sum_axis(axis)
    }

    /// ln Σ eˣ along one axis, which is removed, without overflow.
    #[track_caller]
    fn logsumexp(&self, axis: isize) -> Self {
        let peak = largest(self, "logsumexp", axis, 1);
        let bound = finite_or_zero(&peak.detach());
        let sum = (self.clone() - &bound).exp().sum_axis(axis).ln() + bound.squeeze(axis);
        match peak.primal().iter().any(|x| x.to_f64() == f64::INFINITY) {
            // An infinite element is the whole sum. Otherwise its weight would be ∞/∞.
            true => {
                let peak = peak.squeeze(axis);
                peak.equal(&peak.full_like(f64::INFINITY)).select(&peak, &sum)
            }
            false => sum,
        }
    }

    /// x − logsumexp(x) along one axis: the logarithm of [`softmax`](Composite::softmax), without cancellation.
    #[track_caller]
    fn log_softmax(&self, axis: isize) -> Self {
        let axis = checked_axis(self, "log_softmax", axis);
        Self::apply(&Op::LogSoftmax { axis }, &[self])
    }

    /// eˣ / Σ eˣ along one axis, without overflow. NaN if the largest element is infinite.
    #[track_caller]
    fn softmax(&self, axis: isize) -> Self {
        softmax(self, "softmax", axis)
    }

    /// e⁻ˣ / Σ e⁻ˣ along one axis, without overflow.
    #[track_caller]
    fn softmin(&self, axis: isize) -> Self {
        softmax(&self.neg(), "softmin", axis)
    }

    /// The product along one axis, which is removed. The derivative is right for factors of 0 too.
    #[track_caller]
    fn prod_axis(&self, axis: isize) -> Self {
        let mut x = self.clone();
        // Multiplies halves until one slice is left. This takes log₂ n steps, and no derivative divides by a factor.
        loop {
            let n = axis_size(&x, "prod_axis", axis);
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

    /// The product of all elements, a scalar.
    #[track_caller]
    fn prod(&self) -> Self {
        flattened(self, "prod").prod_axis(0)
    }

    /// The cumulative product along one axis: element i of the result is the product of the elements 0..=i.
    ///
    /// The factors are multiplied in their order, so nothing overflows unless the result does. The derivative is right
    /// for factors of 0 too.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let x = Tensor::from([2.0, 0.0, 5.0]);
    /// assert_eq!(x.cumprod(0).to_vec(), [2.0, 0.0, 0.0]);
    /// assert_eq!(grad(&x, |x| x.cumprod(0).sum()).to_vec(), [1.0, 12.0, 0.0]);
    /// ```
    #[track_caller]
    fn cumprod(&self, axis: isize) -> Self {
        let n = axis_size(self, "cumprod", axis);
        let mut products: Vec<Self> = Vec::with_capacity(n);
        for i in 0..n {
            let factor = self.slice(axis, i, i + 1);
            products.push(match products.last() {
                Some(product) => product.clone() * factor,
                None => factor,
            });
        }
        match n {
            0 => self.clone(),
            _ => Self::concat(axis, &products.iter().collect::<Vec<_>>()),
        }
    }

    /// The cumulative maximum along one axis: element i of the result is the largest of the elements 0..=i. At a tie
    /// the first one receives the derivative. From a NaN on, all are NaN.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let x = Tensor::from([1.0, 3.0, 2.0, 3.0]);
    /// assert_eq!(x.cummax(0).to_vec(), [1.0, 3.0, 3.0, 3.0]);
    /// assert_eq!(grad(&x, |x| x.cummax(0).sum()).to_vec(), [1.0, 3.0, 0.0, 0.0]);
    /// ```
    #[track_caller]
    fn cummax(&self, axis: isize) -> Self {
        let axis = axis_from_end(self, "cummax", axis);
        let index = self.primal().places_of_running_maxima(axis);
        self.gather(axis, &index)
    }

    /// The largest element along one axis, which is removed. At a tie the first one receives the derivative.
    #[track_caller]
    fn max_axis(&self, axis: isize) -> Self {
        largest(self, "max_axis", axis, 1).squeeze(axis)
    }

    /// The smallest element along one axis, which is removed. At a tie the first one receives the derivative.
    #[track_caller]
    fn min_axis(&self, axis: isize) -> Self {
        largest(&self.neg(), "min_axis", axis, 1).squeeze(axis).neg()
    }

    /// The largest of all elements, a scalar. At a tie the first one receives the derivative. The larger of two numbers
    /// is [`maximum`](crate::Math::maximum).
    #[track_caller]
    fn max(&self) -> Self {
        check_not_empty(self, "max");
        match self.shape().rank() {
            0 => self.clone(),
            _ => flattened(self, "max").max_axis(0),
        }
    }

    /// The smallest of all elements, a scalar. At a tie the first one receives the derivative. The smaller of two
    /// numbers is [`minimum`](crate::Math::minimum).
    #[track_caller]
    fn min(&self) -> Self {
        check_not_empty(self, "min");
        match self.shape().rank() {
            0 => self.clone(),
            _ => flattened(self, "min").min_axis(0),
        }
    }

    /// The `k` largest elements along one axis, in descending order. The axis has size `k` in the result. Equal
    /// elements keep their order.
    ///
    /// # Panics
    /// Panics if the axis has fewer than `k` elements.
    #[track_caller]
    fn top_k(&self, axis: isize, k: usize) -> Self {
        largest(self, "top_k", axis, k)
    }

    /// Sorts the elements along one axis in ascending order. Equal elements keep their order.
    #[track_caller]
    fn sort(&self, axis: isize) -> Self {
        let axis = axis_from_end(self, "sort", axis);
        let index = Reading::argsort(self, axis);
        self.gather(axis, &index)
    }

    /// x/(1 + |x|). Its slope keeps its digits at large x.
    #[inline(always)]
    #[track_caller]
    fn softsign(&self) -> Self {
        // Beyond 1 as ±(1 − 1/(1 + |x|)): the derivative of the quotient cancels there, and this form does near 0.
        let share = self.abs().shift(1.0).recip();
        let large = self.abs().greater(&self.full_like(1.0));
        large.select(&(share.sub_from(1.0) * self.sign()), &(share * self))
    }

    /// x for x > 0, else `slope`·x. The derivative at 0 is `slope`. With slope 0 this is `relu`.
    #[inline(always)]
    #[track_caller]
    fn leaky_relu(&self, slope: f64) -> Self {
        if slope == 0.0 {
            return self.relu(); // 0 at −∞, not 0·∞
        }
        let positive = self.greater(&self.full_like(0.0));
        positive.select(self, &self.scale(slope))
    }

    /// x for x > 0, else `alpha`·(eˣ − 1) (Clevert, Unterthiner and Hochreiter 2016).
    #[inline(always)]
    #[track_caller]
    fn elu(&self, alpha: f64) -> Self {
        // `select` computes both branches, so the bound keeps the exponential of a large x finite.
        let positive = self.greater(&self.full_like(0.0));
        positive.select(self, &self.clamp_max(0.0).expm1().scale(alpha))
    }

    /// The self-normalising unit: [`elu`](Composite::elu), scaled, with the constants of Klambauer et al. (2017).
    #[inline(always)]
    #[track_caller]
    fn selu(&self) -> Self {
        const ALPHA: f64 = 1.673_263_242_354_377_2;
        const SCALE: f64 = 1.050_700_987_355_480_5;
        self.elu(ALPHA).scale(SCALE)
    }

    /// x·Φ(x), with the exact normal distribution function Φ(x) = erfc(−x/√2)/2 (Hendrycks and Gimpel 2016). The left
    /// tail keeps its digits.
    #[inline(always)]
    #[track_caller]
    fn gelu(&self) -> Self {
        let phi = self.scale(-std::f64::consts::FRAC_1_SQRT_2).erfc().scale(0.5);
        phi.mul_strong_zero(self) // 0 at −∞
    }

    /// x·sigmoid(x) (Elfwing, Uchibe and Doya 2018).
    #[inline(always)]
    #[track_caller]
    fn silu(&self) -> Self {
        self.sigmoid().mul_strong_zero(self) // 0 at −∞
    }

    /// The sum of products that numpy's notation describes: a letter for each axis of each operand, and after `->` the
    /// letters of the result. Products are summed along all other labels.
    ///
    /// A letter that an operand has twice takes the diagonal. Without `->`, the result has the letters that occur once,
    /// in alphabetical order. Pairs of operands are contracted by matrix products, in a greedy order: first the pair
    /// that leaves the smallest arrays.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(Tensor::einsum("ij,jk->ik", &[&x, &x]), x.matmul(&x));
    /// assert_eq!(Tensor::einsum("ii", &[&x]), x.trace());
    /// assert_eq!(Tensor::einsum("ji", &[&x]), x.t());
    /// let v = Tensor::from([1.0, -1.0]);
    /// assert_eq!(Tensor::einsum("i,ij,j->", &[&v, &x, &v]).item(), 0.0);
    /// ```
    ///
    /// # Panics
    /// Panics at the caller's line if the subscripts are not of this form or do not fit the shapes; the message names
    /// the label and all shapes.
    #[track_caller]
    fn einsum(subscripts: &str, x: &[&Self]) -> Self {
        einsum(subscripts, x).or_panic()
    }

    /// Does the same as [`einsum`](Composite::einsum), or returns an error.
    ///
    /// # Errors
    /// Returns an error if the subscripts are not of this form or do not fit the shapes.
    #[track_caller]
    fn try_einsum(subscripts: &str, x: &[&Self]) -> Result<Self, ShapeError> {
        einsum(subscripts, x)
    }
}

impl<V: Reading> Composite for V {}

#[track_caller]
fn variance<V: Reading>(x: &V, name: &str, axis: isize, ddof: usize) -> V {
    let n = checked_ddof(x, name, axis, ddof);
    deviations(x, axis, n).0.square().sum_axis(axis).scale(1.0 / (n - ddof) as f64)
}

#[track_caller]
fn standard_deviation<V: Reading>(x: &V, name: &str, axis: isize, ddof: usize) -> V {
    let n = checked_ddof(x, name, axis, ddof);
    let (around_mean, mean) = deviations(x, axis, n);
    let norm = around_mean.norm_axis(axis);
    // The mean has a rounding error of up to n·ε times itself. Equal elements, where the root has a kink, may then have
    // deviations of that size. If one of the elements is subtracted first, the deviations are exactly 0.
    let rounding = V::Elem::EPSILON * (n as f64).powf(1.5);
    let is_rounding = |(norm, mean): (V::Elem, V::Elem)| {
        norm.to_f64() <= f64::max(rounding * mean.to_f64().abs(), V::Elem::MIN_POSITIVE)
    };
    let norm = match norm.primal().iter().zip(mean.primal().iter()).any(is_rounding) {
        true => deviations(&(x.clone() - x.slice(axis, 0, 1).detach()), axis, n).0.norm_axis(axis),
        false => norm,
    };
    norm.scale(1.0 / ((n - ddof) as f64).sqrt())
}

/// The deviations from the mean along an axis of size `n`, and the mean.
#[track_caller]
fn deviations<V: Reading>(x: &V, axis: isize, n: usize) -> (V, V) {
    let mean = x.sum_keep(axis).scale(1.0 / n as f64);
    (x.clone() - &mean, mean)
}

/// The size of an axis, which must be above `ddof`. Messages bear the name of the calling function.
#[track_caller]
fn checked_ddof<V: Reading>(x: &V, name: &str, axis: isize, ddof: usize) -> usize {
    let n = axis_size(x, name, axis);
    if ddof >= n {
        panic!("{name}: {}: {n} elements, but more than {ddof}, the ddof, are needed", x.shape());
    }
    n
}

/// The softmax. Messages bear the name of the calling function.
#[track_caller]
fn softmax<V: Reading>(x: &V, name: &str, axis: isize) -> V {
    let weights = (x.clone() - largest(x, name, axis, 1).detach()).exp();
    let total = weights.sum_keep(axis);
    weights / total
}

/// The `k` largest elements along one axis, in descending order. Messages bear the name of the calling function.
#[track_caller]
fn largest<V: Reading>(x: &V, name: &str, axis: isize, k: usize) -> V {
    let size = axis_size(x, name, axis);
    if k > size {
        panic!("{name}: {}: axis {axis} has size {size}, but at least {k} is needed", x.shape());
    }
    let axis = axis_from_end(x, name, axis);
    let index = Reading::top_k_indices(x, axis, k);
    x.gather(axis, &index)
}

/// The elements with 0 in place of infinite ones, so that a difference from them is never ∞ − ∞.
#[track_caller]
fn finite_or_zero<V: Reading>(x: &V) -> V {
    let finite = x.full_like(f64::INFINITY).greater(&x.abs());
    finite.select(x, &x.full_like(0.0))
}

/// The Euclidean norm of some values, along one axis of them or of all elements. Only if a sum of squares has
/// overflowed or lost digits, it is computed again in units of a power of 2 (Blue 1978).
#[track_caller]
pub(super) fn norm<V: Reading>(x: &[&V], axis: Option<isize>) -> V {
    // From 2⁻¹⁰⁷⁴ to 2¹⁰²⁴, every f64 in units of 2^±⁵⁶³ has a square with all digits; for f32 the numbers are 149,
    // 128, 86.
    let unit = V::Elem::MIN_POSITIVE.sqrt() * V::Elem::EPSILON;
    let smallest = V::Elem::MIN_POSITIVE / V::Elem::EPSILON.powi(2);
    let squares = sum_of_squares(x, axis);
    if squares.primal().iter().all(|s| !(s.to_f64() < smallest || s.to_f64() == f64::INFINITY)) {
        return root_or_zero(&squares);
    }
    let constant = |c: f64| squares.full_like(c);
    let (tiny, huge) = (squares.less(&constant(smallest)), squares.equal(&constant(f64::INFINITY)));
    let unit = tiny.select(&constant(unit), &huge.select(&constant(1.0 / unit), &constant(1.0)));
    let divisor = match axis {
        Some(axis) => unit.unsqueeze(axis),
        None => unit.clone(),
    };
    let mut scaled = Vec::with_capacity(x.len());
    for x in x {
        scaled.push((*x).clone() / &divisor);
    }
    root_or_zero(&sum_of_squares(&scaled.iter().collect::<Vec<_>>(), axis)) * unit
}

/// The sum of the squares of some values, at least one, along one axis or of all elements.
#[track_caller]
fn sum_of_squares<V: Reading>(x: &[&V], axis: Option<isize>) -> V {
    let mut total = None;
    for x in x {
        let squares = match axis {
            Some(axis) => x.norm_squared_axis(axis),
            None => x.norm_squared(),
        };
        total = Some(match total {
            Some(total) => total + squares,
            None => squares,
        });
    }
    total.expect("at least one value")
}

/// √s, but a constant 0 if s is 0: the infinite slope of the root at 0 would make other factors of a derivative
/// infinite.
#[track_caller]
fn root_or_zero<V: Reading>(s: &V) -> V {
    let zero = s.equal(&s.full_like(0.0));
    let safe = zero.select(&s.full_like(1.0), s);
    zero.select(&s.full_like(0.0), &safe.sqrt())
}

#[track_caller]
fn check_not_empty<V: Reading>(x: &V, name: &str) {
    let shape = x.shape();
    if shape.size() == 0 {
        panic!("{name}: {shape}: at least one element is needed");
    }
}

#[track_caller]
fn axis_size<V: Reading>(x: &V, name: &str, axis: isize) -> usize {
    x.shape()[checked_axis(x, name, axis)]
}

/// The axis counted from the end. It then names the same axis of [`primal`](Reading::primal), which has the axes of
/// enclosing batches in front.
#[track_caller]
fn axis_from_end<V: Reading>(x: &V, name: &str, axis: isize) -> isize {
    from_end(name, axis, &x.shape())
}
