//! Figures, whether they reach what is wanted of them, and the report.

use super::wanted::TABLE;
use super::{Context, Section, Wanted};
use serde_json::{Map, Value, json};
use std::fmt;

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
    /// The value with four digits after the point, or in the exponential form if nothing would be left of it; a count
    /// as it is.
    pub fn text(&self) -> String {
        match self.value {
            value if value != 0.0 && value.abs() < 1e-3 => format!("{value:.1e}"),
            value if value.fract() == 0.0 && value > 1.0 => format!("{value}"),
            value => format!("{value:.4}"),
        }
    }

    /// Whether it reaches what is wanted. What is not a number does not.
    pub fn is_reached(&self) -> bool {
        match self.wanted {
            Wanted::ClampMin(bound) => self.value >= bound,
            Wanted::ClampMax(bound) => self.value <= bound,
            Wanted::Within(low, high) => (low..=high).contains(&self.value),
            // An earlier figure that is missing is not reached: the section made a number of it if it is there.
            Wanted::NotBelow(_) | Wanted::NotAbove(_) => false,
            Wanted::Nothing => true,
        }
    }
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

/// Panics if a figure of which something is wanted is missing: of all sections, each must be there.
pub(super) fn check_complete(sections: &[Section]) {
    let figures = || sections.iter().flat_map(|section| &section.figures);
    let missing = TABLE.iter().find(|row| !figures().any(|figure| (&*figure.model, &*figure.name) == (row.0, row.1)));
    assert!(missing.is_none(), "no section gives the figure {missing:?}");
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

#[cfg(test)]
mod tests {
    use super::{Section, check_complete};

    fn section() -> Section {
        let mut section = Section::new("models");
        section.figure("mlp", "test_accuracy", 0.97);
        section.figure("sparse_none", "active_share", 0.3);
        section.figure("sparse_l1", "active_share", 0.2);
        section.figure("sparse_l1", "test_sq", f64::NAN);
        section.figure("contractive", "jacobian_sq", f64::NAN);
        section
    }

    #[test]
    fn what_is_missed_is_told() {
        let reached = section().figures.iter().map(super::Figure::is_reached).collect::<Vec<_>>();
        assert_eq!(reached, [false, true, true, true, false]);
        assert_eq!(section().figures[0].to_string(), "mlp test_accuracy 0.9700 (MISSED: ≥ 0.975)");
        assert_eq!(section().figures[2].to_string(), "sparse_l1 active_share 0.2000 (≤ 0.3)");
    }

    /// What is wanted relative to a figure that is not there is not reached.
    #[test]
    fn a_bound_that_is_missing_is_missed() {
        let mut section = Section::new("models");
        section.figure("sparse_l1", "active_share", 0.2);
        assert!(!section.figures[0].is_reached());
        assert!(section.figures[0].to_string().ends_with("(MISSED: ≤ sparse_none.active_share)"));
    }

    #[test]
    #[should_panic(expected = "no section gives the figure Some((\"vanishing_gradients\"")]
    fn a_run_without_a_figure_of_the_table_fails() {
        check_complete(&[section()]);
    }
}
