//! What the workspace's tests share: the table of operations, and the means to state a law over it.
//!
//! - [`table`]: one row an operation, with the points at which it is smooth.
//! - [`law`]: a law holds for every row, or the test names the rows for which it does not.
//! - [`planted_faults`]: rules with a fault in them, by which the checker is checked.
//! - [`finite_differences`]: derivatives from values alone, the reference that needs no rule.

pub mod domain;
pub mod finite_differences;
pub mod law;
pub mod planted_faults;
pub mod table;

use proptest::test_runner::{Config, RngSeed};

/// Draws `n` cases, the same in every run, as figures are asserted of them: no build fails by chance. Others are drawn
/// with `PROPTEST_RNG_SEED=1 cargo test` (or 2, …), and more of them with `PROPTEST_CASES=10000`.
pub fn cases(n: u32) -> Config {
    let asked = Config::default();
    let rng_seed = match asked.rng_seed {
        RngSeed::Random => RngSeed::Fixed(1847),
        fixed @ RngSeed::Fixed(_) => fixed,
    };
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { asked.cases } else { n };
    Config { cases, rng_seed, failure_persistence: None, ..asked }
}

/// The program in the README is a test too.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
