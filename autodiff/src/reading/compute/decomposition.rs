//! The values of decompositions.

use crate::algebra::{Decomposition, Factored, Factors, Triangle};
use crate::array::loops::decompositions::{self as loops, Lu};
use crate::array::machine::dense::Dense;
use crate::array::{Number, Real, Tensor};

impl<T: Dense + Number> Factored for Lu<T> {
    fn smallest_pivot(&self) -> f64 {
        self.smallest_pivot()
    }
}

pub(super) fn decompose<T: Dense + Real + Number>(op: &Decomposition, x: &[&Tensor<T>]) -> Tensor<T> {
    match op {
        Decomposition::Cholesky => loops::cholesky(x[0]),
        Decomposition::TriangularSolve(triangle) => loops::triangular_solve(x[0], x[1], *triangle == Triangle::Upper),
        Decomposition::Solve { transpose, factors } => with_lu(factors, x[0], |lu| lu.solve(x[1], *transpose)),
        Decomposition::Det(factors) => with_lu(factors, x[0], Lu::det),
        Decomposition::LogDet(factors) => with_lu(factors, x[0], |lu| lu.log_det(|x| Real::ln(x, false))),
        Decomposition::Qr => loops::qr(x[0]),
        Decomposition::Eigh => loops::eigh(x[0]),
        Decomposition::Svd => loops::svd(x[0]),
    }
}

/// Uses the decomposition of `a` that is kept, or computes it.
fn with_lu<T: Dense + Number, R>(factors: &Factors, a: &Tensor<T>, f: impl FnOnce(&Lu<T>) -> R) -> R {
    if let Some(lu) = factors.find(|lu: &Lu<T>| lu.is_of(a)) {
        return f(lu);
    }
    let lu = Lu::new(a);
    let result = f(&lu);
    factors.keep(lu);
    result
}
