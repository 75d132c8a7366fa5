//! The factors of derivatives that are computed once.

use crate::algebra::{Pointwise, Reading};
use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};

/// The pointwise results that rules have computed from nodes alone, such as cos x in g·cos x, by operation and operands.
///
/// Each derivative of a derivative needs them again. In the residual of the heat equation (`benches/derivatives` of `nn`),
/// three quarters of the tanh and sech² were repetitions, and took 10 % of a step.
#[derive(Default)]
pub(super) struct Slopes(HashMap<Key, Known>);

/// An operation with the bits of its parameter, and its operands.
type Key = (Discriminant<Pointwise>, u64, [u32; 2]);

/// A node that holds the result.
#[derive(Clone, Copy)]
pub(super) enum Known {
    /// Recorded by a rule, and used by all rules.
    Factor(u32),
    /// Recorded by the user. Only its value is used, because the user may ask for derivatives with respect to it.
    Value(u32),
}

fn key(op: Pointwise, operands: [u32; 2]) -> Key {
    (discriminant(&op), op.parameter().map_or(0, f64::to_bits), operands)
}

/// Whether a rule needs the operation as a factor: that of sech²x needs tanh x.
pub(super) fn is_factor(op: Pointwise) -> bool {
    use Pointwise::{Cos, Cosh, Sin, Sinh, Tanh};
    matches!(op, Cos | Cosh | Sin | Sinh | Tanh)
}

/// Whether a factor of this size takes longer to compute again than to find.
pub(super) fn is_worth_keeping<V: Reading>(value: &V) -> bool {
    const LARGE: usize = 256;
    !V::SCALAR && value.elements() >= LARGE
}

impl Slopes {
    pub(super) fn get(&self, op: Pointwise, operands: [u32; 2]) -> Option<Known> {
        self.0.get(&key(op, operands)).copied()
    }

    pub(super) fn insert_factor(&mut self, op: Pointwise, operands: [u32; 2], id: u32) {
        self.0.insert(key(op, operands), Known::Factor(id));
    }

    /// Notes a node of the user.
    pub(super) fn note(&mut self, op: Pointwise, operands: [u32; 2], id: u32) {
        self.0.entry(key(op, operands)).or_insert(Known::Value(id));
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.capacity() * size_of::<(Key, Known)>()
    }
}
