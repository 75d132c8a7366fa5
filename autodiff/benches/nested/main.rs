//! Nested derivatives of small programs, by every combination of modes, beside two levels of central differences.
//!
//! `saddle` and `particle` are the benchmarks of Siskind and Pearlmutter, *Using polyvariant union-free flow analysis to
//! compile a higher-order functional-programming language with a first-class derivative operator to efficient
//! Fortran-like code* (2008), with a fixed number of steps. `two_particles` compares forward mode nested in itself with
//! dual numbers written by hand.
//!
//!     cargo bench -p autodiff --bench nested
//!
//! As `… run saddle reverse-forward 10` the executable runs one contender ten times without criterion, so that a profiler
//! counts its instructions.
#![allow(missing_docs)]

mod mode;
mod particle;
mod saddle;
mod two_particles;

use criterion::{BenchmarkId, Criterion};
use std::hint::black_box;

/// A name and a run, which returns the result.
type Contender = (&'static str, fn() -> f64);

/// A program: its name, and its result by each contender. The first contender is the one that the others are compared
/// with.
struct Program {
    name: &'static str,
    contenders: Vec<Contender>,
    /// The difference from the first contender that is allowed.
    tolerance: f64,
}

/// All combinations of modes, the outer one first, and differences of differences.
macro_rules! combinations {
    ($run:ident) => {
        vec![
            ("forward-forward", $run::<Forward, Forward> as fn() -> f64),
            ("forward-reverse", $run::<Forward, Reverse>),
            ("reverse-forward", $run::<Reverse, Forward>),
            ("reverse-reverse", $run::<Reverse, Reverse>),
            ("differences", $run::<Differences, Differences>),
        ]
    };
}

use combinations;

fn main() {
    let programs = [saddle::program(), particle::program(), two_particles::program()];
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, name, contender, runs] = &*arguments
        && command == "run"
    {
        return run(&programs, name, contender, runs.parse().expect("a number of runs"));
    }
    let mut criterion = Criterion::default().configure_from_args();
    for program in programs {
        program.check();
        let mut group = criterion.benchmark_group(format!("nested/{}", program.name));
        group.sample_size(20);
        for (contender, run) in program.contenders {
            group.bench_function(BenchmarkId::from_parameter(contender), |bencher| bencher.iter(|| black_box(run())));
        }
    }
    criterion.final_summary();
}

fn run(programs: &[Program], name: &str, contender: &str, runs: usize) {
    let program = programs.iter().find(|program| program.name == name).expect("the name of a program");
    let (_, run) = program.contenders.iter().find(|(name, _)| *name == contender).expect("the name of a contender");
    for _ in 0..runs {
        black_box(run());
    }
}

impl Program {
    fn check(&self) {
        let expected = self.contenders[0].1();
        for (contender, run) in &self.contenders {
            let (name, result) = (self.name, run());
            let near = (result - expected).abs() <= self.tolerance * expected.abs();
            assert!(near, "{name}: {contender} gives {result}, expected {expected}");
        }
    }
}
