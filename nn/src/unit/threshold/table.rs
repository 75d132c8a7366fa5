//! Truth tables.

use std::fmt;

/// The outputs of a Boolean function for all inputs. The inputs count up in binary, and the first input is the highest
/// digit. Displayed, it has a row for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TruthTable {
    /// The number of inputs.
    pub inputs: usize,
    /// The 2ⁿ outputs.
    pub outputs: Vec<bool>,
}

impl TruthTable {
    /// The table of a function with the given number of inputs.
    pub fn of(inputs: usize, f: impl Fn(&[bool]) -> bool) -> Self {
        Self { inputs, outputs: (0..1 << inputs).map(|row| f(&Self::row(inputs, row))).collect() }
    }

    /// The inputs of a row.
    pub fn row(inputs: usize, row: usize) -> Vec<bool> {
        (0..inputs).rev().map(|digit| row >> digit & 1 == 1).collect()
    }
}

impl fmt::Display for TruthTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digit = |x: &bool| if *x { '1' } else { '0' };
        for (row, y) in self.outputs.iter().enumerate() {
            let x: String = Self::row(self.inputs, row).iter().flat_map(|x| [digit(x), ' ']).collect();
            writeln!(f, "{x}│ {}", digit(y))?;
        }
        Ok(())
    }
}
