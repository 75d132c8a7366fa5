//! The usual transfer functions beside functions of one's own.

use super::function::TransferFunction;
use super::standard::Transfer;
use autodiff::prelude::*;
use std::fmt;

/// One of the usual transfer functions, or one of your own: see [`TransferFunction`].
///
/// For several functions of your own, let `F` be an enum. `Debug` writes the function alone, so that a file of a network
/// with the usual functions fits this type too.
#[derive(Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Mixed<F> {
    /// One of the usual functions.
    Standard(Transfer),
    /// A function of your own.
    Own(F),
}

impl<F> From<Transfer> for Mixed<F> {
    fn from(transfer: Transfer) -> Self {
        Self::Standard(transfer)
    }
}

impl<F: fmt::Debug> fmt::Debug for Mixed<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standard(transfer) => transfer.fmt(f),
            Self::Own(own) => own.fmt(f),
        }
    }
}

impl<F: TransferFunction> TransferFunction for Mixed<F> {
    fn apply<V: Value>(&self, u: &V) -> V {
        match self {
            Self::Standard(transfer) => transfer.apply(u),
            Self::Own(own) => own.apply(u),
        }
    }

    fn derivative<V: Value>(&self, u: &V) -> V {
        match self {
            Self::Standard(transfer) => transfer.derivative(u),
            Self::Own(own) => own.derivative(u),
        }
    }

    fn value_and_derivative<V: Value>(&self, u: &V) -> (V, V) {
        match self {
            Self::Standard(transfer) => transfer.value_and_derivative(u),
            Self::Own(own) => own.value_and_derivative(u),
        }
    }

    fn pull<V: Value>(&self, u: &V, g: &V) -> V {
        match self {
            Self::Standard(transfer) => transfer.pull(u, g),
            Self::Own(own) => own.pull(u, g),
        }
    }

    fn range(&self) -> (f64, f64) {
        match self {
            Self::Standard(transfer) => transfer.range(),
            Self::Own(own) => own.range(),
        }
    }

    fn standard(&self) -> Option<Transfer> {
        match self {
            Self::Standard(transfer) => Some(*transfer),
            Self::Own(own) => own.standard(),
        }
    }
}
