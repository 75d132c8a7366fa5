//! Catching a panic with its text and its place.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::sync::Once;

thread_local! {
    static CAUGHT: RefCell<Option<(String, String, u32)>> = const { RefCell::new(None) };
    static CATCHING: Cell<bool> = const { Cell::new(false) };
}

/// The text, the file and the line of the panic of `f`.
pub(crate) fn caught<R>(f: impl FnOnce() -> R) -> Option<(String, String, u32)> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !CATCHING.get() {
                return before(info);
            }
            let place = info.location().expect("a place");
            let payload = info.payload();
            let text = payload.downcast_ref::<String>().cloned();
            let text = text.or_else(|| payload.downcast_ref::<&str>().map(|&text| text.into())).expect("a text");
            CAUGHT.set(Some((text, place.file().to_owned(), place.line())));
        }));
    });
    CATCHING.set(true);
    let _ = catch_unwind(AssertUnwindSafe(f));
    CATCHING.set(false);
    CAUGHT.take()
}

/// Asserts that `f` panics with `text`, at the statement that calls this. (A statement is formatted on up to six lines.)
#[track_caller]
pub(crate) fn fails<R>(text: &str, f: impl FnOnce() -> R) {
    let here = Location::caller();
    let Some((message, file, line)) = caught(f) else { panic!("does not panic, but should: {text}") };
    assert_eq!(message, text);
    let inside = file == here.file() && (here.line()..here.line() + 6).contains(&line);
    assert!(inside, "«{text}» is said at {file}:{line}, not at {}:{}", here.file(), here.line());
}
