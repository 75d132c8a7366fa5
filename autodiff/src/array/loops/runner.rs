//! How a pointwise formula is run: once on whole values, or in one loop over the elements of arrays.
//!
//! A table of formulas is a `match` whose arms hand a closure to a [`Runner`]; so each formula is one line, written
//! once, and each loop is compiled for its own formula with nothing to decide inside.

use crate::array::function::Function;

/// What a formula reads: an operand, the result, or the cotangent (going forward: the tangent).
#[derive(Clone, Copy)]
pub(crate) enum Part {
    X(usize),
    Y,
    G,
}

/// Runs a formula on the parts that it names, and no others: what is not named is not read.
pub(crate) trait Runner<S> {
    type Output;

    /// Runs a formula of a few operations on one part.
    fn unary(self, part: Part, formula: impl Fn(&S) -> S + Sync) -> Self::Output;

    /// Runs a formula of a few operations on two parts.
    fn binary(self, parts: [Part; 2], formula: impl Fn(&S, &S) -> S + Sync) -> Self::Output;

    /// Runs a formula of a few operations on three parts.
    fn ternary(self, parts: [Part; 3], formula: impl Fn(&S, &S, &S) -> S + Sync) -> Self::Output;

    /// Runs a function of many operations on the first operand.
    fn function<F: Function<S>>(self, function: F) -> Self::Output;
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

impl<S: Clone> Runner<S> for Direct<'_, S> {
    type Output = S;

    #[inline(always)]
    fn unary(self, part: Part, formula: impl Fn(&S) -> S + Sync) -> S {
        formula(self.part(part))
    }

    #[inline(always)]
    fn binary(self, [a, b]: [Part; 2], formula: impl Fn(&S, &S) -> S + Sync) -> S {
        formula(self.part(a), self.part(b))
    }

    #[inline(always)]
    fn ternary(self, [a, b, c]: [Part; 3], formula: impl Fn(&S, &S, &S) -> S + Sync) -> S {
        formula(self.part(a), self.part(b), self.part(c))
    }

    #[inline(always)]
    fn function<F: Function<S>>(self, _: F) -> S {
        F::scalar(self.x[0].clone())
    }
}
