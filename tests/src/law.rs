//! A law over the table: it holds for every row, or the test fails and names the rows for which it does not.

use crate::table::Row;
use autodiff::{Element, Tensor};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a law finds at one row.
pub type Verdict = Result<(), String>;

/// Tries a law on each of some rows.
///
/// # Panics
/// With all the rows where it is broken, and how.
#[track_caller]
pub fn every(rows: impl IntoIterator<Item = Row>, law: impl Fn(Row) -> Verdict) {
    let verdict = |row| match catch_unwind(AssertUnwindSafe(|| law(row))) {
        Ok(verdict) => verdict,
        Err(panic) => Err(panic.downcast_ref::<String>().cloned().unwrap_or_else(|| "it panics".into())),
    };
    let (mut tried, mut broken) = (0, Vec::new());
    for row in rows {
        tried += 1;
        broken.extend(verdict(row).err().map(|why| format!("{row:?}: {why}")));
    }
    assert!(tried > 0, "the law was tried on nothing");
    assert!(broken.is_empty(), "broken for {} of {tried} rows:\n{}", broken.len(), broken.join("\n"));
}

/// Tries a law on all rows.
///
/// # Panics
/// As [`every`].
#[track_caller]
pub fn every_row(law: impl Fn(Row) -> Verdict) {
    every(Row::ALL.iter().copied(), law);
}

/// Says that two ways agree up to `tolerance`, relative above 1; with 0 they are bit-equal, but for the sign of 0.
/// Points are taken where everything is smooth, so a number that is not finite is a fault too.
pub fn agree<T: Element>(what: &str, left: &Tensor<T>, right: &Tensor<T>, tolerance: f64) -> Verdict {
    if let Some(x) = left.iter().find(|x| !x.to_f64().is_finite()) {
        return Err(format!("{what}: {x} is not finite"));
    }
    left.approx(right, tolerance).map_err(|mismatch| format!("{what}: {mismatch}"))
}
