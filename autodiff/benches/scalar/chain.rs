//! y ← sin(y)·a + b, a million times: each operation depends on the one before, so none overlap.

use crate::workload::{ByHand, Number, Workload};

pub(crate) const STEPS: usize = 1_000_000;

pub(crate) struct Chain {
    states: Vec<f64>,
}

impl Chain {
    pub(crate) fn new() -> Self {
        Self { states: vec![0.0; STEPS] }
    }
}

impl Workload for Chain {
    const NAME: &str = "chain_1e6";

    fn inputs(&self) -> Vec<f64> {
        vec![0.7, 1.0, 0.0] // with a = 1, the cotangent neither overflows nor underflows
    }

    fn program<T: Number>(&self, x: &[T]) -> T {
        (0..STEPS).fold(x[0], |y, _| y.sin() * x[1] + x[2])
    }
}

impl ByHand for Chain {
    fn by_hand(&mut self, x: &[f64], g: &mut [f64]) -> f64 {
        let mut y = x[0];
        for state in &mut self.states {
            *state = y;
            y = y.sin() * x[1] + x[2];
        }
        let (mut dx, mut da, mut db) = (1.0, 0.0, 0.0);
        for state in self.states.iter().rev() {
            let (sin, cos) = state.sin_cos();
            da += dx * sin;
            db += dx;
            dx *= x[1] * cos;
        }
        g.copy_from_slice(&[dx, da, db]);
        y
    }
}
