//! The derivatives of a number by two nodes at most, held in registers.

use crate::edges::{Edge, Edges, chain};
use crate::element::Element;
use crate::op::Pointwise;

/// The derivatives of a number by at most two nodes of a tape. (Fields and not an array: what is indexed goes through
/// memory.)
#[derive(Clone, Copy)]
pub(crate) struct Slope<T> {
    weights: (T, T),
    sources: (u32, u32),
}

/// No node.
const NONE: u32 = u32::MAX;

impl<T: Element> Slope<T> {
    /// That of a constant.
    #[inline(always)]
    pub(crate) fn zero() -> Self {
        Self { weights: (T::default(), T::default()), sources: (NONE, NONE) }
    }

    /// That of a node itself.
    #[inline(always)]
    pub(crate) fn of(node: u32) -> Self {
        Self { weights: (T::from_f64(1.0), T::default()), sources: (node, NONE) }
    }

    /// That of a function of this number with the given derivative, by the chain rule.
    #[inline(always)]
    pub(crate) fn times(mut self, partial: &T) -> Self {
        self.weights.0 = chain(&self.weights.0, partial);
        if !self.is_single() {
            self.weights.1 = chain(&self.weights.1, partial);
        }
        self
    }

    /// That of a pointwise operation by its operand `i`, of which this is the slope. One derivative goes through the
    /// rule; for two the rule's derivative is taken once. (The rule stands here once, since its whole table is compiled
    /// for each operation, to be thinned out to a line. Where nothing is thinned out, in a program that is built for
    /// debugging, it is not inlined: a function of fifty operations would fill the stack.)
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn through(self, op: Pointwise, i: usize, x: &[&T], y: &T) -> Self {
        let single = self.is_single();
        let part = T::slope(op, i, x, y, &if single { self.weights.0 } else { T::from_f64(1.0) });
        match single {
            true => Self { weights: (part, self.weights.1), ..self },
            false => self.times(&part),
        }
    }

    /// The sum with another slope; neither is zero. If it has more than two terms, it is recorded, and the slope is that
    /// of the new node.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn plus(self, b: Self, tape: &Edges<T>) -> Self {
        match (self.is_single(), b.is_single()) {
            (_, true) if self.has(b.sources.0) => self.add(b.sources.0, b.weights.0),
            (true, _) if b.has(self.sources.0) => b.add(self.sources.0, self.weights.0),
            (false, false) if self.sources == b.sources => {
                self.add(b.sources.0, b.weights.0).add(b.sources.1, b.weights.1)
            }
            (true, true) => Self { weights: (self.weights.0, b.weights.0), sources: (self.sources.0, b.sources.0) },
            (false, true) => Self::of(tape.push([self.first(), self.second(), b.first()])),
            (true, false) => Self::of(tape.push([self.first(), b.first(), b.second()])),
            (false, false) => Self::of(tape.push([self.first(), self.second(), b.first(), b.second()])),
        }
    }

    /// The terms.
    pub(crate) fn edges(self) -> Vec<Edge<T>> {
        [self.first(), self.second()].into_iter().filter(|edge| edge.source() != NONE).collect()
    }

    /// Whether it is that of the last node itself.
    #[inline(always)]
    pub(crate) fn is_last(&self, tape: &Edges<T>) -> bool {
        self.is_single() && self.sources.0 + 1 == tape.len()
    }

    /// Adds to the last node.
    #[inline(always)]
    pub(crate) fn append_to(self, tape: &Edges<T>) {
        match self.is_single() {
            true => tape.append([self.first()]),
            false => tape.append([self.first(), self.second()]),
        }
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
    fn add(mut self, source: u32, weight: T) -> Self {
        match self.sources.0 == source {
            true => self.weights.0.accumulate(weight),
            false => self.weights.1.accumulate(weight),
        }
        self
    }

    #[inline(always)]
    fn first(&self) -> Edge<T> {
        Edge::new(self.sources.0, self.weights.0)
    }

    #[inline(always)]
    fn second(&self) -> Edge<T> {
        Edge::new(self.sources.1, self.weights.1)
    }
}
