//! The state of an optimiser: its numbers and its tensors, with the values that are possible.

use autodiff::prelude::*;
use std::fmt;

/// The possible values of a number. Constructors check what a program gives, and checkpoints what a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Domain {
    /// All finite numbers.
    Finite,
    /// All finite numbers from 0, such as a learning rate.
    NotNegative,
    /// All finite numbers above 0.
    Positive,
    /// All numbers from 0 to below 1, such as a momentum.
    Share,
    /// All whole numbers from 0 to `i32::MAX`.
    Count,
    /// 0 for no and 1 for yes.
    Flag,
    /// All numbers and ∞, such as the lowest figure so far.
    NotNan,
}

impl Domain {
    /// Whether a number is possible.
    pub fn contains(self, x: f64) -> bool {
        match self {
            Domain::Finite => x.is_finite(),
            Domain::NotNegative => x.is_finite() && x >= 0.0,
            Domain::Positive => x.is_finite() && x > 0.0,
            Domain::Share => (0.0..1.0).contains(&x),
            Domain::Count => (0.0..=f64::from(i32::MAX)).contains(&x) && x.fract() == 0.0,
            Domain::Flag => x == 0.0 || x == 1.0,
            Domain::NotNan => !x.is_nan(),
        }
    }

    /// The number that a program gives for a setting.
    ///
    /// # Panics
    /// Panics if the number is not possible.
    #[track_caller]
    pub(crate) fn checked(self, setting: &str, x: f64) -> f64 {
        assert!(self.contains(x), "{setting} is {x}, but must be {self}");
        x
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Domain::Finite => "a finite number",
            Domain::NotNegative => "a finite number from 0",
            Domain::Positive => "a finite number above 0",
            Domain::Share => "a number from 0 to below 1",
            Domain::Count => "a whole number from 0 to 2147483647",
            Domain::Flag => "0 or 1",
            Domain::NotNan => "a number",
        })
    }
}

/// The numbers of a state: settings, which schedules change, and counts of steps. Each has a fixed name and a domain,
/// and is shown as an `f64`, which holds counts exactly.
pub trait Scalars {
    /// Shows each number with its name and its domain, to be read or changed.
    fn visit_scalars(&mut self, f: &mut dyn FnMut(&str, Domain, &mut f64));
}

/// The state that decides the next step of an optimiser: its [`Scalars`] and its tensors.
///
/// A checkpoint saves both. To restore them, it compares the [settings](State::visit_settings), writes the scalars, makes
/// the tensors by [`prepare`](State::prepare), and writes these:
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Adam, Optimizer, State};
/// let mut w = Tensor::from([1.0, -2.0]);
/// let mut adam = Adam::new(0.1);
/// adam.step(&mut w, &Tensor::from([0.5, 0.3]));
/// let mut names = Vec::new();
/// adam.visit_tensors(&mut |name, _, _| names.push(name.to_owned()));
/// assert_eq!(names, ["mean.0", "mean_square.0"]);
/// ```
pub trait State<V: Value>: Scalars {
    /// Makes the tensors of the state for a model, unless they exist.
    fn prepare(&mut self, model: &impl Tree<Leaf = V>);

    /// Shows each setting for a model with its name, as text. A file with another setting is refused. Unless an optimiser
    /// overrides this, it has none.
    fn visit_settings(&mut self, _model: &impl Tree<Leaf = V>, _f: &mut dyn FnMut(&str, String)) {}

    /// Shows each tensor with its name and the domain of its elements, to be read or changed.
    fn visit_tensors(&mut self, f: &mut dyn FnMut(&str, Domain, &mut V));
}

/// Shows a count as a number.
pub(super) fn visit_count(name: &str, count: &mut i32, f: &mut dyn FnMut(&str, Domain, &mut f64)) {
    let mut number = f64::from(*count);
    f(name, Domain::Count, &mut number);
    *count = number as i32;
}

/// Shows the tensors that a state keeps for the leaves of a model, as `name.0`, `name.1`, ….
pub(super) fn visit_slots<V>(name: &str, domain: Domain, slots: &mut [V], f: &mut dyn FnMut(&str, Domain, &mut V)) {
    slots.iter_mut().enumerate().for_each(|(i, slot)| f(&format!("{name}.{i}"), domain, slot));
}
