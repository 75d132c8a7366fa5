//! Errors in units in the last place, for tests.

/// The error of `y` in units in the last place of the reference.
pub(crate) fn ulps(y: f64, reference: f64) -> f64 {
    if y == reference || y.is_nan() && reference.is_nan() {
        return 0.0;
    }
    let unit = (f64::from_bits(reference.abs().to_bits() + 1) - reference.abs()).max(f64::from_bits(1));
    ((y - reference) / unit).abs()
}

pub(crate) fn ulps_single(y: f32, reference: f64) -> f64 {
    if f64::from(y) == reference || y == reference as f32 || y.is_nan() && reference.is_nan() {
        return 0.0;
    }
    let rounded = (reference as f32).abs();
    let unit = f64::from((f32::from_bits(rounded.to_bits() + 1) - rounded).max(f32::from_bits(1)));
    ((f64::from(y) - reference) / unit).abs()
}
