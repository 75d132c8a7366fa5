//! The determinant of a 7 × 7 matrix by minors: 8,659 products.

use crate::workload::{Number, Workload, noise};

const N: usize = 7;

pub(crate) struct Determinant;

/// The determinant of the rows from `row` on and the columns whose bits are set.
fn minor<T: Number>(x: &[T], row: usize, columns: u32) -> T {
    let mut free = (0..N).filter(|j| columns >> j & 1 == 1);
    if row == N - 1 {
        return x[row * N + free.next().expect("as many columns as rows are left")];
    }
    let (mut sum, mut positive) = (T::zero(), true);
    for j in free {
        let term = x[row * N + j] * minor(x, row + 1, columns & !(1 << j));
        sum = if positive { sum + term } else { sum - term };
        positive = !positive;
    }
    sum
}

impl Workload for Determinant {
    const NAME: &str = "determinant_7x7";

    fn inputs(&self) -> Vec<f64> {
        noise(N * N, 9)
    }

    fn program<T: Number>(&self, x: &[T]) -> T {
        minor(x, 0, (1 << N) - 1)
    }
}
