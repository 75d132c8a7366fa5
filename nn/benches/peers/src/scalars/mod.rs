//! Libraries that differentiate scalar programs.
//!
//! Their numbers do not implement `num_traits::Float`, so the programs of the benches are written again for the
//! operations that all libraries share. Each gradient records the program anew, on a reused tape if the library allows
//! it.

mod ad_trait;
mod num_dual;
mod ours;
mod reverse;
mod rust_quant;

use crate::chain::{Chain, STEPS};
use crate::contender::{Contender, Peer};
use crate::mlp::{LAYER, Mlp, N};
use crate::rosenbrock::Rosenbrock;
use crate::task::{Step, Task};
use crate::workload::Workload;
use std::ops::{Add, Mul, Sub};

pub(crate) const NAMES: [&str; 5] = [
    ours::Ours::NAME,
    rust_quant::RustQuant::NAME,
    reverse::Reverse::NAME,
    ad_trait::AdTrait::NAME,
    num_dual::NumDual::NAME,
];

pub(crate) fn contenders(task: Task) -> Vec<Option<Contender>> {
    vec![
        Contender::new::<ours::Ours>(task),
        Contender::new::<rust_quant::RustQuant>(task),
        Contender::new::<reverse::Reverse>(task),
        Contender::new::<ad_trait::AdTrait>(task),
        Contender::new::<num_dual::NumDual>(task),
    ]
}

/// A library that can differentiate all programs.
trait Gradients {
    const LIBRARY: &str;

    /// A step that computes the gradient of a program.
    fn gradient(program: impl Program) -> Step;
}

impl<L: Gradients> Peer for L {
    const NAME: &str = L::LIBRARY;

    fn step(task: Task) -> Option<Step> {
        match task {
            Task::Rosenbrock => Some(L::gradient(Rosenbrock)),
            Task::Network => Some(L::gradient(Mlp::new())),
            Task::Series => Some(L::gradient(Chain::new())),
            _ => None,
        }
    }
}

/// The operations that the programs need.
trait Scalar: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {
    fn plus(self, c: f64) -> Self;
    fn times(self, c: f64) -> Self;
    fn square(self) -> Self;
    fn sin(self) -> Self;
    fn tanh(self) -> Self;
}

/// A workload of the benches, for the numbers of any library.
trait Program: Workload + 'static {
    fn run<T: Scalar>(&self, x: &[T]) -> T;
}

fn sum<T: Scalar>(terms: impl Iterator<Item = T>) -> T {
    terms.reduce(|a, b| a + b).expect("a sum has terms")
}

impl Program for Rosenbrock {
    fn run<T: Scalar>(&self, x: &[T]) -> T {
        sum(x.windows(2).map(|x| x[0].plus(-1.0).square() + (x[1] - x[0] * x[0]).square().times(100.0)))
    }
}

impl Program for Mlp {
    fn run<T: Scalar>(&self, w: &[T]) -> T {
        let layer = |w: &[T], dot: &dyn Fn(&[T]) -> T| -> Vec<T> {
            let (w, bias) = w.split_at(N * N);
            w.chunks_exact(N).zip(bias).map(|(w, &bias)| (dot(w) + bias).tanh()).collect()
        };
        let dot = |w: &[T], x: &[T]| sum(w.iter().zip(x).map(|(&w, &x)| w * x));
        let h = layer(&w[..LAYER], &|w| sum(w.iter().zip(&self.x).map(|(&w, &x)| w.times(x))));
        let h = layer(&w[LAYER..2 * LAYER], &|w| dot(w, &h));
        let last = &w[2 * LAYER..];
        (dot(&last[..N], &h) + last[N]).plus(-0.5).square()
    }
}

impl Program for Chain {
    fn run<T: Scalar>(&self, x: &[T]) -> T {
        (0..STEPS).fold(x[0], |y, _| y.sin() * x[1] + x[2])
    }
}
