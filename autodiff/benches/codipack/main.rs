//! Gradients of scalar programs beside CoDiPack, one of the fastest tools for C++, on one thread each.
//!
//!     CODIPACK=path/to/CoDiPack cargo bench -p autodiff --bench codipack [-- PROGRAM …]
//!
//! `CODIPACK` names a checkout of <https://github.com/SciCompKL/CoDiPack>; version 3.1.1 was used. `codipack.cpp` is
//! compiled by `g++ -O3 -march=native`. The two take turns on each program, and the shortest turn counts. Both must
//! compute the same derivatives.
//!
//! The programs of `../scalar` are measured with [`ScalarTape::grad`], and bundle adjustment with
//! [`ScalarTape::jacobian`]. With the arguments `--repeat PROGRAM N`, the bench only repeats one program of ours, for a
//! tool that counts instructions.
#![allow(missing_docs)]

#[path = "../scalar/bundle.rs"]
mod bundle;
#[allow(dead_code, reason = "the gradient by hand is not used here")]
#[path = "../scalar/chain.rs"]
mod chain;
#[path = "../scalar/determinant.rs"]
mod determinant;
#[allow(dead_code, reason = "the gradient by hand is not used here")]
#[path = "../scalar/gmm.rs"]
mod gmm;
#[path = "../scalar/lstm.rs"]
mod lstm;
#[allow(dead_code, reason = "the gradient by hand is not used here")]
#[path = "../scalar/mlp.rs"]
mod mlp;
#[allow(dead_code, reason = "the gradient by hand is not used here")]
#[path = "../scalar/monte_carlo.rs"]
mod monte_carlo;
#[path = "../scalar/ode.rs"]
mod ode;
mod peer;
#[allow(dead_code, reason = "the gradient by hand is not used here")]
#[path = "../scalar/rosenbrock.rs"]
mod rosenbrock;
#[allow(dead_code, reason = "the gradient by hand is not used here")]
#[path = "../scalar/workload.rs"]
mod workload;

use autodiff::prelude::*;
use peer::Peer;
use std::hint::black_box;
use std::time::{Duration, Instant};
use workload::Workload;

/// The number of turns of each contender.
const TURNS: usize = 25;
/// The shortest duration of a turn.
const TURN: Duration = Duration::from_millis(20);

/// Computes all derivatives of a program.
type Step = Box<dyn FnMut() -> Vec<f64>>;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [option, name, repeats] = &arguments[..]
        && option == "--repeat"
    {
        return repeat(name, repeats.parse().expect("codipack: N must be an integer"));
    }
    let mut peer = match Peer::start() {
        Ok(peer) => peer,
        Err(reason) => return eprintln!("codipack: left out, because {reason}"),
    };
    println!("| program | ours, µs | CoDiPack, µs | ours / CoDiPack |\n|---|---:|---:|---:|");
    for (name, mut step) in programs() {
        if arguments.is_empty() || arguments.iter().any(|argument| argument == name) {
            let (ours, peer) = race(name, &mut step, &mut peer);
            println!("| {name} | {:.1} | {:.1} | {:.2} |", ours * 1e6, peer * 1e6, ours / peer);
        }
    }
}

fn programs() -> Vec<(&'static str, Step)> {
    vec![
        gradient(ode::Ode::<1_000>),
        gradient(ode::Ode::<10_000>),
        gradient(lstm::Lstm::new()),
        gradient(determinant::Determinant),
        (bundle::NAME, Box::new(jacobians())),
        gradient(rosenbrock::Rosenbrock),
        gradient(mlp::Mlp::new()),
        gradient(monte_carlo::MonteCarlo::new()),
        gradient(gmm::Gmm::new()),
        gradient(chain::Chain::new()),
    ]
}

fn gradient<W: Workload + 'static>(workload: W) -> (&'static str, Step) {
    let (x, mut tape) = (workload.inputs(), ScalarTape::new());
    (W::NAME, Box::new(move || tape.grad(black_box(&x), |x| workload.program(x))))
}

fn jacobians() -> impl FnMut() -> Vec<f64> {
    let (observations, mut tape) = (bundle::observations(), ScalarTape::new());
    move || {
        let mut rows = Vec::with_capacity(bundle::OBSERVATIONS * 2 * bundle::PARAMETERS);
        for (p, pixel) in &observations {
            let jacobian = tape.jacobian(black_box(p), |p| bundle::residuals(p, pixel).to_vec());
            rows.extend_from_slice(jacobian.as_slice().expect("a Jacobian is contiguous"));
        }
        rows
    }
}

fn repeat(name: &str, repeats: usize) {
    let (_, mut step) = programs().into_iter().find(|(known, _)| *known == name).expect("codipack: no such program");
    (0..repeats).for_each(|_| drop(black_box(step())));
}

/// Our shortest time of a step, and the peer's, in seconds.
fn race(name: &str, step: &mut Step, peer: &mut Peer) -> (f64, f64) {
    check(name, &step(), &peer.run(name, 1).derivatives);
    let mut ours = |n: usize| {
        let start = Instant::now();
        (0..n).for_each(|_| drop(black_box(step())));
        start.elapsed().as_secs_f64()
    };
    let mut theirs = |n: usize| peer.run(name, n).seconds;
    let repeats = [&mut ours as &mut dyn FnMut(usize) -> f64, &mut theirs].map(repeats_of_a_turn);
    let mut best = (f64::INFINITY, f64::INFINITY);
    for _ in 0..TURNS {
        best.0 = best.0.min(ours(repeats[0]) / repeats[0] as f64);
        best.1 = best.1.min(theirs(repeats[1]) / repeats[1] as f64);
    }
    best
}

fn repeats_of_a_turn(run: &mut dyn FnMut(usize) -> f64) -> usize {
    let mut n = 1;
    while run(n) < TURN.as_secs_f64() {
        n *= 2;
    }
    n
}

/// Compares the sum and the sum of squares of all derivatives.
fn check(name: &str, ours: &[f64], peer: &[f64; 2]) {
    let (sum, squares) = ours.iter().fold((0.0, 0.0), |(sum, squares), g| (sum + g, squares + g * g));
    let size = ours.iter().map(|g| g.abs()).sum::<f64>();
    let agree = (sum - peer[0]).abs() <= 1e-10 * size && (squares - peer[1]).abs() <= 1e-10 * squares;
    assert!(agree, "{name}: the sums of the derivatives and of their squares are {sum} and {squares}, not {peer:?}");
}
