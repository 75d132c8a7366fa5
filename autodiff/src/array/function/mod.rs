//! Mathematical functions of `f32` and `f64`, each in a form for one number and in a form that vectorises.
//!
//! Belongs here: series, argument reduction, and tests of accuracy. Does not: tensors. May use: `number`.

mod error_function;
mod gamma;
#[cfg(test)]
mod golden;
mod half_turns;
mod real;
mod sinc;
mod trigonometric;
#[cfg(test)]
mod ulps;
mod vector_math;

pub(crate) use real::{Cos, Cosh, Erf, Erfc, Exp, Expm1, Ln, Ln1p, Sigmoid, Sin, Sinh, Softplus, Tanh};
pub(crate) use real::{Function, Real, larger, relu, smaller};
pub(crate) use real::{SigmoidSlope, TanhCurvature, TanhSlope};
