//! The fields of a row: numbers and texts.

use autodiff::prelude::*;
use std::fmt;

/// The fields that are numbers.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Numbers {
    Finite,
    /// Also an empty field, `NA` and `NaN`.
    OrMissing,
    /// Also ±∞.
    All,
}

impl Numbers {
    /// The number in a field.
    pub(super) fn parse<T: Element>(self, field: &str) -> Option<T> {
        let field = field.trim();
        let missing = field.is_empty() || field == "NA";
        let number: f64 = if missing { f64::NAN } else { field.parse().ok()? };
        let possible = match self {
            Numbers::Finite => number.is_finite(),
            Numbers::OrMissing => !number.is_infinite(),
            Numbers::All => true,
        };
        // 1e300 is no f32.
        let element = T::from_f64(number);
        (possible && element.to_f64().is_finite() == number.is_finite()).then_some(element)
    }

    pub(super) fn expected(self) -> &'static str {
        match self {
            Numbers::Finite => "a finite number",
            Numbers::OrMissing => "a finite number or an empty field",
            Numbers::All => "a number or an empty field",
        }
    }
}

/// The numbers of a text: 1 for its category, 0 for the others; NaN for all, if it is missing and may be.
pub(super) fn one_hot(text: &str, categories: &[String], numbers: Numbers) -> Option<impl Iterator<Item = f64>> {
    let found = categories.iter().position(|category| category == text);
    let is_missing = found.is_none() && text.is_empty() && numbers == Numbers::OrMissing;
    let number = move |i| if is_missing { f64::NAN } else { f64::from(Some(i) == found) };
    (found.is_some() || is_missing).then(|| (0..categories.len()).map(number))
}

/// Categories as a message shows them.
pub(super) struct Listed<'a>(pub(super) &'a [String]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 8;
        let shown: Vec<_> = self.0.iter().take(SHOWN).map(|category| excerpt(category)).collect();
        write!(f, "{}", shown.join(", "))?;
        if self.0.len() > SHOWN { write!(f, ", … ({} in all)", self.0.len()) } else { Ok(()) }
    }
}

/// A field, cut to a length that a message can show.
pub(super) fn excerpt(field: &str) -> String {
    const SHOWN: usize = 40;
    match field.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?}…", &field[..end]),
        None => format!("{field:?}"),
    }
}
