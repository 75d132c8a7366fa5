//! Penalties on weights, to be added to a loss. A penalty is a function of a tree of values; given a part of a model or
//! a list of parts, it applies to these weights only.
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Init, Mlp, Transfer, loss, penalty};
//! use rand::{SeedableRng, rngs::StdRng};
//! let rng = &mut StdRng::seed_from_u64(0);
//! let mlp = Mlp::new(&[2, 3, 1], Transfer::Tanh, Init::GlorotUniform, rng);
//! let x = Tensor::<f64>::normal([4, 2], 0.0, 1.0, rng);
//! let (_, gradient) = value_and_grad(&mlp, |_, mlp| {
//!     let weights: Vec<_> = mlp.layers.iter().map(|layer| layer.weight).collect(); // no biases
//!     mlp.forward(&x).square().mean() + penalty::l2(&weights) * 1e-3
//! });
//! # assert_eq!(gradient.leaves().len(), 4);
//! ```

use autodiff::prelude::*;

/// Half the sum of squares ½·Σ w² over all elements of all leaves, a scalar. Its gradient is w, so λ times it is a
/// weight decay of λ in plain gradient descent.
///
/// With optimisers that scale gradients it differs from their `decay`, which acts on the weights themselves (Loshchilov
/// and Hutter 2019).
///
/// # Panics
/// Panics if the tree has no leaf.
#[track_caller]
pub fn l2<T: Tree>(tree: &T) -> T::Leaf {
    total("l2", tree, |leaf| leaf.square().sum().scale(0.5))
}

/// The sum Σ |w| over all elements of all leaves, a scalar. It drives weights to exactly 0 (Tibshirani 1996).
///
/// # Panics
/// Panics if the tree has no leaf.
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
