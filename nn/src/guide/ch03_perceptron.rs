//! # 3. The perceptron, and what it cannot learn
//!
//! Rosenblatt's perceptron (1958) is a threshold unit that learns from its mistakes. The target t of a sample is +1 or −1; the
//! programs write 1 and 0. As on page 1, w·x includes the bias, with x₀ = 1. A sample with t·(w·x) ≤ 0 is a mistake, and the
//! weights change:
//!
//! > w ← w + t·x for a mistake; otherwise w stays
//!
//! If a line (in more dimensions, a plane) separates the two classes, the rule finds one. Novikoff (1962) bounded the number
//! of mistakes by (R/γ)², where R is the length of the longest sample and γ the margin of a separating plane, its distance
//! from the nearest sample.
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::perceptron::{Outcome, train};
//!
//! let x = Tensor::from([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
//! let and = train(&x, &Tensor::from([0, 0, 0, 1]), 100);
//! assert_eq!(and.outcome, Outcome::Separated);
//! assert_eq!(and.neuron.forward(&x).to_vec(), [0.0, 0.0, 0.0, 1.0]);
//! println!("{and}");
//! # assert_eq!(and.to_string(), "mistakes: 18, epochs: 9; separated, at most 87.0 mistakes were possible");
//! ```
//!
//! ```text
//! mistakes: 18, epochs: 9; separated, at most 87.0 mistakes were possible
//! ```
//!
//! ## The exclusive or
//!
//! No line has (0, 1) and (1, 0) on one side and (0, 0) and (1, 1) on the other. Minsky and Papert (1969) made this limit
//! famous; they also noted that the computers of the time were too slow for large networks. Here the program does not just
//! give up: it returns a proof.
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::perceptron::{Outcome, train};
//!
//! let x = Tensor::from([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
//! let xor = train(&x, &Tensor::from([0, 1, 1, 0]), 100);
//! println!("{xor}");
//! # assert!(xor.to_string().starts_with("mistakes: 4, epochs: 1; no plane separates the classes: (0, 0) + (1, 1) = "));
//! # assert!(matches!(xor.outcome, Outcome::Inseparable(_)));
//! ```
//!
//! ```text
//! mistakes: 4, epochs: 1; no plane separates the classes: (0, 0) + (1, 1) = (0, 1) + (1, 0),
//! as many of class 0 on the left as of class 1 on the right, so no weighted sum is below its
//! threshold on all of the left and above it on all of the right
//! ```
//!
//! (Printed on one line; broken here.) If some w separated the classes, each product t·(w·x) would be positive. But the four
//! samples, x₀ included, each multiplied by its target, add up to 0. So the four products add up to 0 as well, which is a
//! contradiction.
//!
//! ## A hidden layer
//!
//! A network with a hidden layer divides the plane in other ways. It needs a rule for weights whose output has no target of
//! its own: [backpropagation](super::ch06_backpropagation) (Werbos's thesis of 1974), with a transfer function that has a
//! derivative. Rumelhart and McClelland (1986) made such networks popular, under the name connectionism.
//!
//! An [`Mlp`](crate::Mlp), a multilayer perceptron, is such a network: here with 2 inputs, 4 hidden units and 1 output. Its
//! last layer is linear, so its output is a weighted sum (a **logit**), and the sigmoid of a logit is a probability. A
//! [`Trainer`](crate::Trainer) holds the network and an optimiser. Its [`step`](crate::Trainer::step) takes a batch, a
//! generator of random numbers and a loss, and moves the weights against the gradient of the loss. This loss draws no random
//! numbers, so the generator is `&mut ()`. If the loss is not finite, the step returns an error, which `?` passes on. [Page
//! 5](super::ch05_descent#a-loss-of-your-own) explains the closure.
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Adam, Init, Mlp, Trainer, Transfer, loss};
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! let x = Tensor::from([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
//! let target = Tensor::from([[0.0], [1.0], [1.0], [0.0]]);
//! let mlp = Mlp::new(
//!     &[2, 4, 1],
//!     Transfer::Tanh,
//!     Init::GlorotUniform,
//!     &mut StdRng::seed_from_u64(1),
//! );
//! let mut trainer = Trainer::new(mlp, Adam::new(0.05));
//! for _ in 0..300 {
//!     trainer.step(&x, &mut (), |_, mlp, x, _| {
//!         loss::binary_cross_entropy(&mlp.forward(x), &target)
//!     })?;
//! }
//! let probability = trainer.model.forward(&x).sigmoid();
//! assert!((probability - target).abs().max().item() < 0.05);
//! # Ok::<(), nn::NotFinite>(())
//! ```
//!
//! The first picture shows how a perceptron divides the plane for AND, the second how this network does for XOR. Both are made
//! by [`decision_regions`](crate::decision_regions()).
//!
//! <div style="display: flex; flex-wrap: wrap">
#![doc = include_str!("pictures/and.html")]
#![doc = include_str!("pictures/xor.html")]
//! </div>
//!
//! ## What to try next
//!
//! **1.** If no plane separates the classes, the perceptron never rests. The pocket algorithm (Gallant 1990) keeps the best
//! weights that it has met. How many of the four samples of XOR can a single unit get right?
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! use rand::{SeedableRng, rngs::StdRng};
//! let x = Tensor::from([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
//! let best = nn::perceptron::pocket(
//!     &x,
//!     &Tensor::from([0, 1, 1, 0]),
//!     1000,
//!     &mut StdRng::seed_from_u64(0),
//! );
//! assert_eq!(best.right, 3);
//! ```
//!
//! </details>
//!
//! **2.** A single unit can learn XOR if its transfer function oscillates. Give a [`Neuron`](crate::Neuron) the function
//! u·cos(u) of Noel et al. (2021) and train it on targets ±1.
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Adam, Neuron, Trainer, TransferFunction, loss};
//!
//! #[derive(Clone, Debug)]
//! struct GrowingCosine;
//! impl TransferFunction for GrowingCosine {
//!     // For every kind of value: a tensor, or a variable that is being differentiated.
//!     fn apply<V: Value>(&self, u: &V) -> V {
//!         u.cos() * u
//!     }
//! }
//!
//! let x = Tensor::from([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]]);
//! let target = Tensor::from([-1.0, 1.0, 1.0, -1.0]);
//! let (weights, bias) = (Tensor::from([0.3, 1.1]), Tensor::scalar(0.2));
//! let neuron = Neuron { weights, bias, transfer: GrowingCosine };
//! let mut trainer = Trainer::new(neuron, Adam::new(0.05));
//! for _ in 0..500 {
//!     trainer.step(&x, &mut (), |_, neuron, x, _| {
//!         loss::squared_error(&neuron.forward(x), &target)
//!     })?;
//! }
//! assert!((trainer.model.forward(&x) * target).min().item() > 0.0); // the signs agree
//! # Ok::<(), nn::NotFinite>(())
//! ```
//!
//! </details>
//!
//! Next: [transfer functions](super::ch04_transfer).
