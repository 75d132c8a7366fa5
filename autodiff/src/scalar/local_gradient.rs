//! The derivatives of a number by two nodes at most, held in registers.

use super::jacobian_tape::{JacobianTape, Partial, mul_with_care};
use crate::algebra::Element;

/// The derivatives of a number by at most two nodes of a tape. (Fields and not an array: what is indexed goes through
/// memory.)
#[derive(Clone, Copy)]
pub(crate) struct LocalGradient<T> {
    partials: (T, T),
    sources: (u32, u32),
}

/// No node.
const NONE: u32 = u32::MAX;

impl<T: Element> LocalGradient<T> {
    /// That of a constant.
    #[inline(always)]
    pub(crate) fn zero() -> Self {
        Self { partials: (T::default(), T::default()), sources: (NONE, NONE) }
    }

    /// That of a node itself.
    #[inline(always)]
    pub(crate) fn of(node: u32) -> Self {
        Self { partials: (T::from_f64(1.0), T::default()), sources: (node, NONE) }
    }

    /// That of a function of this number with the given derivative, by the chain rule.
    #[inline(always)]
    pub(crate) fn times(self, derivative: T) -> Self {
        let (a, b) = self.partials;
        let products = (a * derivative, b * derivative);
        let partials = match products.0.has_nan() | products.1.has_nan() {
            true => (mul_with_care(a, derivative), mul_with_care(b, derivative)),
            false => products,
        };
        Self { partials, ..self }
    }

    /// The sum with another slope; neither is zero. If it has more than two terms, it is recorded, and the slope is that
    /// of the new node.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn plus(self, b: Self, tape: &JacobianTape<T>) -> Self {
        if self.sources == b.sources {
            return Self { partials: (self.partials.0 + b.partials.0, self.partials.1 + b.partials.1), ..self };
        }
        match (self.is_single(), b.is_single()) {
            (true, true) => Self { partials: (self.partials.0, b.partials.0), sources: (self.sources.0, b.sources.0) },
            (false, true) if self.has(b.sources.0) => self.add(b.first()),
            (true, false) if b.has(self.sources.0) => b.add(self.first()),
            (false, true) => Self::of(tape.push([self.first(), self.second(), b.first()])),
            (true, false) => Self::of(tape.push([self.first(), b.first(), b.second()])),
            (false, false) => Self::of(tape.push([self.first(), self.second(), b.first(), b.second()])),
        }
    }

    /// The terms.
    pub(crate) fn partials(self) -> Vec<Partial<T>> {
        [self.first(), self.second()].into_iter().filter(|partial| partial.source() != NONE).collect()
    }

    /// That of a node: of one with this slope, if it is none yet.
    #[inline(always)]
    pub(crate) fn single(self, tape: &JacobianTape<T>) -> Self {
        if self.is_single() { self } else { self.push_to(tape) }
    }

    /// Records a node with this slope.
    #[inline(always)]
    pub(crate) fn push_to(self, tape: &JacobianTape<T>) -> Self {
        Self::of(match self.is_single() {
            true => tape.push([self.first()]),
            false => tape.push([self.first(), self.second()]),
        })
    }

    /// Adds to the last node.
    #[inline(always)]
    pub(crate) fn append_to(self, tape: &JacobianTape<T>) {
        match self.is_single() {
            true => tape.append([self.first()]),
            false => tape.append([self.first(), self.second()]),
        }
    }

    /// Whether it is that of the last node itself.
    #[inline(always)]
    pub(crate) fn is_last(&self, tape: &JacobianTape<T>) -> bool {
        self.is_single() && self.sources.0 + 1 == tape.len()
    }

    #[inline(always)]
    fn is_single(&self) -> bool {
        self.sources.1 == NONE
    }

    #[inline(always)]
    fn has(&self, source: u32) -> bool {
        self.sources.0 == source || self.sources.1 == source
    }

    /// Adds to the term that there is.
    #[inline(always)]
    fn add(self, partial: Partial<T>) -> Self {
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
