//! Numbers and tensors of `autodiff` in the traits of other libraries: `approx` and `ndarray`.

mod approx;
mod ndarray;
