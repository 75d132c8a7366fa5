//! Numbers and tensors of `autodiff` in the traits of other libraries: `approx`, `nalgebra`, `ndarray`.

mod approx;
mod nalgebra;
mod ndarray;
