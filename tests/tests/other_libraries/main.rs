//! Numbers and tensors of `autodiff` beside other libraries: `approx`, `nalgebra`, `ndarray`, `serde`.

mod approx;
mod nalgebra;
mod ndarray;
mod serde;
