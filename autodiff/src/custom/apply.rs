//! Applies a primitive defined by the user.

use crate::algebra::{Custom, Dyn, Op, Primitive, Reading, Structural, rule};
use crate::tape::{Tape, Var};
use std::any::Any;
use std::panic::Location;
use std::sync::Arc;

/// Applies a [`Primitive`] to the operands `x`, as one operation.
///
/// # Panics
/// Panics if `x` is empty, or holds variables of different tapes. A later pass panics if [`Primitive::pull`] returns a
/// wrong number of cotangents, or a cotangent of a wrong shape.
#[track_caller]
pub fn custom<V: Reading>(primitive: impl Primitive, x: &[&V]) -> V {
    V::apply(&Op::Custom(Arc::new(Custom::new(WithPush { primitive, line: Location::caller() }))), x)
}

/// A primitive that always has a push: its own, or the transpose of its pullback.
struct WithPush<P> {
    primitive: P,
    /// The line that applies it.
    line: &'static Location<'static>,
}

impl<P: Primitive> Primitive for WithPush<P> {
    fn name(&self) -> &str {
        self.primitive.name()
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        self.primitive.eval(x)
    }

    fn pull<'a>(&self, x: &[Dyn<'a>], y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        self.primitive.pull(x, y, g)
    }

    fn push<'a>(&self, x: &[Dyn<'a>], y: Dyn<'a>, dx: &[Dyn<'a>]) -> Option<Dyn<'a>> {
        self.primitive.push(x, y, dx).or_else(|| Some(self.transpose(x, y, dx)))
    }

    fn differentiable(&self, i: usize) -> bool {
        self.primitive.differentiable(i)
    }

    fn eval_arrays(&self, x: &dyn Any) -> Option<Box<dyn Any>> {
        self.primitive.eval_arrays(x)
    }

    fn pull_arrays(&self, i: usize, x: &dyn Any, g: &dyn Any) -> Option<Box<dyn Any>> {
        self.primitive.pull_arrays(i, x, g)
    }

    fn is_in_f64(&self) -> bool {
        self.primitive.is_in_f64()
    }

    fn storage(&self, report: &mut dyn FnMut(usize, usize)) {
        self.primitive.storage(report);
    }
}

impl<P: Primitive> WithPush<P> {
    /// The tangent J·dx, computed from the pullback.
    ///
    /// `pull` returns Jᵀ·g, and ⟨g, J·dx⟩ = ⟨Jᵀ·g, dx⟩ for every g. The right side is linear in g, so J·dx is its
    /// derivative with respect to g, at any g.
    fn transpose<'a>(&self, x: &[Dyn<'a>], y: Dyn<'a>, dx: &[Dyn<'a>]) -> Dyn<'a> {
        let tape = Tape::new();
        let x: Vec<Var<'_, Dyn<'a>>> = x.iter().map(|&x| tape.constant(x)).collect();
        let (y, g) = (tape.constant(y), tape.variable(y.full_like(0.0)));
        let cotangents = rule::pull_custom(&self.primitive, self.line, &x.iter().collect::<Vec<_>>(), &y, &g);
        let products = cotangents.iter().zip(dx).map(|(cotangent, &dx)| (*cotangent * tape.constant(dx)).sum());
        let total = products.reduce(|sum, product| sum + product).expect("a primitive has at least one operand");
        total.backward().of(&g)
    }
}
