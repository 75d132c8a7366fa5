//! The residuals of bundle adjustment: for each observation, a Jacobian of 2 residuals by 15 parameters.
//!
//! A camera (rotation, centre, focal length, principal point, radial distortion) projects a point; the residual is the
//! weighted distance to the observed pixel. Šrajer, Kukelova and Fitzgibbon, *A benchmark of selected algorithmic
//! differentiation tools* (2018), section 3.3.

use crate::workload::{Number, c, noise};

pub(crate) const NAME: &str = "bundle_2x15";
pub(crate) const OBSERVATIONS: usize = 1_000;
/// The parameters of a residual: 11 of the camera, 3 of the point, and the weight.
pub(crate) const PARAMETERS: usize = 15;

/// The parameters and the pixel of each observation.
pub(crate) fn observations() -> Vec<([f64; PARAMETERS], [f64; 2])> {
    let block = |noise: &[f64]| {
        let mut x: [f64; PARAMETERS] = std::array::from_fn(|i| noise[i]);
        x[6] += 3.0; // the focal length
        x[9] *= 0.1; // the distortion
        x[10] *= 0.01;
        x[13] += 5.0; // in front of the camera
        (x, [noise[PARAMETERS], noise[PARAMETERS + 1]])
    };
    noise(OBSERVATIONS * (PARAMETERS + 2), 13).chunks_exact(PARAMETERS + 2).map(block).collect()
}

fn dot<T: Number>(a: [T; 3], b: [T; 3]) -> T {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross<T: Number>(a: [T; 3], b: [T; 3]) -> [T; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Rotates a point about an axis by the length of the axis, by Rodrigues' formula.
fn rotate<T: Number>(axis: [T; 3], x: [T; 3]) -> [T; 3] {
    let square = dot(axis, axis);
    if square == T::zero() {
        let v = cross(axis, x);
        return std::array::from_fn(|i| x[i] + v[i]);
    }
    let angle = square.sqrt();
    let (sin, cos) = (angle.sin(), angle.cos());
    let unit = axis.map(|a| a / angle);
    let (v, along) = (cross(unit, x), dot(unit, x) * (T::one() - cos));
    std::array::from_fn(|i| x[i] * cos + v[i] * sin + unit[i] * along)
}

/// The weighted residuals of an observation.
pub(crate) fn residuals<T: Number>(p: &[T], pixel: &[f64; 2]) -> [T; 2] {
    let x = rotate([p[0], p[1], p[2]], std::array::from_fn(|i| p[11 + i] - p[3 + i]));
    let (u, v) = (x[0] / x[2], x[1] / x[2]);
    let square = u * u + v * v;
    let scale = (T::one() + p[9] * square + p[10] * square * square) * p[6];
    [(u * scale + p[7] - c(pixel[0])) * p[14], (v * scale + p[8] - c(pixel[1])) * p[14]]
}
