//! The verdict on a function: a report, or a failure with its cause.

use super::case::Case;
use super::explain;
use super::failure::{Failure, Finding, Report};
use super::find::{failure, first};
use crate::algebra::Value;
use crate::array::Number;
use crate::tape::Tape;

/// Checks a function, and explains what is found.
pub(super) fn check<V: Value>(case: &Case<'_, V>) -> Result<Report, Box<Failure>> {
    assert!(!case.x.is_empty(), "check_grads: the function has no inputs");
    assert!(case.options.order > 0, "check_grads: order 0 leaves nothing to check");
    assert!(case.options.directions > 0, "check_grads: without a direction nothing is checked");
    assert!(!case.options.modes.is_empty(), "check_grads: no mode is asked for");
    is_function(case)?;
    first(case).map_err(|mut failure| {
        failure.cause = explain::cause(case, &failure);
        failure
    })
}

fn is_function<V: Value>(case: &Case<'_, V>) -> Result<(), Box<Failure>> {
    let value = || {
        let tape = Tape::new();
        let run = case.run(&tape, case.x);
        run.projected(&mut case.weights(0)).item()
    };
    let [a, b] = [value(), value()].map(Number::to_f64);
    match a.to_bits() == b.to_bits() {
        true => Ok(()),
        false => Err(failure(0, None, Finding::NotAFunction([a, b]))),
    }
}
