//! What a walk back collects.

use crate::value::Value;

/// What a walk back knows of a node.
#[derive(Clone, Default)]
pub(crate) enum Cotangent<V> {
    /// It does not depend, in a differentiable way, on a node that is asked for: nothing is computed for it.
    Unneeded,
    /// Nothing has arrived yet.
    #[default]
    Zero,
    /// The sum of what has arrived.
    Sum(V),
}

impl<V> Cotangent<V> {
    #[inline(always)]
    pub(crate) fn arrived(&self) -> Option<&V> {
        match self {
            Self::Sum(g) => Some(g),
            Self::Unneeded | Self::Zero => None,
        }
    }

    #[inline(always)]
    pub(crate) fn is_needed(&self) -> bool {
        !matches!(self, Self::Unneeded)
    }
}

impl<V: Value> Cotangent<V> {
    #[inline(always)]
    pub(crate) fn add(&mut self, part: V) {
        match self {
            Self::Sum(g) => g.accumulate(part),
            Self::Unneeded | Self::Zero => *self = Self::Sum(part),
        }
    }
}

/// Where a rule puts what it pulls back: the cotangents of a node's operands.
pub(crate) struct Parts<'a, V> {
    pub(crate) operands: &'a [u32],
    pub(crate) g: &'a mut [Cotangent<V>],
}

impl<V> Parts<'_, V> {
    /// The cotangent of operand `i`, if it needs one.
    #[inline(always)]
    pub(crate) fn of(&mut self, i: usize) -> Option<&mut Cotangent<V>> {
        Some(&mut self.g[self.operands[i] as usize]).filter(|g| g.is_needed())
    }
}
