//! Many steps of training: the memory of the process stays what it was.

use autodiff::prelude::*;
use nn::{Adam, Init, Mlp, Trainer, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};

/// The resident set of this process in KiB, where the system tells it.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.trim().strip_suffix(" kB")?.parse().ok()
}

/// A small classifier, with a penalty on the gradient by its input, so that each step walks twice.
fn train(steps: usize) {
    let rng = &mut StdRng::seed_from_u64(0);
    let mlp = Mlp::<Tensor<f32>>::new(&[4, 8, 3], Transfer::Tanh, Init::GlorotUniform, rng);
    let mut trainer = Trainer::new(mlp, |mlp| Adam::new(mlp, 1e-3));
    let mut step = || {
        let x = Tensor::<f32>::uniform([8, 4], -1.0, 1.0, rng);
        let labels = x.slice(1, 0, 3).argmax(-1);
        trainer.step(|tape, mlp| {
            let x = tape.variable(x);
            let value = loss::cross_entropy(&mlp.forward(&x), &labels);
            value.grad([x])[0].square().sum().scale(0.1) + value
        })
    };
    let first = (0..steps / 10).map(|_| step()).sum::<f64>();
    let start = resident();
    let last = (0..steps - steps / 10).map(|_| step()).sum::<f64>() / 9.0;
    let end = resident();
    println!("resident set after {} steps: {start:?} KiB, after {steps}: {end:?} KiB", steps / 10);
    assert!(last < first, "the loss falls: {first} {last}");
    let (Some(start), Some(end)) = (start, end) else { return println!("this system does not tell") };
    assert!(end <= start + 1024, "the resident set grew from {start} KiB to {end} KiB in {steps} steps");
}

/// In a process of its own, since memory is the process's and other tests take theirs.
fn alone(test: &str, steps: usize) {
    const CHILD: &str = "TESTS_LOAD_STEPS";
    if std::env::var_os(CHILD).is_some() {
        return train(steps);
    }
    let mut command = std::process::Command::new(std::env::current_exe().expect("the program of the tests"));
    command.args([test, "--exact", "--include-ignored", "--nocapture"]).env(CHILD, "");
    let output = command.output().expect("a process");
    println!("{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn three_thousand() {
    alone("resident_memory::three_thousand", 3_000);
}

#[test]
#[ignore = "long"]
fn a_hundred_thousand() {
    alone("resident_memory::a_hundred_thousand", 100_000);
}
