//! Training on two ranks, and every fault of one of them. The program starts itself by `mpirun`.
//!
//! A fault must end the whole job. A job that hangs is killed after a minute, and fails the test.

use autodiff::prelude::*;
use data_parallel::Mpi;
use nn::data::{Dataset, Digits, Samples};
use nn::store::ChaCha12Rng;
use nn::{Adam, Init, Mlp, Plan, Trainer, Transfer, loss};
use rand::SeedableRng;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output, exit};
use std::time::{Duration, Instant};

const TASK: &str = "DATA_PARALLEL_TASK";
const FOLDER: &str = "DATA_PARALLEL_FOLDER";

fn main() -> ExitCode {
    match std::env::var(TASK) {
        Ok(task) => data_parallel::run(|mpi| run_task(mpi, &task)),
        Err(_) => {
            curves_agree();
            faults_end_the_job();
            ExitCode::SUCCESS
        }
    }
}

// The tasks of one rank.

/// Trains on digits, five epochs with the rest of an epoch in a part batch. The task says what goes wrong on rank 1.
fn run_task(mpi: &Mpi, task: &str) -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::var(FOLDER)?);
    let rng = &mut ChaCha12Rng::seed_from_u64(0);
    let Samples { x, labels } = Digits::<f64>::load().train;
    let mut data = Samples { x: x.slice(0, 0, 331), labels: Tensor::from(labels.to_vec()[..331].to_vec()) };
    let mlp = Mlp::new(&[64, 12, 10], Transfer::Tanh, Init::GlorotUniform, rng);
    let mut trainer = Trainer::new(mlp, Adam::new(0.01));
    let file = folder.join("training.safetensors");
    match (task, mpi.rank()) {
        ("resume", _) | ("other file", 0) => trainer.restore(&file, rng)?,
        ("other file", _) => trainer.restore(folder.join("older.safetensors"), rng)?,
        ("other model", 1) => trainer.model.layers[0].bias.update(|b| b + 1e-9),
        ("less data", 1) => data = data.subset(&(0..300).collect::<Vec<_>>()),
        ("missing file", 1) => fs::read(folder.join("there is none")).map(drop)?,
        ("early end", 1) => return Ok(()),
        _ => {}
    }
    let epochs = if task == "half" { 2 } else { 5 };
    let mut steps = 0;
    let history = trainer.on(mpi, 7).fit(
        &Plan::new(epochs, 32),
        &data,
        None,
        rng,
        |_, mlp, batch, _| {
            steps += 1;
            let in_third_epoch = steps == 25;
            let factor = match (task, mpi.rank()) {
                ("nan", 1) if in_third_epoch => f64::NAN,
                ("panic", 1) if in_third_epoch => panic!("planted"),
                ("exit", 1) if in_third_epoch => exit(3),
                ("kill", 1) if in_third_epoch => kill_this_process(),
                _ => 1.0,
            };
            loss::cross_entropy(&mlp.forward(&batch.x), &batch.labels) * factor
        },
        |trainer, status, rng| {
            if mpi.is_root() {
                if task == "full disk" && status.epoch == 3 {
                    let id = std::process::id().to_string();
                    Command::new("prlimit").args(["--fsize=1000", "--pid", &id]).status().expect("`prlimit` is there");
                }
                let name = if status.epoch == 1 { "older.safetensors" } else { "training.safetensors" };
                trainer.save(folder.join(name), rng)?;
            }
            Ok::<(), Box<dyn Error>>(())
        },
    )?;
    let mut report = String::new();
    history.column("loss").iter().try_for_each(|loss| writeln!(report, "{loss:e}"))?;
    trainer.model.visit(&mut |_, leaf| leaf.iter().for_each(|x| writeln!(report, "{:x}", x.to_bits()).unwrap()));
    fs::write(folder.join(format!("report {}", mpi.rank())), report)?;
    Ok(())
}

fn kill_this_process() -> ! {
    let id = std::process::id().to_string();
    Command::new("kill").args(["-9", &id]).status().expect("`kill` is there");
    unreachable!("the process is killed");
}

// The jobs.

/// Runs a task on a number of ranks; returns its output and how long it took.
fn job(ranks: usize, task: &str, folder: &Path) -> (Output, Duration) {
    let program = std::env::current_exe().expect("the program has a path");
    let start = Instant::now();
    let output = Command::new("timeout")
        .args(["60", "mpirun", "--oversubscribe", "-n", &ranks.to_string()])
        // A file that grows beyond its limit is then an error of the write, as on a full disk, and not a signal.
        .args(["sh", "-c", "trap '' XFSZ; exec \"$0\""])
        .arg(program)
        .env(TASK, task)
        .env(FOLDER, folder)
        // Continuous integration often runs as root, which mpirun refuses otherwise.
        .env("OMPI_ALLOW_RUN_AS_ROOT", "1")
        .env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")
        .output()
        .expect("mpirun is installed");
    (output, start.elapsed())
}

fn new_folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("data_parallel {} {name}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder for temporary files takes one more");
    folder
}

/// The losses, and the bits of the model, on each rank of a job that must succeed.
fn trained(ranks: usize, task: &str, folder: &Path) -> (Vec<f64>, String) {
    let (output, _) = job(ranks, task, folder);
    assert!(output.status.success(), "{task} on {ranks} ranks: {}", String::from_utf8_lossy(&output.stderr));
    let reports: Vec<String> =
        (0..ranks).map(|rank| fs::read_to_string(folder.join(format!("report {rank}"))).unwrap()).collect();
    assert!(reports.iter().all(|report| *report == reports[0]), "{task} on {ranks} ranks: the ranks differ");
    let losses = reports[0].lines().take(5).filter_map(|line| line.parse().ok());
    (losses.collect(), reports[0].clone())
}

fn curves_agree() {
    let folder = new_folder("curves");
    let (one, _) = trained(1, "train", &folder);
    assert_eq!(one.len(), 5);
    for ranks in [2, 3] {
        let (losses, report) = trained(ranks, "train", &folder);
        assert_close_curves(&one, &losses, &format!("{ranks} ranks"));
        assert_eq!(trained(ranks, "train", &folder).1, report, "{ranks} ranks, a second time");
    }
    trained(2, "half", &folder);
    for ranks in [1, 2, 3] {
        let (losses, _) = trained(ranks, "resume", &folder);
        assert_close_curves(&one, &losses, &format!("resumed on {ranks} ranks"));
        trained(2, "half", &folder);
    }
    fs::remove_dir_all(folder).expect("the folder is ours");
    println!("curves of 1, 2 and 3 ranks agree, also when resumed on another number");
}

fn assert_close_curves(expected: &[f64], found: &[f64], what: &str) {
    assert_eq!(expected.len(), found.len(), "{what}");
    for (expected, found) in expected.iter().zip(found) {
        assert!((found / expected - 1.0).abs() <= 1e-12, "{what}: {found} and {expected}");
    }
}

/// Which rank reports first, and ends the job, is open: the words are those that each of them has.
fn faults_end_the_job() {
    for (task, words) in [
        ("panic", &["rank 1", "planted"][..]),
        ("exit", &["Exit code:    3"]),
        ("kill", &["process rank 1", "signal 9"]),
        ("nan", &["step 25: rank 1: loss is NaN"]),
        ("full disk", &["rank 0:", "File too large"]),
        ("other model", &["Trainer::on: the model, the rate, the seed or the number of steps on rank 1 differs"]),
        ("less data", &["Trainer::on: rank 1 has another task than rank 0"]),
        ("missing file", &["rank 1:", "No such file"]),
        ("early end", &["rank 1 has ended its training"]),
    ] {
        let folder = new_folder(task);
        let (output, time) = job(2, task, &folder);
        let text = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        let code = output.status.code();
        assert!(code != Some(0) && code != Some(124), "{task}: ended with {code:?} after {time:?}: {text}");
        for word in words {
            assert!(text.contains(word), "{task}: no «{word}» in {text}");
        }
        // After a fault in the third epoch, the last checkpoint is whole, and the training goes on.
        if ["panic", "exit", "kill", "nan", "full disk"].contains(&task) {
            let (losses, _) = trained(2, "resume", &folder);
            assert_eq!(losses.len(), 5, "{task}: resumed");
        }
        fs::remove_dir_all(folder).expect("the folder is ours");
        println!("{task}: the job ended after {:.1} s", time.as_secs_f64());
    }
    let folder = new_folder("other file");
    trained(2, "train", &folder);
    let (output, _) = job(2, "other file", &folder);
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && text.contains("the number of steps on rank 1 differs"), "{text}");
    fs::remove_dir_all(folder).expect("the folder is ours");
}
