//! Training steps written by hand: the lower bound that the tape is measured against.
//!
//! All buffers are allocated before the first step. Loops are fused, matrix products accumulate into the bias, and
//! nothing is computed that the update does not need. Matrix products use the same library as the tensors, except for
//! tiny ones. Two threads share large products and large loops; the second never sleeps (`spinning_pool`).

pub(crate) mod functions;
pub(crate) mod vae;

use functions::Number;
use gemmkit::{MatMut, MatRef, Parallelism, tuning};

/// The transfer function of a layer.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Activation {
    Linear,
    Relu,
    Sigmoid,
}

/// The loss.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Cost {
    /// −(1/n) Σ ln softmax(z)\[class\]
    CrossEntropy,
    /// (1/n) Σ ‖y − t‖²
    SquaredError,
}

/// The update rule.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Update {
    Descent,
    Adam,
}

/// A layer with the buffers of a step.
struct Layer<T> {
    inputs: usize,
    outputs: usize,
    activation: Activation,
    weight: Parameter<T>,
    bias: Parameter<T>,
    y: Vec<T>,
    delta: Vec<T>,
}

struct Parameter<T> {
    value: Vec<T>,
    gradient: Vec<T>,
    m: Vec<T>,
    v: Vec<T>,
}

impl<T: Number> Parameter<T> {
    /// A parameter with room for the moments that Adam needs; gradient descent needs none.
    fn new(value: Vec<T>, update: Update) -> Self {
        let moment = || if update == Update::Adam { vec![T::ZERO; value.len()] } else { Vec::new() };
        Self { gradient: vec![T::ZERO; value.len()], m: moment(), v: moment(), value }
    }
}

/// A multilayer perceptron with its training step.
pub(crate) struct Network<T> {
    layers: Vec<Layer<T>>,
    batch: usize,
    cost: Cost,
    update: Update,
    steps: i32,
}

impl<T: Number> Network<T> {
    /// A network from the number of outputs, the number of inputs and the weights \[out, in\] of each layer.
    pub(crate) fn new(
        weights: Vec<(usize, usize, Vec<T>)>,
        hidden: Activation,
        last: Activation,
        batch: usize,
        cost: Cost,
        update: Update,
    ) -> Self {
        Self { layers: layers(weights, hidden, last, batch, update), batch, cost, update, steps: 0 }
    }

    /// Trains on one batch and returns the loss before the update. Cross-entropy reads `classes`, the squared error
    /// `target`.
    pub(crate) fn step(&mut self, x: &[T], target: &[T], classes: &[usize]) -> f64 {
        forward_all(&mut self.layers, x, self.batch);
        let loss = self.cost_and_delta(target, classes);
        backward_all(&mut self.layers, x, self.batch);
        self.steps += 1;
        update_all(&mut self.layers, self.update, self.steps);
        loss
    }

    /// Returns the loss, and writes δ of the last layer, in one pass.
    fn cost_and_delta(&mut self, target: &[T], classes: &[usize]) -> f64 {
        let scale = T::of(1.0 / self.batch as f64);
        let last = self.layers.last_mut().expect("a network has layers");
        match self.cost {
            Cost::CrossEntropy => functions::softmax_cross_entropy(&last.y, classes, &mut last.delta, scale),
            Cost::SquaredError => {
                let loss = functions::squared_error(&last.y, target, &mut last.delta, scale);
                functions::activate_backward(last.activation, &last.y, &mut last.delta);
                loss
            }
        }
    }
}

fn layers<T: Number>(
    weights: Vec<(usize, usize, Vec<T>)>,
    hidden: Activation,
    last: Activation,
    batch: usize,
    update: Update,
) -> Vec<Layer<T>> {
    let count = weights.len();
    let layer = |(l, (outputs, inputs, weight)): (usize, (usize, usize, Vec<T>))| Layer {
        inputs,
        outputs,
        activation: if l + 1 < count { hidden } else { last },
        weight: Parameter::new(weight, update),
        bias: Parameter::new(vec![T::ZERO; outputs], update),
        y: vec![T::ZERO; batch * outputs],
        delta: vec![T::ZERO; batch * outputs],
    };
    weights.into_iter().enumerate().map(layer).collect()
}

fn forward_all<T: Number>(layers: &mut [Layer<T>], x: &[T], batch: usize) {
    for l in 0..layers.len() {
        let (before, rest) = layers.split_at_mut(l);
        forward(&mut rest[0], before.last().map_or(x, |layer| &layer.y), batch);
    }
}

fn backward_all<T: Number>(layers: &mut [Layer<T>], x: &[T], batch: usize) {
    for l in (0..layers.len()).rev() {
        let (before, rest) = layers.split_at_mut(l);
        backward(&mut rest[0], before.last_mut(), x, batch);
    }
}

fn update_all<T: Number>(layers: &mut [Layer<T>], update: Update, steps: i32) {
    for layer in layers {
        update.apply(&mut layer.weight, steps);
        update.apply(&mut layer.bias, steps);
    }
}

/// y = f(x·Wᵀ + b)
fn forward<T: Number>(layer: &mut Layer<T>, x: &[T], batch: usize) {
    layer.y.chunks_exact_mut(layer.outputs).for_each(|row| row.copy_from_slice(&layer.bias.value));
    let (x, w) = (Matrix::new(x, batch, layer.inputs), Matrix::new(&layer.weight.value, layer.outputs, layer.inputs));
    gemm(x, w.t(), T::ONE, &mut layer.y);
    functions::activate(layer.activation, &mut layer.y);
}

/// ∇W = δᵀ·x and ∇b = Σ δ; the layer before gets δ·W ∘ f′.
fn backward<T: Number>(layer: &mut Layer<T>, before: Option<&mut Layer<T>>, x: &[T], batch: usize) {
    let delta = Matrix::new(&layer.delta, batch, layer.outputs);
    let input = Matrix::new(before.as_ref().map_or(x, |before| &before.y), batch, layer.inputs);
    gemm(delta.t(), input, T::ZERO, &mut layer.weight.gradient);
    functions::sum_rows(&layer.delta, &mut layer.bias.gradient);
    if let Some(before) = before {
        let weight = Matrix::new(&layer.weight.value, layer.outputs, layer.inputs);
        gemm(delta, weight, T::ZERO, &mut before.delta);
        functions::activate_backward(before.activation, &before.y, &mut before.delta);
    }
}

/// A row-major matrix, or the transpose of one.
#[derive(Clone, Copy)]
pub(crate) struct Matrix<'a, T> {
    data: &'a [T],
    rows: usize,
    columns: usize,
    strides: (usize, usize),
}

impl<'a, T> Matrix<'a, T> {
    pub(crate) fn new(data: &'a [T], rows: usize, columns: usize) -> Self {
        Self { data, rows, columns, strides: (columns, 1) }
    }

    pub(crate) fn t(self) -> Self {
        Self { data: self.data, rows: self.columns, columns: self.rows, strides: (self.strides.1, self.strides.0) }
    }

    fn view(self) -> MatRef<'a, T> {
        MatRef::new(self.data, self.rows, self.columns, self.strides.0 as isize, self.strides.1 as isize)
    }
}

/// c ← a·b + β·c, for β 0 or 1.
pub(crate) fn gemm<T: Number>(a: Matrix<'_, T>, b: Matrix<'_, T>, beta: T, c: &mut [T]) {
    let products = a.rows * a.columns * b.columns;
    if products <= 128 {
        return naive_gemm(a, b, beta, c);
    }
    let threads = if products < 96 * 96 * 96 { Parallelism::Serial } else { Parallelism::Rayon(2) };
    // The sizes above which operands are packed, found to be the fastest; see autodiff/src/array/machine/gemm/library.rs.
    tuning::set_rhs_pack_threshold(if a.strides.0 == 1 { 200 } else { tuning::RHS_PACK_THRESHOLD_DEFAULT });
    #[cfg(target_arch = "x86_64")]
    {
        let avx512 = std::arch::is_x86_feature_detected!("avx512f");
        tuning::set_lhs_pack_threshold(if avx512 { tuning::LHS_PACK_THRESHOLD_DEFAULT } else { 48 });
    }
    gemmkit::gemm(T::ONE, a.view(), b.view(), beta, MatMut::from_row_major(c, a.rows, b.columns), threads);
}

/// A plain loop for products so small that a call of the library would take longer.
fn naive_gemm<T: Number>(a: Matrix<'_, T>, b: Matrix<'_, T>, beta: T, c: &mut [T]) {
    for (c, i) in c.chunks_exact_mut(b.columns).zip(0..) {
        for (c, j) in c.iter_mut().zip(0..) {
            *c *= beta;
            for k in 0..a.columns {
                *c += a.data[i * a.strides.0 + k * a.strides.1] * b.data[k * b.strides.0 + j * b.strides.1];
            }
        }
    }
}

impl Update {
    fn apply<T: Number>(self, parameter: &mut Parameter<T>, steps: i32) {
        match self {
            Update::Descent => functions::descend(&mut parameter.value, &parameter.gradient, T::of(0.01)),
            Update::Adam => {
                let (correction_m, correction_v) = (1.0 - 0.9f64.powi(steps), 1.0 - 0.999f64.powi(steps));
                functions::adam(
                    &mut parameter.value,
                    &parameter.gradient,
                    &mut parameter.m,
                    &mut parameter.v,
                    T::of(1e-3 / correction_m),
                    T::of(1.0 / correction_v),
                );
            }
        }
    }
}
