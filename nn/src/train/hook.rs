//! The result of a hook.

use super::guard::NotFinite;
use std::ops::ControlFlow;

/// The result of a hook of [`fit`](super::Trainer::fit), which decides whether the training goes on:
///
/// | result | the training |
/// |---|---|
/// | `()` | goes on |
/// | [`ControlFlow<()>`](ControlFlow) | goes on or stops |
/// | a `Result` of either | ends with the error of the hook if there is one |
///
/// `fit` returns the error of the hook as its own, so this type must hold a [`NotFinite`] too, as `Box<dyn Error>` does.
#[diagnostic::on_unimplemented(
    message = "a hook of `fit` cannot return `{Self}`",
    label = "not the result of a hook",
    note = "a hook returns `()`, `ControlFlow<()>`, or a `Result` of either",
    note = "`fit` returns the error of its hook, so this type must be made from a `NotFinite` too, as `Box<dyn Error>` is"
)]
pub trait HookResult {
    /// The error that `fit` returns.
    type Error: From<NotFinite>;

    /// Whether the training goes on.
    ///
    /// # Errors
    /// Returns the error of the hook.
    fn flow(self) -> Result<ControlFlow<()>, Self::Error>;
}

impl HookResult for () {
    type Error = NotFinite;

    fn flow(self) -> Result<ControlFlow<()>, NotFinite> {
        Ok(ControlFlow::Continue(()))
    }
}

impl HookResult for ControlFlow<()> {
    type Error = NotFinite;

    fn flow(self) -> Result<ControlFlow<()>, NotFinite> {
        Ok(self)
    }
}

impl<E: From<NotFinite>> HookResult for Result<(), E> {
    type Error = E;

    fn flow(self) -> Result<ControlFlow<()>, E> {
        self.map(ControlFlow::Continue)
    }
}

impl<E: From<NotFinite>> HookResult for Result<ControlFlow<()>, E> {
    type Error = E;

    fn flow(self) -> Result<ControlFlow<()>, E> {
        self
    }
}
