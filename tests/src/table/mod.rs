//! The table of operations: a row for each primitive, for each named function on axes, and for each composition.
//!
//! A row is a function of values of any reading, written once, with its operands: their shapes, and the domain in
//! which it is smooth. Laws are loops over the rows.

use crate::domain::{Operand, draw, rng};
use autodiff::{Element, Math, Structural, Tensor, Value};

/// Makes the enum of rows from lines `name(operand: domain, …) = expression;`.
macro_rules! table {
    ($($(#[$section:meta])* $name:ident($($x:ident: $operand:expr),+) = $y:expr;)*) => {
        /// A row of the table: an operation with its operands.
        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Row {
            $($(#[$section])* #[doc = concat!("`", stringify!($y), "`")] $name,)*
        }

        impl Row {
            /// All rows.
            pub const ALL: &[Row] = &[$(Row::$name),*];

            /// The operands.
            pub fn operands(self) -> Vec<Operand> {
                match self {
                    $(Row::$name => vec![$($operand),+],)*
                }
            }

            /// The function, in any reading.
            ///
            /// # Panics
            /// If there are not as many operands as the row has.
            pub fn call<V: Value>(self, x: &[V]) -> V {
                match self {
                    $(Row::$name => match x {
                        [$($x),+] => $y,
                        _ => panic!("{self:?}: {} operands are too few or too many", x.len()),
                    },)*
                }
            }
        }
    };
}

mod custom;
mod rows;

pub use custom::{Cube, Product, SquareOfKnown, bump, mixed, summed};
pub use rows::Row;

impl Row {
    /// Points within the domain: all operands on one axis. The same seed gives the same points.
    pub fn point(self, seed: u64) -> Tensor<f64> {
        draw(&self.operands(), &mut rng(seed))
    }

    /// The number of elements of all operands.
    pub fn inputs(self) -> usize {
        self.operands().iter().map(|x| x.shape.size()).sum()
    }

    /// The operands, cut from one axis.
    pub fn split<V: Value>(self, x: &V) -> Vec<V> {
        let mut end = 0;
        let mut part = |operand: Operand| {
            let start = end;
            end += operand.shape.size();
            x.slice(0, start, end).reshape(operand.shape)
        };
        self.operands().into_iter().map(&mut part).collect()
    }

    /// The row as a function from one axis to one axis.
    pub fn flat<V: Value>(self, x: &V) -> V {
        self.call(&self.split(x)).flatten()
    }

    /// A scalar function of the row: Σ wᵢ·yᵢ·(1 + yᵢ/2), for fixed weights w. It is quadratic in the result, so that
    /// even a linear row has a second derivative, and a wrong one in any element shows.
    pub fn loss<V: Value>(self, x: &V) -> V {
        loss(&self.flat(x))
    }
}

/// Σ wᵢ·yᵢ·(1 + yᵢ/2) for fixed weights w.
pub fn loss<V: Value>(y: &V) -> V {
    let weights = Tensor::from_fn(y.shape(), |i| V::Elem::from_f64((1.0 + i.iter().sum::<usize>() as f64).cos()));
    (y.scale(0.5).shift(1.0) * y * y.lift(&weights)).sum()
}
