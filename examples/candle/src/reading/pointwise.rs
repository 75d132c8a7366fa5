//! The pointwise operations, by candle's kernels, with the conventions of `autodiff`: NaN stays NaN in every function, and
//! a zero has the sign that the formula gives.

use super::loops;
use crate::array::Float;
use autodiff::Pointwise;
use candle_core::{DType, Result, Tensor};
use std::f64::consts::{LOG2_E, LOG10_E};

/// The result, or `None` if it is left to the host.
///
/// On the CPU, what candle has no kernel for is one loop. On a device it is composed of kernels, if that is accurate.
pub(super) fn pointwise<T: Float>(op: Pointwise, x: &[&Tensor]) -> Result<Option<Tensor>> {
    match x[0].device().is_cpu() && !has_kernel(op) {
        true => loops::pointwise::<T>(op, x).map(Some),
        false => by_kernels(op, x),
    }
}

/// Whether candle has a kernel for the operation, or one for each part of its formula.
fn has_kernel(op: Pointwise) -> bool {
    use Pointwise::*;
    match op {
        Neg | Scale(_) | Shift(_) | SubFrom(_) | DivBy(_) | DivInto(_) | Recip | Square | Sqrt | Powf(_) | Exp | Ln
        | Log2 | Log10 | Sin | Cos | Tanh | Sigmoid | Abs | Step | Floor | Detach | Add | Sub | Mul | Div | Greater
        | Equal | Select => true,
        Cbrt | Powi(_) | Expm1 | Exp2 | Ln1p | Tan | Asin | Acos | Atan | Sinh | Cosh | SechSquared | Asinh | Acosh
        | Atanh | Softplus | Erf | Erfc | Lgamma | Polygamma(_) | Sinc(_) | Relu | ClampMin(_) | ClampMax(_) | Sign
        | MulStrongZero | Rem | Pow | Atan2 | Hypot | Maximum | Minimum | MulAdd => false,
    }
}

/// The result, or `None` if no composition of kernels is accurate.
fn by_kernels(op: Pointwise, x: &[&Tensor]) -> Result<Option<Tensor>> {
    use Pointwise::*;
    let a = x[0];
    let y = match op {
        Neg => a.neg(),
        Scale(c) => scale(a, c),
        Shift(c) => a.affine(1.0, c),
        SubFrom(c) => a.affine(-1.0, c),
        DivBy(c) => a.div(&constant(a, c)?),
        DivInto(c) => constant(a, c)?.div(a),
        Recip => a.recip(),
        Square => a.sqr(),
        Sqrt => a.sqrt(),
        Powi(n) => a.powf(n),
        Powf(c) => a.powf(c),
        Exp => a.exp(),
        Expm1 => scale(a, 0.5)?.tanh()?.mul(&a.exp()?.affine(1.0, 1.0)?), // (eˣ − 1)/(eˣ + 1) = tanh(x/2)
        Ln => a.log(),
        Log2 => scale(&a.log()?, LOG2_E),
        Log10 => scale(&a.log()?, LOG10_E),
        Sin => a.sin(),
        Cos => a.cos(),
        Tan => a.sin()?.div(&a.cos()?),
        Sinh => a.tanh()?.mul(&cosh(a)?),
        Cosh => cosh(a),
        Tanh => a.tanh(),
        SechSquared => cosh(a)?.recip()?.sqr(),
        Sigmoid => candle_nn::ops::sigmoid(a),
        Softplus => relu(a)?.add(&ln_1p_of_fraction(&a.abs()?.neg()?.exp()?)?),
        Erf => a.erf(),
        Relu => relu(a),
        Abs => a.abs(),
        ClampMin(c) => larger(a, &constant(a, c)?),
        ClampMax(c) => smaller(a, &constant(a, c)?),
        Sign => a.ne(a)?.where_cond(a, &a.sign()?),
        Step => flags(&a.ge(&constant(a, 0.0)?)?, a),
        Floor => a.floor(),
        Detach => Ok(a.clone()),
        Add => a.add(x[1]),
        Sub => a.sub(x[1]),
        Mul => a.mul(x[1]),
        MulStrongZero => {
            let zero = constant(a, 0.0)?;
            let product = x[1].ne(&zero)?.where_cond(&a.mul(x[1])?, &zero)?;
            a.ne(&zero)?.where_cond(&product, &zero)
        }
        Div => a.div(x[1]),
        Maximum => larger(a, x[1]),
        Minimum => smaller(a, x[1]),
        Greater => flags(&a.gt(x[1])?, a),
        Equal => flags(&a.eq(x[1])?, a),
        Select => a.ne(&constant(a, 0.0)?)?.where_cond(x[1], x[2]),
        Cbrt | Exp2 | Ln1p | Asin | Acos | Atan | Asinh | Acosh | Atanh | Erfc | Lgamma | Polygamma(_) | Sinc(_)
        | Rem | Pow | Atan2 | Hypot | MulAdd => {
            return Ok(None);
        }
    };
    y.map(Some)
}

/// c·x. The addend −0 changes no product, not even a zero.
fn scale(x: &Tensor, c: f64) -> Result<Tensor> {
    x.affine(c, -0.0)
}

/// An array of the shape of `x` filled with `c`, which is stored once.
pub(super) fn constant(x: &Tensor, c: f64) -> Result<Tensor> {
    let one = match x.dtype() {
        DType::F32 => Tensor::full(c as f32, (), x.device()),
        _ => Tensor::full(c, (), x.device()),
    };
    one?.broadcast_as(x.shape())
}

/// 1 where the mask is set, else 0.
fn flags(mask: &Tensor, like: &Tensor) -> Result<Tensor> {
    mask.to_dtype(like.dtype())
}

/// By u = e^(|x|/2) as u·u/2 + 1/(2u·u): the square of u overflows only where cosh x does.
fn cosh(x: &Tensor) -> Result<Tensor> {
    let u = scale(&x.abs()?, 0.5)?.exp()?;
    let half = scale(&u, 0.5)?;
    u.mul(&half)?.add(&scale(&u.recip()?.sqr()?, 0.5)?)
}

/// ln(1 + x) for x from 0 to 1: ln of the rounded sum s, and the rounding error of s divided by s.
fn ln_1p_of_fraction(x: &Tensor) -> Result<Tensor> {
    let sum = x.affine(1.0, 1.0)?;
    let lost = x.sub(&sum.affine(1.0, -1.0)?)?;
    sum.log()?.add(&lost.div(&sum)?)
}

/// NaN and −0 stay what they are.
fn relu(x: &Tensor) -> Result<Tensor> {
    let zero = constant(x, 0.0)?;
    x.lt(&zero)?.where_cond(&zero, x)
}

/// The larger operand; NaN if either is, and b if both are equal.
fn larger(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let larger = a.gt(b)?.where_cond(a, b)?;
    a.ne(a)?.where_cond(a, &larger)
}

fn smaller(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let smaller = a.lt(b)?.where_cond(a, b)?;
    a.ne(a)?.where_cond(a, &smaller)
}

#[cfg(test)]
mod tests {
    use super::by_kernels;
    use crate::array::{Array, Float};
    use autodiff::{Number, Op, Pointwise, Reading, Tensor};
    use candle_core::Device;

    const EDGES: [f64; 19] = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.3,
        -0.3,
        2.5,
        -2.5,
        1e-9,
        -1e-9,
        30.0,
        -30.0,
        80.0,
        -80.0,
        150.0,
        -150.0,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
    ];

    fn compositions_agree<T: Float>(tolerance: f64) {
        use Pointwise::*;
        let one = [
            Powi(3.0),
            Powi(-2.0),
            Erf,
            Tan,
            Expm1,
            Sinh,
            Cosh,
            SechSquared,
            Softplus,
            Relu,
            Sign,
            ClampMin(0.3),
            ClampMax(0.3),
            Maximum,
            Minimum,
            MulStrongZero,
        ];
        for op in one {
            let (n, arity) = (EDGES.len(), op.arity());
            let size = n.pow(arity as u32);
            let operand = |k: usize| {
                let edge = |i: usize| <T as Number>::from_f64(EDGES[i / n.pow(k as u32) % n]);
                Tensor::from_fn([size], |i| edge(i[0]))
            };
            let x: Vec<Tensor<T>> = (0..arity).map(operand).collect();
            let arrays: Vec<Array<T>> = x.iter().map(|x| Array::from_host(x, &Device::Cpu)).collect();
            let operands: Vec<_> = arrays.iter().map(|x| x.tensor()).collect();
            let y = by_kernels(op, &operands).expect("the kernels run").expect("a composition");
            let expected = Tensor::apply(&Op::Pointwise(op), &x.iter().collect::<Vec<_>>());
            for (i, (y, e)) in Array::<T>::new(y).primal().iter().zip(expected.iter()).enumerate() {
                let (y, e) = (Number::to_f64(y), Number::to_f64(e));
                let bound = tolerance * e.abs().max(<T as Number>::MIN_POSITIVE);
                assert!(y == e || y.is_nan() && e.is_nan() || (y - e).abs() <= bound, "{op:?}, {i}: {y:e}, not {e:e}");
            }
        }
    }

    #[test]
    fn compositions_agree_with_tensors_at_edges_too() {
        compositions_agree::<f32>(4e-6);
        compositions_agree::<f64>(1e-14);
    }
}
