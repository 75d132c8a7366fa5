//! The derivatives of a number with respect to at most two nodes.

use super::jacobian_tape::{JacobianTape, Partial};
use crate::algebra::Element;

/// The partial derivatives of a number with respect to at most two nodes of a tape.
///
/// Tuples rather than arrays, because an indexed array would be kept in memory instead of registers.
#[derive(Clone, Copy)]
pub(crate) struct LocalGradient<T> {
    partials: (T, T),
    sources: (u32, u32),
}

/// The source of an absent partial.
const NONE: u32 = u32::MAX;

impl<T: Element> LocalGradient<T> {
    /// The gradient of a constant: no partials.
    #[inline(always)]
    pub(crate) const fn absent(zero: T) -> Self {
        Self { partials: (zero, zero), sources: (NONE, NONE) }
    }

    /// The gradient of a node with respect to itself: the partial 1.
    #[inline(always)]
    pub(crate) fn of(node: u32) -> Self {
        Self { partials: (T::from_f64(1.0), T::default()), sources: (node, NONE) }
    }

    /// The chain rule: multiplies each partial by the derivative of a function of this number.
    #[inline(always)]
    pub(crate) fn chain(self, derivative: T) -> Self {
        let (a, b) = self.partials;
        let products = (a * derivative, b * derivative);
        let partials = match products.0.has_nan() | products.1.has_nan() {
            true => (a.mul_strong_zero(derivative), b.mul_strong_zero(derivative)),
            false => products,
        };
        Self { partials, ..self }
    }

    /// The gradient of −x.
    #[inline(always)]
    pub(crate) fn neg(self) -> Self {
        Self { partials: (-self.partials.0, -self.partials.1), ..self }
    }

    /// Adds another gradient; neither may be empty. If the sum has more than two partials, it is recorded as a new
    /// node, and the result is the gradient of that node.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn add(self, b: Self, tape: &JacobianTape<T>) -> Self {
        if self.sources == b.sources {
            return Self { partials: (self.partials.0 + b.partials.0, self.partials.1 + b.partials.1), ..self };
        }
        match (self.is_single(), b.is_single()) {
            (true, true) => Self { partials: (self.partials.0, b.partials.0), sources: (self.sources.0, b.sources.0) },
            (false, true) if self.has(b.sources.0) => self.add_partial(b.first()),
            (true, false) if b.has(self.sources.0) => b.add_partial(self.first()),
            _ => Self::of(tape.push_sum([self.first(), self.second()], self.len(), [b.first(), b.second()], b.len())),
        }
    }

    /// The partials that are present.
    pub(crate) fn partials(self) -> impl Iterator<Item = Partial<T>> {
        [self.first(), self.second()].into_iter().filter(|partial| partial.source() != NONE)
    }

    /// A gradient with one partial: this one if it has only one, or else that of a new node with these partials.
    #[inline(always)]
    pub(crate) fn to_single(self, tape: &JacobianTape<T>) -> Self {
        if self.is_single() { self } else { self.push_to(tape) }
    }

    /// Records a node with these partials. Returns the gradient of the node.
    #[inline(always)]
    pub(crate) fn push_to(self, tape: &JacobianTape<T>) -> Self {
        Self::of(match self.is_single() {
            true => tape.push([self.first()]),
            false => tape.push([self.first(), self.second()]),
        })
    }

    /// Adds the partials to those of the last node.
    #[inline(always)]
    pub(crate) fn append_to(self, tape: &JacobianTape<T>) {
        match self.is_single() {
            true => tape.append([self.first()]),
            false => tape.append([self.first(), self.second()]),
        }
    }

    /// Whether its only partial is with respect to the last node.
    #[inline(always)]
    pub(crate) fn is_last(&self, tape: &JacobianTape<T>) -> bool {
        self.is_single() && self.sources.0 + 1 == tape.len()
    }

    /// The number of partials; there is at least one.
    #[inline(always)]
    fn len(&self) -> usize {
        2 - usize::from(self.is_single())
    }

    #[inline(always)]
    fn is_single(&self) -> bool {
        self.sources.1 == NONE
    }

    #[inline(always)]
    fn has(&self, source: u32) -> bool {
        self.sources.0 == source || self.sources.1 == source
    }

    /// Adds a partial to the one with the same source, which must be present.
    #[inline(always)]
    fn add_partial(self, partial: Partial<T>) -> Self {
        let (a, b) = self.partials;
        match self.sources.0 == partial.source() {
            true => Self { partials: (a + partial.value(), b), ..self },
            false => Self { partials: (a, b + partial.value()), ..self },
        }
    }

    #[inline(always)]
    fn first(&self) -> Partial<T> {
        Partial::new(self.sources.0, self.partials.0)
    }

    #[inline(always)]
    fn second(&self) -> Partial<T> {
        Partial::new(self.sources.1, self.partials.1)
    }
}
