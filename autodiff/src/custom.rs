//! The user's own primitives.

use crate::batched::Batched;
use crate::dynamic::{Dyn, run};
use crate::op::Op;
use crate::structural::Structural;
use crate::tape::Tape;
use crate::tensor::Tensor;
use crate::value::Value;
use crate::var::Var;
use std::fmt;
use std::sync::Arc;

/// A primitive of the user's own: a function with a derivative of its own.
///
/// Both are written once, in operations on [`Dyn`], and so hold in every reading and at every order: the pullback is
/// itself differentiated when a second derivative is asked for. Apply it with [`custom`].
///
/// ```
/// use autodiff::prelude::*;
/// /// x³, with the derivative written by hand.
/// struct Cube;
/// impl Primitive for Cube {
///     fn name(&self) -> &str { "cube" }
///     fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> { x[0] * x[0] * x[0] }
///     fn pull<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> { vec![g * 3.0 * x[0] * x[0]] }
/// }
/// let second = grad(&2.0, |x| custom(Cube, &[&x]).grad([x])[0]);
/// assert_eq!(second, 12.0);
/// ```
pub trait Primitive: Send + Sync + 'static {
    /// The name in the text of a tape and in messages.
    fn name(&self) -> &str;

    /// The value.
    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a>;

    /// The cotangent of each operand, of its shape, for the cotangent `g` of the result `y`; linear in `g`.
    fn pull<'a>(&self, x: &[Dyn<'a>], y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>>;

    /// The tangent of the result for tangents of the operands, or `None`, the default: then it is the transpose of
    /// [`pull`](Primitive::pull), which is linear, so that forward and reverse mode cannot differ.
    fn push<'a>(&self, _x: &[Dyn<'a>], _y: Dyn<'a>, _dx: &[Dyn<'a>]) -> Option<Dyn<'a>> {
        None
    }

    /// Whether the result has a derivative by operand `i`; all operands do unless this says otherwise. No walk goes
    /// through one that does not, and no cotangent is asked of [`pull`](Primitive::pull) for it: a mask, say, or a
    /// value that other operands determine, whose derivative is counted as theirs.
    fn differentiable(&self, _i: usize) -> bool {
        true
    }

    /// Loops of its own over plain numbers, which a fused formula has.
    #[doc(hidden)]
    fn fused(&self) -> Option<&dyn Fused> {
        None
    }
}

/// The loops of a fused formula over plain numbers; implemented for formulas of up to four operands.
pub trait Fused: Send + Sync {
    /// The result for operands of one shape. The derivatives are computed with it, and kept, if it is to be.
    fn eval_f32(&self, x: &[&Tensor<f32>], keep: bool) -> Tensor<f32>;
    /// As [`eval_f32`](Fused::eval_f32).
    fn eval_f64(&self, x: &[&Tensor<f64>], keep: bool) -> Tensor<f64>;
    /// The cotangent of operand `i` for that of the result.
    fn pull_f32(&self, i: usize, x: &[&Tensor<f32>], g: &Tensor<f32>) -> Tensor<f32>;
    /// As [`pull_f32`](Fused::pull_f32).
    fn pull_f64(&self, i: usize, x: &[&Tensor<f64>], g: &Tensor<f64>) -> Tensor<f64>;
    /// Shows the memory of what is kept, as [`Value::storage`] does.
    fn storage(&self, show: &mut dyn FnMut(usize, usize));
}

/// Applies a user's own [`Primitive`].
///
/// # Panics
/// Later, in a walk, if the primitive pulls back a wrong number of cotangents, or one of a wrong shape.
#[track_caller]
pub fn custom<V: Value>(primitive: impl Primitive, x: &[&V]) -> V {
    V::apply(&Op::Custom(Arc::new(Custom::new(primitive))), x)
}

/// A user's primitive as an operation.
pub struct Custom(Box<dyn Primitive>);

impl Custom {
    pub(crate) fn new(primitive: impl Primitive) -> Self {
        Self(Box::new(primitive))
    }

    pub(crate) fn fused(&self) -> Option<&dyn Fused> {
        self.0.fused()
    }

    pub(crate) fn name(&self) -> &str {
        self.0.name()
    }

    /// Shows the memory of what it keeps for a walk back.
    pub(crate) fn storage(&self, show: &mut dyn FnMut(usize, usize)) {
        self.fused().into_iter().for_each(|formula| formula.storage(show));
    }

    pub(crate) fn differentiable(&self, i: usize) -> bool {
        self.0.differentiable(i)
    }

    #[track_caller]
    pub(crate) fn eval<V: Value>(&self, x: &[&V]) -> V {
        run(x, |x| vec![self.0.eval(x)]).pop().expect("one result")
    }

    #[track_caller]
    pub(crate) fn pull<V: Value>(&self, x: &[&V], y: &V, g: &V) -> Vec<V> {
        let n = x.len();
        let all: Vec<&V> = x.iter().copied().chain([y, g]).collect();
        let parts = run(&all, |all| self.0.pull(&all[..n], all[n], all[n + 1]));
        assert_eq!(parts.len(), n, "{}: pull gives {} cotangents for {n} operands", self.name(), parts.len());
        for (i, (part, x)) in parts.iter().zip(x).enumerate() {
            let (is, expected) = (part.shape(), x.shape());
            assert!(is == expected, "{}: pull gives shape {is} for operand {i} of shape {expected}", self.name());
        }
        parts
    }

    pub(crate) fn push<V: Value>(&self, x: &[&V], y: &V, dx: &[V]) -> V {
        self.push_by_hand(x, y, dx).unwrap_or_else(|| self.push_by_transpose(x, y, dx))
    }

    fn push_by_hand<V: Value>(&self, x: &[&V], y: &V, dx: &[V]) -> Option<V> {
        let n = x.len();
        let all: Vec<&V> = x.iter().copied().chain([y]).chain(dx).collect();
        run(&all, |all| self.0.push(&all[..n], all[n], &all[n + 1..]).into_iter().collect::<Vec<_>>()).pop()
    }

    /// ⟨g, J·dx⟩ = ⟨Jᵀ·g, dx⟩ for every g, and Jᵀ·g is what `pull` gives: so J·dx is the derivative of the right side
    /// by g, wherever g is.
    fn push_by_transpose<V: Value>(&self, x: &[&V], y: &V, dx: &[V]) -> V {
        let tape = Tape::new();
        let x: Vec<Var<'_, V>> = x.iter().map(|&x| tape.constant(x.clone())).collect();
        let (y, g) = (tape.constant(y.clone()), tape.variable(y.full_like(0.0)));
        let parts = self.pull(&x.iter().collect::<Vec<_>>(), &y, &g);
        let products = parts.iter().zip(dx).map(|(part, dx)| (*part * tape.constant(dx.clone())).sum());
        let total = products.reduce(|sum, product| sum + product).expect("a primitive has operands");
        total.backward().of(&g)
    }

    /// The primitive over a batch of `rows`, in which the operands that are not `mapped` are shared.
    pub(crate) fn batched(custom: &Arc<Custom>, mapped: Vec<bool>, rows: usize) -> Arc<Custom> {
        Arc::new(Custom::new(OverBatch { custom: custom.clone(), mapped, rows }))
    }
}

impl fmt::Debug for Custom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A primitive read in batches, as a primitive: so its own pullback survives, batched too.
struct OverBatch {
    custom: Arc<Custom>,
    mapped: Vec<bool>,
    rows: usize,
}

impl OverBatch {
    fn operands<'a>(&self, x: &[Dyn<'a>]) -> Vec<Batched<Dyn<'a>>> {
        let batched = |(x, mapped): (&Dyn<'a>, &bool)| match mapped {
            true => Batched::over_rows(*x),
            false => Batched::shared(*x),
        };
        x.iter().zip(&self.mapped).map(batched).collect()
    }
}

impl Primitive for OverBatch {
    fn name(&self) -> &str {
        self.custom.name()
    }

    fn differentiable(&self, i: usize) -> bool {
        self.custom.differentiable(i)
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        self.custom.eval(&self.operands(x).iter().collect::<Vec<_>>()).into_rows(self.rows)
    }

    fn pull<'a>(&self, x: &[Dyn<'a>], y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        let (y, g) = (Batched::over_rows(y), Batched::over_rows(g));
        let parts = self.custom.pull(&self.operands(x).iter().collect::<Vec<_>>(), &y, &g);
        let unbatch = |(part, mapped): (Batched<Dyn<'a>>, &bool)| {
            let rows = part.into_rows(self.rows);
            if *mapped { rows } else { rows.sum_axis(0) }
        };
        parts.into_iter().zip(&self.mapped).map(unbatch).collect()
    }
}
