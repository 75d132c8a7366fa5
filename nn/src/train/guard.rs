//! The guard against numbers that are not finite.

use super::terms::{Means, Terms};
use autodiff::Site;
use autodiff::prelude::*;
use std::fmt;

/// A number that is not finite came up in training. The step was not taken: the model is as it was before.
#[derive(Clone, Debug)]
pub struct NotFinite {
    /// The term of the loss, or «gradient of» and the path of a leaf.
    pub term: String,
    /// What it was.
    pub value: f64,
    /// The number of the step, counted from 1 since the trainer was made.
    pub step: usize,
    /// The operation that made it out of finite numbers, or the data or weight that was not finite. Its source line is
    /// known if the trainer is [traced](crate::Trainer::traced).
    pub site: Option<Box<Site>>,
}

impl fmt::Display for NotFinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {}: {} is {}", self.step, self.term, self.value)?;
        self.site.iter().try_for_each(|site| write!(f, ", first at\n{site}"))
    }
}

impl std::error::Error for NotFinite {}

/// Refuses a loss of which a term is not finite, or the sum of all.
pub(super) fn terms<T: Element>(terms: &Terms<'_, T>, numbers: &Means, step: usize) -> Result<(), NotFinite> {
    let Some((term, value)) = numbers.not_finite() else { return Ok(()) };
    let site = terms.value(term).unwrap_or_else(|| terms.total()).first_not_finite().map(Box::new);
    Err(NotFinite { term: term.to_owned(), value, step, site })
}

/// Refuses a gradient that is not finite. Only then is it recorded, to find out where that comes from.
pub(super) fn gradient<'t, T: Element>(
    model: &impl Tree<Leaf = Tensor<T>>,
    parts: &[Tensor<T>],
    terms: &Terms<'t, T>,
    leaves: &Vec<Var<'t, Tensor<T>>>,
    step: usize,
) -> Result<(), NotFinite> {
    let element = |part: &Tensor<T>| part.iter().map(T::to_f64).find(|x| !x.is_finite());
    let Some((i, value)) = parts.iter().enumerate().find_map(|(i, part)| Some((i, element(part)?))) else {
        return Ok(());
    };
    let site = terms.total().grad_tree(leaves)[i].first_not_finite().map(Box::new);
    Err(NotFinite { term: format!("gradient of {}", model.paths()[i]), value, step, site })
}
