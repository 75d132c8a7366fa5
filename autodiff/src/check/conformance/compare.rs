//! The comparison of a value with the expected numbers.

use super::case::Case;
use super::disagreement::Disagreement;
use crate::algebra::{Op, Reading};
use crate::array::{Number, Shape, Tensor};

/// Makes values, compares them, and counts the comparisons.
pub(super) struct Checker<F> {
    pub(super) make: F,
    pub(super) tolerance: f64,
    pub(super) comparisons: usize,
}

/// What is compared.
pub(super) struct Subject<'a> {
    /// The operation with its operands, or the method.
    pub(super) operation: &'a str,
    /// The result in words, such as “the gradient with respect to operand 0”.
    pub(super) what: &'a str,
    /// The order of the derivative.
    pub(super) order: i32,
}

impl Subject<'_> {
    pub(super) fn disagrees(&self, place: String, found: String, expected: String) -> Box<Disagreement> {
        let what = format!("{}{place}", self.what);
        Box::new(Disagreement { operation: self.operation.into(), what, found, expected, operands: Vec::new() })
    }
}

impl<F> Checker<F> {
    pub(super) fn make<V: Reading>(&self, x: &Tensor<V::Elem>) -> V
    where
        F: Fn(&Tensor<V::Elem>) -> V,
    {
        (self.make)(x)
    }

    /// Compares the shape and all numbers.
    pub(super) fn compare<V: Reading>(
        &mut self,
        subject: &Subject<'_>,
        found: &V,
        expected: &Tensor<V::Elem>,
    ) -> Result<(), Box<Disagreement>> {
        self.shapes(subject, &found.shape(), expected.shape())?;
        let numbers = found.primal();
        if found.batch_axes() == 0 {
            self.shapes(subject, numbers.shape(), expected.shape())?;
        }
        self.numbers(subject, &numbers, expected)
    }

    pub(super) fn shapes(
        &mut self,
        subject: &Subject<'_>,
        found: &Shape,
        expected: &Shape,
    ) -> Result<(), Box<Disagreement>> {
        self.comparisons += 1;
        match found == expected {
            true => Ok(()),
            false => Err(subject.disagrees(", its shape,".into(), found.to_string(), expected.to_string())),
        }
    }

    /// Compares numbers. Those of a batch are several copies of the expected ones.
    pub(super) fn numbers<T: Number>(
        &mut self,
        subject: &Subject<'_>,
        found: &Tensor<T>,
        expected: &Tensor<T>,
    ) -> Result<(), Box<Disagreement>> {
        let (size, found) = (expected.size(), found.contiguous());
        let fits = if size == 0 { found.size() == 0 } else { found.size() > 0 && found.size() % size == 0 };
        if !fits {
            return Err(subject.disagrees(
                ", its number of elements,".into(),
                found.size().to_string(),
                size.to_string(),
            ));
        }
        let allowed = self.tolerance * 8f64.powi(subject.order);
        let wanted: Vec<f64> = expected.iter().map(|x| x.to_f64()).collect();
        for (i, found) in found.iter().enumerate() {
            let (found, expected) = (found.to_f64(), wanted[i % size]);
            self.comparisons += 1;
            if !is_close(found, expected, allowed) {
                return Err(subject.disagrees(format!(" at {}", i % size), found.to_string(), expected.to_string()));
            }
        }
        Ok(())
    }

    /// Compares places along an axis. Those of a batch are several copies of the expected ones.
    pub(super) fn places(
        &mut self,
        subject: &Subject<'_>,
        found: &Tensor<usize>,
        expected: &Tensor<usize>,
    ) -> Result<(), Box<Disagreement>> {
        self.comparisons += 1;
        let (found, expected) = (found.to_vec(), expected.to_vec());
        let agree = !found.is_empty() && found.chunks(expected.len()).all(|found| *found == expected[..]);
        match agree {
            true => Ok(()),
            false => Err(subject.disagrees(String::new(), format!("{found:?}"), format!("{expected:?}"))),
        }
    }

    /// Compares the result of a case, and adds the operands to a disagreement of a pointwise operation.
    pub(super) fn case<V: Reading>(
        &mut self,
        case: &Case<V::Elem>,
        (what, order): (&str, i32),
        found: &V,
        expected: &Tensor<V::Elem>,
    ) -> Result<(), Box<Disagreement>> {
        let name = case.name();
        let subject = Subject { operation: &name, what, order };
        self.compare(&subject, found, expected).map_err(|mut disagreement| {
            let place = disagreement.what.rsplit_once(" at ").and_then(|(_, place)| place.parse::<usize>().ok());
            if let (Op::Pointwise(_), Some(place)) = (&case.op, place) {
                let number = |x: &Tensor<V::Elem>| x.iter().nth(place).map(|x| x.to_f64());
                disagreement.operands = case.x.iter().filter_map(number).collect();
            }
            disagreement
        })
    }
}

/// Whether two numbers are both NaN, the same infinity, or finite and close.
fn is_close(a: f64, b: f64, tolerance: f64) -> bool {
    a == b || a.is_nan() && b.is_nan() || (a - b).abs() <= tolerance * b.abs().max(1.0)
}
