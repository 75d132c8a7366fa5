//! Single units and their own learning rules: threshold logic, neurons, perceptrons, Hebb's rule.
//!
//! Here belong models of one unit or one layer that learn without gradients. Networks that learn by gradients do not
//! belong here. This room may use [`data`](crate::data) and `network`.

mod diagram;
pub mod hebb;
mod neuron;
pub mod perceptron;
pub mod threshold;

pub use neuron::Neuron;
