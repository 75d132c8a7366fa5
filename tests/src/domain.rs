//! Where an operation is smooth, and points drawn from there.

use autodiff::{Element, Shape, Tensor};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};

/// One operand of a row: its shape, and where its elements are drawn from.
#[derive(Clone, Debug)]
pub struct Operand {
    /// The sizes of its axes.
    pub shape: Shape,
    domain: Domain,
}

#[derive(Clone, Copy, Debug)]
enum Domain {
    Within(f64, f64),
    Away(f64, f64),
    Apart,
}

/// Elements between two numbers.
pub fn within(low: f64, high: f64) -> Operand {
    Operand::new(Domain::Within(low, high))
}

/// Elements of either sign whose size is between two numbers: away from 0.
pub fn away(low: f64, high: f64) -> Operand {
    Operand::new(Domain::Away(low, high))
}

/// Elements that are ¼ apart from each other, also from those of other such operands, and ⅛ away from the multiples of
/// ¼: for operations with kinks, ties and jumps.
pub fn apart() -> Operand {
    Operand::new(Domain::Apart)
}

/// Elements between −2 and 2.
pub fn real() -> Operand {
    within(-2.0, 2.0)
}

impl Operand {
    fn new(domain: Domain) -> Self {
        Self { shape: [2, 3].into(), domain }
    }

    /// The same domain, in another shape than the usual \[2, 3\].
    pub fn of(self, shape: impl Into<Shape>) -> Self {
        Self { shape: shape.into(), ..self }
    }
}

/// A source of random numbers for a test.
pub fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// Elements for all operands, one operand after the other, on one axis.
pub fn draw(operands: &[Operand], rng: &mut StdRng) -> Tensor<f64> {
    let size = |operand: &&Operand| operand.shape.size();
    let apart: usize = operands.iter().filter(|x| matches!(x.domain, Domain::Apart)).map(|x| size(&x)).sum();
    let mut places: Vec<usize> = (0..apart).collect();
    places.shuffle(rng);
    let mut element = |domain| match domain {
        Domain::Within(low, high) => rng.random_range(low..high),
        Domain::Away(low, high) => rng.random_range(low..high) * if rng.random() { 1.0 } else { -1.0 },
        Domain::Apart => (places.pop().expect("a place for each element") as f64 - (apart / 2) as f64 + 0.5) * 0.25,
    };
    let elements = operands.iter().flat_map(|x| std::iter::repeat_n(x.domain, size(&x)));
    elements.map(&mut element).collect::<Vec<f64>>().into()
}

/// A direction: elements between −1 and 1.
pub fn direction(n: usize, rng: &mut StdRng) -> Tensor<f64> {
    Tensor::uniform([n], -1.0, 1.0, rng)
}

/// The same numbers in another element type.
pub fn cast<T: Element>(x: &Tensor<f64>) -> Tensor<T> {
    x.map(|&x| T::from_f64(x))
}
