//! Shared parts of the workspace's tests: the table of operations, and the tools to state laws over it.
//!
//! - [`table`]: one row per operation, with the domain in which the operation is smooth.
//! - [`law`]: asserts that a law holds for every row, or names the rows that break it.
//! - [`planted_faults`]: differentiation rules with a deliberate fault, which the gradient checker must find.
//! - [`finite_differences`]: derivatives from function values alone, a reference that needs no rule.

pub mod domain;
pub mod finite_differences;
pub mod law;
pub mod planted_faults;
pub mod table;

use proptest::test_runner::{Config, RngSeed};

/// A configuration that draws `n` cases, the same in every run, so that no build fails by chance.
///
/// `PROPTEST_RNG_SEED=1 cargo test` (or 2, …) draws other cases; `PROPTEST_CASES=10000` draws more of them.
pub fn cases(n: u32) -> Config {
    let config = Config::default();
    let rng_seed = match config.rng_seed {
        RngSeed::Random => RngSeed::Fixed(1847),
        fixed @ RngSeed::Fixed(_) => fixed,
    };
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { config.cases } else { n };
    Config { cases, rng_seed, failure_persistence: None, ..config }
}

/// Compiles and runs the programs in the README.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
