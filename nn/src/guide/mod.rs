//! A guide through “Neural Networks and Backpropagation”, from a single neuron to the variational autoencoder.
//!
//! Each page has a formula, the program for it, what the program prints, and two exercises with solutions. The pages
//! follow the order and the notation of the textbook chapter. All programs are tests: `cargo test --doc -p nn guide`
//! runs them.
//!
//! | page | what it is about |
//! |---|---|
//! | [1. Neuron](ch01_neuron) | the artificial neuron, and threshold logic |
//! | [2. Hebb](ch02_hebb) | learning without a teacher |
//! | [3. Perceptron](ch03_perceptron) | learning from mistakes; the exclusive or |
//! | [4. Transfer functions](ch04_transfer) | the usual ones, and why linear layers collapse |
//! | [5. Gradient descent](ch05_descent) | the step and its size; batches |
//! | [6. Backpropagation by hand](ch06_backpropagation) | one network, four times: by hand, by matrices, on the tape, in a picture |
//! | [7. The naive product](ch07_naive) | the order of multiplication, and what it costs |
//! | [8. Vanishing gradients](ch08_vanishing) | deep networks, sigmoid and ReLU |
//! | [9. Autoencoder](ch09_autoencoder) | codes, the identity, anomalies |
//! | [10. Denoising](ch10_denoising) | repairing a corrupted input |
//! | [11. Sparse](ch11_sparse) | few active units: KL, L1, the k largest |
//! | [12. Contractive](ch12_contractive) | a Jacobian in the loss; the limit of small noise |
//! | [13. Variational](ch13_variational) | from the ELBO to new digits |
//! | [14. From scratch](ch14_from_scratch) | how a tape works, in 150 lines |
//! | [15. Losses with derivatives](ch15_losses) | gradient penalty, differential equations, Hessians, MAML, implicit layers |
//!
//! Five questions that readers bring, and where they are answered:
//!
//! | question | page |
//! |---|---|
//! | What is δˡ? | [6](ch06_backpropagation): the derivative of the cost with respect to zˡ, the weighted input of layer l |
//! | Why does the tape find the textbook's recursion? | [6](ch06_backpropagation#on-the-tape) and [14](ch14_from_scratch#step-2-walk-back): both apply the chain rule from the output back |
//! | When is the contractive penalty worth its cost? | [12](ch12_contractive#when-is-it-worth-its-cost) |
//! | How do I write a loss of my own? | [5](ch05_descent#a-loss-of-your-own) for the form, [15](ch15_losses) for what may stand in it |
//! | What does each autoencoder constrain? | [9](ch09_autoencoder#the-failure-that-a-constraint-avoids), in a table |

// Here belong pages of text with programs. This module has no code of its own, and may use all others.

pub mod ch01_neuron;
pub mod ch02_hebb;
pub mod ch03_perceptron;
pub mod ch04_transfer;
pub mod ch05_descent;
pub mod ch06_backpropagation;
pub mod ch07_naive;
pub mod ch08_vanishing;
pub mod ch09_autoencoder;
pub mod ch10_denoising;
pub mod ch11_sparse;
pub mod ch12_contractive;
pub mod ch13_variational;
pub mod ch14_from_scratch;
pub mod ch15_losses;
