//! Derivatives of a variable, as values or recorded on the tape.

use super::gradients::{Gradients, Requested};
use super::leaves::check_tangent;
use crate::algebra::{Cotangent, Reading, Tree};
use crate::tape::graph::Origin;
use crate::tape::var::Var;
use crate::tape::walk::{AsVariables, Wanted, backward, backward_values, forward, needed, one_of};

impl<'t, V: Reading> Var<'t, V> {
    /// The derivatives of this scalar with respect to all variables of the tape, as values. Runs one backward pass.
    ///
    /// # Panics
    /// Panics unless the output has exactly one element. For other shapes, [`backward_with`](Var::backward_with) takes
    /// a cotangent.
    #[track_caller]
    pub fn backward(self) -> Gradients<'t, V> {
        self.check_scalar("backward");
        self.backward_with(self.value().full_like(1.0))
    }

    /// The products of a cotangent with the derivatives of this output with respect to all variables (vector-Jacobian
    /// products), as values.
    ///
    /// # Panics
    /// Panics if the cotangent and the output have different shapes.
    #[track_caller]
    pub fn backward_with(self, cotangent: V) -> Gradients<'t, V> {
        self.backward_by("backward_with", cotangent)
    }

    /// As [`backward_with`](Var::backward_with). Messages bear the name of the calling function.
    #[track_caller]
    pub(crate) fn backward_by(self, name: &str, cotangent: V) -> Gradients<'t, V> {
        self.check_cotangent(name, &cotangent.shape());
        let graph = self.tape.graph();
        let is_variable = |id: u32| matches!(graph.nodes[id as usize].origin, Origin::Variable);
        let wanted = Wanted { start: 0, contains: is_variable };
        let parts = backward_values(self.tape, (self.id(), cotangent), graph.inputs_end, &wanted);
        Gradients::new(self.tape, parts, Requested::Variables)
    }

    /// As [`backward`](Var::backward), with respect to the given inputs only, which need not be variables. On values
    /// with axes, the pass skips all nodes that do not depend on them. On plain numbers it skips none, because finding
    /// out which nodes to skip takes as long as visiting them, unless the inputs are among the last nodes of a long
    /// tape.
    ///
    /// # Panics
    /// Panics unless the output has exactly one element, or if an input is on another tape.
    #[track_caller]
    pub fn backward_wrt(self, inputs: &[Self]) -> Gradients<'t, V> {
        self.check_scalar("backward_wrt");
        self.check_tape("backward_wrt", inputs);
        let mut ids: Vec<u32> = inputs.iter().map(|x| x.id()).collect();
        ids.sort_unstable();
        let seed = self.tape.graph().value(self.id()).full_like(1.0);
        let end = ids.last().map_or(0, |&last| last as usize + 1);
        let parts = backward_values(self.tape, (self.id(), seed), end, &one_of(&ids));
        Gradients::new(self.tape, parts, Requested::Nodes(ids))
    }

    /// The derivatives of this scalar with respect to some inputs, recorded on the same tape. They are ordinary
    /// variables and can be differentiated again, to any order. For a list of inputs or a model, see
    /// [`grad_tree`](Var::grad_tree).
    ///
    /// An input on which the output does not depend gets zeros, which [`is_unconnected`](Var::is_unconnected)
    /// recognises. This is no error: the fourth derivative of x³ is such a case.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let tape = Tape::new();
    /// let x = tape.variable(2.0);
    /// let mut y = x.powi(4);
    /// for _ in 0..3 {
    ///     [y] = y.grad([x]); // the third derivative at the end of the loop
    /// }
    /// assert_eq!(y.value(), 24.0 * 2.0);
    /// ```
    ///
    /// # Panics
    /// Panics unless the output has exactly one element, or if an input is on another tape.
    #[track_caller]
    pub fn grad<const N: usize>(self, inputs: [Self; N]) -> [Self; N] {
        self.check_scalar("grad");
        self.pull_each("grad", self.full_like(1.0), inputs)
    }

    /// As [`grad`](Var::grad) for an output of any shape, with a cotangent of that shape.
    ///
    /// # Panics
    /// Panics if the cotangent and the output have different shapes, or if a variable is on another tape.
    #[track_caller]
    pub fn grad_with<const N: usize>(self, cotangent: Self, inputs: [Self; N]) -> [Self; N] {
        self.pull_each("grad_with", cotangent, inputs)
    }

    #[track_caller]
    fn pull_each<const N: usize>(self, name: &str, cotangent: Self, inputs: [Self; N]) -> [Self; N] {
        let mut parts = self.pull(name, cotangent, &inputs).into_iter();
        std::array::from_fn(|_| parts.next().expect("a derivative for each input"))
    }

    /// As [`grad`](Var::grad), with respect to all leaves of a tree of variables: a model, a vector, a tuple.
    ///
    /// # Panics
    /// Panics unless the output has exactly one element, or if a leaf is on another tape.
    #[track_caller]
    pub fn grad_tree<T: Tree<Leaf = Self>>(self, inputs: &T) -> T::With<Self> {
        self.check_scalar("grad_tree");
        inputs.with_leaves(self.pull("grad_tree", self.full_like(1.0), &inputs.leaves()))
    }

    /// The products of a cotangent with the derivatives of this output, recorded. Messages bear the name of the calling
    /// function.
    #[track_caller]
    pub(crate) fn pull(self, name: &str, cotangent: Self, inputs: &[Self]) -> Vec<Self> {
        self.check_tape(name, inputs);
        self.check_tape(name, &[cotangent]);
        self.check_cotangent(name, &cotangent.shape());
        let wanted = one_of(&inputs.iter().map(|x| x.id()).collect::<Vec<_>>());
        let seed = (self.id(), cotangent);
        let parts = backward(self.tape, &AsVariables(self.tape), seed, &wanted);
        let part = |x: &Self| parts.get(x.id())?.get().copied();
        inputs.iter().map(|x| part(x).unwrap_or_else(|| x.unconnected())).collect()
    }

    /// The tangent of this output for the given tangents of the inputs (a Jacobian-vector product), recorded on the
    /// same tape. Runs one forward pass.
    ///
    /// # Panics
    /// Panics if a tangent and its input have different shapes, or if a variable is on another tape.
    #[track_caller]
    pub fn jvp<const N: usize>(self, inputs: [Self; N], tangents: [Self; N]) -> Self {
        self.check_tape("jvp", &inputs);
        self.check_tape("jvp", &tangents);
        for (x, dx) in inputs.iter().zip(&tangents) {
            check_tangent("jvp", &dx.shape(), &x.shape());
        }
        let seeds = inputs.iter().map(|x| x.id()).zip(tangents).collect();
        let mut dy = forward(self.tape, &AsVariables(self.tape), seeds, &[self.id()]);
        dy.pop().flatten().unwrap_or_else(|| self.unconnected())
    }

    /// Whether this is the derivative with respect to an input on which the output does not depend, rather than a
    /// derivative that happens to be zero.
    pub fn is_unconnected(self) -> bool {
        matches!(self.tape.graph().nodes[self.id() as usize].origin, Origin::Unconnected)
    }

    /// Whether this variable is one of the inputs, or was computed from one by operations that have a derivative. If not, its
    /// derivatives with respect to them are all [unconnected](Var::is_unconnected).
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let tape = Tape::new();
    /// let x = tape.variable(2.0);
    /// assert!((x * 3.0).depends_on(&[x]));
    /// assert!(!(x.detach() * 3.0).depends_on(&[x]));
    /// ```
    ///
    /// # Panics
    /// Panics if an input is on another tape.
    #[track_caller]
    pub fn depends_on(self, inputs: &[Self]) -> bool {
        self.check_tape("depends_on", inputs);
        let wanted = one_of(&inputs.iter().map(|x| x.id()).collect::<Vec<_>>());
        let needed = needed::<V, V>(&self.tape.graph(), self.id(), &wanted);
        needed.get(self.id()).is_some_and(Cotangent::is_needed)
    }

    pub(crate) fn unconnected(self) -> Self {
        let zeros = self.tape.graph().value(self.id()).full_like(0.0);
        Self::at(self.tape, self.tape.record_leaf(Origin::Unconnected, zeros))
    }
}
