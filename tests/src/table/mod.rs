//! The table of operations: a row for each primitive, each named function and each composition.
//!
//! A row is a function, generic over [`Value`], with the shapes of its operands and the domain in which it is smooth. A
//! law is a loop over the rows.

use crate::domain::{Operand, draw, rng};
use autodiff::{Math, Number, Structural, Tensor, Value};

/// Defines the enum of rows from lines `name(operand: domain, …) = expression;`.
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

            /// Applies the function to values of any type.
            ///
            /// # Panics
            /// Panics if the number of operands is wrong.
            pub fn call<V: Value>(self, x: &[V]) -> V {
                match self {
                    $(Row::$name => match x {
                        [$($x),+] => $y,
                        _ => panic!("{self:?}: wrong number of operands: {}", x.len()),
                    },)*
                }
            }
        }
    };
}

mod custom;
mod matrices;
mod rows;

pub use custom::{Cube, CustomProduct, SquareOfKnown, bump, mixed, summed};
pub use rows::Row;

impl Row {
    /// The rows that finite differences can check: all but `detach`, which cuts the derivative on purpose.
    pub fn differentiable() -> impl Iterator<Item = Row> {
        Row::ALL.iter().copied().filter(|row| *row != Row::detach)
    }

    /// The pointwise operations on operands of one shape: all rows before those that broadcast.
    pub fn pointwise() -> impl Iterator<Item = Row> {
        Row::ALL.iter().copied().take_while(|row| *row < Row::add_column)
    }

    /// The rows that act element by element: pointwise operations, activation functions and a custom primitive.
    pub fn elementwise() -> impl Iterator<Item = Row> {
        let others = [Row::softsign, Row::leaky_relu, Row::elu, Row::selu, Row::gelu, Row::silu, Row::custom_cube];
        Row::pointwise().chain(others)
    }

    /// A random point in the domain, with all operands on one axis. The same seed gives the same point.
    pub fn point(self, seed: u64) -> Tensor<f64> {
        draw(&self.operands(), &mut rng(seed))
    }

    /// The number of elements of all operands.
    pub fn inputs(self) -> usize {
        self.operands().iter().map(|x| x.shape.size()).sum()
    }

    /// Cuts the operands out of one axis.
    pub fn split<V: Value>(self, x: &V) -> Vec<V> {
        let mut end = 0;
        let mut part = |operand: Operand| {
            let start = end;
            end += operand.shape.size();
            x.slice(0, start, end).reshape(operand.shape)
        };
        self.operands().into_iter().map(&mut part).collect()
    }

    /// The row as a function from one vector to one vector.
    pub fn flat<V: Value>(self, x: &V) -> V {
        self.call(&self.split(x)).flatten()
    }

    /// A scalar function of the row: Σ wᵢ·yᵢ·(1 + yᵢ/2) with fixed weights w.
    ///
    /// The loss is quadratic in the result, so that even a linear row has a second derivative. The weights differ, so
    /// that an error in any element shows.
    pub fn loss<V: Value>(self, x: &V) -> V {
        loss(&self.flat(x))
    }
}

/// Σ wᵢ·yᵢ·(1 + yᵢ/2) with fixed weights w.
pub fn loss<V: Value>(y: &V) -> V {
    let weights = Tensor::from_fn(y.shape(), |i| V::Elem::from_f64((1.0 + i.iter().sum::<usize>() as f64).cos()));
    (y.scale(0.5).shift(1.0) * y * y.lift(&weights)).sum()
}
