//! The result of a backward pass: the derivatives, as values that are not recorded.

use crate::algebra::{Cotangent, Reading, Tree};
use crate::tape::graph::{Origin, Section};
use crate::tape::record::Tape;
use crate::tape::var::Var;
use std::fmt;

/// The derivatives of an output with respect to the requested inputs.
pub struct Gradients<'t, V> {
    tape: &'t Tape<V>,
    parts: Section<Cotangent<V>>,
    requested: Requested,
}

/// The inputs of the derivatives.
pub(crate) enum Requested {
    /// All variables of the tape.
    Variables,
    /// The given nodes, in ascending order.
    Nodes(Vec<u32>),
}

/// The error for an input on which the output does not depend in a differentiable way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unconnected {
    input: String,
}

impl fmt::Display for Unconnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the output does not depend on {}", self.input)
    }
}

impl std::error::Error for Unconnected {}

impl<'t, V: Reading> Gradients<'t, V> {
    pub(crate) fn new(tape: &'t Tape<V>, parts: Section<Cotangent<V>>, requested: Requested) -> Self {
        Self { tape, parts, requested }
    }

    /// The derivative with respect to a variable, or to each leaf of a tree of variables: the gradient of a model has
    /// the model's structure. An input on which the output does not depend gets zeros; [`try_of`](Gradients::try_of)
    /// returns an error for it.
    ///
    /// # Panics
    /// Panics if a leaf is not among the requested inputs, for example a constant or an intermediate result, or if it
    /// is on another tape.
    #[track_caller]
    pub fn of<T: Tree<Leaf = Var<'t, V>>>(&self, inputs: &T) -> T::With<V> {
        let mut missing = None;
        let parts = inputs.map(&mut |_, x| {
            if !self.has(*x) {
                missing.get_or_insert(*x); // a panic in this closure would lose the caller's line
            }
            self.part(x).cloned().unwrap_or_else(|| x.value().full_like(0.0))
        });
        match missing {
            None => parts,
            Some(x) => self.panic_missing(x),
        }
    }

    /// The derivative with respect to one variable.
    ///
    /// # Errors
    /// Returns [`Unconnected`] if the output does not depend on the variable.
    ///
    /// # Panics
    /// Panics if the variable is not among the requested inputs, or if it is on another tape.
    #[track_caller]
    pub fn try_of(&self, x: Var<'t, V>) -> Result<V, Unconnected> {
        if !self.has(x) {
            self.panic_missing(x);
        }
        let name = || self.tape.graph().names.get(x.id()).map_or_else(|| format!("%{}", x.id()), str::to_owned);
        self.part(&x).cloned().ok_or_else(|| Unconnected { input: name() })
    }

    fn part(&self, x: &Var<'t, V>) -> Option<&V> {
        self.parts.get(x.id())?.get()
    }

    /// Whether a variable is among the requested inputs.
    fn has(&self, x: Var<'t, V>) -> bool {
        let requested = || match &self.requested {
            Requested::Variables => matches!(self.tape.graph().nodes[x.id() as usize].origin, Origin::Variable),
            Requested::Nodes(ids) => ids.binary_search(&x.id()).is_ok(),
        };
        std::ptr::eq(x.tape, self.tape) && requested()
    }

    #[cold]
    #[track_caller]
    fn panic_missing(&self, x: Var<'t, V>) -> ! {
        if !std::ptr::eq(x.tape, self.tape) {
            panic!("Gradients::of: the variable is on another tape");
        }
        panic!(
            "Gradients::of: %{} is a constant or an intermediate result; pass it to backward_wrt to get its derivative",
            x.id()
        );
    }
}
