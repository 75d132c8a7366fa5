//! The check that an input has as many features as the weights take.

use autodiff::prelude::*;

/// An input in the words of the caller, for messages.
#[derive(Clone, Copy)]
pub(crate) struct Input {
    /// The function that the user called.
    pub(crate) function: &'static str,
    /// What takes the input, such as “the network”.
    pub(crate) taker: &'static str,
    /// The name of the argument.
    pub(crate) name: &'static str,
}

impl Input {
    pub(crate) const fn new(function: &'static str, taker: &'static str, name: &'static str) -> Self {
        Self { function, taker, name }
    }

    /// Panics at the caller's line unless the last axis has this number of features.
    #[inline]
    #[track_caller]
    pub(crate) fn check(&self, shape: &Shape, features: usize) {
        if shape.last() != Some(&features) {
            self.refuse(shape, features);
        }
    }

    /// Panics at the caller's line unless the shape is a batch \[n, features\] with at least one sample.
    #[track_caller]
    pub(crate) fn check_batch(&self, shape: &Shape, features: usize) {
        self.check(shape, features);
        let Self { function, name, .. } = self;
        let fits = shape.rank() == 2 && shape[0] > 0;
        assert!(fits, "{function}: `{name}` has shape {shape}, but a batch [n, {features}] with n > 0 is needed");
    }

    #[cold]
    #[track_caller]
    fn refuse(&self, shape: &Shape, features: usize) -> ! {
        let Self { function, taker, name } = self;
        panic!("{function}: {taker} takes {features} features, but `{name}` has shape {shape}")
    }
}
