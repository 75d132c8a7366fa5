//! # 2. Hebbian learning
//!
//! How does a network of neurons learn without a teacher? Hebb (1949) proposed that a connection grows stronger if the
//! neurons at its two ends are active together. With an input xⱼ, an output y and a rate η:
//!
//! > Δwⱼ = η·y·xⱼ
//!
//! There is no target and no loss; the rule uses only what is present at the connection. Learning without targets is called
//! unsupervised.
//!
//! Bain (1873) had already explained memory by connections that repeated activity strengthens. In 1948, Turing described
//! machines, his type B, whose connections training changes. Farley and Clark (1954) were the first to simulate a Hebbian
//! network on a computer.
//!
//! ## Learning a direction
//!
//! A unit y = w·x that is fed with many samples of mean 0 turns its weights into the direction in which the samples vary most,
//! the first principal component. With Hebb's rule alone, w grows without bound. Oja (1982) added a decay that keeps ‖w‖ near
//! 1:
//!
//! > Δw = η·y·(x − y·w)
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::hebb;
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! // Samples that vary with deviation 2 along (0.8, 0.6), and with deviation 0.5 across.
//! let rng = &mut StdRng::seed_from_u64(0);
//! let z = Tensor::<f64>::normal([500, 2], 0.0, 1.0, rng) * Tensor::from([2.0, 0.5]);
//! let x = z.matmul(&Tensor::from([[0.8, 0.6], [-0.6, 0.8]]));
//!
//! let mut by_hebb = Tensor::from([[1.0, 0.0]]);
//! let mut by_oja = Tensor::from([1.0, 0.0]);
//! for _ in 0..50 {
//!     let y = x.matmul_t(&by_hebb); // x·wᵀ, the output for each sample
//!     by_hebb = hebb::hebb(&by_hebb, &x, &y, 0.1);
//!     by_oja = hebb::oja(&by_oja, &x, 0.1);
//! }
//! assert!(by_hebb.norm().item() > 1e6);
//! assert!((by_oja.norm().item() - 1.0).abs() < 1e-3);
//! assert!(by_oja.dot(&Tensor::from([0.8, 0.6])).item() > 0.999); // the cosine of the angle
//! ```
//!
//! ## Learning pairs
//!
//! If the outputs are given, the same rule stores pairs of patterns. An associative memory adds yₖ·xₖᵀ for each pair, and
//! recalls y as the sign of W·x.
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::hebb::Association;
//!
//! let x = Tensor::from([[1.0, 1.0, -1.0, -1.0], [1.0, -1.0, 1.0, -1.0]]);
//! let y = Tensor::from([[1.0, -1.0], [-1.0, -1.0]]);
//! let mut memory = Association::new(4, 2);
//! memory.store(&x, &y);
//! assert_eq!(memory.recall(&x), y);
//! ```
//!
//! The two inputs are orthogonal, so neither disturbs the other.
//!
//! ## What to try next
//!
//! **1.** Store pairs of a pattern with itself, damage a pattern, and recall it. How many of 100 elements may be wrong?
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::hebb::Association;
//! use rand::{SeedableRng, rngs::StdRng};
//! let signs = |x: Tensor<f64>| x.map(|&x| if x < 0.0 { -1.0 } else { 1.0 });
//! let patterns = signs(Tensor::normal([5, 100], 0.0, 1.0, &mut StdRng::seed_from_u64(1)));
//! let mut memory = Association::new(100, 100);
//! memory.store(&patterns, &patterns);
//! let first = patterns.index_axis(0, 0);
//! let damaged = |wrong: usize| {
//!     Tensor::from_fn([100], |i| if i[0] < wrong { -first[i] } else { first[i] })
//! };
//! assert_eq!(memory.recall(&damaged(30)), first); // a third is no problem
//! assert_ne!(memory.recall(&damaged(45)), first);
//! assert_eq!(memory.recall(&damaged(90)), -first.clone()); // the opposite is stored too
//! ```
//!
//! </details>
//!
//! **2.** The decay of Oja's rule is not in Hebb's idea. Show that Hebb's rule followed by a division by ‖w‖ finds the same
//! direction.
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::hebb;
//! let x = Tensor::from([[3.0, 0.1], [-3.0, 0.1], [0.0, -0.2]]);
//! let (mut by_oja, mut by_norm) = (Tensor::from([0.6, 0.8]), Tensor::from([[0.6, 0.8]]));
//! for _ in 0..200 {
//!     by_oja = hebb::oja(&by_oja, &x, 0.1);
//!     by_norm = hebb::hebb(&by_norm, &x, &x.matmul_t(&by_norm), 0.1);
//!     by_norm = by_norm.clone() / by_norm.norm();
//! }
//! assert!(by_oja.approx(&by_norm.index_axis(0, 0), 1e-6).is_ok());
//! ```
//!
//! </details>
//!
//! Next: [the perceptron](super::ch03_perceptron), which learns from a teacher.
