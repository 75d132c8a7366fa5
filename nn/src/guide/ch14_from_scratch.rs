//! # 14. Automatic differentiation from scratch
//!
//! The tape looks like magic until one has built it. This page builds a small one, for scalars, in four steps. At the
//! end it differentiates to any order. The names are those of the crate [`autodiff`].
//!
//! ## Step 1: record
//!
//! A tape is a list of nodes. A node has a value, and remembers the operation and the operands that made it. Operands
//! are earlier nodes, stored as their indices in the list. A variable is a handle: a tape and an index.
//!
//! ```
//! use std::cell::RefCell;
//! use std::ops::{Add, Mul};
//!
//! #[derive(Clone, Copy)]
//! enum Op {
//!     Leaf,
//!     Add(usize, usize),
//!     Mul(usize, usize),
//!     Sin(usize),
//!     Cos(usize),
//! }
//!
//! #[derive(Default)]
//! struct Tape {
//!     nodes: RefCell<Vec<(Op, f64)>>,
//! }
//!
//! #[derive(Clone, Copy)]
//! struct Var<'t> {
//!     tape: &'t Tape,
//!     id: usize,
//! }
//!
//! impl Tape {
//!     fn push(&self, op: Op, value: f64) -> Var<'_> {
//!         let mut nodes = self.nodes.borrow_mut();
//!         nodes.push((op, value));
//!         Var { tape: self, id: nodes.len() - 1 }
//!     }
//!
//!     fn variable(&self, value: f64) -> Var<'_> {
//!         self.push(Op::Leaf, value)
//!     }
//! }
//!
//! impl<'t> Var<'t> {
//!     fn value(self) -> f64 {
//!         self.tape.nodes.borrow()[self.id].1
//!     }
//!
//!     fn sin(self) -> Self {
//!         self.tape.push(Op::Sin(self.id), self.value().sin())
//!     }
//!
//!     fn cos(self) -> Self {
//!         self.tape.push(Op::Cos(self.id), self.value().cos())
//!     }
//! }
//!
//! impl Add for Var<'_> {
//!     type Output = Self;
//!     fn add(self, other: Self) -> Self {
//!         self.tape.push(Op::Add(self.id, other.id), self.value() + other.value())
//!     }
//! }
//!
//! impl Mul for Var<'_> {
//!     type Output = Self;
//!     fn mul(self, other: Self) -> Self {
//!         self.tape.push(Op::Mul(self.id, other.id), self.value() * other.value())
//!     }
//! }
//!
//! let tape = Tape::default();
//! let x = tape.variable(0.5);
//! let y = (x * x).sin() + x;
//! assert_eq!(tape.nodes.borrow().len(), 4); // x, x·x, sin, +
//! # let _ = y;
//! ```
//!
//! ## Step 2: walk back
//!
//! The cotangent of a node is the derivative of the output by it. That of the output is 1. Every operand precedes its
//! result, so a loop from the last node to the first meets a node only when its cotangent is complete. At each node,
//! the chain rule adds to the operands: the node's cotangent times the derivative of its operation.
//!
//! ```
//! # use std::cell::RefCell;
//! # use std::ops::{Add, Mul};
//! # #[derive(Clone, Copy)]
//! # enum Op { Leaf, Add(usize, usize), Mul(usize, usize), Sin(usize), Cos(usize) }
//! # #[derive(Default)]
//! # struct Tape { nodes: RefCell<Vec<(Op, f64)>> }
//! # #[derive(Clone, Copy)]
//! # struct Var<'t> { tape: &'t Tape, id: usize }
//! # impl Tape {
//! #     fn push(&self, op: Op, value: f64) -> Var<'_> {
//! #         let mut nodes = self.nodes.borrow_mut();
//! #         nodes.push((op, value));
//! #         Var { tape: self, id: nodes.len() - 1 }
//! #     }
//! #     fn variable(&self, value: f64) -> Var<'_> { self.push(Op::Leaf, value) }
//! # }
//! # impl<'t> Var<'t> {
//! #     fn value(self) -> f64 { self.tape.nodes.borrow()[self.id].1 }
//! #     fn sin(self) -> Self { self.tape.push(Op::Sin(self.id), self.value().sin()) }
//! # }
//! # impl Add for Var<'_> {
//! #     type Output = Self;
//! #     fn add(self, other: Self) -> Self { self.tape.push(Op::Add(self.id, other.id), self.value() + other.value()) }
//! # }
//! # impl Mul for Var<'_> {
//! #     type Output = Self;
//! #     fn mul(self, other: Self) -> Self { self.tape.push(Op::Mul(self.id, other.id), self.value() * other.value()) }
//! # }
//! impl Var<'_> {
//!     fn backward(self) -> Vec<f64> {
//!         let nodes = self.tape.nodes.borrow();
//!         let mut g = vec![0.0; self.id + 1];
//!         g[self.id] = 1.0;
//!         for id in (0..=self.id).rev() {
//!             let x = |operand: usize| nodes[operand].1;
//!             match nodes[id].0 {
//!                 Op::Leaf => {}
//!                 Op::Add(a, b) => {
//!                     g[a] += g[id];
//!                     g[b] += g[id];
//!                 }
//!                 Op::Mul(a, b) => {
//!                     g[a] += g[id] * x(b);
//!                     g[b] += g[id] * x(a);
//!                 }
//!                 Op::Sin(a) => g[a] += g[id] * x(a).cos(),
//!                 Op::Cos(a) => g[a] -= g[id] * x(a).sin(),
//!             }
//!         }
//!         g
//!     }
//! }
//!
//! let tape = Tape::default();
//! let x = tape.variable(0.5);
//! let y = (x * x).sin() + x;
//! let slope = y.backward()[x.id];
//! assert_eq!(slope, 2.0 * 0.5 * 0.25f64.cos() + 1.0); // 2x·cos(x²) + 1
//! ```
//!
//! This is all of backpropagation. If the output is a cost and the node is zˡ, the cotangent is δˡ. Sums of cotangents
//! appear where a variable is used twice, as x is here.
//!
//! ## Step 3: the one idea
//!
//! `backward` computes with numbers, so its result cannot be differentiated again. But look at its body: it multiplies,
//! adds, and takes sines and cosines, which are operations that the tape can record. Let it compute with **variables**
//! instead of numbers, and the walk records itself. Its result is a variable like any other: differentiate it again.
//!
//! ```
//! # use std::cell::RefCell;
//! # use std::ops::{Add, Mul};
//! # #[derive(Clone, Copy)]
//! # enum Op { Leaf, Add(usize, usize), Mul(usize, usize), Sin(usize), Cos(usize) }
//! # #[derive(Default)]
//! # struct Tape { nodes: RefCell<Vec<(Op, f64)>> }
//! # #[derive(Clone, Copy)]
//! # struct Var<'t> { tape: &'t Tape, id: usize }
//! # impl Tape {
//! #     fn push(&self, op: Op, value: f64) -> Var<'_> {
//! #         let mut nodes = self.nodes.borrow_mut();
//! #         nodes.push((op, value));
//! #         Var { tape: self, id: nodes.len() - 1 }
//! #     }
//! #     fn variable(&self, value: f64) -> Var<'_> { self.push(Op::Leaf, value) }
//! # }
//! # impl<'t> Var<'t> {
//! #     fn value(self) -> f64 { self.tape.nodes.borrow()[self.id].1 }
//! #     fn sin(self) -> Self { self.tape.push(Op::Sin(self.id), self.value().sin()) }
//! #     fn cos(self) -> Self { self.tape.push(Op::Cos(self.id), self.value().cos()) }
//! # }
//! # impl Add for Var<'_> {
//! #     type Output = Self;
//! #     fn add(self, other: Self) -> Self { self.tape.push(Op::Add(self.id, other.id), self.value() + other.value()) }
//! # }
//! # impl Mul for Var<'_> {
//! #     type Output = Self;
//! #     fn mul(self, other: Self) -> Self { self.tape.push(Op::Mul(self.id, other.id), self.value() * other.value()) }
//! # }
//! impl<'t> Var<'t> {
//!     fn grad(self, input: Var<'t>) -> Var<'t> {
//!         let tape = self.tape;
//!         let mut g: Vec<Option<Var>> = vec![None; self.id + 1];
//!         g[self.id] = Some(tape.variable(1.0));
//!         for id in (input.id..=self.id).rev() {
//!             let Some(gy) = g[id] else { continue }; // no derivative arrived: nothing to do
//!             let op = tape.nodes.borrow()[id].0; // a short borrow: the walk writes to the tape
//!             let x = |operand: usize| Var { tape, id: operand };
//!             let mut add = |operand: usize, part: Var<'t>| {
//!                 g[operand] = Some(g[operand].map_or(part, |sum| sum + part));
//!             };
//!             match op {
//!                 Op::Leaf => {}
//!                 Op::Add(a, b) => {
//!                     add(a, gy);
//!                     add(b, gy);
//!                 }
//!                 Op::Mul(a, b) => {
//!                     add(a, gy * x(b));
//!                     add(b, gy * x(a));
//!                 }
//!                 Op::Sin(a) => add(a, gy * x(a).cos()),
//!                 Op::Cos(a) => add(a, gy * x(a).sin() * tape.variable(-1.0)),
//!             }
//!         }
//!         g[input.id].unwrap_or_else(|| tape.variable(0.0))
//!     }
//! }
//!
//! let tape = Tape::default();
//! let x = tape.variable(0.5);
//! let mut y = x.sin() * x;
//! for _ in 0..4 {
//!     y = y.grad(x);
//! }
//! let fourth = 0.5 * 0.5f64.sin() - 4.0 * 0.5f64.cos(); // of x·sin x
//! assert!((y.value() - fourth).abs() < 1e-12);
//! ```
//!
//! Compare the two functions: they have the same rules. Writing each rule twice would be a waste, and a trap.
//!
//! ## Step 4: what the crate adds
//!
//! In [`autodiff`], a rule is written once, in operations on a type that implements [`Reading`](autodiff::Reading).
//! Given plain tensors, the walk computes numbers. Given variables, it records itself. Given [dual
//! numbers](autodiff::Dual), it computes a Hessian-vector product, and given [batches](autodiff::Batched), a whole
//! Jacobian. The values may be tensors, the walk skips what nothing asked for, and memory is reused. The idea is the
//! one above.
//!
//! ```
//! use autodiff::prelude::*;
//! let tape = Tape::new();
//! let x = tape.variable(0.5);
//! let mut y = x.sin() * x;
//! for _ in 0..4 {
//!     [y] = y.grad([x]);
//! }
//! assert!((y.value() - (0.5 * 0.5f64.sin() - 4.0 * 0.5f64.cos())).abs() < 1e-12);
//! ```
//!
//! ## What to try next
//!
//! **1.** Forward mode needs no tape. Write a number that carries its own derivative, with + and ·, and differentiate
//! x²·x + x at 2.
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use std::ops::{Add, Mul};
//! #[derive(Clone, Copy)]
//! struct Dual {
//!     x: f64,
//!     dx: f64,
//! }
//! impl Add for Dual {
//!     type Output = Self;
//!     fn add(self, b: Self) -> Self {
//!         Dual { x: self.x + b.x, dx: self.dx + b.dx }
//!     }
//! }
//! impl Mul for Dual {
//!     type Output = Self;
//!     fn mul(self, b: Self) -> Self {
//!         Dual { x: self.x * b.x, dx: self.dx * b.x + self.x * b.dx }
//!     }
//! }
//! let x = Dual { x: 2.0, dx: 1.0 };
//! assert_eq!((x * x * x + x).dx, 13.0);
//! ```
//!
//! </details>
//!
//! **2.** What does the record of a second derivative look like? Print it, as a formula.
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! let tape = Tape::new();
//! let x = tape.variable(0.5).named("x");
//! let y = x.sin() * x;
//! let [first] = y.grad([x]);
//! let [second] = first.grad([x]);
//! assert_eq!(first.formula().to_string(), "sin(x) + x·cos(x)");
//! assert_eq!(second.formula().to_string(), "2·cos(x) − x·sin(x)");
//! ```
//!
//! </details>
//!
//! Next: [losses with derivatives](super::ch15_losses).
