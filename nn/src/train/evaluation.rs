//! The loss of a batch and its gradient, on one process.

use super::guard::{NotFinite, fault_of_gradient};
use super::loss::Loss;
use super::means::Means;
use super::recorder::{Recorder, check_scalar};
use autodiff::prelude::*;

/// The loss with its terms, and the gradient.
pub(super) type Evaluated<M> = (Means, <M as Tree>::With<<M as Tree>::Leaf>);

/// A loss with all that it needs. Messages bear the name of the method that was called.
pub(super) struct Evaluation<'a, M: Tree, B: ?Sized, R: ?Sized, L> {
    pub(super) tape: &'a mut Tape<M::Leaf>,
    pub(super) traced: bool,
    /// Whether it is the first step. Only then is it checked that the loss depends on the model.
    pub(super) first: bool,
    pub(super) model: &'a M,
    pub(super) method: &'a str,
    pub(super) batch: &'a B,
    pub(super) rng: &'a mut R,
    pub(super) loss: L,
}

/// What a loss leaves beside its value.
struct Notes {
    /// Its terms, and the first that is not finite.
    terms: (Vec<(&'static str, f64)>, Option<NotFinite>),
    shape: Shape,
    depends_on_model: bool,
}

impl<M: Tree<Leaf: Value>, B: ?Sized, R: ?Sized, L: Loss<M, B, R>> Evaluation<'_, M, B, R, L> {
    /// The means and the whole gradient.
    #[track_caller]
    pub(super) fn whole(self) -> Result<Evaluated<M>, NotFinite> {
        if self.traced {
            return self.whole_traced();
        }
        let (Self { tape, first, model, method, batch, rng, loss, .. }, mut notes) = (self, None);
        let noted = noted::<M, _, _, _>(batch, rng, loss, first, &mut notes);
        let (value, gradient) = tape.value_and_grad_tree(model, noted);
        let means = means(method, &value, notes)?;
        match fault_of_gradient(&gradient) {
            Some((path, _, value)) => Err(NotFinite::without_site(format!("gradient of {path}"), value)),
            None => Ok((means, gradient)),
        }
    }

    /// The means. The gradient of each leaf goes to `take` as soon as it is complete; it may hold numbers that are not
    /// finite. After an error, some leaves may be missing.
    #[track_caller]
    pub(super) fn each(self, mut take: impl FnMut(usize, M::Leaf)) -> Result<Means, NotFinite> {
        if self.traced {
            let (means, gradient) = self.whole_traced()?;
            gradient.leaves().into_iter().enumerate().rev().for_each(|(leaf, g)| take(leaf, g));
            return Ok(means);
        }
        let (Self { tape, first, model, method, batch, rng, loss, .. }, mut notes) = (self, None);
        let value = tape.value_and_each_grad(model, noted::<M, _, _, _>(batch, rng, loss, first, &mut notes), take);
        means(method, &value, notes)
    }

    /// As [`whole`](Evaluation::whole) with the tape kept, to find the operation that made a number not finite.
    #[cold]
    #[inline(never)]
    #[track_caller]
    fn whole_traced(self) -> Result<Evaluated<M>, NotFinite> {
        let Self { tape, model, method, batch, rng, mut loss, .. } = self;
        tape.clear();
        let (recorder, variables) = (Recorder::new(tape), tape.variables(model));
        let leaves = variables.leaves();
        let loss = loss(&recorder, variables, batch, rng);
        check_scalar(method, &loss.shape());
        check_dependence(method, loss.depends_on(&leaves));
        let (total, (terms, fault)) = (loss.item().to_f64(), recorder.finish());
        let fault = fault.or_else(|| (!total.is_finite()).then(|| NotFinite::new("loss", total, loss)));
        if let Some(fault) = fault {
            return Err(fault);
        }
        let gradient = model.with_leaves(loss.backward().of(&leaves));
        if let Some((path, i, value)) = fault_of_gradient(&gradient) {
            return Err(NotFinite::new(format!("gradient of {path}"), value, loss.grad_tree(&leaves)[i]));
        }
        // Until it is cleared, the tape shares the storage of the model, and an update in place would copy it.
        tape.clear();
        Ok((Means { total, terms, gradient_norm: None }, gradient))
    }
}

/// The loss as a function of the model. It writes its terms, the first fault and its shape to `notes`.
fn noted<'a, M: Tree<Leaf: Value>, B: ?Sized, R: ?Sized, L: Loss<M, B, R>>(
    batch: &'a B,
    rng: &'a mut R,
    mut loss: L,
    first: bool,
    notes: &'a mut Option<Notes>,
) -> impl for<'t> FnOnce(&'t Tape<M::Leaf>, OnTape<'t, M>) -> Var<'t, M::Leaf> {
    move |tape, variables| {
        let (recorder, leaves) = (Recorder::new(tape), first.then(|| variables.leaves()));
        let loss = loss(&recorder, variables, batch, rng);
        let shape = loss.shape();
        let scalar = shape.size() == 1;
        let depends_on_model = leaves.is_none_or(|leaves| loss.depends_on(&leaves));
        *notes = Some(Notes { terms: recorder.finish(), shape, depends_on_model });
        // A closure cannot panic at the caller's line, so the shape is refused after it.
        if scalar { loss } else { loss.sum() }
    }
}

/// The means of a loss with a value and notes.
#[track_caller]
fn means<V: Value>(method: &str, value: &V, notes: Option<Notes>) -> Result<Means, NotFinite> {
    let Notes { terms: (terms, fault), shape, depends_on_model } = notes.expect("the loss was called");
    check_scalar(method, &shape);
    check_dependence(method, depends_on_model);
    let total = value.item().to_f64();
    match fault {
        Some(fault) => Err(fault),
        None if !total.is_finite() => Err(NotFinite::without_site("loss", total)),
        None => Ok(Means { total, terms, gradient_norm: None }),
    }
}

/// Panics at the caller's line if a loss does not depend on the model: each step would leave the model as it is.
#[track_caller]
fn check_dependence(method: &str, depends_on_model: bool) {
    assert!(
        depends_on_model,
        "{method}: the loss does not depend on the model, so there is nothing to train; compute it from the model that the \
         loss gets, without `detach`"
    );
}
