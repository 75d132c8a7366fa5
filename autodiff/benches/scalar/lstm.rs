//! The loss of a recurrent text model: 2 layers, 1,024 characters of 14 bits, as in ADBench.
//!
//! The gates of a cell act on each bit by itself: forget and output gates read the input, the input gate and the change
//! read the hidden state. Source: ADBench (github.com/microsoft/ADBench), the objective LSTM.

use crate::workload::{Number, Workload, c, noise};

const LAYERS: usize = 2;
const CHARACTERS: usize = 1_024;
const BITS: usize = 14;

/// A layer has a weight and a bias for each of four gates. Before the layers stand the weights of the input, and the
/// weights and biases of the output.
const LAYER: usize = 8 * BITS;
const OUTSIDE: usize = 3 * BITS;

pub(crate) struct Lstm {
    text: Vec<f64>,
    /// The initial hidden state and cell of each layer, which are not differentiated.
    state: Vec<f64>,
}

impl Lstm {
    pub(crate) fn new() -> Self {
        let text = noise(CHARACTERS * BITS, 10).iter().map(|&x| if x < 0.0 { 0.0 } else { 1.0 }).collect();
        Self { text, state: noise(LAYERS * 2 * BITS, 11) }
    }
}

fn sigmoid<T: Number>(x: T) -> T {
    T::one() / ((-x).exp() + T::one())
}

/// The weighted input of unit `i` of gate `k`. Inlined, as in the twin in C++: a call would take a third of its time.
#[inline(always)]
fn gate<T: Number>(weights: &[T], k: usize, i: usize, x: T) -> T {
    let (gates, biases) = weights.split_at(4 * BITS);
    x * gates[k * BITS + i] + biases[k * BITS + i]
}

/// Updates the hidden state and the cell of a layer. `x` is its input.
fn step<T: Number>(weights: &[T], x: &[T; BITS], hidden: &mut [T], cell: &mut [T]) {
    for i in 0..BITS {
        let forget = sigmoid(gate(weights, 0, i, x[i]));
        let write = sigmoid(gate(weights, 1, i, hidden[i]));
        let read = sigmoid(gate(weights, 2, i, x[i]));
        let change = gate(weights, 3, i, hidden[i]).tanh();
        cell[i] = cell[i] * forget + write * change;
        hidden[i] = read * cell[i].tanh();
    }
}

impl Workload for Lstm {
    const NAME: &str = "lstm_l2_c1024";

    fn inputs(&self) -> Vec<f64> {
        noise(OUTSIDE + LAYERS * LAYER, 12)
    }

    fn program<T: Number>(&self, x: &[T]) -> T {
        let (outside, layers) = x.split_at(OUTSIDE);
        let mut state: Vec<T> = self.state.iter().map(|&x| c(x)).collect();
        let mut sum = T::zero();
        let characters: Vec<&[f64]> = self.text.chunks_exact(BITS).collect();
        for pair in characters.windows(2) {
            let mut signal: [T; BITS] = std::array::from_fn(|i| outside[i] * c(pair[0][i]));
            for (weights, state) in layers.chunks_exact(LAYER).zip(state.chunks_exact_mut(2 * BITS)) {
                let (hidden, cell) = state.split_at_mut(BITS);
                step(weights, &signal, hidden, cell);
                signal.copy_from_slice(hidden);
            }
            for i in 0..BITS {
                signal[i] = signal[i] * outside[BITS + i] + outside[2 * BITS + i];
            }
            let normalisation = (signal.iter().map(|x| x.exp()).sum::<T>() + c(2.0)).ln();
            for (&next, &x) in pair[1].iter().zip(&signal) {
                sum += c::<T>(next) * (x - normalisation);
            }
        }
        sum * c(-1.0 / ((CHARACTERS - 1) * BITS) as f64)
    }
}
