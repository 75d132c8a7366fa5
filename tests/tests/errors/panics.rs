//! Catches a panic with its message and its location.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::sync::Once;

thread_local! {
    static CAUGHT: RefCell<Option<(String, String, u32)>> = const { RefCell::new(None) };
    static CATCHING: Cell<bool> = const { Cell::new(false) };
}

/// The message, the file and the line of the panic of `f`, or `None` if `f` returns.
pub(crate) fn caught<R>(f: impl FnOnce() -> R) -> Option<(String, String, u32)> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !CATCHING.get() {
                return before(info);
            }
            let location = info.location().expect("a panic has a location");
            let payload = info.payload();
            let text = payload.downcast_ref::<String>().cloned();
            let text = text
                .or_else(|| payload.downcast_ref::<&str>().map(|&text| text.into()))
                .expect("a panic has a message");
            CAUGHT.set(Some((text, location.file().to_owned(), location.line())));
        }));
    });
    CATCHING.set(true);
    let _ = catch_unwind(AssertUnwindSafe(f));
    CATCHING.set(false);
    CAUGHT.take()
}

/// Asserts that `f` panics with the message `text`, at the calling statement, which may span six lines.
#[track_caller]
pub(crate) fn fails<R>(text: &str, f: impl FnOnce() -> R) {
    let here = Location::caller();
    let Some((message, file, line)) = caught(f) else { panic!("no panic, expected “{text}”") };
    assert_eq!(message, text);
    let inside = file == here.file() && (here.line()..here.line() + 6).contains(&line);
    assert!(inside, "“{text}” names {file}:{line} as its location, expected {}:{}", here.file(), here.line());
}
