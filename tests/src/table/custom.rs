//! User-defined primitives and fused formulas for rows of the table.

use autodiff::prelude::*;

/// x³, with a pullback and no pushforward.
pub struct Cube;

impl Primitive for Cube {
    fn name(&self) -> &str {
        "cube"
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        x[0] * x[0] * x[0]
    }

    fn pull<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        vec![g * x[0] * x[0] * 3.0]
    }
}

/// x₀·x₁, with a pullback and a pushforward.
pub struct CustomProduct;

impl Primitive for CustomProduct {
    fn name(&self) -> &str {
        "product"
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        x[0] * x[1]
    }

    fn pull<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        vec![g * x[1], g * x[0]]
    }

    fn push<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, dx: &[Dyn<'a>]) -> Option<Dyn<'a>> {
        Some(dx[0] * x[1] + x[0] * dx[1])
    }
}

/// (x₀·x₁)², given x₀, x₁ and their product x₂. The derivative counts as that of x₀ and x₁; x₂ is not differentiable.
pub struct SquareOfKnown;

impl Primitive for SquareOfKnown {
    fn name(&self) -> &str {
        "square_of_known"
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        x[2] * x[2]
    }

    fn pull<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        let slope = g * x[2] * 2.0;
        vec![slope * x[1], slope * x[0], x[2].full_like(f64::NAN)]
    }

    fn differentiable(&self, i: usize) -> bool {
        i < 2
    }
}

autodiff::fuse! {
    /// tanh(a·x)²·e⁻ˣ, computed in one loop.
    pub fn bump(x; a: f64) { x.scale(a).tanh().square() * x.neg().exp() }
}

autodiff::fuse! {
    /// softplus(x·y) − z·sin x: a formula of three operands.
    pub fn mixed(x, y, z) { (x.clone() * y).softplus() - x.sin() * z }
}

autodiff::fuse! {
    /// Σ softplus(x)·sin y: a formula that is summed in the same loop.
    pub fn summed(x, y) -> sum { x.softplus() * y.sin() }
}
