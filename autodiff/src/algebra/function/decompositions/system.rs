//! Systems of linear equations, whose batch axes broadcast.

use super::error::{MatrixError, checked};
use crate::algebra::function::linear_algebra::LinearAlgebra;
use crate::algebra::function::structural::Structural;
use crate::algebra::op::{Decomposition, Factors, Triangle};
use crate::algebra::value::{Reading, broadcast};
use crate::array::{Axes, Number, Shape, ShapeError};

#[track_caller]
pub(super) fn solve<V: Reading>(a: &V, b: &V) -> Result<V, MatrixError> {
    let op = Decomposition::Solve { transpose: false, factors: Factors::default() };
    let (a, b, system) = System::new("solve", a, b)?;
    let x = V::apply(&op.into(), &[&a, &b]);
    Ok(system.restore(checked("solve", "is singular", x, &[&a, &b])?))
}

#[track_caller]
pub(super) fn triangular_solve<V: Reading>(a: &V, triangle: Triangle, b: &V) -> Result<V, MatrixError> {
    const NAME: &str = "triangular_solve";
    let (a, b, system) = System::new(NAME, a, b)?;
    let diagonal = a.primal().diagonal();
    if let Some(place) = diagonal.iter().position(|x| x.to_f64() == 0.0) {
        let n = diagonal.shape()[diagonal.shape().rank() - 1];
        return Err(MatrixError::of_matrix(NAME, &a.primal().shape().clone(), place / n, "is singular"));
    }
    Ok(system.restore(V::apply(&Decomposition::TriangularSolve(triangle).into(), &[&a, &b])))
}

/// How the operands of a system of equations were changed to equal batch axes.
struct System {
    /// Whether the right side is a vector
    is_vector: bool,
    /// The shape of a batch of right sides that became columns of one
    folded: Option<Shape>,
}

impl System {
    /// The matrix and the right sides with equal batch axes.
    #[track_caller]
    fn new<V: Reading>(name: &str, a: &V, b: &V) -> Result<(V, V, Self), MatrixError> {
        let given = [a.shape(), b.shape()];
        let error = |reason: String| MatrixError::from(ShapeError::new(name, &given, reason));
        let Some((a_batch, &[rows, n])) = given[0].split_last_chunk() else {
            return Err(error("a matrix is needed, which has rank 2 or more".into()));
        };
        if rows != n {
            return Err(error("a square matrix is needed".into()));
        }
        let is_vector = given[1].rank() == 1;
        let b = if is_vector { b.unsqueeze(-1) } else { b.clone() };
        let b_shape = b.shape();
        let Some((b_batch, &[b_rows, k])) = b_shape.split_last_chunk() else {
            return Err(error("the right side is a vector or a matrix".into()));
        };
        if b_rows != n {
            return Err(error(format!("the matrix has {n} rows and the right side has {b_rows}")));
        }
        if a_batch == b_batch {
            return Ok((a.clone(), b, Self { is_vector, folded: None }));
        }
        if a_batch.is_empty() {
            let folded = rows_first(&b).reshape([n, b_batch.iter().product::<usize>() * k]);
            return Ok((a.clone(), folded, Self { is_vector, folded: Some(b_shape) }));
        }
        let Some(batch) = Shape::from(a_batch).broadcast(&b_batch.into()) else {
            return Err(error("the batch axes do not broadcast".into()));
        };
        let with_batch = |sizes: [usize; 2]| batch.iter().copied().chain(sizes).collect::<Shape>();
        let (a, b) = (broadcast(a, &with_batch([n, n])), broadcast(&b, &with_batch([n, k])));
        Ok((a, b, Self { is_vector, folded: None }))
    }

    /// The solutions in the shape of the right sides.
    fn restore<V: Reading>(self, x: V) -> V {
        let x = match self.folded {
            None => x,
            Some(shape) => {
                let (batch, last) = (shape.rank() - 2, shape[shape.rank() - 1]);
                let rows_first: Shape =
                    [shape[batch]].into_iter().chain(shape[..batch].iter().copied()).chain([last]).collect();
                let back: Axes<usize> = (1..=batch).chain([0, batch + 1]).collect();
                x.reshape(rows_first).permute(&back)
            }
        };
        if self.is_vector { x.squeeze(-1) } else { x }
    }
}

/// \[…, n, k\] → \[n, …, k\].
fn rows_first<V: Reading>(b: &V) -> V {
    let batch = b.shape().rank() - 2;
    b.permute(&[batch].into_iter().chain(0..batch).chain([batch + 1]).collect::<Vec<_>>())
}
