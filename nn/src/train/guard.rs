//! The guard against numbers that are not finite.

use crate::optim::leaves;
use autodiff::Site;
use autodiff::prelude::*;
use std::fmt;

/// The error if a loss, a term or a gradient is not finite. The step was not taken: the model is as it was before.
#[derive(Clone)]
pub struct NotFinite {
    /// The name of the term, `loss`, or `gradient of` and the path of a leaf.
    pub term: String,
    /// Its value.
    pub value: f64,
    /// The number of the step, counted from 1 since the trainer was made.
    pub step: usize,
    /// The first operation with finite operands and a result that is not finite, or the input that is not finite. `None` for
    /// the loss or a gradient, unless the trainer is [traced](super::Trainer::traced); then the source line is known too.
    pub site: Option<Box<Site>>,
}

impl NotFinite {
    /// The error for a variable that is not finite; the step is not known yet.
    pub(super) fn new<V: Value>(term: impl Into<String>, value: f64, x: Var<'_, V>) -> Self {
        Self { site: x.first_not_finite().map(Box::new), ..Self::without_site(term, value) }
    }

    pub(super) fn without_site(term: impl Into<String>, value: f64) -> Self {
        Self { term: term.into(), value, step: 0, site: None }
    }
}

impl fmt::Display for NotFinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {}: {} is {}", self.step, self.term, self.value)?;
        match &self.site {
            Some(site) => write!(f, ", first at\n{site}"),
            None => write!(f, "; `Trainer::traced` finds the operation"),
        }
    }
}

/// The text of the error, since `main` and `unwrap` show an error by `Debug`.
impl fmt::Debug for NotFinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for NotFinite {}

/// The path of the first leaf whose gradient is not finite, its number, and the first such element.
pub(super) fn fault_of_gradient<V: Value>(gradient: &impl Tree<Leaf = V>) -> Option<(String, usize, f64)> {
    // A sum is not finite if an element is not. Large finite elements may overflow it, so it is only the first look
    // (1.6 % of a step of an MLP 2-8-1 with batch 4, see benches/instructions.sh).
    if V::sum_all(&leaves(gradient)).is_finite() { None } else { find_fault(gradient) }
}

#[cold]
fn find_fault<V: Value>(gradient: &impl Tree<Leaf = V>) -> Option<(String, usize, f64)> {
    let (mut i, mut fault) = (0, None);
    gradient.visit(&mut |path, g| {
        let element = g.primal().iter().map(|g| g.to_f64()).find(|g| !g.is_finite());
        fault = fault.take().or_else(|| Some((path.to_string(), i, element?)));
        i += 1;
    });
    fault
}
