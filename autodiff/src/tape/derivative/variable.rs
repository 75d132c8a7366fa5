//! Derivatives of a variable, as numbers or recorded on the tape.

use super::gradients::{Asked, Gradients};
use crate::algebra::{Tree, Value};
use crate::tape::graph::Origin;
use crate::tape::var::Var;
use crate::tape::walk::{AsVariables, forward_in, one_of, reverse, reverse_in};

impl<'t, V: Value> Var<'t, V> {
    /// The derivatives of this scalar by all variables of the tape, as numbers.
    ///
    /// # Panics
    /// If this is no scalar: [`backward_with`](Var::backward_with) takes a cotangent for other shapes.
    #[track_caller]
    pub fn backward(self) -> Gradients<'t, V> {
        self.check_scalar("backward");
        self.backward_with(self.value().full_like(1.0))
    }

    /// The products of a cotangent of this output with its derivatives by all variables, as numbers.
    ///
    /// # Panics
    /// If the cotangent has another shape than the output.
    #[track_caller]
    pub fn backward_with(self, cotangent: V) -> Gradients<'t, V> {
        self.check_cotangent("backward_with", &cotangent.shape());
        let graph = self.tape.graph();
        let wanted = |id: u32| matches!(graph.nodes[id as usize].origin, Origin::Variable);
        let parts = reverse(self.tape, (self.id(), cotangent), graph.inputs, wanted);
        Gradients::new(self.tape, parts, Asked::Variables)
    }

    /// As [`backward`](Var::backward), but by the given inputs only, which need not be variables. Of values with axes
    /// nothing else is walked. (To find out which plain numbers matter takes as long as to walk them all.)
    ///
    /// # Panics
    /// If this is no scalar, or an input is on another tape.
    #[track_caller]
    pub fn backward_wrt(self, inputs: &[Self]) -> Gradients<'t, V> {
        self.check_scalar("backward_wrt");
        self.check_tape("backward_wrt", inputs);
        let mut ids: Vec<u32> = inputs.iter().map(|x| x.id()).collect();
        ids.sort_unstable();
        let seed = self.tape.graph().value(self.id()).full_like(1.0);
        let end = ids.last().map_or(0, |&last| last as usize + 1);
        let parts = reverse(self.tape, (self.id(), seed), end, one_of(&ids));
        Gradients::new(self.tape, parts, Asked::These(ids))
    }

    /// The derivatives of this scalar by some inputs, recorded on the same tape: they are variables like any other and
    /// can be differentiated again, to any depth.
    ///
    /// An input that the output does not depend on gets zeros, for which [`is_unconnected`](Var::is_unconnected) says
    /// so. (An error would stop loops over the order of a derivative at a polynomial's last one.)
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let tape = Tape::new();
    /// let x = tape.variable(2.0);
    /// let mut y = x.powi(4);
    /// for _ in 0..3 {
    ///     [y] = y.grad([x]); // the third derivative, in a loop at run time
    /// }
    /// assert_eq!(y.value(), 24.0 * 2.0);
    /// ```
    ///
    /// # Panics
    /// If this is no scalar, or an input is on another tape.
    #[track_caller]
    pub fn grad<const N: usize>(self, inputs: [Self; N]) -> [Self; N] {
        self.check_scalar("grad");
        self.grad_with(self.full_like(1.0), inputs)
    }

    /// As [`grad`](Var::grad) for an output that is no scalar, with a cotangent of its shape.
    #[track_caller]
    pub fn grad_with<const N: usize>(self, cotangent: Self, inputs: [Self; N]) -> [Self; N] {
        let mut parts = self.pull(cotangent, &inputs).into_iter();
        std::array::from_fn(|_| parts.next().expect("a part for each input"))
    }

    /// As [`grad`](Var::grad), by all leaves of a tree of variables: a model, a vector, a tuple.
    #[track_caller]
    pub fn grad_tree<T: Tree<Leaf = Self>>(self, inputs: &T) -> T::With<Self> {
        self.check_scalar("grad_tree");
        let mut parts = self.pull(self.full_like(1.0), &inputs.leaves()).into_iter();
        inputs.map(&mut |_, _| parts.next().expect("a part for each leaf"))
    }

    #[track_caller]
    pub(crate) fn pull(self, cotangent: Self, inputs: &[Self]) -> Vec<Self> {
        self.check_cotangent("grad", &cotangent.shape());
        self.check_tape("grad", inputs);
        self.check_tape("grad", &[cotangent]);
        let wanted = one_of(&inputs.iter().map(|x| x.id()).collect::<Vec<_>>());
        let seed = (self.id(), cotangent);
        let parts = reverse_in(self.tape, &AsVariables(self.tape), seed, wanted);
        let part = |x: &Self| parts.get(x.id() as usize)?.get().copied();
        inputs.iter().map(|x| part(x).unwrap_or_else(|| x.unconnected())).collect()
    }

    /// The tangent of this output as the inputs move along the given tangents, recorded on the same tape.
    ///
    /// # Panics
    /// If a tangent has another shape than its input, or anything is on another tape.
    #[track_caller]
    pub fn jvp<const N: usize>(self, inputs: [Self; N], tangents: [Self; N]) -> Self {
        self.check_tape("jvp", &inputs);
        self.check_tape("jvp", &tangents);
        for (x, dx) in inputs.iter().zip(&tangents) {
            let (shape, expected) = (dx.shape(), x.shape());
            assert!(shape == expected, "jvp: a tangent of shape {shape} for an input of shape {expected}");
        }
        let seeds = inputs.iter().map(|x| x.id()).zip(tangents).collect();
        let mut dy = forward_in(self.tape, &AsVariables(self.tape), seeds, &[self.id()]);
        dy.pop().flatten().unwrap_or_else(|| self.unconnected())
    }

    /// Whether this is the derivative by an input that the output does not depend on, rather than one that happens to
    /// be zero.
    pub fn is_unconnected(self) -> bool {
        matches!(self.tape.graph().nodes[self.id() as usize].origin, Origin::Unconnected)
    }

    pub(crate) fn unconnected(self) -> Self {
        let zeros = self.tape.graph().value(self.id()).full_like(0.0);
        Self::at(self.tape, self.tape.record_leaf(Origin::Unconnected, zeros))
    }
}
