//! Other libraries beside ours, on the same work in one run.
//!
//!     cargo run --release --manifest-path nn/benches/peers/Cargo.toml [-- TASK …]
//!
//! A package of its own, so that no user of ours builds the others. Each library is written as its documentation shows
//! it, one file each, in equal form; their `gemm` has its AVX-512 kernels on, which they leave off, so they are at
//! their best here. All of them must give the same losses and gradients before anything is timed.
//!
//! A task is a process of its own, so that none finds the heap as another has left it, and each library runs on a
//! thread of its own, so that none finds itself in another's pool. They take turns; the best of the turns counts.
//!
//! What is left out: burn's `cpu` backend does not build offline (`tracel-llvm-bundler` downloads LLVM), and its
//! `ndarray` backend is deprecated. Of all of them only candle differentiates a gradient of tensors again, with an
//! environment variable, which is set here: burn's gradients have no graph; dfdx's have no tape, by their type;
//! rust-autograd's matrix product loses its transposes in the second derivative.

#[allow(dead_code, reason = "each program needs a part of it")]
#[path = "../../by_hand/mod.rs"]
mod by_hand;
#[allow(dead_code, reason = "each program needs a part of it")]
#[path = "../../../../autodiff/benches/scalar/chain.rs"]
mod chain;
#[allow(dead_code, reason = "each program needs a part of it")]
#[path = "../../../../autodiff/benches/scalar/mlp.rs"]
mod mlp;
#[path = "../../../../autodiff/benches/scalar/rosenbrock.rs"]
mod rosenbrock;
#[allow(dead_code, reason = "each program needs a part of it")]
#[path = "../../work/mod.rs"]
mod work;
#[allow(dead_code, reason = "each program needs a part of it")]
#[path = "../../../../autodiff/benches/scalar/workload.rs"]
mod workload;

mod contender;
mod scalars;
mod task;
mod tensors;

use std::process::Command;
use task::Task;

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    match &asked[..] {
        [option, name] if option == "--row" => row(name),
        _ => {
            table(&tensors::NAMES, Task::tensors(), &asked);
            table(&scalars::NAMES, Task::scalars(), &asked);
        }
    }
}

/// A table of the tasks that were asked for, or of all.
fn table(names: &[&str], tasks: Vec<Task>, asked: &[String]) {
    let tasks: Vec<String> = tasks.iter().map(Task::name).filter(|t| asked.is_empty() || asked.contains(t)).collect();
    if tasks.is_empty() {
        return;
    }
    println!("\n| µs, and how many times ours | {} |\n|---|{}", names.join(" | "), "---:|".repeat(names.len()));
    for task in tasks {
        let program = std::env::current_exe().expect("this program has a path");
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get()).to_string();
        // candle counts the processors at each product where rayon is not told how many threads there are.
        let done = Command::new(program)
            .args(["--row", &task])
            .env("RAYON_NUM_THREADS", threads)
            .env("CANDLE_GRAD_DO_NOT_DETACH", if task.starts_with("hvp") { "1" } else { "0" })
            .status()
            .expect("the program runs again");
        assert!(done.success(), "{task}");
    }
}

fn row(name: &str) {
    let named = |tasks: Vec<Task>| tasks.into_iter().find(|task| task.name() == name);
    let (task, contenders) = match (named(Task::tensors()), named(Task::scalars())) {
        (Some(task), _) => (task, tensors::contenders(task)),
        (_, Some(task)) => (task, scalars::contenders(task)),
        _ => panic!("no task {name}"),
    };
    contender::check(&contenders, task.tolerance());
    let best = contender::race(&contenders);
    let cell = |micros: &Option<f64>| match micros {
        Some(micros) => format!("{micros:.*} ({:.1})", digits(*micros), micros / best[0].expect("ours does all")),
        None => "–".to_owned(),
    };
    println!("| {name} | {} |", best.iter().map(cell).collect::<Vec<_>>().join(" | "));
}

/// Decimals for three digits.
fn digits(x: f64) -> usize {
    (2.0 - x.log10().floor()).clamp(0.0, 2.0) as usize
}
