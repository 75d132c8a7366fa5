//! Variables: handles of recorded values.

use super::record::Tape;
use crate::algebra::{Op, Pointwise, Reading, Tree, compare_with_numbers, folds, per_operand, tensor_operators};
use crate::array::{Shape, Tensor};
use crate::tape::graph::Origin;
use std::fmt;

/// A tree of values on a tape: a model of tensors becomes a model of variables. Closures name it in their arguments.
pub type OnTape<'t, T> = <T as Tree>::With<Var<'t, <T as Tree>::Leaf>>;

/// A value on a [`Tape`]. Operations on it are computed at once and recorded.
///
/// Handles are `Copy`. A variable has all functions of a value: see [`Math`](crate::Math),
/// [`Structural`](crate::Structural), [`LinearAlgebra`](crate::LinearAlgebra) and [`Composite`](crate::Composite). It
/// mixes with plain numbers and tensors, which become constants: `2.0 * x`, `x - &tensor`. Comparisons with numbers
/// read the value of a variable of one element: `loss > 1.0`.
///
/// In a function that is generic over [`num_traits::Float`], a variable of rank 0 takes part as
/// [`x.scalar()`](Var::scalar); [`on`](crate::Scalar::on) turns the result into a variable again.
///
/// # Panics
/// Panics if an operation combines variables of two different tapes, or if an iterator without variables is summed or
/// multiplied: the result would belong to no tape.
pub struct Var<'t, V> {
    pub(crate) tape: &'t Tape<V>,
    /// The number of the node, and [`IN_RULE`]. It has 64 bits, like the constant of a [`Scalar`](crate::Scalar), so that
    /// loads are as wide as the stores before them (store forwarding). With 32 bits, a recorded network takes 1.3 times as
    /// long.
    id: u64,
}

/// The mark of the nodes that a rule gets, and of the factors that it computes from them alone.
const IN_RULE: u64 = 1 << 32;

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

    /// A node as a rule gets it: what the rule computes from such nodes alone is recorded once.
    pub(crate) fn in_rule(tape: &'t Tape<V>, id: u32) -> Self {
        Self { tape, id: u64::from(id) | IN_RULE }
    }

    fn is_in_rule(&self) -> bool {
        self.id & IN_RULE != 0
    }
}

impl<V: Reading> Tape<V> {
    /// Records a variable, an input of the derivatives.
    #[track_caller]
    pub fn variable(&self, value: V) -> Var<'_, V> {
        Var::at(self, self.record_variable(value))
    }

    /// Records a constant. Its cotangent is computed only if a derivative names it, as `y.grad([x])` does.
    #[inline(always)]
    #[track_caller]
    pub fn constant(&self, value: V) -> Var<'_, V> {
        Var::at(self, self.record_leaf(Origin::Constant, value))
    }

    /// Records a variable for each leaf of a tree of values, such as a model. Its name is the path of the leaf.
    pub fn variables<T: Tree<Leaf = V>>(&self, tree: &T) -> OnTape<'_, T> {
        tree.map(&mut |path, leaf| {
            let variable = self.variable(leaf.clone());
            if !path.is_root() {
                self.set_name(variable.id(), |text| path.append_to(text));
            }
            variable
        })
    }

    /// Records a constant for each leaf of a tree of values, such as a model that a loss uses but does not train.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let (teacher, student) = ([2.0, 1.0], [1.0, 1.0]);
    /// let (_, gradient) = value_and_grad(&student, |tape, student| {
    ///     let teacher = tape.constants(&teacher);
    ///     (student[0] * student[1] - teacher[0] * teacher[1]).square()
    /// });
    /// assert_eq!(gradient, [-2.0, -2.0]);
    /// ```
    #[track_caller]
    pub fn constants<T: Tree<Leaf = V>>(&self, tree: &T) -> OnTape<'_, T> {
        let mut constants = Vec::new();
        for leaf in tree.leaves() {
            constants.push(self.constant(leaf)); // a closure would lose the caller's line
        }
        tree.with_leaves(constants)
    }
}

impl<'t, V: Reading> Var<'t, V> {
    /// The tape of this variable.
    pub fn tape(self) -> &'t Tape<V> {
        self.tape
    }

    /// The value, computed when the variable was recorded.
    pub fn value(self) -> V {
        self.tape.graph().value(self.id()).clone()
    }

    /// Names the node. The text, the drawing and the formulas of the tape show the name.
    pub fn named(self, name: &str) -> Self {
        self.tape.set_name(self.id(), |text| text.push_str(name));
        self
    }

    /// Records a constant on the same tape.
    #[track_caller]
    pub fn constant(self, value: V) -> Self {
        self.tape.constant(value)
    }

    /// Records a constant on the same tape for each leaf of a tree of values. See [`Tape::constants`].
    #[track_caller]
    pub fn constants<T: Tree<Leaf = V>>(self, tree: &T) -> OnTape<'t, T> {
        self.tape.constants(tree)
    }

    #[track_caller]
    pub(crate) fn check_scalar(self, name: &str) {
        let shape = self.shape();
        if shape.size() != 1 {
            panic!(
                "{name}: the output must have one element, but its shape is {shape}; reduce it, or give a \
                 cotangent by `vjp`, `grad_with` or `backward_with`"
            );
        }
    }

    #[track_caller]
    pub(crate) fn check_cotangent(self, name: &str, cotangent: &Shape) {
        let shape = self.shape();
        if *cotangent != shape {
            panic!("{name}: the cotangent has shape {cotangent}, but the output has shape {shape}");
        }
    }

    #[track_caller]
    pub(crate) fn check_tape(self, name: &str, others: &[Self]) {
        if others.iter().any(|other| !std::ptr::eq(other.tape, self.tape)) {
            panic!("{name}: {TWO_TAPES}");
        }
    }
}

impl<'t, V: Reading> Reading for Var<'t, V> {
    type Elem = V::Elem;
    type Tangent = Option<Self>;
    const SCALAR: bool = V::SCALAR;
    const RECORDS: bool = true;

    #[track_caller]
    fn apply(op: &Op, x: &[&Self]) -> Self {
        op.check_any_operand(x);
        let Some(tape) = common_tape(x) else { two_tapes(op) };
        let ids = per_operand(x, |x| x.id());
        match op {
            Op::Pointwise(op) if !V::SCALAR && x.iter().all(|x| x.is_in_rule()) => {
                Self::in_rule(tape, tape.record_slope(*op, &ids))
            }
            _ => Self::at(tape, tape.record(op, &ids)),
        }
    }

    #[inline(always)]
    #[track_caller]
    fn apply_pointwise(op: Pointwise, x: &[&Self]) -> Self {
        match *x {
            [a] if V::SCALAR => Self::at(a.tape, a.tape.record_pointwise(op, &[a.id()])),
            [a, b] if V::SCALAR && std::ptr::eq(a.tape, b.tape) => {
                Self::at(a.tape, a.tape.record_pointwise(op, &[a.id(), b.id()]))
            }
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

    fn batch_axes(&self) -> usize {
        self.tape.graph().value(self.id()).batch_axes()
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

    #[track_caller]
    fn identity(&self, n: usize) -> Self {
        let value = self.tape.graph().value(self.id()).identity(n);
        self.tape.constant(value)
    }

    #[track_caller]
    fn argsort(&self, axis: isize) -> Tensor<usize> {
        self.tape.graph().value(self.id()).argsort(axis)
    }

    #[track_caller]
    fn top_k_indices(&self, axis: isize, k: usize) -> Tensor<usize> {
        self.tape.graph().value(self.id()).top_k_indices(axis, k)
    }
}

const TWO_TAPES: &str =
    "the variables are on two different tapes; take one as a constant of the other's tape: `x.constant(y.value())`";

#[cold]
#[track_caller]
fn two_tapes(op: &Op) -> ! {
    panic!("{op}: {TWO_TAPES}")
}

/// The tape of the variables, if all are on the same one.
#[inline(always)]
fn common_tape<'t, V>(x: &[&Var<'t, V>]) -> Option<&'t Tape<V>> {
    let tape = x[0].tape;
    x[1..].iter().all(|other| std::ptr::eq(other.tape, tape)).then_some(tape)
}

crate::operators!(['t, V: Reading] Var<'t, V>);
tensor_operators!(['t, V: Reading] Var<'t, V>, Tensor<V::Elem>);
compare_with_numbers!(['t, V: Reading] Var<'t, V>);

folds!(
    ['t, V: Reading] Var<'t, V>,
    panic!("sum: there are no variables, so the sum belongs to no tape"),
    panic!("product: there are no variables, so the product belongs to no tape")
);

/// Writes the value, in the format that is asked for: `{}`, `{:.2}`.
impl<V: Reading + fmt::Display> fmt::Display for Var<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.tape.graph().value(self.id()), f)
    }
}

/// Writes the value in scientific notation.
impl<V: Reading + fmt::LowerExp> fmt::LowerExp for Var<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::LowerExp::fmt(self.tape.graph().value(self.id()), f)
    }
}

impl<V: Reading + fmt::Debug> fmt::Debug for Var<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Var(%{} = {:?})", self.id(), self.tape.graph().value(self.id()))
    }
}
