//! Laws over the table. A law must hold for every row; a failing test names each row that breaks the law.

use crate::table::Row;
use autodiff::{Element, Tensor};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The result of a law for one row: `Ok`, or a description of the failure.
pub type Verdict = Result<(), String>;

/// Asserts that a law holds for each of some rows.
///
/// # Panics
/// Panics with a list of all rows that break the law. A row for which the law panics breaks it.
#[track_caller]
pub fn every(rows: impl IntoIterator<Item = Row>, law: impl Fn(Row) -> Verdict) {
    let verdict = |row| catch_unwind(AssertUnwindSafe(|| law(row))).unwrap_or_else(|panic| Err(message_of(&*panic)));
    let (mut count, mut broken) = (0, Vec::new());
    for row in rows {
        count += 1;
        broken.extend(verdict(row).err().map(|why| format!("{row:?}: {why}")));
    }
    assert!(count > 0, "the law was applied to no row");
    assert!(broken.is_empty(), "broken for {} of {count} rows:\n{}", broken.len(), broken.join("\n"));
}

fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|&text| text.to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "the law panics".into())
}

/// Asserts that a law holds for all rows.
///
/// # Panics
/// As [`every`].
#[track_caller]
pub fn every_row(law: impl Fn(Row) -> Verdict) {
    every(Row::ALL.iter().copied(), law);
}

/// Compares two results up to `tolerance`, which is relative for numbers above 1.
///
/// With a tolerance of 0 the results must be equal bit by bit, except for the sign of 0. Laws are tried at smooth
/// points only, so a number that is not finite is a failure too.
pub fn agree<T: Element>(what: &str, left: &Tensor<T>, right: &Tensor<T>, tolerance: f64) -> Verdict {
    if let Some(x) = left.iter().find(|x| !x.to_f64().is_finite()) {
        return Err(format!("{what}: {x} is not finite"));
    }
    left.approx(right, tolerance).map_err(|mismatch| format!("{what}: {mismatch}"))
}
