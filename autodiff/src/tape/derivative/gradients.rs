//! The derivatives that a walk back gives, as numbers.

use crate::algebra::{Cotangent, Tree, Value};
use crate::tape::graph::Origin;
use crate::tape::record::Tape;
use crate::tape::var::Var;
use std::fmt;

/// The derivatives of one output by the inputs that were asked for.
pub struct Gradients<'t, V> {
    tape: &'t Tape<V>,
    parts: Vec<Cotangent<V>>,
    asked: Asked,
}

/// The inputs that were asked for.
pub(crate) enum Asked {
    Variables,
    /// In ascending order.
    These(Vec<u32>),
}

/// An input that the output does not depend on in a differentiable way.
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

impl<'t, V: Value> Gradients<'t, V> {
    pub(crate) fn new(tape: &'t Tape<V>, parts: Vec<Cotangent<V>>, asked: Asked) -> Self {
        Self { tape, parts, asked }
    }

    /// The derivative by a variable, or by each leaf of a tree of them: a gradient of the model's own type. An input
    /// that the output does not depend on gets zeros; [`try_of`](Gradients::try_of) tells them apart.
    ///
    /// # Panics
    /// If a derivative by this value was not asked for, since it is a constant or an intermediate result.
    #[track_caller]
    pub fn of<T: Tree<Leaf = Var<'t, V>>>(&self, inputs: &T) -> T::With<V> {
        let mut refused = None;
        let parts = inputs.map(&mut |_, x| {
            if !self.has(*x) {
                refused.get_or_insert(*x); // to panic in here would lose the caller's line
            }
            self.part(x).cloned().unwrap_or_else(|| x.value().full_like(0.0))
        });
        match refused {
            None => parts,
            Some(x) => self.refuse(x),
        }
    }

    /// The derivative by one variable, or an error if the output does not depend on it.
    #[track_caller]
    pub fn try_of(&self, x: Var<'t, V>) -> Result<V, Unconnected> {
        if !self.has(x) {
            self.refuse(x);
        }
        let name = || self.tape.graph().names.get(x.id()).map_or_else(|| format!("%{}", x.id()), str::to_owned);
        self.part(&x).cloned().ok_or_else(|| Unconnected { input: name() })
    }

    fn part(&self, x: &Var<'t, V>) -> Option<&V> {
        self.parts.get(x.id() as usize)?.get()
    }

    /// Whether the derivative by this value was asked for.
    fn has(&self, x: Var<'t, V>) -> bool {
        let asked = || match &self.asked {
            Asked::Variables => matches!(self.tape.graph().nodes[x.id() as usize].origin, Origin::Variable),
            Asked::These(ids) => ids.binary_search(&x.id()).is_ok(),
        };
        std::ptr::eq(x.tape, self.tape) && asked()
    }

    #[cold]
    #[track_caller]
    fn refuse(&self, x: Var<'t, V>) -> ! {
        if !std::ptr::eq(x.tape, self.tape) {
            panic!("gradient: the variable is on another tape");
        }
        panic!(
            "gradient: %{} is not among the inputs: a constant, or an intermediate result (see backward_wrt)",
            x.id()
        );
    }
}
