//! Training steps written by hand: what the tape saves, and the limit that it is measured against.
//!
//! Everything is allocated before the first step. Loops are fused, a bias is what the product is accumulated into, and
//! nothing is computed that the update does not need. The matrix product is the same library that the tensors use, but
//! for products that are done before it has begun; large ones, and large loops, are shared by two threads, of which the
//! second never sleeps (`team`).

pub(crate) mod functions;
pub(crate) mod vae;

use functions::Number;
use gemmkit::{MatMut, MatRef, Parallelism, tuning};

/// What follows each layer.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Activation {
    Linear,
    Relu,
    Sigmoid,
}

/// What the network is trained for.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Cost {
    /// −(1/n) Σ ln softmax(z)\[class\]
    CrossEntropy,
    /// (1/n) Σ ‖y − t‖²
    SquaredError,
}

/// How the weights move.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Update {
    Descent,
    Adam,
}

/// A layer with all that a step needs.
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
    /// With room for what the update keeps: plain descent keeps nothing.
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
    /// A network with the given weights \[out, in\] of each layer.
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

    /// One step on a batch; gives the loss before it. Classes are used for cross-entropy, targets for squared error.
    pub(crate) fn step(&mut self, x: &[T], target: &[T], classes: &[usize]) -> f64 {
        forward_all(&mut self.layers, x, self.batch);
        let loss = self.cost_and_delta(target, classes);
        backward_all(&mut self.layers, x, self.batch);
        self.steps += 1;
        update_all(&mut self.layers, self.update, self.steps);
        loss
    }

    /// The loss, and its derivative by the last layer's weighted input, in one pass.
    fn cost_and_delta(&mut self, target: &[T], classes: &[usize]) -> f64 {
        let scale = T::of(1.0 / self.batch as f64);
        let last = self.layers.last_mut().expect("a network has layers");
        match self.cost {
            Cost::CrossEntropy => functions::softmax_cross_entropy(&last.y, classes, &mut last.delta, scale),
            Cost::SquaredError => {
                let loss = functions::squared_error(&last.y, target, &mut last.delta, scale);
                functions::slope(last.activation, &last.y, &mut last.delta);
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

/// ∇W = δᵀ·x, ∇b = Σ δ, and for the layer before δ·W ∘ f′.
fn backward<T: Number>(layer: &mut Layer<T>, before: Option<&mut Layer<T>>, x: &[T], batch: usize) {
    let delta = Matrix::new(&layer.delta, batch, layer.outputs);
    let input = Matrix::new(before.as_ref().map_or(x, |before| &before.y), batch, layer.inputs);
    gemm(delta.t(), input, T::ZERO, &mut layer.weight.gradient);
    functions::sum_rows(&layer.delta, &mut layer.bias.gradient);
    if let Some(before) = before {
        let weight = Matrix::new(&layer.weight.value, layer.outputs, layer.inputs);
        gemm(delta, weight, T::ZERO, &mut before.delta);
        functions::slope(before.activation, &before.y, &mut before.delta);
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

/// c = a·b + keep·c, for `keep` 0 or 1.
pub(crate) fn gemm<T: Number>(a: Matrix<'_, T>, b: Matrix<'_, T>, keep: T, c: &mut [T]) {
    let products = a.rows * a.columns * b.columns;
    if products <= 128 {
        return tiny(a, b, keep, c);
    }
    let threads = if products < 96 * 96 * 96 { Parallelism::Serial } else { Parallelism::Rayon(2) };
    // When operands are copied first: what was found to be fastest, see autodiff/src/tensor/gemm.rs.
    tuning::set_rhs_pack_threshold(if a.strides.0 == 1 { 200 } else { tuning::RHS_PACK_THRESHOLD_DEFAULT });
    #[cfg(target_arch = "x86_64")]
    {
        let avx512 = std::arch::is_x86_feature_detected!("avx512f");
        tuning::set_lhs_pack_threshold(if avx512 { tuning::LHS_PACK_THRESHOLD_DEFAULT } else { 48 });
    }
    gemmkit::gemm(T::ONE, a.view(), b.view(), keep, MatMut::from_row_major(c, a.rows, b.columns), threads);
}

/// A product that is done before a library has begun.
fn tiny<T: Number>(a: Matrix<'_, T>, b: Matrix<'_, T>, keep: T, c: &mut [T]) {
    for (c, i) in c.chunks_exact_mut(b.columns).zip(0..) {
        for (c, j) in c.iter_mut().zip(0..) {
            *c *= keep;
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
