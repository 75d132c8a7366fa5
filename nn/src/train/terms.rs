//! Losses of several named terms, and their means.

use autodiff::prelude::*;
use std::fmt;

/// A loss as the sum of named terms, each of which is reported: what the closures of
/// [`Trainer::epoch_of_terms`](crate::Trainer::epoch_of_terms) return.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::Terms;
/// let tape = Tape::new();
/// let x = tape.variable(Tensor::from([3.0, 4.0]));
/// let terms = Terms::of("error", x.sum()).and("decay", x.square().sum().scale(0.1)).aside("norm", x.norm());
/// assert_eq!(terms.total().value().item(), 7.0 + 2.5); // what is aside is reported, but no part of the loss
/// ```
#[derive(Clone)]
pub struct Terms<'t, T: Element> {
    terms: Vec<Term<'t, T>>,
}

#[derive(Clone)]
struct Term<'t, T: Element> {
    name: &'static str,
    value: Var<'t, Tensor<T>>,
    counts: bool,
}

impl<'t, T: Element> Terms<'t, T> {
    /// A loss of one term so far.
    pub fn of(name: &'static str, value: Var<'t, Tensor<T>>) -> Self {
        Self { terms: vec![Term { name, value, counts: true }] }
    }

    /// One more term of the loss, with its weight already in it.
    pub fn and(self, name: &'static str, value: Var<'t, Tensor<T>>) -> Self {
        self.with(Term { name, value, counts: true })
    }

    /// A value that is only reported.
    pub fn aside(self, name: &'static str, value: Var<'t, Tensor<T>>) -> Self {
        self.with(Term { name, value, counts: false })
    }

    /// The value of a term.
    pub(crate) fn value(&self, name: &str) -> Option<Var<'t, Tensor<T>>> {
        self.terms.iter().find(|term| term.name == name).map(|term| term.value)
    }

    fn with(mut self, term: Term<'t, T>) -> Self {
        self.terms.push(term);
        self
    }

    /// The sum of the terms that count.
    pub fn total(&self) -> Var<'t, Tensor<T>> {
        let counting = self.terms.iter().filter(|term| term.counts).map(|term| term.value);
        counting.reduce(|sum, value| sum + value).expect("the first term counts")
    }

    /// The names and the numbers.
    ///
    /// # Panics
    /// If a term is no scalar.
    #[track_caller]
    pub(crate) fn numbers(&self) -> Means {
        let number = |x: Var<'t, Tensor<T>>, name: &str| {
            let value = x.value();
            assert!(value.size() == 1, "term {name}: a scalar was expected, not {}", value.shape());
            value.item().to_f64()
        };
        let terms = self.terms.iter().map(|term| (term.name, number(term.value, term.name))).collect();
        Means { total: number(self.total(), "total"), terms }
    }
}

/// The loss, and each of its terms, as means over samples.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Means {
    /// The loss: the sum of the terms that count.
    pub total: f64,
    /// Each term by its name, those aside included, in the order of the loss.
    pub terms: Vec<(&'static str, f64)>,
}

impl Means {
    /// The mean of a term, if there is one of that name.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.terms.iter().find(|(known, _)| *known == name).map(|&(_, mean)| mean)
    }

    /// The first term that is not finite, or else the sum of all if that is not.
    pub(crate) fn not_finite(&self) -> Option<(&'static str, f64)> {
        let all = self.terms.iter().copied().chain([("loss", self.total)]);
        all.into_iter().find(|(_, value)| !value.is_finite())
    }

    /// Adds the numbers of a batch, `weight` times.
    ///
    /// # Panics
    /// If the terms are others than those of the batches before.
    #[track_caller]
    pub(crate) fn add(&mut self, batch: &Self, weight: f64) {
        if self.terms.is_empty() {
            self.terms = batch.terms.iter().map(|&(name, _)| (name, 0.0)).collect();
        }
        let names = |means: &Self| means.terms.iter().map(|term| term.0).collect::<Vec<_>>();
        assert!(names(self) == names(batch), "the terms {:?} became {:?}", names(self), names(batch));
        self.total += weight * batch.total;
        self.terms.iter_mut().zip(&batch.terms).for_each(|(sum, term)| sum.1 += weight * term.1);
    }
}

/// `0.4321 (reconstruction 0.4, kl 0.0321)`.
impl fmt::Display for Means {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.4}", self.total)?;
        if self.terms.len() > 1 {
            let terms: Vec<String> = self.terms.iter().map(|(name, mean)| format!("{name} {mean:.4}")).collect();
            write!(f, " ({})", terms.join(", "))?;
        }
        Ok(())
    }
}
