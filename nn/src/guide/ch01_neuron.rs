//! # 1. The artificial neuron and threshold logic
//!
//! A biological neuron receives signals at its dendrites, adds them up, and sends a signal along its axon if the sum is large
//! enough. An **artificial neuron** is this idea as a function. It has inputs x₁ … xₘ, a weight wⱼ for each of them, a bias
//! b, and a transfer function φ:
//!
//! > u = b + Σⱼ wⱼ·xⱼ\
//! > y = φ(u)
//!
//! With an input x₀ that is always +1, the bias is just another weight, w₀ = b, and u = Σⱼ wⱼ·xⱼ with j from 0 to m. (The
//! textbook numbers the neurons as well: w_kj is weight j of neuron k.) An input with a positive weight is excitatory, one
//! with a negative weight is inhibitory.
//!
//! In the program, a `Tensor` is an array of numbers with a shape; `Tensor::scalar` makes one without axes.
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Neuron, Transfer};
//!
//! // An umbrella is worth carrying if it rains (x₁) and not if it storms (x₂).
//! let umbrella = Neuron {
//!     weights: Tensor::from([1.0, -2.0]),
//!     bias: Tensor::scalar(-0.5),
//!     transfer: Transfer::Step(0.0), // 1 if u ≥ 0, else 0
//! };
//! let x = Tensor::from([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
//! assert_eq!(umbrella.weighted_sum(&x).to_vec(), [-0.5, -2.5, 0.5, -1.5]);
//! assert_eq!(umbrella.forward(&x).to_vec(), [0.0, 0.0, 1.0, 0.0]);
//! // The inputs of each kind, counted from 0.
//! assert_eq!((umbrella.excitatory(), umbrella.inhibitory()), (vec![0], vec![1]));
//! ```
//!
//! `x` holds four samples, one in each row. The units and networks of this crate take batches like this one.
#![doc = include_str!("pictures/neuron.html")]
//!
//! The picture is made by [`Neuron::diagram`](crate::Neuron::diagram).
//!
//! ## Threshold logic
//!
//! McCulloch and Pitts (1943) showed that such units compute: with fixed weights and a threshold, single units are logic
//! gates. A [`threshold::Unit`](crate::threshold::Unit) fires if enough of its excitatory inputs fire and no inhibitory
//! one does.
//!
//! ```
//! use nn::threshold::{Circuit, Unit};
//!
//! assert_eq!(Unit::and(2).truth_table().outputs, [false, false, false, true]);
//! assert_eq!(Unit::or(2).truth_table().outputs, [false, true, true, true]);
//! assert_eq!(Unit::not().truth_table().outputs, [true, false]);
//!
//! // No single unit computes the exclusive or. A circuit of three does:
//! // (x₁ or x₂) and not (x₁ and x₂).
//! let mut xor = Circuit::new(2);
//! let either = xor.add(Unit::or(2), &[0, 1]);
//! let both = xor.add(Unit::and(2), &[0, 1]);
//! xor.add(Unit::and_not(), &[either, both]);
//! println!("{}", xor.truth_table());
//! # assert_eq!(xor.truth_table().to_string(), "0 0 │ 0\n0 1 │ 1\n1 0 │ 1\n1 1 │ 0\n");
//! ```
//!
//! ```text
//! 0 0 │ 0
//! 0 1 │ 1
//! 1 0 │ 1
//! 1 1 │ 0
//! ```
//!
//! [Page 3](super::ch03_perceptron#the-exclusive-or) proves that one unit cannot do it. A unit of this kind has no learning
//! process: its weights and its threshold are chosen by hand. The next two pages let the weights learn.
//!
//! ## What to try next
//!
//! **1.** A committee of three accepts a proposal if at least two members do. Build the unit, and look at its truth table.
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use nn::threshold::{Synapse, Unit};
//! let committee = Unit { threshold: 2, synapses: vec![Synapse::Excitatory; 3] };
//! assert_eq!(committee, Unit::majority(3));
//! assert_eq!(
//!     committee.truth_table().outputs,
//!     [false, false, false, true, false, true, true, true]
//! );
//! ```
//!
//! </details>
//!
//! **2.** A step has the derivative 0 everywhere, so no gradient passes through it. Replace the step of the umbrella by the
//! logistic function σ(u) = 1/(1 + e⁻ᵘ), and multiply all weights and the bias by c = 1, 10 and 100. How far is y from the
//! step's 0 and 1?
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Neuron, Transfer};
//! let smooth = Neuron {
//!     weights: Tensor::from([1.0, -2.0]),
//!     bias: Tensor::scalar(-0.5),
//!     transfer: Transfer::Sigmoid,
//! };
//! let x = Tensor::from([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
//! let step = Tensor::from([0.0, 0.0, 1.0, 0.0]);
//! let distance = |c: f64| (smooth.steeper(c).forward(&x) - &step).abs().max().item();
//! // The difference is less than e^(−c·|u|), and the smallest |u| is ½.
//! assert!(distance(1.0) > 0.3 && distance(10.0) < 0.007 && distance(100.0) < 1e-21);
//! ```
//!
//! Away from the threshold, a sigmoid unit approximates a threshold unit as closely as one likes, and it has a derivative.
//!
//! </details>
//!
//! Next: [Hebbian learning](super::ch02_hebb).
