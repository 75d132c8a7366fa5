//! Applies a primitive defined by the user.

use crate::algebra::{Custom, Dyn, Op, Primitive, Reading, Structural, rule};
use crate::tape::{Tape, Var};
use std::any::Any;
use std::sync::Arc;

/// Applies a [`Primitive`] to the operands `x`, as one operation.
///
/// # Panics
/// Panics if `x` is empty, or holds variables of different tapes. A later pass panics if [`Primitive::pull`] returns a
/// wrong number of cotangents, or a cotangent of a wrong shape.
#[track_caller]
pub fn custom<V: Reading>(primitive: impl Primitive, x: &[&V]) -> V {
    V::apply(&Op::Custom(Arc::new(Custom::new(WithPush(primitive)))), x)
}

/// A primitive that always has a push: its own, or the transpose of its pullback.
struct WithPush<P>(P);

impl<P: Primitive> Primitive for WithPush<P> {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        self.0.eval(x)
    }

    fn pull<'a>(&self, x: &[Dyn<'a>], y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        self.0.pull(x, y, g)
    }

    fn push<'a>(&self, x: &[Dyn<'a>], y: Dyn<'a>, dx: &[Dyn<'a>]) -> Option<Dyn<'a>> {
        self.0.push(x, y, dx).or_else(|| Some(transpose(&self.0, x, y, dx)))
    }

    fn differentiable(&self, i: usize) -> bool {
        self.0.differentiable(i)
    }

    fn eval_arrays(&self, x: &dyn Any) -> Option<Box<dyn Any>> {
        self.0.eval_arrays(x)
    }

    fn pull_arrays(&self, i: usize, x: &dyn Any, g: &dyn Any) -> Option<Box<dyn Any>> {
        self.0.pull_arrays(i, x, g)
    }

    fn is_in_f64(&self) -> bool {
        self.0.is_in_f64()
    }

    fn storage(&self, report: &mut dyn FnMut(usize, usize)) {
        self.0.storage(report);
    }
}

/// The tangent J·dx, computed from the pullback.
///
/// `pull` returns Jᵀ·g, and ⟨g, J·dx⟩ = ⟨Jᵀ·g, dx⟩ for every g. The right side is linear in g, so J·dx is its
/// derivative with respect to g, at any g.
fn transpose<'a>(primitive: &impl Primitive, x: &[Dyn<'a>], y: Dyn<'a>, dx: &[Dyn<'a>]) -> Dyn<'a> {
    let tape = Tape::new();
    let x: Vec<Var<'_, Dyn<'a>>> = x.iter().map(|&x| tape.constant(x)).collect();
    let (y, g) = (tape.constant(y), tape.variable(y.full_like(0.0)));
    let cotangents = rule::pull_custom(primitive, &x.iter().collect::<Vec<_>>(), &y, &g);
    let products = cotangents.iter().zip(dx).map(|(cotangent, &dx)| (*cotangent * tape.constant(dx)).sum());
    let total = products.reduce(|sum, product| sum + product).expect("a primitive has at least one operand");
    total.backward().of(&g)
}
