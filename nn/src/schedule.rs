//! Learning rates that change: functions of the progress through training, to be assigned to an optimiser's `rate`.

use std::f64::consts::PI;

/// Half a cosine from `rate` at progress 0 down to 0 at progress 1 (Loshchilov and Hutter 2017, equation 5, without
/// restarts).
///
/// ```
/// use nn::schedule::cosine;
/// assert_eq!((cosine(0.1, 0.0), cosine(0.1, 1.0)), (0.1, 0.0));
/// assert!((cosine(0.1, 0.5) - 0.05).abs() < 1e-15);
/// ```
pub fn cosine(rate: f64, progress: f64) -> f64 {
    rate * 0.5 * (1.0 + (PI * progress).cos())
}
