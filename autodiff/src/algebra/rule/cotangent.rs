//! The cotangent of a node during a backward pass.

use crate::algebra::op::Linear;
use crate::algebra::value::Reading;

/// The cotangent of a node.
#[derive(Clone, Default)]
pub(crate) enum Cotangent<V> {
    /// The node has no derivative with respect to a requested input, so its cotangent is not computed.
    Unneeded,
    /// No contribution has arrived yet.
    #[default]
    Zero,
    /// The sum of the contributions so far.
    Accumulated(V),
}

impl<V> Cotangent<V> {
    /// The sum, if a contribution has arrived.
    #[inline]
    pub(crate) fn get(&self) -> Option<&V> {
        match self {
            Self::Accumulated(g) => Some(g),
            Self::Unneeded | Self::Zero => None,
        }
    }

    /// As [`get`](Cotangent::get), by value.
    pub(crate) fn into_inner(self) -> Option<V> {
        match self {
            Self::Accumulated(g) => Some(g),
            Self::Unneeded | Self::Zero => None,
        }
    }

    #[inline]
    pub(crate) fn is_needed(&self) -> bool {
        !matches!(self, Self::Unneeded)
    }
}

impl<V: Reading> Cotangent<V> {
    /// Adds the cotangent of a slice to the sum so far, in place, and returns whether it did.
    #[inline]
    pub(crate) fn add_in_slice(&mut self, op: &Linear, contribution: &V) -> bool {
        match (self, op) {
            (Self::Accumulated(g), Linear::Slice { .. }) => g.accumulate_in_slice(op, contribution),
            _ => false,
        }
    }

    #[inline]
    pub(crate) fn add(&mut self, contribution: V) {
        match self {
            Self::Accumulated(g) => g.accumulate(contribution),
            Self::Unneeded | Self::Zero => *self = Self::Accumulated(contribution),
        }
    }
}

/// The cotangents of a node's operands, to which a rule adds its contributions.
pub(crate) struct OperandCotangents<'a, V> {
    pub(crate) operands: &'a [u32],
    /// The cotangents of the nodes from `start` on. Those before it are not needed.
    pub(crate) g: &'a mut [Cotangent<V>],
    pub(crate) start: u32,
}

impl<V> OperandCotangents<'_, V> {
    /// The cotangent of operand `i`, if it is needed.
    #[inline]
    pub(crate) fn of(&mut self, i: usize) -> Option<&mut Cotangent<V>> {
        let place = self.operands[i].checked_sub(self.start)?;
        Some(&mut self.g[place as usize]).filter(|g| g.is_needed())
    }
}
