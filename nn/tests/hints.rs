//! The compiler's messages for the mistakes that users make most: they name the mistake and its remedy.

use std::process::Command;

/// The compiler that wrote the messages in `tests/hints`. Other versions word them differently.
const COMPILER: &str = "rustc 1.95.";

/// After a change, `TRYBUILD=overwrite cargo test -p nn --test hints` writes the messages anew, to be read.
#[test]
fn mistakes_are_named_with_their_remedy() {
    let version = Command::new("rustc").arg("--version").output().expect("a compiler");
    let version = String::from_utf8_lossy(&version.stdout);
    if version.starts_with(COMPILER) {
        trybuild::TestCases::new().compile_fail("tests/hints/*.rs");
    } else {
        eprintln!("skipped: the messages are those of {COMPILER}x, and this is {version}");
    }
}
