//! Formula runners, which apply a pointwise formula once to whole values, or in a loop to the elements of arrays.
//!
//! A table of formulas is a `match` whose arms pass a closure to a [`Runner`]. Each formula is one line, and each loop
//! is compiled for its own formula, without branches on the operation.

use crate::array::function::Function;

/// An input of a formula: an operand, the result, or the cotangent (in a forward pass, the tangent).
#[derive(Clone, Copy)]
pub(crate) enum Part {
    X(usize),
    Y,
    G,
}

/// Runs a formula on the parts that it names; other parts are not read. `unary`, `binary` and `ternary` run a formula
/// of a few operations, `function` a function of many.
pub(crate) trait Runner<S> {
    type Output;

    fn unary(self, part: Part, formula: impl Fn(&S) -> S + Copy + Sync) -> Self::Output;

    fn binary(self, parts: [Part; 2], formula: impl Fn(&S, &S) -> S + Copy + Sync) -> Self::Output;

    fn ternary(self, parts: [Part; 3], formula: impl Fn(&S, &S, &S) -> S + Copy + Sync) -> Self::Output;

    /// Applies the function to the first operand.
    fn function<F: Function<S>>(self, function: F) -> Self::Output;
}

/// A formula runner that applies the formula once, to whole values.
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
            Part::Y => self.y.expect("a formula for values does not read the result"),
            Part::G => self.g.expect("a formula for values does not read a cotangent"),
        }
    }
}

impl<S: Clone> Runner<S> for Direct<'_, S> {
    type Output = S;

    #[inline(always)]
    fn unary(self, part: Part, formula: impl Fn(&S) -> S + Copy + Sync) -> S {
        formula(self.part(part))
    }

    #[inline(always)]
    fn binary(self, [a, b]: [Part; 2], formula: impl Fn(&S, &S) -> S + Copy + Sync) -> S {
        formula(self.part(a), self.part(b))
    }

    #[inline(always)]
    fn ternary(self, [a, b, c]: [Part; 3], formula: impl Fn(&S, &S, &S) -> S + Copy + Sync) -> S {
        formula(self.part(a), self.part(b), self.part(c))
    }

    #[inline(always)]
    fn function<F: Function<S>>(self, _: F) -> S {
        F::scalar(self.x[0].clone())
    }
}
