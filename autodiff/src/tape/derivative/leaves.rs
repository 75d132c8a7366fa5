//! The argument of a function on a tape.

use crate::algebra::{Cotangent, Tree, Value};
use crate::tape::record::Tape;
use crate::tape::var::{OnTape, Var};
use crate::tape::walk::{AsValues, forward_in, reverse, second};

/// The leaves of a function's argument on a tape, in order.
pub(crate) struct Leaves<'t, V>(pub(crate) Vec<Var<'t, V>>);

impl<'t, V: Value> Leaves<'t, V> {
    pub(crate) fn record<T: Tree<Leaf = V>>(tape: &'t Tape<V>, x: &T) -> Self {
        Self(x.leaves().into_iter().map(|leaf| tape.variable(leaf)).collect())
    }

    /// The leaves in the structure of the argument.
    pub(crate) fn variables<T: Tree<Leaf = V>>(&self, x: &T) -> T::With<Var<'t, V>> {
        let mut leaves = self.0.iter();
        x.map(&mut |_, _| *leaves.next().expect("a variable for each leaf"))
    }

    /// Values for the leaves in the structure of the argument.
    pub(crate) fn gather<T: Tree<Leaf = V>>(&self, x: &T, parts: Vec<V>) -> T::With<V> {
        let mut parts = parts.into_iter();
        x.map(&mut |_, _| parts.next().expect("a part for each leaf"))
    }

    /// The tangent of the output as the leaves move along `dx`.
    #[track_caller]
    pub(crate) fn push(&self, y: Var<'t, V>, dx: &[V]) -> V {
        let graph = y.tape.graph();
        let dy = forward_in(y.tape, &AsValues(&graph), self.seeds(dx), &[y.id()]).pop().flatten();
        dy.unwrap_or_else(|| graph.value(y.id()).full_like(0.0))
    }

    /// How the gradient of the output moves as the leaves move along `dx`.
    #[track_caller]
    pub(crate) fn second(&self, y: Var<'t, V>, dx: &[V]) -> Vec<V> {
        let graph = y.tape.graph();
        let parts = second(&graph, y.id(), self.seeds(dx));
        let moves = |x: &Var<'t, V>| parts.get(x.id() as usize)?.get().cloned();
        self.0.iter().map(|x| moves(x).unwrap_or_else(|| graph.value(x.id()).full_like(0.0))).collect()
    }

    #[track_caller]
    fn seeds(&self, dx: &[V]) -> Vec<(u32, V)> {
        for (x, dx) in self.0.iter().zip(dx) {
            let (shape, expected) = (dx.shape(), x.shape());
            assert!(shape == expected, "a tangent of shape {shape} for an input of shape {expected}");
        }
        self.0.iter().map(|x| x.id()).zip(dx.iter().cloned()).collect()
    }
}

impl<V: Value> Tape<V> {
    /// As the function [`value_and_grad`](crate::value_and_grad), on this tape, which is cleared before and after: for
    /// steps that are taken again and again. (After, so that the tape no longer shares the storage of the model, and
    /// an update in place copies nothing.)
    ///
    /// # Panics
    /// If the output is no scalar.
    #[track_caller]
    pub fn value_and_grad_tree<T: Tree<Leaf = V>>(
        &mut self,
        x: &T,
        f: impl for<'t> FnOnce(&'t Tape<V>, OnTape<'t, T>) -> Var<'t, V>,
    ) -> (V, T::With<V>) {
        self.clear();
        let result = {
            let variables = self.variables(x);
            let inputs = self.len(); // which come first, and so are found without a list of them
            let y = f(self, variables);
            y.check_scalar("value_and_grad");
            y.check_tape("value_and_grad", &[Var::at(self, 0)]);
            let value = y.value();
            let seed = (y.id(), value.full_like(1.0));
            let mut parts = reverse(self, seed, inputs, |id| (id as usize) < inputs).into_iter();
            let gradient = x.map(&mut |_, x| match parts.next() {
                Some(Cotangent::Accumulated(g)) => g,
                _ => x.full_like(0.0),
            });
            (value, gradient)
        };
        self.clear();
        result
    }
}
