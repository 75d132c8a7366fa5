//! The tape of a training step, and the named terms of its loss.

use super::guard::NotFinite;
use super::status::is_reserved;
use autodiff::prelude::*;
use std::cell::RefCell;
use std::ops::Deref;

/// The tape that a loss is recorded on. It also notes the terms of the loss that have a name.
///
/// A loss uses it like any [`Tape`], and returns a scalar variable. A [term](Recorder::term) is reported under its name
/// and counts towards the loss only if it is part of what the loss returns:
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Sgd, Trainer};
/// let mut trainer = Trainer::new(Tensor::from([3.0, 4.0]), Sgd::new(0.1));
/// let means = trainer.step(&(), &mut (), |tape, w, _, _| {
///     tape.term("norm", w.norm());
///     tape.term("sum", w.sum()) + tape.term("decay", w.square().sum() * 0.1)
/// })?;
/// assert_eq!(means.total, 7.0 + 2.5);
/// assert_eq!(means.terms, [("norm", 5.0), ("sum", 7.0), ("decay", 2.5)]);
/// # Ok::<(), nn::NotFinite>(())
/// ```
pub struct Recorder<'t, V> {
    tape: &'t Tape<V>,
    notes: RefCell<Notes>,
}

#[derive(Default)]
struct Notes {
    terms: Vec<(&'static str, f64)>,
    /// The first term that is not finite.
    fault: Option<NotFinite>,
}

impl<'t, V: Value> Recorder<'t, V> {
    pub(super) fn new(tape: &'t Tape<V>) -> Self {
        Self { tape, notes: RefCell::default() }
    }

    /// Notes the value of a scalar under a name, and returns the scalar. Values of one name are added, as for the decay
    /// of each layer.
    ///
    /// # Panics
    /// Panics if `value` is not a scalar, or if the name belongs to another column of a [`History`](crate::History):
    /// `epoch`, `loss`, `gradient norm`, or a name that begins with `validation `.
    #[track_caller]
    pub fn term(&self, name: &'static str, value: Var<'t, V>) -> Var<'t, V> {
        assert!(!is_reserved(name), "Recorder::term: {name:?} is a column of the history; give the term another name");
        let shape = value.shape();
        assert!(shape.size() == 1, "Recorder::term: the term {name} has shape {shape}, but must be a scalar; {REDUCE}");
        let number = value.item().to_f64();
        let mut notes = self.notes.borrow_mut();
        match notes.terms.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += number,
            None => notes.terms.push((name, number)),
        }
        if !number.is_finite() && notes.fault.is_none() {
            notes.fault = Some(NotFinite::new(name, number, value));
        }
        value
    }

    /// The numbers of the terms, and the first that is not finite.
    pub(super) fn finish(self) -> (Vec<(&'static str, f64)>, Option<NotFinite>) {
        let Notes { terms, fault } = self.notes.into_inner();
        (terms, fault)
    }
}

/// A reference to the tape, so that variables live as long as the tape and not as the recorder.
impl<'t, V> Deref for Recorder<'t, V> {
    type Target = &'t Tape<V>;

    fn deref(&self) -> &Self::Target {
        &self.tape
    }
}

const REDUCE: &str = "reduce it, for example by `.mean()`";

/// Panics at the caller's line unless a loss is a scalar. The message bears the name of the method that was called.
#[track_caller]
pub(super) fn check_scalar(method: &str, shape: &Shape) {
    assert!(shape.size() == 1, "{method}: the loss has shape {shape}, but must be a scalar; {REDUCE}");
}
