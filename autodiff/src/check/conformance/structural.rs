//! The operations that are not pointwise, with operands of several ranks and sizes.

use super::case::{Case, numbers};
use crate::algebra::{Custom, Dyn, Element, Linear, Matmul, Op, Primitive};
use crate::array::{Axes, Shape, Tensor};
use std::sync::Arc;

/// Every linear operation, matrix products, the logarithm of the softmax, decompositions, and a primitive.
pub(super) fn cases<T: Element>() -> impl Iterator<Item = Case<T>> {
    linear().chain(matmuls()).chain(log_softmax()).chain(decompositions()).chain([primitive()])
}

fn case<T: Element>(op: impl Into<Op>, shapes: &[&[usize]]) -> Case<T> {
    let x = shapes.iter().enumerate().map(|(i, shape)| numbers(shape, i)).collect();
    Case { op: op.into(), x }
}

fn linear<T: Element>() -> impl Iterator<Item = Case<T>> {
    let axes = |axes: &[usize]| Linear::Permute(Axes::from(axes));
    let slice = |axis, start, len, step| Linear::Slice { axis, start, len, step };
    let pad = |axis, start, size, step| Linear::Pad { axis, start, size, step };
    let sum = |axis, reverse| Linear::CumSum { axis, reverse };
    let index = |shape: [usize; 2], indices: &[usize]| Arc::new(Tensor::from_vec(shape, indices.to_vec()));
    let gather = |axis, index| Linear::Gather { axis, index };
    let scatter = |axis, index, size| Linear::ScatterAdd { axis, index, size };
    let of_one: Vec<(Linear, &[usize])> = vec![
        (Linear::Broadcast([2, 3].into()), &[3]),
        (Linear::Broadcast([4, 2, 3].into()), &[2, 1]),
        (Linear::Broadcast([2, 2].into()), &[]),
        (Linear::Broadcast([0, 3].into()), &[3]),
        (Linear::SumTo([3].into()), &[2, 3]),
        (Linear::SumTo([2, 1].into()), &[4, 2, 3]),
        (Linear::SumTo(Shape::scalar()), &[2, 3]),
        (Linear::SumTo([3].into()), &[0, 3]),
        (Linear::Reshape([3, 4].into()), &[2, 6]),
        (Linear::Reshape([1].into()), &[]),
        (Linear::Reshape([0, 5].into()), &[2, 0]),
        (axes(&[1, 0]), &[2, 3]),
        (axes(&[2, 0, 1]), &[2, 3, 4]),
        (slice(1, 1, 2, 1), &[3, 4]),
        (slice(0, 1, 3, 2), &[6, 2]),
        (slice(1, 4, 0, 1), &[3, 4]),
        (pad(1, 1, 4, 1), &[3, 2]),
        (pad(0, 1, 7, 3), &[2, 2]),
        (pad(0, 2, 3, 1), &[0, 2]),
        (Linear::Flip(1), &[2, 3]),
        (sum(0, false), &[3, 2]),
        (sum(1, true), &[2, 3]),
        (Linear::Unfold { axis: 1, size: 2, step: 1 }, &[3, 4]),
        (Linear::Unfold { axis: 0, size: 3, step: 2 }, &[6, 2]),
        (Linear::Fold { axis: 1, size: 4, step: 1 }, &[2, 3, 2]),
        (Linear::Fold { axis: 0, size: 6, step: 2 }, &[2, 2, 3]),
        (gather(1, index([2, 3], &[0, 0, 3, 2, 1, 3])), &[2, 4]),
        (gather(0, index([3, 2], &[1, 0, 0, 1, 1, 1])), &[2, 2]),
        (scatter(1, index([2, 3], &[0, 0, 3, 2, 1, 2]), 4), &[2, 3]),
        (scatter(0, index([3, 2], &[1, 0, 0, 1, 1, 1]), 2), &[3, 2]),
    ];
    let concatenations = [
        case(Linear::Concat(0), &[&[2, 3]]),
        case(Linear::Concat(1), &[&[2, 3], &[2, 1]]),
        case(Linear::Concat(0), &[&[2, 3], &[0, 3], &[1, 3]]),
    ];
    of_one.into_iter().map(|(op, shape)| case(op, &[shape])).chain(concatenations)
}

fn matmuls<T: Element>() -> impl Iterator<Item = Case<T>> {
    let by_flags = |transpose_lhs, transpose_rhs| {
        let side = |transposed: bool, rows: usize, columns: usize| match transposed {
            true => [columns, rows],
            false => [rows, columns],
        };
        let (a, b) = (side(transpose_lhs, 2, 3), side(transpose_rhs, 3, 4));
        let batch = |side: [usize; 2]| [&[5], &side[..]].concat();
        let op = Matmul { transpose_lhs, transpose_rhs };
        [
            case(op, &[&a, &b]),
            case(op, &[&a, &b, &[4]]),
            case(op, &[&a, &b, &[2, 1]]),
            case(op, &[&batch(a), &batch(b)]),
            case(op, &[&batch(a), &batch(b), &[2, 4]]),
        ]
    };
    let flags = [(false, false), (false, true), (true, false), (true, true)];
    let plain = Matmul { transpose_lhs: false, transpose_rhs: false };
    let empty = [case(plain, &[&[2, 0], &[0, 3]]), case(plain, &[&[0, 2], &[2, 3]])];
    flags.into_iter().flat_map(move |(lhs, rhs)| by_flags(lhs, rhs)).chain(empty)
}

fn log_softmax<T: Element>() -> impl Iterator<Item = Case<T>> {
    let infinite = [0.5, f64::NEG_INFINITY, -1.0, 800.0, 0.0, 800.0].map(T::from_f64);
    let at_infinity = Case { op: Op::LogSoftmax { axis: 1 }, x: vec![Tensor::from_vec([2, 3], infinite.to_vec())] };
    let axes = [0, 1, 2].map(|axis| case(Op::LogSoftmax { axis }, &[&[2, 3, 4]]));
    axes.into_iter().chain([at_infinity])
}

/// The decompositions with one result. The others have factors whose signs a library may choose.
#[cfg(feature = "linalg")]
fn decompositions<T: Element>() -> impl Iterator<Item = Case<T>> {
    use crate::algebra::{Decomposition, Factors, LinearAlgebra, Triangle};
    let matrices = |shape: &[usize]| {
        let x: Tensor<T> = numbers(shape, 0);
        x.matmul_t(&x) * 0.2 + Tensor::eye(3)
    };
    let of_pair = |op: Decomposition| {
        [[3, 3].as_slice(), &[2, 3, 3]].map(|shape| {
            let side = numbers(&[&shape[..shape.len() - 1], &[2]].concat(), 1);
            Case { op: op.clone().into(), x: vec![matrices(shape), side] }
        })
    };
    let of_one = |op: Decomposition| {
        [[3, 3].as_slice(), &[2, 3, 3]].map(|shape| Case { op: op.clone().into(), x: vec![matrices(shape)] })
    };
    let solve = |transpose| Decomposition::Solve { transpose, factors: Factors::default() };
    let pairs = [
        of_pair(Decomposition::TriangularSolve(Triangle::Lower)),
        of_pair(Decomposition::TriangularSolve(Triangle::Upper)),
        of_pair(solve(false)),
        of_pair(solve(true)),
    ];
    let single = [
        of_one(Decomposition::Cholesky),
        of_one(Decomposition::Det(Factors::default())),
        of_one(Decomposition::LogDet(Factors::default())),
    ];
    pairs.into_iter().flatten().chain(single.into_iter().flatten())
}

#[cfg(not(feature = "linalg"))]
fn decompositions<T: Element>() -> impl Iterator<Item = Case<T>> {
    std::iter::empty()
}

/// x₀·x₁ with a pullback of its own, to be applied by [`Custom::eval`].
struct Product;

impl Primitive for Product {
    fn name(&self) -> &str {
        "primitive"
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        x[0] * x[1]
    }

    fn pull<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        vec![g * x[1], g * x[0]]
    }

    fn push<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, dx: &[Dyn<'a>]) -> Option<Dyn<'a>> {
        Some(dx[0] * x[1] + x[0] * dx[1])
    }
}

fn primitive<T: Element>() -> Case<T> {
    case(Op::Custom(Arc::new(Custom::new(Product))), &[&[2, 3], &[2, 3]])
}

/// Operations whose operands do not fit.
pub(super) fn misfits<T: Element>() -> Vec<Case<T>> {
    use crate::algebra::Pointwise;
    vec![
        case(Pointwise::Add, &[&[2, 3], &[3]]),
        case(Pointwise::MulAdd, &[&[2], &[2], &[1]]),
        case(Matmul { transpose_lhs: false, transpose_rhs: false }, &[&[2, 3], &[2, 3]]),
        case(Linear::Broadcast([2, 3].into()), &[&[2]]),
        case(Linear::SumTo([2].into()), &[&[2, 3]]),
        case(Linear::Reshape([4].into()), &[&[2, 3]]),
        case(Linear::Permute(Axes::from(&[1, 0][..])), &[&[2]]),
        case(Linear::Slice { axis: 0, start: 1, len: 2, step: 1 }, &[&[2]]),
        case(Linear::Concat(0), &[&[2, 3], &[2, 2]]),
        case(Op::LogSoftmax { axis: 2 }, &[&[2, 3]]),
    ]
}
