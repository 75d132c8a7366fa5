//! Single units and their own rules of learning, as they came up: threshold logic, neurons, perceptrons, Hebb's rule.
//!
//! Here belong models that are one unit or one layer and learn without gradients. Networks that learn by gradients do
//! not. This room may use [`data`](crate::data) and `network`.

pub mod hebb;
mod neuron;
pub mod perceptron;
pub mod threshold;

pub use neuron::Neuron;
