//! Processes that are killed at random instants while they save or train, and disks that are full.
//!
//! A child process reports each save on its standard output and then waits for an answer. So no child can end before it
//! is killed, whatever the speed of the machine.
//!
//! A few kills run always; 370 run with `cargo test --release -p nn --all-features killed -- --ignored --nocapture`.

use crate::folder::Folder;
use autodiff::prelude::*;
use nn::data::{Dataset, Digits};
use nn::store::{self, Checkpoint};
use nn::{Adam, FileError, Init, Mlp, Trainer, Transfer, loss};
use rand::rngs::{ChaCha12Rng, StdRng};
use rand::{RngExt, SeedableRng};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// The environment variable that makes a test run as its own child and names the file to write.
const FILE: &str = "NN_TEST_KILLED_FILE";

/// Precedes the number that a child reports.
const REPORT: &str = "saved: ";

/// The file to write, if this process is a child.
fn as_child() -> Option<PathBuf> {
    std::env::var_os(FILE).map(PathBuf::from)
}

/// Tells the parent how many rounds are saved, and waits until it answers.
fn report(number: usize) {
    // The test harness captures `println!`, but no direct writes.
    let mut out = std::io::stdout();
    writeln!(out, "{REPORT}{number}").and_then(|()| out.flush()).expect("the parent listens");
    let answer = std::io::stdin().read_line(&mut String::new()).expect("the parent answers");
    assert!(answer > 0, "the parent has ended");
}

/// A child process that runs one test of this program.
struct Victim {
    process: Child,
    answers: ChildStdin,
    reports: BufReader<ChildStdout>,
    /// How long the last round took.
    pace: Duration,
}

impl Victim {
    fn new(test: &str, file: &Path) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("the program of the tests"));
        command.args([&format!("killed::{test}"), "--exact", "--include-ignored"]).env(FILE, file);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("a process");
        let answers = process.stdin.take().expect("a pipe");
        let reports = BufReader::new(process.stdout.take().expect("a pipe"));
        Self { process, answers, reports, pace: Duration::from_millis(1) }
    }

    /// The number that the child reports next; none if it ends instead.
    fn next_report(&mut self) -> Option<usize> {
        let (mut line, start) = (String::new(), Instant::now());
        while self.reports.read_line(&mut line).expect("text") > 0 {
            // The harness may have begun the line.
            if let Some((_, number)) = line.trim_end().rsplit_once(REPORT) {
                self.pace = start.elapsed();
                return Some(number.parse().expect("a number"));
            }
            line.clear();
        }
        None
    }

    fn answer(&mut self) {
        self.answers.write_all(b"\n").expect("the child waits");
    }

    /// Lets the child run until it reports that `number` rounds are saved.
    fn run_to(&mut self, number: usize) {
        while self.next_report().expect("the child waits after each report") < number {
            self.answer();
        }
    }

    /// Kills the child with SIGKILL at a random instant of its next round.
    fn kill_in_next_round(mut self, rng: &mut StdRng) {
        self.answer();
        std::thread::sleep(self.pace.mul_f64(rng.random()));
        self.process.kill().expect("the process is there");
        let status = self.process.wait().expect("its status");
        assert!(status.code().is_none(), "the child ended by itself: {status}");
    }

    /// Lets the child run to its end.
    fn finish(mut self) {
        while self.next_report().is_some() {
            self.answer();
        }
        let status = self.process.wait().expect("its status");
        assert!(status.success(), "the child failed: {status}");
    }
}

/// Removes the files that interrupted saves left beside the whole file; returns their number.
fn remains(folder: &Path) -> usize {
    let files = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("a file").path());
    let torn: Vec<PathBuf> = files.filter(|file| file.extension().is_some_and(|name| name == "tmp")).collect();
    torn.iter().for_each(|file| std::fs::remove_file(file).expect("nobody has it open"));
    torn.len()
}

/// Many equal numbers, so that a mixture of two files shows.
fn round(number: usize) -> Tensor<f32> {
    Tensor::full([100, 1000 + number % 2 * 200], number as f32)
}

/// The number of the round that a file is from; the file must be whole.
fn round_of(file: &Path) -> usize {
    let mut checkpoint = Checkpoint::open(file).expect("a whole file");
    let number = checkpoint.count("number").expect("its number");
    let mut numbers = Tensor::zeros(round(number).shape());
    checkpoint.get("numbers", &mut numbers).expect("its numbers");
    assert!(numbers == round(number), "round {number}: a mixture");
    number
}

fn save_for_ever(file: &Path) {
    let start = if file.exists() { round_of(file) } else { 0 };
    for number in start + 1.. {
        let mut checkpoint = Checkpoint::new();
        checkpoint.put_number("number", number as f64).put("numbers", &round(number));
        checkpoint.save(file).expect("a place to save");
        report(number);
    }
}

fn killed_while_saving(test: &str, kills: usize) {
    if let Some(file) = as_child() {
        return save_for_ever(&file);
    }
    let (folder, rng) = (Folder::new(), &mut StdRng::seed_from_u64(0));
    let file = folder.path().join("checkpoint");
    let (mut last, mut torn) = (0, 0);
    for _ in 0..kills {
        let mut victim = Victim::new(test, &file);
        let reported = last + rng.random_range(1..5);
        victim.run_to(reported);
        victim.kill_in_next_round(rng);
        last = round_of(&file);
        assert!((reported..=reported + 1).contains(&last), "round {reported} was reported, but {last} is in the file");
        torn += remains(folder.path());
    }
    println!("killed {kills} times in {last} saves, {torn} times in the middle of one: the file was whole each time");
}

#[test]
fn while_saving() {
    killed_while_saving("while_saving", 5);
}

#[test]
#[ignore = "long"]
fn while_saving_many_times() {
    killed_while_saving("while_saving_many_times", 250);
}

const EPOCHS: usize = 12;

type Training = Trainer<Mlp<Tensor<f32>>, Adam<Tensor<f32>>>;

fn training() -> (Training, ChaCha12Rng) {
    let mut rng = ChaCha12Rng::seed_from_u64(3);
    let mlp = Mlp::new(&[64, 24, 10], Transfer::Tanh, Init::GlorotUniform, &mut rng);
    (Trainer::new(mlp, Adam::new(0.003)), rng)
}

/// Trains from the checkpoint, if there is one, to the last epoch; saves after each and reports how many are done.
fn train(file: &Path, report: impl Fn(usize)) -> Result<(), FileError> {
    let (mut trainer, mut rng) = training();
    let samples = Digits::<f32>::load().train.subset(&(0..400).collect::<Vec<_>>());
    if file.exists() {
        trainer.restore(file, &mut rng)?;
    }
    report(trainer.epochs());
    while trainer.epochs() < EPOCHS {
        let means = trainer.epoch(&samples, 32, &mut rng, |tape, mlp, batch, _| {
            loss::cross_entropy(&mlp.forward(tape.constant(batch.x.clone())), &batch.labels)
        });
        means.expect("the loss is finite");
        trainer.save(file, &rng)?;
        report(trainer.epochs());
    }
    Ok(())
}

/// Kills a training once in each third of its epochs, then lets it end.
fn killed_while_training(test: &str, trials: usize) {
    if let Some(file) = as_child() {
        return train(&file, report).expect("the checkpoint can be read and saved");
    }
    let (folder, rng) = (Folder::new(), &mut StdRng::seed_from_u64(1));
    let [whole, torn] = ["whole", "torn"].map(|name| folder.path().join(name));
    train(&whole, |_| ()).expect("the checkpoint can be saved");
    let whole = std::fs::read(whole).expect("the last checkpoint");
    let mut kills = 0;
    for trial in 0..trials {
        let _ = std::fs::remove_file(&torn);
        for start in [0, EPOCHS / 3, 2 * EPOCHS / 3] {
            let mut victim = Victim::new(test, &torn);
            victim.run_to(start + rng.random_range(0..EPOCHS / 3 - 1));
            victim.kill_in_next_round(rng);
            kills += 1;
        }
        Victim::new(test, &torn).finish();
        assert!(std::fs::read(&torn).expect("the last checkpoint") == whole, "trial {trial}: other bits");
    }
    println!("{trials} trainings, killed {kills} times in all: the bits of one that was not");
    assert_eq!(kills, 3 * trials);
}

#[test]
fn while_training() {
    killed_while_training("while_training", 2);
}

#[test]
#[ignore = "long"]
fn while_training_many_times() {
    killed_while_training("while_training_many_times", 40);
}

/// A file system of 64 KiB in a folder, unmounted on drop.
struct SmallDisk(Folder);

impl SmallDisk {
    /// Returns none if the system does not let this process mount a file system.
    fn new() -> Option<Self> {
        let folder = Folder::new();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=64k", "none"]).arg(folder.path()).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then(|| Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn full_disk_keeps_the_old_file() {
    let Some(disk) = SmallDisk::new() else {
        return println!("skipped: this process may not mount a file system");
    };
    let file = disk.0.path().join("model");
    let (small, large) = (Tensor::<f32>::full([1000], 1.0), Tensor::<f32>::full([40_000], 2.0));
    store::save(&file, &small).expect("4 KB have room");
    let before = std::fs::read(&file).expect("it was saved");
    let error = store::save(&file, &large).expect_err("160 KB have none");
    let text = error.to_string();
    assert!(error.file == file && text.contains("space"), "{text}");
    assert_eq!(std::fs::read(&file).expect("the old file"), before);
    assert_eq!(remains(disk.0.path()), 0, "what was written is taken away");
    store::save(&file, &small.scale(3.0)).expect("as large as the old one");
}
