//! Figures, what is wanted of them, and the report.

use super::{Context, Section};
use serde_json::{Map, Value, json};
use std::fmt;

/// What a figure should reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wanted {
    /// At least this.
    AtLeast(f64),
    /// At most this.
    AtMost(f64),
    /// Between these.
    Within(f64, f64),
    /// Nothing: it is there to be compared.
    Nothing,
}

/// A figure of a model, under the keys of `report.json`.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The model.
    pub model: String,
    /// What was measured.
    pub name: String,
    /// What came out.
    pub value: f64,
    /// What should.
    pub wanted: Wanted,
}

impl Figure {
    /// The value with four digits after the point, or in the exponential form if nothing would be left of it.
    pub fn text(&self) -> String {
        match self.value != 0.0 && self.value.abs() < 1e-3 {
            true => format!("{:.1e}", self.value),
            false => format!("{:.4}", self.value),
        }
    }

    /// Whether it reaches what is wanted. What is not a number does not.
    pub fn is_reached(&self) -> bool {
        match self.wanted {
            Wanted::AtLeast(bound) => self.value >= bound,
            Wanted::AtMost(bound) => self.value <= bound,
            Wanted::Within(low, high) => (low..=high).contains(&self.value),
            Wanted::Nothing => true,
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wanted::AtLeast(bound) => write!(f, "≥ {}", short(*bound)),
            Wanted::AtMost(bound) => write!(f, "≤ {}", short(*bound)),
            Wanted::Within(low, high) if low == high => write!(f, "{low}"),
            Wanted::Within(low, high) => write!(f, "{low} to {high}"),
            Wanted::Nothing => Ok(()),
        }
    }
}

/// At most four digits after the point, since a bound may be another figure.
fn short(bound: f64) -> f64 {
    (bound * 1e4).round() / 1e4
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.model, self.name, self.text())?;
        match (self.wanted, self.is_reached()) {
            (Wanted::Nothing, _) => Ok(()),
            (wanted, true) => write!(f, " ({wanted})"),
            (wanted, false) => write!(f, " (MISSED: {wanted})"),
        }
    }
}

/// The figures by model and name, and what they depend on.
pub fn report(context: &Context, sections: &[Section], seconds: f64) -> String {
    let mut report = Map::new();
    for figure in sections.iter().flat_map(|section| &section.figures) {
        let model = report.entry(&figure.model).or_insert_with(|| json!({}));
        model[&figure.name] = json!(figure.value);
    }
    let missed = sections.iter().flat_map(|section| &section.figures).filter(|figure| !figure.is_reached());
    let missed: Vec<String> = missed.map(|figure| format!("{}.{}", figure.model, figure.name)).collect();
    let (seed, epochs, split) = (context.seed, context.epochs, &context.split);
    let run = json!({ "seed": seed, "epochs": epochs, "split": split, "seconds": seconds, "missed": missed });
    report.insert("run".to_owned(), run);
    serde_json::to_string_pretty(&Value::Object(report)).expect("strings and numbers only") + "\n"
}
