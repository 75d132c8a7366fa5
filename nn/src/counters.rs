//! What an optimiser holds besides tensors.

/// The numbers of an optimiser, or of anything else that training carries on, that are no leaves of its tree: counters
/// of steps, learning rates, settings.
///
/// A checkpoint keeps them beside the leaves, so that training goes on from it with the same bits. All are shown as
/// `f64`, which holds every `f32`, `i32` and `bool`, and counts up to 2⁵³, exactly.
pub trait Counters {
    /// Shows each number with its name, to be read or written.
    fn counters(&mut self, show: &mut dyn FnMut(&str, &mut f64));
}
