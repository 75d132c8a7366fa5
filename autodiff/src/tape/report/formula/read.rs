//! The nodes of a tape as expressions.

use super::expression::Expression;
use crate::algebra::{Linear, Op, Pointwise, Reading};
use crate::array::{Axes, Number, Shape};
use crate::tape::graph::{Graph, Origin};

/// An expression with the shape that it has by the rules of numpy. The node that it stands for may be a broadcast of it.
#[derive(Clone)]
pub(super) struct Shaped {
    pub(super) value: Expression,
    pub(super) shape: Shape,
}

impl Shaped {
    /// A function whose result is not one element for each element of its operands.
    fn call(function: &str, x: impl Iterator<Item = Expression>, shape: &Shape) -> Self {
        let value = Expression::Call { function: function.into(), x: x.collect(), single: shape.size() == 1 };
        Self { value, shape: shape.clone() }
    }

    /// The expression of a node of the given shape, which is written out if the expression is not a single element.
    fn broadcast(self, shape: &Shape) -> Expression {
        match self.shape == *shape || self.value.is_single() {
            true => self.value,
            false => Self::call(&format!("broadcast{shape}"), std::iter::once(self.value), shape).value,
        }
    }
}

/// The expression of an operation, over those of its operands.
pub(super) fn operation<V: Reading>(graph: &Graph<V>, id: u32, mut x: Vec<Shaped>) -> Option<Shaped> {
    let shapes: Vec<Shape> = graph.operands(id).iter().map(|&x| graph.value(x).shape()).collect();
    let shape = graph.value(id).shape();
    let full = |x: Vec<Shaped>| x.into_iter().zip(&shapes).map(|(x, shape)| x.broadcast(shape));
    graph.with_op(id, |op| match op {
        Op::Pointwise(op) => pointwise(*op, x),
        Op::Linear(Linear::Broadcast(_)) if broadcasts_by_itself(&shapes[0], &shape) => x.remove(0),
        Op::Linear(Linear::Reshape(_)) if is_vector(&shapes[0], &shape) => {
            let value = x.remove(0).broadcast(&shapes[0]);
            Shaped { value, shape }
        }
        Op::Linear(op) => Shaped { value: linear(op, full(x).collect(), &shapes[0], &shape), shape },
        Op::Matmul(op) => {
            let addend = (x.len() == 3).then(|| x.remove(2).value);
            let mut x = full(x);
            let mut factor = |transposed| match x.next().expect("a factor") {
                factor if transposed => factor.transpose(),
                factor => factor,
            };
            let (a, b) = (factor(op.transpose_lhs), factor(op.transpose_rhs));
            let product = a.matmul(b, shape.size() == 1);
            Shaped { value: addend.into_iter().fold(product, Expression::plus), shape }
        }
        Op::LogSoftmax { .. } | Op::Custom(_) => Shaped::call(&op.name(), full(x), &shape),
        #[cfg(feature = "linalg")]
        Op::Decomposition(_) => Shaped::call(&op.to_string(), full(x), &shape),
    })
}

/// Whether a broadcast only adds axes in front, so that numpy, and a reader, does it without a word.
fn broadcasts_by_itself(from: &Shape, to: &Shape) -> bool {
    let ones = from.iter().take_while(|&&size| size == 1).count();
    to.ends_with(&from[ones..])
}

/// Whether a reshape only turns vectors into columns or rows, or back. In a product of matrices, as in numpy, a vector is
/// whichever of the two fits.
fn is_vector(from: &Shape, to: &Shape) -> bool {
    let column_of = |a: &Shape, b: &Shape| b.split_last() == Some((&1, &a[..]));
    let row_of = |a: &Shape, b: &Shape| a.rank() == 1 && b[..] == [1, a[0]];
    let either = |a: &Shape, b: &Shape| column_of(a, b) || row_of(a, b);
    from.size() == 1 || either(from, to) || either(to, from)
}

/// The number that all elements of a node equal.
pub(super) fn number<V: Reading>(graph: &Graph<V>, id: u32) -> Option<f64> {
    match graph.nodes[id as usize].origin {
        Origin::Unconnected => Some(0.0),
        Origin::Constant => {
            let numbers = graph.value(id).primal();
            let mut numbers = numbers.iter().map(Number::to_f64);
            let first = numbers.next()?;
            numbers.all(|x| x == first).then_some(first)
        }
        Origin::Variable | Origin::Pointwise(_) | Origin::Operation(_) => None,
    }
}

// Each `match` lists all operations, without `_`: a new operation does not compile until it has a text.

fn pointwise(op: Pointwise, x: Vec<Shaped>) -> Shaped {
    use Expression::Number;
    use Pointwise::*;
    let shapes = x.iter().map(|x| x.shape.clone());
    let shape = shapes.reduce(|a, b| a.broadcast(&b).expect("the operands fit")).expect("an operand");
    let mut operands = x.into_iter().map(|x| x.value);
    let mut next = || operands.next().expect("an operand");
    let value = match op {
        Neg => next().neg(),
        Scale(c) => next().scaled(c),
        Shift(c) => next().plus(Number(c)),
        SubFrom(c) => Number(c).plus(next().neg()),
        DivBy(c) => next().over(Number(c)),
        DivInto(c) => Number(c).over(next()),
        Recip => Number(1.0).over(next()),
        Square => next().power(2.0),
        Sqrt => next().power(0.5),
        Powi(n) => next().power(n),
        Powf(c) => next().power(c),
        ClampMin(c) => Expression::call("max", [next(), Number(c)]),
        ClampMax(c) => Expression::call("min", [next(), Number(c)]),
        SechSquared => Expression::call("tanh′", [next()]),
        Polygamma(n) => Expression::call("polygamma", [Number(n), next()]),
        Sinc(n) => Expression::call(&format!("sinc{}", "′".repeat(n as usize)), [next()]),
        Add => next().plus(next()),
        Sub => next().plus(next().neg()),
        Mul | MulStrongZero => next().times(next()),
        Div => next().over(next()),
        MulAdd => next().times(next()).plus(next()),
        Maximum => Expression::call("max", [next(), next()]),
        Minimum => Expression::call("min", [next(), next()]),
        Cbrt | Exp | Expm1 | Exp2 | Ln | Log2 | Log10 | Ln1p | Sin | Cos | Tan | Asin | Acos | Atan | Sinh | Cosh
        | Tanh | Asinh | Acosh | Atanh | Sigmoid | Softplus | Erf | Erfc | Lgamma | Relu | Abs | Sign | Step
        | Floor | Detach | Rem | Pow | Atan2 | Hypot | Greater | Equal | Select => {
            Expression::call(&Op::from(op).name(), operands)
        }
    };
    Shaped { value, shape }
}

fn linear(op: &Linear, mut x: Vec<Expression>, from: &Shape, to: &Shape) -> Expression {
    let first = x.remove(0);
    match op {
        Linear::SumTo(_) if first.is_single() => {
            let repeats = from.size() / to.size().max(1);
            Expression::Number(repeats as f64).times(first)
        }
        Linear::SumTo(_) => first.total(summed_axes(from, to)),
        Linear::Permute(axes) if swaps_last_two(axes) => first.transpose(),
        Linear::Slice { axis, start, len, step } => {
            let range = match (len, step) {
                (1, _) => start.to_string(),
                (_, 1) => format!("{start}:{}", start + len),
                _ => format!("{start}:{}:{step}", start + len * step),
            };
            first.elements(":, ".repeat(*axis) + &range, to.size() == 1)
        }
        Linear::Broadcast(_)
        | Linear::Reshape(_)
        | Linear::Permute(_)
        | Linear::Pad { .. }
        | Linear::Flip(_)
        | Linear::CumSum { .. }
        | Linear::Unfold { .. }
        | Linear::Fold { .. }
        | Linear::Gather { .. }
        | Linear::ScatterAdd { .. }
        | Linear::Concat(_) => {
            Shaped::call(&Op::Linear(op.clone()).to_string(), std::iter::once(first).chain(x), to).value
        }
    }
}

/// The axes that a sum removes or makes 1; `None` if nothing but one element remains.
fn summed_axes(from: &Shape, to: &Shape) -> Option<Vec<usize>> {
    let new = from.rank() - to.rank();
    let summed = |&axis: &usize| axis < new || (to[axis - new] == 1 && from[axis] != 1);
    (to.size() != 1).then(|| (0..from.rank()).filter(summed).collect())
}

fn swaps_last_two(axes: &Axes<usize>) -> bool {
    let n = axes.len();
    n >= 2 && axes[n - 2..] == [n - 1, n - 2] && axes[..n - 2].iter().enumerate().all(|(i, &axis)| i == axis)
}
