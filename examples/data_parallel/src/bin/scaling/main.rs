//! Measures how a training scales from one rank to two, and draws a model of up to 1,024 ranks.
//!
//!     cargo run --release --features scaling --bin scaling -- measure scaling.csv
//!     cargo run --release --features scaling --bin scaling -- show scaling.csv scaling.svg
//!
//! `measure` starts itself by `mpirun`, on one rank and on two, each on a core of its own, and takes half a minute on a
//! machine that does nothing else. `show` prints the tables and draws the picture.

mod measure;
mod model;
mod show;

use std::error::Error;
use std::path::Path;
use std::process::{Command, ExitCode};

const HELP: &str = "usage: scaling measure FILE.csv | scaling show FILE.csv FILE.svg";
/// Names the file of a rank's figures, and tells the program that it is one.
const FILE: &str = "DATA_PARALLEL_SCALING";

fn main() -> ExitCode {
    if let Some(file) = std::env::var_os(FILE) {
        return data_parallel::run(|mpi| measure::measure(mpi, Path::new(&file)));
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["measure", file] => start(Path::new(file)),
        ["show", figures, picture] => show::show(Path::new(figures), Path::new(picture)),
        _ => Err(HELP.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Measures on one rank, then on two.
fn start(file: &Path) -> Result<(), Box<dyn Error>> {
    measure::begin(file)?;
    for ranks in ["1", "2"] {
        let mut job = Command::new("mpirun");
        job.args(["-n", ranks, "--bind-to", "core"]);
        // Copies through shared memory. In a virtual machine, reading the memory of another process takes about twice as long.
        job.args(["--mca", "btl_vader_single_copy_mechanism", "none"]).arg(std::env::current_exe()?).env(FILE, file);
        job.env("OMPI_ALLOW_RUN_AS_ROOT", "1").env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
        if !job.status()?.success() {
            return Err(format!("the job on {ranks} ranks failed").into());
        }
    }
    Ok(())
}
