//! The passes over a tape: backward, forward, and both for second derivatives.
//!
//! Nodes are stored in the order in which they were recorded, so every operand precedes its result. A backward pass is
//! therefore a plain loop from the last node to the first: no sorting, no recursion. In essence it is
//!
//! ```text
//! g[output] = 1
//! for node in nodes, from the output down to the first:
//!     for each operand x of the node:
//!         g[x] += pull(node.operation, x, node.value, g[node])
//! ```
//!
//! Both passes are generic over a view of the nodes. Seen as plain values, a pass computes numbers. Seen as variables, it
//! records itself, which is what makes derivatives nest. Seen as a batch, one pass computes a whole Jacobian.

mod forward;
mod needed;
mod numbers;
mod reverse;
mod second;
mod view;

pub(crate) use forward::forward_in;
pub(crate) use needed::one_of;
pub(crate) use reverse::{reverse, reverse_in};
pub(crate) use second::second;
pub(crate) use view::{AsBatch, AsValues, AsVariables, NodeView};
