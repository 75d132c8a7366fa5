//! The passes over a tape: backward, forward, and both in one for second derivatives.
//!
//! # Reverse mode on one page
//!
//! A tape is a list of nodes in the order in which they were recorded, so every operand precedes its result. The
//! cotangent of a node is the derivative of the output with respect to that node. A backward pass computes the
//! cotangents in a plain loop from the last node to the first: no sorting, no recursion. Every use of a
//! node has a higher number, so the cotangent of a node is complete when the loop reaches it. The chain rule then adds a contribution to the cotangent
//! of each operand.
//!
//! ```
//! use autodiff::prelude::*;
//! enum Op {
//!     Input,
//!     Mul(usize, usize),
//!     Sin(usize),
//! }
//!
//! /// The derivatives of the last node with respect to all nodes.
//! fn backward(ops: &[Op], values: &[f64]) -> Vec<f64> {
//!     let mut g = vec![0.0; ops.len()];
//!     *g.last_mut().unwrap() = 1.0; // the derivative of the output with respect to itself
//!     for id in (0..ops.len()).rev() {
//!         match ops[id] {
//!             Op::Input => {}
//!             Op::Mul(a, b) => {
//!                 g[a] += g[id] * values[b];
//!                 g[b] += g[id] * values[a];
//!             }
//!             Op::Sin(a) => g[a] += g[id] * values[a].cos(),
//!         }
//!     }
//!     g
//! }
//!
//! // y = x · sin x
//! let x = 0.5f64;
//! let g = backward(&[Op::Input, Op::Sin(0), Op::Mul(0, 1)], &[x, x.sin(), x * x.sin()]);
//! assert!((g[0] - grad(&x, |x| x * x.sin())).abs() < 1e-15);
//! ```
//!
//! # From the page to the crate
//!
//! - [`backward`](mod@backward) is this loop for every operation: `rule::pull` takes the place of the `match`. The loop
//!   skips nodes that do not lead to a wanted node, and frees each cotangent after its last use.
//! - [`forward`](mod@forward) goes from the first node to the last and carries tangents: `rule::push` computes the
//!   tangent of a result from those of its operands.
//! - [`second_order`](mod@second_order) runs a forward pass and then a backward pass over dual numbers, which gives the
//!   product of the Hessian with a vector.
//! - [`view`] makes the passes generic. Seen as plain values, a pass computes numbers. Seen as variables, it records
//!   itself, which is what makes derivatives nest. Seen as a batch, one pass computes a whole Jacobian.
//! - [`dependence`](mod@dependence) finds which elements depend on which, for sparse Jacobians.
//! - [`numbers`] is the backward pass again, written for the speed of plain numbers.
//!
//! Belongs here: the loops over the nodes, and how they see a node. Does not: rules, which are in `algebra`, and what users
//! ask for, which is in `derivative`. May use: `var`, `record`, `adjoints` and `graph`, and the rooms below `tape`.

mod backward;
mod dependence;
mod forward;
mod needed;
mod numbers;
mod second_order;
mod view;

pub(crate) use backward::{backward, backward_in_turn, backward_values};
pub(crate) use dependence::{Indices, dependence};
pub(crate) use forward::forward;
pub(crate) use needed::{Wanted, needed, one_of};
pub(crate) use second_order::{gradient_and_second_order, second_order};
pub(crate) use view::{AsBatch, AsValues, AsVariables, NodeView};
