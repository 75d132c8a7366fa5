//! The handle of a recorded value: the reading «record».

use crate::few::few;
use crate::gradients::{Asked, Gradients};
use crate::nodes::Origin;
use crate::op::{Op, Pointwise};
use crate::operators::operators;
use crate::shape::Shape;
use crate::sweep::{self, Recorded, one_of};
use crate::tape::Tape;
use crate::tensor::Tensor;
use crate::tree::Tree;
use crate::value::Value;
use std::fmt;

/// A value on a [`Tape`]: operations on it are computed at once and recorded.
///
/// Handles are `Copy`. Everything that a value can do a variable can: see [`Math`](crate::Math),
/// [`Structural`](crate::Structural), [`Product`](crate::Product) and [`Derived`](crate::Derived); and it mixes with
/// plain numbers and with tensors, which become constants: `2.0 * x`, `x - &tensor`.
pub struct Var<'t, V> {
    pub(crate) tape: &'t Tape<V>,
    /// The number of the node, in the width of the reference beside it: a narrower field of a handle that is copied through
    /// memory is written as it is and read with what lies beside it, which a processor has to wait for.
    id: u64,
}

impl<V> Clone for Var<'_, V> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for Var<'_, V> {}

impl<'t, V> Var<'t, V> {
    #[inline(always)]
    pub(crate) fn at(tape: &'t Tape<V>, id: u32) -> Self {
        Self { tape, id: id.into() }
    }

    #[inline(always)]
    pub(crate) fn id(self) -> u32 {
        self.id as u32
    }
}

impl<'t, V: Value> Var<'t, V> {
    /// The tape that this variable is on.
    pub fn tape(self) -> &'t Tape<V> {
        self.tape
    }

    /// The value, as it was computed when recorded.
    pub fn value(self) -> V {
        self.tape.graph().value(self.id()).clone()
    }

    /// Gives the node a name, which the text and the graph of the tape show.
    pub fn named(self, name: &str) -> Self {
        self.tape.set_name(self.id(), |text| text.push_str(name));
        self
    }

    /// A constant on the same tape.
    #[track_caller]
    pub fn constant(self, value: V) -> Self {
        self.tape.constant(value)
    }

    /// The derivatives of this scalar by all variables of the tape, as numbers.
    ///
    /// # Panics
    /// If this is no scalar: [`backward_from`](Var::backward_from) takes a cotangent for other shapes.
    #[track_caller]
    pub fn backward(self) -> Gradients<'t, V> {
        self.check_scalar("backward");
        self.backward_from(self.value().full_like(1.0))
    }

    /// The products of a cotangent of this output with its derivatives by all variables, as numbers.
    ///
    /// # Panics
    /// If the cotangent has another shape than the output.
    #[track_caller]
    pub fn backward_from(self, cotangent: V) -> Gradients<'t, V> {
        self.check_cotangent("backward_from", &cotangent.shape());
        let graph = self.tape.graph();
        let wanted = |id: u32| matches!(graph.nodes[id as usize].origin, Origin::Variable);
        let parts = sweep::reverse(self.tape, (self.id(), cotangent), graph.inputs, wanted);
        Gradients::new(self.tape, parts, Asked::Variables)
    }

    /// As [`backward`](Var::backward), but by the given inputs only, which need not be variables. Of values with axes
    /// nothing else is walked. (To find out which plain numbers matter takes as long as to walk them all.)
    ///
    /// # Panics
    /// If this is no scalar, or an input is on another tape.
    #[track_caller]
    pub fn backward_to(self, inputs: &[Self]) -> Gradients<'t, V> {
        self.check_scalar("backward_to");
        self.check_tape("backward_to", inputs);
        let mut ids: Vec<u32> = inputs.iter().map(|x| x.id()).collect();
        ids.sort_unstable();
        let seed = self.tape.graph().value(self.id()).full_like(1.0);
        let end = ids.last().map_or(0, |&last| last as usize + 1);
        let parts = sweep::reverse(self.tape, (self.id(), seed), end, one_of(&ids));
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
        self.grad_from(self.full_like(1.0), inputs)
    }

    /// As [`grad`](Var::grad) for an output that is no scalar, with a cotangent of its shape.
    #[track_caller]
    pub fn grad_from<const N: usize>(self, cotangent: Self, inputs: [Self; N]) -> [Self; N] {
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
        let parts = sweep::reverse_on(self.tape, &Recorded(self.tape), seed, wanted);
        let part = |x: &Self| parts.get(x.id() as usize)?.arrived().copied();
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
        let mut dy = sweep::forward_on(self.tape, &Recorded(self.tape), seeds, &[self.id()]);
        dy.pop().flatten().unwrap_or_else(|| self.unconnected())
    }

    /// Whether this is the derivative by an input that the output does not depend on, rather than one that happens to
    /// be zero.
    pub fn is_unconnected(self) -> bool {
        matches!(self.tape.graph().nodes[self.id() as usize].origin, Origin::Unconnected)
    }

    pub(crate) fn unconnected(self) -> Self {
        let zeros = self.tape.graph().value(self.id()).full_like(0.0);
        self.tape.record(Origin::Unconnected, zeros)
    }

    #[track_caller]
    pub(crate) fn check_scalar(self, name: &str) {
        let shape = self.shape();
        if shape.size() != 1 {
            panic!("{name}: the output has shape {shape}, not one element: reduce it, or give a cotangent");
        }
    }

    #[track_caller]
    fn check_cotangent(self, name: &str, cotangent: &Shape) {
        let shape = self.shape();
        if *cotangent != shape {
            panic!("{name}: a cotangent of shape {cotangent} for an output of shape {shape}");
        }
    }

    #[track_caller]
    pub(crate) fn check_tape(self, name: &str, others: &[Self]) {
        if others.iter().any(|other| !std::ptr::eq(other.tape, self.tape)) {
            panic!("{name}: variables of two different tapes meet");
        }
    }
}

impl<'t, V: Value> Value for Var<'t, V> {
    type Elem = V::Elem;
    const SCALAR: bool = V::SCALAR;

    #[track_caller]
    fn apply(op: &Op, x: &[&Self]) -> Self {
        match (common_tape(x), x) {
            // Numbers of half a word: from a `Few`, which is read by whole words, they would be read before they are there.
            (Some(tape), [a]) => tape.apply(op, &[a.id()]),
            (Some(tape), [a, b]) => tape.apply(op, &[a.id(), b.id()]),
            (Some(tape), [a, b, c]) => tape.apply(op, &[a.id(), b.id(), c.id()]),
            (Some(tape), _) => tape.apply(op, &few(x, |x| x.id())),
            (None, _) => two_tapes(op),
        }
    }

    #[inline(always)]
    #[track_caller]
    fn apply_pointwise(op: Pointwise, x: &[&Self]) -> Self {
        match *x {
            [a] if V::SCALAR => a.tape.pointwise(op, &[a.id()]),
            [a, b] if V::SCALAR && std::ptr::eq(a.tape, b.tape) => a.tape.pointwise(op, &[a.id(), b.id()]),
            [_, _] if V::SCALAR => two_tapes(&op.into()),
            _ => Self::apply(&op.into(), x),
        }
    }

    fn shape(&self) -> Shape {
        self.tape.graph().value(self.id()).shape()
    }

    fn has_shape_of(&self, other: &Self) -> bool {
        self.tape.graph().value(self.id()).has_shape_of(other.tape.graph().value(other.id()))
    }

    fn primal(&self) -> Tensor<Self::Elem> {
        self.tape.graph().value(self.id()).primal()
    }

    fn hidden_axes(&self) -> usize {
        self.tape.graph().value(self.id()).hidden_axes()
    }

    #[inline]
    #[track_caller]
    fn item(&self) -> Self::Elem {
        self.tape.graph().value(self.id()).item()
    }

    #[track_caller]
    fn lift(&self, numbers: &Tensor<Self::Elem>) -> Self {
        let value = self.tape.graph().value(self.id()).lift(numbers);
        self.tape.constant(value)
    }

    #[track_caller]
    fn full_like(&self, c: f64) -> Self {
        let value = self.tape.graph().value(self.id()).full_like(c);
        self.tape.constant(value)
    }
}

#[cold]
#[track_caller]
fn two_tapes(op: &Op) -> ! {
    panic!("{op}: variables of two different tapes meet")
}

/// The tape of some variables, if it is one.
#[inline(always)]
fn common_tape<'t, V>(x: &[&Var<'t, V>]) -> Option<&'t Tape<V>> {
    let tape = x[0].tape;
    x[1..].iter().all(|other| std::ptr::eq(other.tape, tape)).then_some(tape)
}

operators!(['t, V: Value] Var<'t, V>);

impl<V: Value + fmt::Debug> fmt::Debug for Var<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Var(%{} = {:?})", self.id(), self.tape.graph().value(self.id()))
    }
}
