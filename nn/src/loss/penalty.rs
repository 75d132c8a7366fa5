//! Penalties: what is added to a loss to keep weights small. Functions of a tree of values, like any loss; of some
//! weights only, when given a part of a model, or a list of parts.
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Init, Mlp, Transfer, loss, penalty};
//! use rand::{SeedableRng, rngs::StdRng};
//! let rng = &mut StdRng::seed_from_u64(0);
//! let mlp = Mlp::new(&[2, 3, 1], Transfer::Tanh, Init::GlorotUniform, rng);
//! let x = Tensor::<f64>::normal([4, 2], 0.0, 1.0, rng);
//! let (_, gradient) = value_and_grad(&mlp, |tape, mlp| {
//!     let weights: Vec<_> = mlp.layers.iter().map(|layer| layer.weight).collect(); // and no biases
//!     mlp.forward(&tape.constant(x)).square().mean() + penalty::l2(&weights).scale(1e-3)
//! });
//! # assert_eq!(gradient.leaves().len(), 4);
//! ```

use autodiff::prelude::*;

/// Half the sum of squares ½·Σ w² over all elements of all leaves, a scalar; its gradient is w, so that λ times it is
/// a weight decay of λ in plain descent.
///
/// With optimisers that scale gradients it is not the same as their `decay`, which acts on the weights themselves
/// (Loshchilov and Hutter 2019).
///
/// # Panics
/// If the tree has no leaf.
#[track_caller]
pub fn l2<T: Tree>(tree: &T) -> T::Leaf {
    total("l2", tree, |leaf| leaf.square().sum().scale(0.5))
}

/// The sum Σ |w| over all elements of all leaves, a scalar: it draws weights to exactly 0 (Tibshirani 1996).
///
/// # Panics
/// If the tree has no leaf.
#[track_caller]
pub fn l1<T: Tree>(tree: &T) -> T::Leaf {
    total("l1", tree, |leaf| leaf.abs().sum())
}

#[track_caller]
fn total<T: Tree>(name: &str, tree: &T, mut f: impl FnMut(&T::Leaf) -> T::Leaf) -> T::Leaf {
    let mut sum: Option<T::Leaf> = None;
    tree.visit(&mut |_, leaf| {
        let part = f(leaf);
        sum = Some(match sum.take() {
            Some(sum) => sum + part,
            None => part,
        });
    });
    let Some(sum) = sum else { panic!("{name}: the tree has no leaf") };
    sum
}
