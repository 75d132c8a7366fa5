//! The leaves of a function's argument, as variables on a tape.

use crate::algebra::{Cotangent, Reading, Tree};
use crate::array::Shape;
use crate::tape::record::Tape;
use crate::tape::var::{OnTape, Var};
use crate::tape::walk::{Wanted, backward_in_turn, backward_values, gradient_and_second_order, second_order};

/// The leaves of a function's argument, as variables in the order of the tree.
pub(crate) struct Leaves<'t, V>(pub(crate) Vec<Var<'t, V>>);

impl<'t, V: Reading> Leaves<'t, V> {
    pub(crate) fn record<T: Tree<Leaf = V>>(tape: &'t Tape<V>, x: &T) -> Self {
        Self(x.leaves().into_iter().map(|leaf| tape.variable(leaf)).collect())
    }

    /// The variables, in the structure of the argument.
    pub(crate) fn variables<T: Tree<Leaf = V>>(&self, x: &T) -> T::With<Var<'t, V>> {
        x.with_leaves(self.0.clone())
    }

    /// The Hessian of the output times `dx`, the tangents of the leaves, which were [checked](Leaves::check_tangents).
    pub(crate) fn second(&self, y: Var<'t, V>, dx: &[V]) -> Vec<V> {
        let graph = y.tape.graph();
        let parts = second_order(&graph, y.id(), self.seeds(dx));
        let tangent = |x: &Var<'t, V>| parts.get(x.id())?.get().cloned();
        self.0.iter().map(|x| tangent(x).unwrap_or_else(|| graph.value(x.id()).full_like(0.0))).collect()
    }

    /// As [`second`](Leaves::second), with the gradient: a pair for each leaf.
    pub(crate) fn gradient_and_second(&self, y: Var<'t, V>, dx: &[V]) -> Vec<(V, V)> {
        let graph = y.tape.graph();
        let parts = gradient_and_second_order(&graph, y.id(), self.seeds(dx));
        let pair = |x: &Var<'t, V>| parts.get(x.id())?.get().map(|g| (g.x.clone(), g.tangent()));
        let zeros = |x: &Var<'t, V>| graph.value(x.id()).full_like(0.0);
        self.0.iter().map(|x| pair(x).unwrap_or_else(|| (zeros(x), zeros(x)))).collect()
    }

    fn seeds(&self, dx: &[V]) -> Vec<(u32, V)> {
        self.0.iter().map(|x| x.id()).zip(dx.iter().cloned()).collect()
    }

    /// Panics unless there is a tangent for each leaf, of its shape.
    #[track_caller]
    pub(crate) fn check_tangents(&self, name: &str, dx: &[V]) {
        let (given, expected) = (dx.len(), self.0.len());
        assert!(given == expected, "{name}: the tangent has {given} leaves, but the input has {expected}");
        for (x, dx) in self.0.iter().zip(dx) {
            check_tangent(name, &dx.shape(), &x.shape());
        }
    }
}

/// Panics unless a tangent has the shape of its input.
#[track_caller]
pub(super) fn check_tangent(name: &str, tangent: &Shape, input: &Shape) {
    assert!(tangent == input, "{name}: the tangent has shape {tangent}, but the input has shape {input}");
}

impl<V: Reading> Tape<V> {
    /// As the function [`value_and_grad`](crate::value_and_grad), on this tape, whose memory serves each step again.
    ///
    /// The tape is cleared before and after. After the call it no longer shares the storage of the model, so an update
    /// in place copies nothing.
    ///
    /// # Panics
    /// Panics unless the output has exactly one element, or if it is on another tape.
    #[track_caller]
    pub fn value_and_grad_tree<T: Tree<Leaf = V>>(
        &mut self,
        x: &T,
        f: impl for<'t> FnOnce(&'t Tape<V>, OnTape<'t, T>) -> Var<'t, V>,
    ) -> (V, T::With<V>) {
        self.value_and_grad_by("value_and_grad_tree", x, f)
    }

    /// As [`value_and_grad_tree`](Tape::value_and_grad_tree), but hands the gradient over leaf by leaf, while the
    /// backward pass goes on; returns the value. `each` gets the number of a leaf, in the order of the tree, and its
    /// gradient.
    ///
    /// A gradient is complete once the first operation that uses its leaf has been pulled back, so the last layer of a
    /// network comes first. A program can send it to other processes, or use it for a step and drop it, before the
    /// gradients of the layers below exist. Each leaf comes once. A leaf that no operation uses comes first: with
    /// zeros, unless it is the output itself.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let layers = [Tensor::from([2.0]), Tensor::from([3.0])];
    /// let mut order = Vec::new();
    /// let y = Tape::new().value_and_each_grad(
    ///     &layers,
    ///     |_, [first, second]| (first.square() * second).sum(),
    ///     |layer, gradient| order.push((layer, gradient.item())),
    /// );
    /// assert_eq!((y.item(), order), (12.0, vec![(1, 4.0), (0, 12.0)]));
    /// ```
    ///
    /// # Panics
    /// Panics unless the output has exactly one element, or if it is on another tape.
    #[track_caller]
    pub fn value_and_each_grad<T: Tree<Leaf = V>>(
        &mut self,
        x: &T,
        f: impl for<'t> FnOnce(&'t Tape<V>, OnTape<'t, T>) -> Var<'t, V>,
        mut each: impl FnMut(usize, V),
    ) -> V {
        let (inputs, seed, value) = self.evaluate("value_and_each_grad", x, f);
        backward_in_turn(self, seed, inputs, |id, g| each(id as usize, g));
        self.clear();
        value
    }

    /// As [`value_and_grad_tree`](Tape::value_and_grad_tree). Messages bear the name of the calling function.
    #[track_caller]
    pub(crate) fn value_and_grad_by<T: Tree<Leaf = V>>(
        &mut self,
        name: &str,
        x: &T,
        f: impl for<'t> FnOnce(&'t Tape<V>, OnTape<'t, T>) -> Var<'t, V>,
    ) -> (V, T::With<V>) {
        let (inputs, seed, value) = self.evaluate(name, x, f);
        let wanted = Wanted { start: 0, contains: |id| (id as usize) < inputs };
        let mut parts = backward_values(self, seed, inputs, &wanted).entries.into_iter();
        let mut part = || parts.next().and_then(Cotangent::into_inner);
        let gradient = x.map(&mut |_, x| part().unwrap_or_else(|| x.full_like(0.0)));
        self.clear();
        (value, gradient)
    }

    /// Records the function on the empty tape. Returns the number of its inputs, the output with its cotangent, 1, and
    /// the value.
    #[inline]
    #[track_caller]
    fn evaluate<T: Tree<Leaf = V>>(
        &mut self,
        name: &str,
        x: &T,
        f: impl for<'t> FnOnce(&'t Tape<V>, OnTape<'t, T>) -> Var<'t, V>,
    ) -> (usize, (u32, V), V) {
        self.clear();
        let variables = self.variables(x);
        let inputs = self.len(); // the inputs are the first nodes
        let y = f(self, variables);
        y.check_tape(name, &[Var::at(self, 0)]);
        y.check_scalar(name);
        let value = y.value();
        (inputs, (y.id(), value.full_like(1.0)), value)
    }
}
