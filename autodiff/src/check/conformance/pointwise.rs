//! The pointwise operations with their operands: all combinations of numbers at which conventions differ.

use super::case::Case;
use crate::algebra::{Element, Op, Pointwise, Pointwise::*};
use crate::array::Tensor;

/// Defines the list of all pointwise operations, with a parameter where they have one.
macro_rules! operations {
    ($($pattern:pat => $($operation:expr),+;)+) => {
        const OPERATIONS: &[Pointwise] = &[$($($operation),+),+];

        // A new operation does not compile until it stands in the list.
        const _: fn(Pointwise) = |operation| match operation { $($pattern => {}),+ };
    };
}

operations! {
    Neg => Neg;
    Scale(_) => Scale(-2.5), Scale(0.0);
    Shift(_) => Shift(0.75);
    SubFrom(_) => SubFrom(0.75);
    DivBy(_) => DivBy(-4.0);
    DivInto(_) => DivInto(3.0), DivInto(0.0);
    Recip => Recip;
    Square => Square;
    Sqrt => Sqrt;
    Cbrt => Cbrt;
    Powi(_) => Powi(0.0), Powi(1.0), Powi(2.0), Powi(3.0), Powi(-1.0), Powi(-2.0);
    Powf(_) => Powf(0.0), Powf(0.5), Powf(1.0), Powf(2.5), Powf(-1.5);
    Exp => Exp;
    Expm1 => Expm1;
    Exp2 => Exp2;
    Ln => Ln;
    Log2 => Log2;
    Log10 => Log10;
    Ln1p => Ln1p;
    Sin => Sin;
    Cos => Cos;
    Tan => Tan;
    Asin => Asin;
    Acos => Acos;
    Atan => Atan;
    Sinh => Sinh;
    Cosh => Cosh;
    Tanh => Tanh;
    SechSquared => SechSquared;
    Asinh => Asinh;
    Acosh => Acosh;
    Atanh => Atanh;
    Sigmoid => Sigmoid;
    Softplus => Softplus;
    Erf => Erf;
    Erfc => Erfc;
    Lgamma => Lgamma;
    Polygamma(_) => Polygamma(0.0), Polygamma(1.0), Polygamma(2.0);
    Sinc(_) => Sinc(0.0), Sinc(1.0), Sinc(2.0);
    Relu => Relu;
    Abs => Abs;
    ClampMin(_) => ClampMin(0.5);
    ClampMax(_) => ClampMax(0.5);
    Sign => Sign;
    Step => Step;
    Floor => Floor;
    Detach => Detach;
    Add => Add;
    Sub => Sub;
    Mul => Mul;
    MulStrongZero => MulStrongZero;
    Div => Div;
    Rem => Rem;
    Pow => Pow;
    Atan2 => Atan2;
    Hypot => Hypot;
    Maximum => Maximum;
    Minimum => Minimum;
    Greater => Greater;
    Equal => Equal;
    MulAdd => MulAdd;
    Select => Select;
}

/// Kinks, poles, borders of domains, ties, infinities and NaN, and numbers between them.
const NUMBERS: [f64; 15] =
    [f64::NEG_INFINITY, -20.0, -2.5, -1.0, -0.5, -0.0, 0.0, 1e-4, 0.5, 0.75, 1.0, 3.0, 20.0, f64::INFINITY, f64::NAN];

/// Each operation on all combinations of the numbers: a vector for each operand.
pub(super) fn cases<T: Element>() -> impl Iterator<Item = Case<T>> {
    OPERATIONS.iter().map(|&operation| {
        let (n, arity) = (NUMBERS.len(), operation.arity() as u32);
        let operand = |i: u32| {
            let number = |place: usize| T::from_f64(NUMBERS[place / n.pow(i) % n]);
            Tensor::from_vec([n.pow(arity)], (0..n.pow(arity)).map(number).collect())
        };
        Case { op: Op::Pointwise(operation), x: (0..arity).map(operand).collect() }
    })
}
