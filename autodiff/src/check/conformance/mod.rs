//! Whether a type of your own reads every operation as [`Tensor`] does.

mod case;
mod compare;
mod disagreement;
mod methods;
mod modes;
mod pointwise;
mod structural;

pub use disagreement::Disagreement;

use crate::algebra::Value;
use crate::array::Tensor;
use compare::Checker;

/// Compares a type of your own with [`Tensor`]: the value and the shape of each operation, at kinks, poles, ties, infinities
/// and NaN; the methods and operators of the type; then gradients, second derivatives, forward mode and batches of each
/// operation. Returns the number of comparisons.
///
/// `make` makes a value of the type out of numbers. Each operation is also applied to operands that do not fit, and must
/// panic. Zeros may have either sign. Numbers may differ by a relative 10⁻¹², or 10⁻⁵ for `f32`, and eight times as
/// much with each order; [`value_within`] takes another distance.
///
/// ```
/// use autodiff::prelude::*;
/// let tape = Tape::new();
/// autodiff::check::value(|numbers: &Tensor<f64>| tape.variable(numbers.clone()))?;
/// # Ok::<(), Box<autodiff::check::Disagreement>>(())
/// ```
///
/// # Errors
/// Returns the first [`Disagreement`], which names the operation, the place and both numbers.
///
/// # Panics
/// Panics if an operation of the type panics, and if its values have no axes.
pub fn value<V: Value>(make: impl Fn(&Tensor<V::Elem>) -> V) -> Result<usize, Box<Disagreement>> {
    value_within(if super::options::rounding::<V::Elem>() > 1e-10 { 1e-5 } else { 1e-12 }, make)
}

/// As [`value`], with another relative distance that numbers may have.
///
/// # Errors
/// As [`value`].
///
/// # Panics
/// As [`value`].
pub fn value_within<V: Value>(
    tolerance: f64,
    make: impl Fn(&Tensor<V::Elem>) -> V,
) -> Result<usize, Box<Disagreement>> {
    assert!(!V::SCALAR, "check::value: the values have no axes, which most operations need");
    let mut checker = Checker { make, tolerance, comparisons: 0 };
    methods::conversions(&mut checker)?;
    // All values come first: derivatives and batches use other operations too, and the one at fault is to be named.
    let cases: Vec<_> = pointwise::cases().chain(structural::cases()).collect();
    cases.iter().try_for_each(|case| modes::value(&mut checker, case))?;
    for case in structural::misfits() {
        modes::misfit(&checker, &case)?;
    }
    methods::operators(&mut checker)?;
    methods::choices(&mut checker)?;
    methods::changes(&mut checker)?;
    cases.iter().try_for_each(|case| modes::derivatives(&mut checker, case))?;
    cases.iter().try_for_each(|case| modes::batch(&mut checker, case))?;
    Ok(checker.comparisons)
}
