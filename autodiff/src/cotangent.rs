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

/// What a walk back over plain numbers collects: the sums, and whether anything has arrived. Of a number a sum that begins
/// at zero costs nothing, where it would take longer to look what state it is in; and two lists are the smaller one.
pub(crate) struct Sums<V> {
    pub(crate) g: Vec<V>,
    pub(crate) arrived: Vec<bool>,
}

impl<V> Default for Sums<V> {
    fn default() -> Self {
        Self { g: Vec::new(), arrived: Vec::new() }
    }
}

impl<V: Value> Sums<V> {
    pub(crate) fn bytes(&self) -> usize {
        self.g.capacity() * size_of::<V>() + self.arrived.capacity()
    }

    /// Nothing has arrived at `n` nodes.
    pub(crate) fn reset(&mut self, n: usize, zero: &V) {
        self.g.clear();
        self.g.resize(n, zero.clone());
        self.arrived.clear();
        self.arrived.resize(n, false);
    }

    /// The first `n` as they are for other values.
    pub(crate) fn first(&self, n: usize) -> Vec<Cotangent<V>> {
        let cotangent = |(g, &arrived): (&V, &bool)| if arrived { Cotangent::Sum(g.clone()) } else { Cotangent::Zero };
        self.g.iter().zip(&self.arrived).take(n).map(cotangent).collect()
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
