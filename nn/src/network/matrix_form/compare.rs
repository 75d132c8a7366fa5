//! The gradient by the tape beside the gradient by matrices.

use super::naive::{Multiplications, multiplications};
use super::recursion::{backward, forward_as};
use crate::network::input::Input;
use crate::network::mlp::Mlp;
use crate::network::transfer::TransferFunction;
use autodiff::prelude::*;
use std::fmt;

/// The difference between two gradients with respect to one part of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The part: `layers.0.weight` and `layers.0.bias` for ∇W¹ and ∇b¹, `z.0` for δ¹, and `x` for ∇ₓC.
    pub by: String,
    /// Its shape.
    pub shape: Shape,
    /// The largest absolute derivative with respect to an element, by the tape.
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

/// The gradients of a network by the tape and by matrices, part by part. Displayed, it is a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The weights and the bias of each layer, the weighted inputs zˡ of each layer, and the input x.
    pub parts: Vec<Difference>,
    /// The cost of the matrix form, and of the forward product.
    pub multiplications: Multiplications,
}

impl Comparison {
    /// The largest [relative](Difference::relative) difference over all parts.
    pub fn worst(&self) -> f64 {
        self.parts.iter().map(Difference::relative).fold(0.0, |a, b| if b > a || b.is_nan() { b } else { a })
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.parts.iter().map(|part| part.by.len()).fold(2, usize::max);
        writeln!(
            f,
            "{:width$}  {:>12}  {:>12}  {:>10}  {:>9}",
            "by", "shape", "largest |∇|", "difference", "relative"
        )?;
        for part in &self.parts {
            let (shape, relative) = (part.shape.to_string(), part.relative());
            let Difference { by, largest, difference, .. } = part;
            writeln!(f, "{by:width$}  {shape:>12}  {largest:>12.4e}  {difference:>10.1e}  {relative:>9.1e}")?;
        }
        writeln!(f, "{}", self.multiplications)
    }
}

/// Compares the gradients by the tape with those by matrices, for a network and a batch x, \[n, in\], or one sample,
/// \[in\]. The loss is any function of the network's output, \[n, out\] or \[out\]: a closure over the functions of
/// [`loss`](crate::loss), or your own. The gradients are ∇W and ∇b, δ and ∇ₓC, for all layers.
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
/// A loss that is bound to a name gets its type from [`function_of`]: `function_of(&mlp.forward(&x), |y| …)`.
///
/// # Panics
/// Panics if `x` is not a batch or a sample with as many columns as the first weights, if there is no layer, or if the
/// loss is not a scalar.
#[track_caller]
pub fn compare<T: Element, F: TransferFunction>(
    mlp: &Mlp<Tensor<T>, F>,
    x: &Tensor<T>,
    loss: impl for<'t> Fn(Var<'t, Tensor<T>>) -> Var<'t, Tensor<T>>,
) -> Comparison {
    const NAME: &str = "matrix_form::compare";
    assert!(!mlp.layers.is_empty(), "{NAME}: there is no layer");
    let kept = forward_as(NAME, mlp, x);
    // The gradient with respect to an offset of zero, added to zˡ, is δˡ.
    let offsets: Vec<_> = kept.z.iter().map(|z| z.full_like(0.0)).collect();
    let (_, by_tape) = value_and_grad(&(mlp.clone(), offsets, x.clone()), |_, (mlp, offsets, x)| {
        let (input, mut a) = (Input::new(NAME, "the network", "x"), x);
        for (l, ((layer, f), offset)) in mlp.pairs(NAME).zip(offsets).enumerate() {
            a = f.apply(&(layer.run(&input, l, &a) + offset));
        }
        loss(a)
    });
    let by_matrices = backward(mlp, &kept, &grad(kept.output(), loss));
    let nabla_x = by_matrices.nabla_x(mlp);
    let names = mlp.paths().into_iter().chain((0..mlp.layers.len()).map(|l| format!("z.{l}"))).chain(["x".to_owned()]);
    let pairs = by_tape.leaves().into_iter().zip((by_matrices.nabla, by_matrices.delta, nabla_x).leaves());
    let difference = |(by, (a, b)): (String, (Tensor<T>, Tensor<T>))| Difference {
        by,
        shape: a.shape().clone(),
        largest: largest(&a),
        difference: largest(&(&a - &b)),
    };
    Comparison { parts: names.zip(pairs).map(difference).collect(), multiplications: multiplications(mlp) }
}

/// The largest absolute element; NaN if there is one.
fn largest<T: Element>(x: &Tensor<T>) -> f64 {
    x.iter().map(|x| x.to_f64().abs()).fold(0.0, |a, b| if b > a || b.is_nan() { b } else { a })
}
