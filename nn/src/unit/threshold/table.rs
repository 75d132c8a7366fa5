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
    /// The largest number of inputs. Such a table has 2³⁰ rows, a byte each.
    pub const MAX_INPUTS: usize = 30;

    /// The table of a function with the given number of inputs.
    ///
    /// # Panics
    /// Panics if there are more inputs than [`MAX_INPUTS`](TruthTable::MAX_INPUTS).
    #[track_caller]
    pub fn of(inputs: usize, f: impl Fn(&[bool]) -> bool) -> Self {
        Self::check("TruthTable::of", inputs);
        Self { inputs, outputs: (0..1 << inputs).map(|row| f(&Self::row(inputs, row))).collect() }
    }

    #[track_caller]
    pub(super) fn check(function: &str, inputs: usize) {
        let most = Self::MAX_INPUTS;
        assert!(inputs <= most, "{function}: {inputs} inputs have 2^{inputs} rows, but a table has at most 2^{most}");
    }

    /// The inputs of a row.
    ///
    /// # Panics
    /// Panics if the table has no such row.
    #[track_caller]
    pub fn row(inputs: usize, row: usize) -> Vec<bool> {
        Self::check("TruthTable::row", inputs);
        assert!(row < 1 << inputs, "TruthTable::row: row {row} is out of range for {inputs} inputs");
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
