//! The gradient by the tape beside the gradient by matrices.

use super::naive::{Multiplications, multiplications};
use super::recursion::{backward, forward_as};
use crate::network::mlp::Mlp;
use autodiff::prelude::*;
use std::fmt;

/// The difference between two gradients of one leaf.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The leaf's path, like `layers.0.weight`.
    pub path: String,
    /// Its shape.
    pub shape: Shape,
    /// The largest absolute derivative by an element, by the tape.
    pub largest: f64,
    /// The largest absolute difference between the tape and the matrix form.
    pub difference: f64,
}

impl Difference {
    /// The largest difference divided by the largest derivative; 0 if the gradients are equal.
    pub fn relative(&self) -> f64 {
        if self.difference == 0.0 { 0.0 } else { self.difference / self.largest }
    }
}

/// The gradient of a network by the tape and by matrices, leaf by leaf. Displayed, it is a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The leaves of the network in their order: weights and bias of each layer.
    pub leaves: Vec<Difference>,
    /// The cost of the matrix form, and of the forward product.
    pub multiplications: Multiplications,
}

impl Comparison {
    /// The largest [relative](Difference::relative) difference over all leaves.
    pub fn worst(&self) -> f64 {
        self.leaves.iter().map(Difference::relative).fold(0.0, |a, b| if b > a || b.is_nan() { b } else { a })
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.leaves.iter().map(|leaf| leaf.path.len()).fold(4, usize::max);
        writeln!(
            f,
            "{:width$}  {:>12}  {:>12}  {:>10}  {:>9}",
            "leaf", "shape", "largest |∇|", "difference", "relative"
        )?;
        for leaf in &self.leaves {
            let (shape, relative) = (leaf.shape.to_string(), leaf.relative());
            let Difference { path, largest, difference, .. } = leaf;
            writeln!(f, "{path:width$}  {shape:>12}  {largest:>12.4e}  {difference:>10.1e}  {relative:>9.1e}")?;
        }
        writeln!(f, "{}", self.multiplications)
    }
}

/// Compares the gradient by the tape with that by matrices, for a network and a batch x, \[n, in\]. The loss is any
/// function of the network's output, \[n, out\]: a closure over the functions of [`loss`](crate::loss), or your own.
///
/// On both sides, the derivative ∇ₐC by the output comes from the tape. The comparison is about its way through the
/// layers. In f64, both sides agree to about 1e-14 of the largest derivative.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Init, Mlp, Transfer, loss, matrix_form};
/// use rand::{SeedableRng, rngs::StdRng};
/// let rng = &mut StdRng::seed_from_u64(0);
/// let mlp = Mlp::new(&[4, 8, 3], Transfer::Tanh, Init::GlorotUniform, rng);
/// let x = Tensor::<f64>::normal([5, 4], 0.0, 1.0, rng);
/// let labels = Tensor::from([0, 1, 2, 1, 0]);
/// let comparison = matrix_form::compare(&mlp, &x, |y| loss::cross_entropy(&y, &labels));
/// println!("{comparison}");
/// assert!(comparison.worst() < 1e-12);
/// ```
///
/// # Panics
/// Panics if `x` is not a batch with as many columns as the first weights, or the loss is not a scalar.
#[track_caller]
pub fn compare<T: Element>(
    mlp: &Mlp<Tensor<T>>,
    x: &Tensor<T>,
    loss: impl for<'t> Fn(Var<'t, Tensor<T>>) -> Var<'t, Tensor<T>>,
) -> Comparison {
    let kept = forward_as("matrix_form::compare", mlp, x);
    let (_, by_tape) = value_and_grad(mlp, |tape, mlp| loss(mlp.forward(&tape.constant(x.clone()))));
    let by_matrices = backward(mlp, &kept, &grad(kept.output(), loss));
    let pairs = by_tape.leaves().into_iter().zip(by_matrices.leaves());
    let difference = |(path, (a, b)): (String, (Tensor<T>, Tensor<T>))| Difference {
        path,
        shape: a.shape().clone(),
        largest: largest(&a),
        difference: largest(&(&a - &b)),
    };
    let leaves = mlp.paths().into_iter().zip(pairs).map(difference).collect();
    Comparison { leaves, multiplications: multiplications(mlp) }
}

/// The largest absolute element; NaN if there is one.
fn largest<T: Element>(x: &Tensor<T>) -> f64 {
    x.iter().map(|x| x.to_f64().abs()).fold(0.0, |a, b| if b > a || b.is_nan() { b } else { a })
}
