//! How a pointwise formula is run: once on whole values, or in one loop over the elements of arrays.
//!
//! A table of formulas is a `match` whose arms hand a closure to a [`Kernel`]; so each formula is one line, written
//! once, and each loop is compiled for its own formula with nothing to decide inside.

use crate::value::Value;

/// What a formula reads: an operand, the result, or the cotangent (going forward: the tangent).
#[derive(Clone, Copy)]
pub(crate) enum Part {
    X(usize),
    Y,
    G,
}

/// Runs a formula on the parts that it names, and no others: what is not named is not read.
pub(crate) trait Kernel<S> {
    type Output;
    fn of<const N: usize>(self, parts: [Part; N], formula: impl Fn([&S; N]) -> S) -> Self::Output;
}

/// The formula applied once, to whole values.
pub(crate) struct Direct<'a, S> {
    pub(crate) x: &'a [&'a S],
    pub(crate) y: Option<&'a S>,
    pub(crate) g: Option<&'a S>,
}

impl<S> Direct<'_, S> {
    #[inline(always)]
    fn part(&self, part: Part) -> &S {
        match part {
            Part::X(i) => self.x[i],
            Part::Y => self.y.expect("a formula for values has no result to read"),
            Part::G => self.g.expect("a formula for values has no cotangent to read"),
        }
    }
}

impl<S: Value> Kernel<S> for Direct<'_, S> {
    type Output = S;
    #[inline(always)]
    fn of<const N: usize>(self, parts: [Part; N], formula: impl Fn([&S; N]) -> S) -> S {
        formula(parts.map(|part| self.part(part)))
    }
}
