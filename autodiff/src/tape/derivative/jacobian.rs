//! Jacobians, by one batched pass.
//!
//! The rows of the identity are a batch of cotangents (or of tangents), so one pass over the tape computes a whole
//! Jacobian. Seen as values, the pass computes values. Seen as variables, it records a Jacobian that may be part of a
//! loss: the contractive penalty is `h.batch_jacobian(x).square().sum()`.

use crate::algebra::{Reading, Structural};
use crate::array::{Number, Shape, Tensor};
use crate::reading::Batched;
use crate::tape::graph::Origin;
use crate::tape::record::Tape;
use crate::tape::var::Var;
use crate::tape::walk::{AsBatch, AsValues, AsVariables, Indices, NodeView, backward, dependence, forward, one_of};

/// The mode of differentiation: the direction in which derivatives pass through a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// From the inputs to the outputs. Computes a column of the Jacobian for each element of the input.
    Forward,
    /// From the outputs to the inputs. Computes a row of the Jacobian for each element of the output.
    Reverse,
}

impl Mode {
    /// The cheaper mode for a function from `inputs` elements to `outputs` elements.
    pub fn cheaper(inputs: usize, outputs: usize) -> Self {
        if inputs < outputs { Mode::Forward } else { Mode::Reverse }
    }
}

impl<V: Reading> Var<'_, V> {
    /// The derivatives of each element of this output with respect to each element of an input, recorded on the same
    /// tape. The result has the shape \[output axes…, input axes…\]. Runs one batched backward pass. For a plain number it
    /// is the derivative. An output that does not depend on the input gets zeros, which
    /// [`is_unconnected`](Var::is_unconnected) recognises.
    ///
    /// # Panics
    /// Panics if the input is on another tape.
    #[track_caller]
    pub fn jacobian(self, x: Self) -> Self {
        self.check_tape("jacobian", &[x]);
        if V::SCALAR {
            return self.pull("jacobian", self.full_like(1.0), &[x])[0];
        }
        let seed = identity(&self, &self.shape());
        rows(self.tape, AsVariables(self.tape), self.id(), x.id(), seed)
            .map(|rows| rows.reshape(join(&self.shape(), &x.shape())))
            .unwrap_or_else(|| self.unconnected_of(join(&self.shape(), &x.shape())))
    }

    /// The Jacobian of each sample of a batch, recorded on the same tape. For an output \[n, p…\] and an input \[n,
    /// d…\] the result is \[n, p…, d…\].
    ///
    /// Row i of the output must depend on no row of the input but row i, as in every network without normalisation over
    /// the batch. Otherwise the result is wrong: derivatives of other samples are added to it. On a
    /// [traced](crate::Tape::traced) tape, and so in [`check_grads`](crate::check::check_grads) and in a traced training,
    /// this is checked; [`mixed_row`](Var::mixed_row) checks it on any tape.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// let w = Tensor::from([[0.5, -0.5], [0.1, 0.2]]);
    /// // The gradient of Σᵢ ‖∂hᵢ/∂xᵢ‖², for a layer h = tanh(x·wᵀ), with respect to the weights:
    /// let gradient = grad(&w, |w| {
    ///     let x = w.constant(x.clone());
    ///     x.matmul_t(&w).tanh().batch_jacobian(x).square().sum()
    /// });
    /// # assert_eq!(gradient.shape().to_string(), "[2, 2]");
    /// ```
    ///
    /// An output that does not depend on the input gets zeros, which [`is_unconnected`](Var::is_unconnected) recognises. A
    /// constant that is made again from the same tensor is another input.
    ///
    /// # Panics
    /// Panics if the first axes are missing or differ in size, or if the input is on another tape. On a traced tape, also
    /// panics if rows are mixed.
    #[track_caller]
    pub fn batch_jacobian(self, x: Self) -> Self {
        self.check_tape("batch_jacobian", &[x]);
        self.check_rows(x);
        let (shapes, seed) = sample_seed(&self, &x);
        rows(self.tape, AsVariables(self.tape), self.id(), x.id(), seed)
            .map(|rows| shapes.by_sample(&rows))
            .unwrap_or_else(|| self.unconnected_of(shapes.result()))
    }

    /// The derivative of an output that does not depend on the input.
    fn unconnected_of(self, shape: Shape) -> Self {
        let zeros = zeros(self.tape.graph().value(self.id()), shape);
        Self::at(self.tape, self.tape.record_leaf(Origin::Unconnected, zeros))
    }

    /// As [`jacobian`](Var::jacobian), as a value that is not recorded. One batched pass in the cheaper mode computes it.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let tape = Tape::new();
    /// let x = tape.variable(Tensor::from([1.0, 2.0]));
    /// let y = x.square();
    /// let nodes = tape.len();
    /// assert_eq!(y.jacobian_value(x), Tensor::from([[2.0, 0.0], [0.0, 4.0]]));
    /// assert_eq!(tape.len(), nodes);
    /// ```
    ///
    /// # Panics
    /// Panics if the input is on another tape.
    #[track_caller]
    pub fn jacobian_value(self, x: Self) -> V {
        self.check_tape("jacobian_value", &[x]);
        self.jacobian_values(x, Mode::cheaper(x.shape().size(), self.shape().size()))
    }

    /// The Jacobians by several inputs, as values, in one batched backward pass.
    pub(crate) fn jacobian_values_of(self, inputs: &[Self]) -> Vec<V> {
        let graph = self.tape.graph();
        let (y, y_shape) = (graph.value(self.id()), self.shape());
        let wanted = one_of(&inputs.iter().map(|x| x.id()).collect::<Vec<_>>());
        let shape = |x: &Self| join(&y_shape, &x.shape());
        if V::SCALAR {
            let parts = backward(self.tape, &AsValues(&graph), (self.id(), y.full_like(1.0)), &wanted);
            let part = |x: &Self| parts.get(x.id())?.get().cloned();
            return inputs.iter().map(|x| part(x).unwrap_or_else(|| y.full_like(0.0))).collect();
        }
        let (n, seed) = (y_shape.size(), Batched::from_batch(identity(y, &y_shape)));
        let parts = backward(self.tape, &AsBatch(AsValues(&graph)), (self.id(), seed), &wanted);
        let part = |x: &Self| Some(parts.get(x.id())?.get()?.clone().into_batch(n).reshape(shape(x)));
        inputs.iter().map(|x| part(x).unwrap_or_else(|| zeros(y, shape(x)))).collect()
    }

    /// As [`jacobian`](Var::jacobian), as a value, in the given mode.
    pub(crate) fn jacobian_values(self, x: Self, mode: Mode) -> V {
        let (y_shape, x_shape) = (self.shape(), x.shape());
        let shape = join(&y_shape, &x_shape);
        let graph = self.tape.graph();
        if V::SCALAR {
            return self.derivative_of_number(x, mode);
        }
        let jacobian = match mode {
            Mode::Reverse => {
                let seed = identity(graph.value(self.id()), &y_shape);
                rows(self.tape, AsValues(&graph), self.id(), x.id(), seed).map(|rows| rows.reshape(shape.clone()))
            }
            Mode::Forward => {
                let seed = identity(graph.value(x.id()), &x_shape);
                let columns = columns(self.tape, AsValues(&graph), self.id(), x.id(), seed);
                columns.map(|columns| columns.reshape([x_shape.size(), y_shape.size()]).t().reshape(shape.clone()))
            }
        };
        jacobian.unwrap_or_else(|| zeros(graph.value(self.id()), shape))
    }

    /// The derivative of a plain number, which has no axis for a batch.
    fn derivative_of_number(self, x: Self, mode: Mode) -> V {
        let graph = self.tape.graph();
        let (view, one) = (AsValues(&graph), graph.value(x.id()).full_like(1.0));
        let derivative = match mode {
            Mode::Forward => forward(self.tape, &view, vec![(x.id(), one)], &[self.id()]).pop().flatten(),
            Mode::Reverse => {
                let parts = backward(self.tape, &view, (self.id(), one), &one_of(&[x.id()]));
                parts.get(x.id()).and_then(|part| part.get().cloned())
            }
        };
        derivative.unwrap_or_else(|| graph.value(self.id()).full_like(0.0))
    }

    /// The tangents of this output for a batch of tangents of the input, as values. The batch is the first axis of both.
    pub(crate) fn push_batch(self, x: Self, seed: V) -> V {
        let (graph, shape) = (self.tape.graph(), self.shape().insert(0, seed.shape()[0]));
        columns(self.tape, AsValues(&graph), self.id(), x.id(), seed)
            .unwrap_or_else(|| zeros(graph.value(self.id()), shape))
    }

    /// The cotangents of the input for a batch of cotangents of this output, as values. The batch is the first axis of both.
    pub(crate) fn pull_batch(self, x: Self, seed: V) -> V {
        let (graph, shape) = (self.tape.graph(), x.shape().insert(0, seed.shape()[0]));
        rows(self.tape, AsValues(&graph), self.id(), x.id(), seed).unwrap_or_else(|| zeros(graph.value(x.id()), shape))
    }

    /// The elements of the input on which each element of this output depends.
    pub(crate) fn dependence(self, x: Self) -> Vec<Indices> {
        dependence(&self.tape.graph(), self.id(), x.id())
    }

    /// As [`batch_jacobian`](Var::batch_jacobian), as a value.
    #[track_caller]
    pub(crate) fn batch_jacobian_values(self, x: Self) -> V {
        let graph = self.tape.graph();
        let (shapes, seed) = sample_seed(graph.value(self.id()), graph.value(x.id()));
        let rows = rows(self.tape, AsValues(&graph), self.id(), x.id(), seed);
        rows.map(|rows| shapes.by_sample(&rows)).unwrap_or_else(|| zeros(graph.value(self.id()), shapes.result()))
    }
}

/// Runs a batched backward pass. The batch is the first axis of the seed and of the result, the cotangents of the
/// input.
pub(super) fn rows<V: Reading, W: Reading>(
    tape: &Tape<V>,
    view: impl NodeView<W>,
    y: u32,
    x: u32,
    seed: W,
) -> Option<W> {
    let n = seed.shape()[0];
    let parts = backward(tape, &AsBatch(view), (y, Batched::from_batch(seed)), &one_of(&[x]));
    parts.get(x)?.get().map(|part| part.clone().into_batch(n))
}

/// Runs a batched forward pass. The batch is the first axis of the seed and of the result, the tangents of the output.
fn columns<V: Reading, W: Reading>(tape: &Tape<V>, view: impl NodeView<W>, y: u32, x: u32, seed: W) -> Option<W> {
    let n = seed.shape()[0];
    let tangents = forward(tape, &AsBatch(view), vec![(x, Batched::from_batch(seed))], &[y]).pop().flatten();
    tangents.map(|tangents| tangents.into_batch(n))
}

/// The unit vectors of a shape along a new first axis: \[n, axes…\] for n elements.
fn identity<V: Reading>(like: &V, shape: &Shape) -> V {
    let n = shape.size();
    like.identity(n).reshape(shape.insert(0, n))
}

fn zeros<V: Reading>(like: &V, shape: Shape) -> V {
    like.lift(&Tensor::full(shape, V::Elem::from_f64(0.0)))
}

fn join(a: &Shape, b: &Shape) -> Shape {
    a.iter().chain(b.iter()).copied().collect()
}

/// The shapes of a batch of samples, without the batch axis.
struct Samples {
    n: usize,
    y: Shape,
    x: Shape,
}

impl Samples {
    fn result(&self) -> Shape {
        join(&join(&[self.n].into(), &self.y), &self.x)
    }

    /// \[outputs, samples, inputs…\] → \[samples, outputs…, inputs…\].
    fn by_sample<W: Reading>(&self, rows: &W) -> W {
        let flat = [self.y.size(), self.n, self.x.size()];
        rows.reshape(flat).permute(&[1, 0, 2]).reshape(self.result())
    }
}

/// A cotangent for each element of a sample's output. All samples share it.
#[track_caller]
fn sample_seed<W: Reading>(y: &W, x: &W) -> (Samples, W) {
    let (y_shape, x_shape) = (y.shape(), x.shape());
    let n = batch_rows("batch_jacobian", &y_shape, &x_shape);
    let samples = Samples { n, y: y_shape[1..].into(), x: x_shape[1..].into() };
    let p = samples.y.size();
    let unit = y.identity(p).reshape(samples.y.insert(0, 1).insert(0, p));
    let seed = unit.broadcast_to(samples.y.insert(0, n).insert(0, p));
    (samples, seed)
}

/// The number of rows that an output and an input have in common.
#[track_caller]
pub(super) fn batch_rows(name: &str, y: &Shape, x: &Shape) -> usize {
    match (y.first(), x.first()) {
        (Some(&n), Some(&m)) if n == m => n,
        _ => panic!("{name}: the output {y} and the input {x} must have first axes of the same size"),
    }
}
