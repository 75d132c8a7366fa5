//! The domain in which each operation is smooth, and random points drawn from it.

use autodiff::{Element, Shape, Tensor};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};

/// An operand of a row: its shape and the domain of its elements.
#[derive(Clone, Debug)]
pub struct Operand {
    /// The sizes of its axes.
    pub shape: Shape,
    domain: Domain,
}

#[derive(Clone, Copy, Debug)]
enum Domain {
    Within(f64, f64),
    Nonzero(f64, f64),
    Spaced,
}

/// Elements between `low` and `high`.
pub fn within(low: f64, high: f64) -> Operand {
    Operand::new(Domain::Within(low, high))
}

/// Elements of either sign with a magnitude between `low` and `high`, so that none is near 0.
pub fn nonzero(low: f64, high: f64) -> Operand {
    Operand::new(Domain::Nonzero(low, high))
}

/// Elements at least ¼ apart, across all spaced operands of a row, and ⅛ away from every multiple of ¼.
///
/// Operations with kinks, ties or jumps are smooth at such points.
pub fn spaced() -> Operand {
    Operand::new(Domain::Spaced)
}

/// Elements between −2 and 2.
pub fn real() -> Operand {
    within(-2.0, 2.0)
}

impl Operand {
    fn new(domain: Domain) -> Self {
        Self { shape: [2, 3].into(), domain }
    }

    /// The same domain with another shape than the default \[2, 3\].
    pub fn of(self, shape: impl Into<Shape>) -> Self {
        Self { shape: shape.into(), ..self }
    }
}

/// A random number generator with a fixed seed.
pub fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// Random elements for all operands, one operand after the other, on one axis.
pub fn draw(operands: &[Operand], rng: &mut StdRng) -> Tensor<f64> {
    let size = |operand: &&Operand| operand.shape.size();
    let spaced: usize = operands.iter().filter(|x| matches!(x.domain, Domain::Spaced)).map(|x| size(&x)).sum();
    let mut places: Vec<usize> = (0..spaced).collect();
    places.shuffle(rng);
    let mut element = |domain| match domain {
        Domain::Within(low, high) => rng.random_range(low..high),
        Domain::Nonzero(low, high) => rng.random_range(low..high) * if rng.random() { 1.0 } else { -1.0 },
        Domain::Spaced => (places.pop().expect("a place for each element") as f64 - (spaced / 2) as f64 + 0.5) * 0.25,
    };
    let elements = operands.iter().flat_map(|x| std::iter::repeat_n(x.domain, size(&x)));
    elements.map(&mut element).collect::<Vec<f64>>().into()
}

/// A random direction: `n` elements between −1 and 1.
pub fn direction(n: usize, rng: &mut StdRng) -> Tensor<f64> {
    Tensor::uniform([n], -1.0, 1.0, rng)
}

/// Converts each element to the type `T`.
pub fn cast<T: Element>(x: &Tensor<f64>) -> Tensor<T> {
    x.map(|&x| T::from_f64(x))
}
