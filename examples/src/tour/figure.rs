//! Figures of the models, the check that they meet their requirements, and the report.

use super::requirement::REQUIREMENTS;
use super::{Context, Requirement, Section};
use serde_json::{Map, Value, json};
use std::fmt;

/// A figure of a model. `report.json` holds its value under `model` and `name`.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The model that was measured.
    pub model: String,
    /// The quantity that was measured.
    pub name: String,
    /// The measured value.
    pub value: f64,
    /// The condition that the value must meet.
    pub requirement: Requirement,
}

impl Figure {
    /// The value as text: a count as an integer, a value below 0.001 in scientific notation, any other with four
    /// decimals.
    pub fn text(&self) -> String {
        match self.value {
            value if value != 0.0 && value.abs() < 1e-3 => format!("{value:.1e}"),
            value if value.fract() == 0.0 && value > 1.0 => format!("{value}"),
            value => format!("{value:.4}"),
        }
    }

    /// Whether the value meets the requirement. NaN meets none but `Nothing`.
    pub fn is_met(&self) -> bool {
        match self.requirement {
            Requirement::AtLeast(bound) => self.value >= bound,
            Requirement::AtMost(bound) => self.value <= bound,
            Requirement::Between(low, high) => (low..=high).contains(&self.value),
            // `Section::figure` replaces the name of an earlier figure by its value, so a name that is left is missing.
            Requirement::AtLeastFigure(_) | Requirement::AtMostFigure(_) => false,
            Requirement::Nothing => true,
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.model, self.name, self.text())?;
        match (self.requirement, self.is_met()) {
            (Requirement::Nothing, _) => Ok(()),
            (requirement, true) => write!(f, " ({requirement})"),
            (requirement, false) => write!(f, " (MISSED: {requirement})"),
        }
    }
}

/// Panics if the sections lack a figure that has a requirement.
pub(super) fn check_complete(sections: &[Section]) {
    let figures = || sections.iter().flat_map(|section| &section.figures);
    let missing =
        REQUIREMENTS.iter().find(|row| !figures().any(|figure| (&*figure.model, &*figure.name) == (row.0, row.1)));
    assert!(missing.is_none(), "no section reports the figure {missing:?}");
}

/// The text of `report.json`: the figures by model and name, and the settings of the run.
pub fn report(context: &Context, sections: &[Section], seconds: f64) -> String {
    let mut report = Map::new();
    for figure in sections.iter().flat_map(|section| &section.figures) {
        let model = report.entry(&figure.model).or_insert_with(|| json!({}));
        model[&figure.name] = json!(figure.value);
    }
    let missed = sections.iter().flat_map(|section| &section.figures).filter(|figure| !figure.is_met());
    let missed: Vec<String> = missed.map(|figure| format!("{}.{}", figure.model, figure.name)).collect();
    let (seed, epochs, split) = (context.seed, context.epochs, &context.split);
    let run = json!({ "seed": seed, "epochs": epochs, "split": split, "seconds": seconds, "missed": missed });
    report.insert("run".to_owned(), run);
    serde_json::to_string_pretty(&Value::Object(report)).expect("JSON of strings and numbers can be written") + "\n"
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
    fn missed_requirements_are_marked_in_the_text() {
        let met = section().figures.iter().map(super::Figure::is_met).collect::<Vec<_>>();
        assert_eq!(met, [false, true, true, true, false]);
        assert_eq!(section().figures[0].to_string(), "mlp test_accuracy 0.9700 (MISSED: ≥ 0.975)");
        assert_eq!(section().figures[2].to_string(), "sparse_l1 active_share 0.2000 (≤ 0.3)");
    }

    #[test]
    fn figure_misses_a_requirement_whose_reference_figure_is_missing() {
        let mut section = Section::new("models");
        section.figure("sparse_l1", "active_share", 0.2);
        assert!(!section.figures[0].is_met());
        assert!(section.figures[0].to_string().ends_with("(MISSED: ≤ sparse_none.active_share)"));
    }

    #[test]
    #[should_panic(expected = "no section reports the figure Some((\"vanishing_gradients\"")]
    fn check_complete_panics_if_a_required_figure_is_missing() {
        check_complete(&[section()]);
    }
}
