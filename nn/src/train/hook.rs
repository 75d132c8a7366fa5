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
/// `fit` returns the error of the hook or a [`NotFinite`], so the error must implement `From<NotFinite>`, as
/// `Box<dyn Error>` does. [`FileError`](crate::FileError) does not: a hook that saves ends with
/// `Ok::<_, Box<dyn Error>>(())`.
#[diagnostic::on_unimplemented(
    message = "a hook of `fit` cannot return `{Self}`",
    label = "not the result of a hook",
    note = "a hook returns `()`, `ControlFlow<()>`, or a `Result` of either",
    note = "its error must be made from a `NotFinite` too: it may end with `Ok::<_, Box<dyn std::error::Error>>(())`"
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

/// An error that [`fit`](super::Trainer::fit) can return.
#[diagnostic::on_unimplemented(
    message = "`fit` cannot return `{Self}`, the error of its hook",
    label = "not an error of `fit`",
    note = "`fit` returns the error of its hook or a `NotFinite`, so the error must be made from a `NotFinite` too",
    note = "a hook may end with `Ok::<_, Box<dyn std::error::Error>>(())`"
)]
pub trait HookError: From<NotFinite> {}

#[diagnostic::do_not_recommend]
impl<E: From<NotFinite>> HookError for E {}

impl<E: HookError> HookResult for Result<(), E> {
    type Error = E;

    fn flow(self) -> Result<ControlFlow<()>, E> {
        self.map(ControlFlow::Continue)
    }
}

impl<E: HookError> HookResult for Result<ControlFlow<()>, E> {
    type Error = E;

    fn flow(self) -> Result<ControlFlow<()>, E> {
        self
    }
}
