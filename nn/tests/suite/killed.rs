//! Processes that are really killed, at random instants, while they save or train; disks that are really full.
//!
//! A handful of times always; 200 and more with `cargo test --release -p nn --all-features killed -- --ignored
//! --nocapture`.

use crate::folder::Folder;
use autodiff::prelude::*;
use nn::data::Digits;
use nn::store::{self, Checkpoint};
use nn::{Adam, FileError, Init, Mlp, Trainer, Transfer, loss};
use rand::rngs::{ChaCha12Rng, StdRng};
use rand::{RngExt, SeedableRng};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Names the file to a test that runs as the child of itself.
const FILE: &str = "NN_TEST_KILLED_FILE";

/// The file, if this process is such a child.
fn as_child() -> Option<PathBuf> {
    std::env::var_os(FILE).map(PathBuf::from)
}

/// Another process that runs one test of this program, and knows by [`FILE`] that it is to be killed.
fn child(test: &str, file: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("the program of the tests"));
    command.args([&format!("killed::{test}"), "--exact", "--include-ignored"]).env(FILE, file);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a process")
}

/// SIGKILL, which no process can answer.
fn kill(mut child: Child) {
    child.kill().expect("the process is there or has ended");
    child.wait().expect("it has ended");
}

/// Takes away the files that a save in the middle left beside the whole one; gives their number.
fn remains(folder: &Path) -> usize {
    let files = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("a file").path());
    let torn: Vec<PathBuf> = files.filter(|file| file.extension().is_some_and(|name| name == "tmp")).collect();
    torn.iter().for_each(|file| std::fs::remove_file(file).expect("nobody has it open"));
    torn.len()
}

/// Many numbers, all the same, so that a mixture of two files cannot pass for one.
fn round(number: usize) -> Tensor<f32> {
    Tensor::full([100, 1000 + number % 2 * 200], number as f32)
}

/// The number of the round that a file is from, all of which must be there.
fn round_of(file: &Path) -> usize {
    let checkpoint = Checkpoint::open(file).expect("a whole file");
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
    }
}

fn killed_while_saving(test: &str, times: usize) {
    if let Some(file) = as_child() {
        return save_for_ever(&file);
    }
    let (folder, rng) = (Folder::new(), &mut StdRng::seed_from_u64(0));
    let file = folder.path().join("checkpoint");
    let (mut last, mut torn) = (0, 0);
    for _ in 0..times {
        let child = child(test, &file);
        while last == 0 && !file.exists() {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_micros(rng.random_range(10_000..100_000)));
        kill(child);
        let number = round_of(&file);
        assert!(number >= last, "round {number} came after round {last}");
        torn += remains(folder.path());
        last = number;
    }
    println!("killed {times} times in {last} saves, {torn} times in the middle of one: the file was whole each time");
    assert!(last > 0 && (torn > 0 || times < 50), "no process was killed while it saved");
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
    (Trainer::new(mlp, |mlp| Adam::new(mlp, 0.003)), rng)
}

/// Trains from the checkpoint, if there is one, to the last epoch, and saves after each.
fn train(file: &Path) -> Result<(), FileError> {
    let ((mut trainer, mut rng), mut done) = (training(), 0);
    let samples = Digits::<f32>::load().train.take(&(0..400).collect::<Vec<_>>());
    if file.exists() {
        done = trainer.restore(file, &mut rng)?;
    }
    while done < EPOCHS {
        trainer.epoch(&samples, 32, &mut rng, |tape, mlp, batch| {
            loss::cross_entropy(&mlp.forward(&tape.constant(batch.x.clone())), &batch.labels)
        });
        done += 1;
        trainer.save(file, done, &rng)?;
    }
    Ok(())
}

fn killed_while_training(test: &str, times: usize) {
    if let Some(file) = as_child() {
        return train(&file).expect("it can be read and saved");
    }
    let (folder, rng) = (Folder::new(), &mut StdRng::seed_from_u64(1));
    let [whole, torn] = ["whole", "torn"].map(|name| folder.path().join(name));
    train(&whole).expect("it can be saved");
    let whole = std::fs::read(whole).expect("the last checkpoint");
    let mut kills = 0;
    for trial in 0..times {
        let _ = std::fs::remove_file(&torn);
        for attempt in 1.. {
            let mut child = child(test, &torn);
            // Longer from attempt to attempt, so that one gets through.
            std::thread::sleep(Duration::from_micros(attempt * rng.random_range(2_000..40_000)));
            if let Some(status) = child.try_wait().expect("its status") {
                assert!(status.success(), "trial {trial}: {status}");
                break;
            }
            kill(child);
            kills += 1;
        }
        assert!(std::fs::read(&torn).expect("the last checkpoint") == whole, "trial {trial}: other bits");
    }
    println!("{times} trainings, killed {kills} times in all: the bits of one that was not");
    assert!(kills > 0);
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

/// A file system of 64 KiB in a folder, for as long as this lives.
struct SmallDisk(Folder);

impl SmallDisk {
    /// Nothing where the system lets this process mount nothing.
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
fn a_full_disk() {
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
