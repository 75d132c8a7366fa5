//! The guard against numbers that are not finite.

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
    pub(super) fn new<T: Element>(term: impl Into<String>, value: f64, x: Var<'_, Tensor<T>>) -> Self {
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
            None => write!(f, "; a trainer that is traced finds the operation"),
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
pub(super) fn fault_of_gradient<T: Element>(gradient: &impl Tree<Leaf = Tensor<T>>) -> Option<(String, usize, f64)> {
    // A sum is not finite if an element is not. Large finite elements may overflow it, so it is only the first look
    // (1.6 % of a step of an MLP 2-8-1 with batch 4, see benches/instructions.sh).
    let mut total = 0.0;
    gradient.visit(&mut |_, g| total += sum(g));
    if total.is_finite() { None } else { find_fault(gradient) }
}

#[cold]
fn find_fault<T: Element>(gradient: &impl Tree<Leaf = Tensor<T>>) -> Option<(String, usize, f64)> {
    let (mut i, mut fault) = (0, None);
    gradient.visit(&mut |path, g| {
        let element = g.iter().map(T::to_f64).find(|g| !g.is_finite());
        fault = fault.take().or_else(|| Some((path.to_string(), i, element?)));
        i += 1;
    });
    fault
}

/// The sum of all elements, in lanes so that the compiler vectorises it.
fn sum<T: Element>(g: &Tensor<T>) -> f64 {
    let Some(elements) = g.as_slice() else { return g.iter().map(T::to_f64).sum() };
    let (chunks, rest) = elements.as_chunks::<8>();
    let total = rest.iter().fold(T::default(), |sum, &g| sum + g);
    let Some((&first, chunks)) = chunks.split_first() else { return total.to_f64() };
    let lanes = chunks.iter().fold(first, |sums, chunk| std::array::from_fn(|i| sums[i] + chunk[i]));
    lanes.into_iter().fold(total, |sum, g| sum + g).to_f64()
}
