//! Whether the rows of an output depend on other rows of an input than their own.

use super::jacobian::{batch_rows, rows};
use crate::algebra::Reading;
use crate::array::{Number, Shape, Tensor};
use crate::tape::var::Var;
use crate::tape::walk::AsValues;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

impl<V: Reading> Var<'_, V> {
    /// Finds a row of an input on which another row of this output depends. Returns `None` if each row of the output
    /// depends on its own row of the input alone, as [`batch_jacobian`](Var::batch_jacobian) requires.
    ///
    /// Rows lie along the first axes. The search looks at derivatives at this point only. It runs one batched backward
    /// pass with 2·⌈log₂ n⌉ cotangents for n rows.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let tape = Tape::new();
    /// let x = tape.variable(Tensor::from([[1.0, 2.0], [3.0, 4.0]]));
    /// assert_eq!(x.square().mixed_row(x), None);
    /// assert_eq!((x - x.mean_axis(0)).mixed_row(x), Some(0)); // row 1 of the output depends on row 0 too
    /// ```
    ///
    /// # Panics
    /// Panics if the first axes are missing or differ in size, or if the input is on another tape.
    #[track_caller]
    pub fn mixed_row(self, x: Self) -> Option<usize> {
        self.check_tape("mixed_row", &[x]);
        let graph = self.tape.graph();
        let (y, x_value) = (graph.value(self.id()), graph.value(x.id()));
        let n = batch_rows("mixed_row", &y.shape(), &x_value.shape());
        if n < 2 {
            return None;
        }
        let splits = Splits::of(n);
        let seed = y.lift(&splits.cotangents(&y.shape().insert(0, splits.count)));
        let g = rows(self.tape, AsValues(&graph), self.id(), x.id(), seed)?;
        splits.touched_row(&g.primal(), x_value.shape().size())
    }

    /// Panics if rows are mixed and the tape is traced: the search takes time, and a traced tape is for finding faults.
    #[track_caller]
    pub(super) fn check_rows(self, x: Self) {
        if !self.tape.graph().traced {
            return;
        }
        if let Some(row) = self.mixed_row(x) {
            let (y, x) = (self.shape(), x.shape());
            panic!("batch_jacobian: {y} by {x}: other rows of the output depend on row {row} of the input too");
        }
    }
}

/// Splits of n rows into two parts, by each bit of their numbers: any two rows are in different parts of some split. For
/// each split there are two cotangents. Each is 0 on one part, and its pullback is 0 there too unless rows are mixed. There
/// are at least two rows.
struct Splits {
    n: usize,
    /// The number of cotangents.
    count: usize,
}

impl Splits {
    fn of(n: usize) -> Self {
        let bits = usize::BITS - (n - 1).leading_zeros();
        Self { n, count: 2 * bits as usize }
    }

    /// Whether a cotangent is 0 on a row.
    fn is_zero(&self, cotangent: usize, row: usize) -> bool {
        (row >> (cotangent / 2)) % 2 == cotangent % 2
    }

    /// All cotangents, along a first axis. The factors are random, so that contributions do not cancel.
    fn cotangents<T: Number>(&self, shape: &Shape) -> Tensor<T> {
        let mut rng = StdRng::seed_from_u64(0);
        Tensor::from_fn(shape, |i| T::from_f64(if self.is_zero(i[0], i[1]) { 0.0 } else { rng.random_range(0.5..1.5) }))
    }

    /// A row of the input that a cotangent reached from other rows. The pullbacks have the shape \[batch axes…,
    /// cotangents, input axes…\]; `size` is the number of elements of the input.
    fn touched_row<T: Number>(&self, pullbacks: &Tensor<T>, size: usize) -> Option<usize> {
        let row_size = size / self.n;
        pullbacks.iter().enumerate().find_map(|(place, g)| {
            let (cotangent, row) = (place / size % self.count, place / row_size % self.n);
            let g = g.to_f64();
            (self.is_zero(cotangent, row) && g != 0.0 && !g.is_nan()).then_some(row)
        })
    }
}
