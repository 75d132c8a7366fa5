//! A comparison with other libraries, on the same work in one run.
//!
//!     cargo run --release --manifest-path nn/benches/peers/Cargo.toml [-- TASK …]
//!
//! This is a package of its own, so that users of `nn` do not build the other libraries. Each library has one file,
//! written as its documentation recommends. The AVX-512 kernels of `gemm`, which these libraries leave off by default,
//! are on. All libraries must compute the same losses and gradients before they are timed.
//!
//! Each task runs in its own process, with a fresh heap. Each library runs on its own thread, outside the thread pools
//! of the others. The libraries take turns; the shortest turn counts.
//!
//! Two backends of burn are left out: `cpu` does not build offline (`tracel-llvm-bundler` downloads LLVM), and
//! `ndarray` is deprecated. Only candle can differentiate a gradient of tensors again, if an environment variable is
//! set, as it is here. The gradients of burn have no graph, those of dfdx have no tape by their type, and the matrix
//! product of rust-autograd loses its transposes in the second derivative.

#[allow(dead_code, reason = "each program uses a part of it")]
#[path = "../../by_hand/mod.rs"]
mod by_hand;
#[allow(dead_code, reason = "each program uses a part of it")]
#[path = "../../../../autodiff/benches/scalar/chain.rs"]
mod chain;
#[allow(dead_code, reason = "each program uses a part of it")]
#[path = "../../../../autodiff/benches/scalar/mlp.rs"]
mod mlp;
#[path = "../../../../autodiff/benches/scalar/rosenbrock.rs"]
mod rosenbrock;
#[allow(dead_code, reason = "each program uses a part of it")]
#[path = "../../work/mod.rs"]
mod work;
#[allow(dead_code, reason = "each program uses a part of it")]
#[path = "../../../../autodiff/benches/scalar/workload.rs"]
mod workload;

mod contender;
mod scalars;
mod task;
mod tensors;

use std::process::Command;
use task::Task;

fn main() {
    let requested: Vec<String> = std::env::args().skip(1).collect();
    match &requested[..] {
        [option, name] if option == "--row" => row(name),
        _ => {
            table(&tensors::NAMES, Task::tensors(), &requested);
            table(&scalars::NAMES, Task::scalars(), &requested);
        }
    }
}

/// Prints a table of the requested tasks, or of all tasks if none is requested.
fn table(names: &[&str], tasks: Vec<Task>, requested: &[String]) {
    let tasks: Vec<String> =
        tasks.iter().map(Task::name).filter(|t| requested.is_empty() || requested.contains(t)).collect();
    if tasks.is_empty() {
        return;
    }
    println!("\n| µs per step (ratio to ours) | {} |\n|---|{}", names.join(" | "), "---:|".repeat(names.len()));
    for task in tasks {
        let program = std::env::current_exe().expect("peers: the path of this program is unknown");
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get()).to_string();
        // Without RAYON_NUM_THREADS, candle counts the processors at each matrix product.
        let status = Command::new(program)
            .args(["--row", &task])
            .env("RAYON_NUM_THREADS", threads)
            .env("CANDLE_GRAD_DO_NOT_DETACH", if task.starts_with("hvp") { "1" } else { "0" })
            .status()
            .expect("peers: this program cannot be started again");
        assert!(status.success(), "peers: the task {task} failed");
    }
}

/// Checks and times one task, and prints its row of the table.
fn row(name: &str) {
    let named = |tasks: Vec<Task>| tasks.into_iter().find(|task| task.name() == name);
    let (task, contenders) = match (named(Task::tensors()), named(Task::scalars())) {
        (Some(task), _) => (task, tensors::contenders(task)),
        (_, Some(task)) => (task, scalars::contenders(task)),
        _ => panic!("peers: no task {name}"),
    };
    contender::check(&contenders, task.tolerance());
    let best = contender::race(&contenders);
    let cell = |micros: &Option<f64>| match micros {
        Some(micros) => {
            format!("{micros:.*} ({:.1})", digits(*micros), micros / best[0].expect("our library supports every task"))
        }
        None => "–".to_owned(),
    };
    println!("| {name} | {} |", best.iter().map(cell).collect::<Vec<_>>().join(" | "));
}

/// The number of decimals that shows three significant digits.
fn digits(x: f64) -> usize {
    (2.0 - x.log10().floor()).clamp(0.0, 2.0) as usize
}
