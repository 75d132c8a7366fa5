//! Training on two ranks, and every fault of one of them. The program starts itself by `mpirun`.
//!
//! A fault must end the whole job. A job that hangs is killed after a minute, and fails the test.

use autodiff::prelude::*;
use data_parallel::Mpi;
use nn::data::{Dataset, Digits, Samples};
use nn::store::ChaCha12Rng;
use nn::{Adam, History, Init, Mlp, Plan, Trainer, Transfer, loss};
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

const EPOCHS: usize = 5;
/// The step with the fault, in the third epoch.
const FAULTY_STEP: usize = 13;

/// The model, its samples and the size of their batches. Neither the batches nor the ranks divide the samples.
struct Setting {
    trainer: Trainer<Mlp<Tensor<f64>>, Adam<Tensor<f64>>>,
    data: Samples<f64>,
    batch: usize,
}

impl Setting {
    fn of(task: &str, rng: &mut ChaCha12Rng) -> Self {
        // In a wide network, the sum of the second layer begins before the gradient of the first exists.
        let (sizes, n) = match between_sums(task) {
            true => (&[64, 128, 512, 10][..], 83),
            false => (&[64, 12, 10][..], 331),
        };
        let mlp = Mlp::new(sizes, Transfer::Tanh, Init::GlorotUniform, rng);
        let Samples { x, labels } = Digits::load().train;
        let data = Samples { x: x.slice(0, 0, n), labels: Tensor::from(labels.to_vec()[..n].to_vec()) };
        Self { trainer: Trainer::new(mlp, Adam::new(0.01)), data, batch: n / 4 }
    }
}

fn between_sums(task: &str) -> bool {
    task.ends_with("between sums")
}

/// Trains on digits, with a part batch at the end of each epoch. The task says what goes wrong on rank 1.
fn run_task(mpi: &Mpi, task: &str) -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::var(FOLDER)?);
    let rng = &mut ChaCha12Rng::seed_from_u64(0);
    let Setting { mut trainer, mut data, batch } = Setting::of(task, rng);
    let file = folder.join("training.safetensors");
    match (task, mpi.rank()) {
        ("resume", _) | ("other file", 0) => trainer.restore(&file, rng)?,
        ("other file", _) => trainer.restore(folder.join("older.safetensors"), rng)?,
        ("other model", 1) => trainer.model.layers[0].bias.update(|b| b + 1e-9),
        ("less data", 1) => data = data.subset(&(0..300).collect::<Vec<_>>()),
        ("sharded" | "short shard", rank) => {
            let missing = if task == "short shard" && rank == 1 { 40 } else { 0 }; // a rank's part of a batch
            let shard = nn::shard(data.len(), rank, mpi.size());
            data = data.subset(&shard.skip(missing).collect::<Vec<_>>());
        }
        ("missing file", 1) => fs::read(folder.join("there is none")).map(drop)?,
        ("early end", 1) => return Ok(()),
        _ => {}
    }
    let epochs = if task == "half" { 2 } else { EPOCHS };
    let mut steps = 0;
    let mut on_ranks = trainer.on(mpi, 7);
    if task.contains("shard") {
        on_ranks = on_ranks.sharded();
    }
    let history = on_ranks.fit(
        &Plan::new(epochs, batch),
        &data,
        None,
        rng,
        |_, mlp, batch, _| {
            steps += 1;
            let fault = Fault::planted(task.trim_end_matches(" between sums"));
            let Some(fault) = fault.filter(|_| steps == FAULTY_STEP && mpi.rank() == 1) else {
                return loss::cross_entropy(&mlp.forward(&batch.x), &batch.labels);
            };
            if !between_sums(task) {
                return loss::cross_entropy(&mlp.forward(&batch.x), &batch.labels) * fault.happen();
            }
            let hidden = mlp.layers[0].forward(&batch.x).tanh();
            let hidden = mlp.layers[1].forward(&custom(fault, &[&hidden])).tanh();
            loss::cross_entropy(&mlp.layers[2].forward(&hidden), &batch.labels)
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
    fs::write(folder.join(format!("report {}", mpi.rank())), report(&history, &trainer.model))?;
    Ok(())
}

/// The losses, and the bits of the model.
fn report(history: &History, model: &Mlp<Tensor<f64>>) -> String {
    let mut report = String::new();
    history.column("loss").iter().for_each(|loss| writeln!(report, "{loss:e}").expect("a String takes any text"));
    model.visit(&mut |_, leaf| leaf.iter().for_each(|x| writeln!(report, "{:x}", x.to_bits()).unwrap()));
    report
}

/// What goes wrong: in the loss, or in its backward pass as a primitive.
#[derive(Clone, Copy)]
enum Fault {
    Nan,
    Panic,
    Exit,
    Kill,
}

impl Fault {
    fn planted(name: &str) -> Option<Self> {
        Some(match name {
            "nan" => Self::Nan,
            "panic" => Self::Panic,
            "exit" => Self::Exit,
            "kill" => Self::Kill,
            _ => return None,
        })
    }

    /// Ends this process, or returns a factor that is not a number.
    fn happen(self) -> f64 {
        match self {
            Self::Nan => f64::NAN,
            Self::Panic => panic!("planted"),
            Self::Exit => exit(3),
            Self::Kill => kill_this_process(),
        }
    }
}

/// The identity, whose backward pass has the fault.
impl Primitive for Fault {
    fn name(&self) -> &str {
        "fault"
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        x[0]
    }

    fn pull<'a>(&self, _: &[Dyn<'a>], _: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        vec![g * self.happen()]
    }
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

/// The report of a job that must succeed, which is the same for all ranks.
fn trained(ranks: usize, task: &str, folder: &Path) -> String {
    let (output, _) = job(ranks, task, folder);
    assert!(output.status.success(), "{task} on {ranks} ranks: {}", String::from_utf8_lossy(&output.stderr));
    let reports: Vec<String> =
        (0..ranks).map(|rank| fs::read_to_string(folder.join(format!("report {rank}"))).unwrap()).collect();
    assert!(reports.iter().all(|report| *report == reports[0]), "{task} on {ranks} ranks: the ranks differ");
    reports[0].clone()
}

fn losses(report: &str) -> Vec<f64> {
    report.lines().take(EPOCHS).map(|line| line.parse().expect("a loss for each epoch")).collect()
}

/// The losses of one process without MPI, from the beginning or from a checkpoint.
fn trained_alone(task: &str, checkpoint: Option<&Path>) -> Vec<f64> {
    let rng = &mut ChaCha12Rng::seed_from_u64(0);
    let Setting { mut trainer, data, batch } = Setting::of(task, rng);
    if let Some(file) = checkpoint {
        trainer.restore(file, rng).expect("the checkpoint is whole");
    }
    let history = trainer.fit(
        &Plan::new(EPOCHS, batch),
        &data,
        None,
        rng,
        |_, mlp, batch, _| loss::cross_entropy(&mlp.forward(&batch.x), &batch.labels),
        |_, _, _| (),
    );
    history.expect("all numbers are finite").column("loss").to_vec()
}

fn curves_agree() {
    let (folder, one) = (new_folder("curves"), trained_alone("train", None));
    let two = trained(2, "train", &folder);
    assert_close_curves(&one, &losses(&two), "2 ranks");
    assert_eq!(trained(2, "train", &folder), two, "2 ranks, a second time");
    assert_close_curves(&one, &losses(&trained(3, "train", &folder)), "3 ranks");
    assert_close_curves(&one, &losses(&trained(3, "sharded", &folder)), "3 ranks with data by shard");
    trained(2, "half", &folder);
    let file = folder.join("training.safetensors");
    assert_close_curves(&one, &trained_alone("resume", Some(&file)), "resumed on one process");
    assert_close_curves(&one, &losses(&trained(3, "resume", &folder)), "resumed on 3 ranks");
    fs::remove_dir_all(folder).expect("the folder is ours");
    println!("curves of 1, 2 and 3 ranks agree, also with data by shard, and when resumed on another number");
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
        ("nan", &["step 13: rank 1: loss is NaN"]),
        ("panic between sums", &["rank 1", "planted"]),
        ("exit between sums", &["Exit code:    3"]),
        ("kill between sums", &["process rank 1", "signal 9"]),
        ("nan between sums", &["step 13: rank 1: gradient of layers.0.", " is NaN"]),
        ("full disk", &["rank 0:", "File too large"]),
        (
            "other model",
            &["Trainer::on: the model, the rate, the seed, or the number of steps or epochs on rank 1 differs"],
        ),
        ("less data", &["Trainer::on: rank 1 has another task than rank 0"]),
        ("short shard", &["Trainer::on: rank 0 has 166 of 291 samples, but its shard has 146"]),
        ("missing file", &["rank 1:", "No such file"]),
        ("early end", &["rank 1 has ended its training"]),
    ] {
        let folder = new_folder(task);
        let time = fails(task, words, &folder);
        // After a fault in the third epoch, the last checkpoint is whole, and the training goes on.
        let file = folder.join("training.safetensors");
        if file.exists() {
            assert_eq!(trained_alone(task, Some(&file)).len(), EPOCHS, "{task}: resumed");
        }
        assert_eq!(
            file.exists(),
            Fault::planted(task.trim_end_matches(" between sums")).is_some() || task == "full disk"
        );
        fs::remove_dir_all(folder).expect("the folder is ours");
        println!("{task}: the job ended after {:.1} s", time.as_secs_f64());
    }
    let folder = new_folder("other file");
    trained(2, "train", &folder);
    fails("other file", &["the number of steps or epochs on rank 1 differs"], &folder);
    fs::remove_dir_all(folder).expect("the folder is ours");
}

/// Runs a task on two ranks, which must end with these words.
fn fails(task: &str, words: &[&str], folder: &Path) -> Duration {
    let (output, time) = job(2, task, folder);
    let text = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    let code = output.status.code();
    assert!(code != Some(0) && code != Some(124), "{task}: ended with {code:?} after {time:?}: {text}");
    for word in words {
        assert!(text.contains(word), "{task}: no “{word}” in {text}");
    }
    time
}
