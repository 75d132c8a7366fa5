//! The resident memory of a process does not grow over many training steps.

use autodiff::prelude::*;
use nn::{Adam, Init, Mlp, Trainer, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};

/// The resident set of this process in KiB, or `None` if the system does not report it.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.trim().strip_suffix(" kB")?.parse().ok()
}

/// Trains a small classifier with a penalty on its input gradient, so that each step runs two backward passes.
fn train(steps: usize) {
    let rng = &mut StdRng::seed_from_u64(0);
    let mlp = Mlp::<Tensor<f32>>::new(&[4, 8, 3], Transfer::Tanh, Init::GlorotUniform, rng);
    let mut trainer = Trainer::new(mlp, Adam::new(1e-3));
    let mut step = || {
        let x = Tensor::<f32>::uniform([8, 4], -1.0, 1.0, rng);
        let labels = x.slice(1, 0, 3).argmax(-1);
        let means = trainer.step(&x, &mut (), |tape, mlp, x, _| {
            let x = tape.variable(x.clone());
            let value = loss::cross_entropy(&mlp.forward(x), &labels);
            value.grad([x])[0].square().sum().scale(0.1) + value
        });
        means.expect("the loss is finite").total
    };
    let first = (0..steps / 10).map(|_| step()).sum::<f64>();
    let start = resident();
    let last = (0..steps - steps / 10).map(|_| step()).sum::<f64>() / 9.0;
    let end = resident();
    println!("resident set after {} steps: {start:?} KiB, after {steps}: {end:?} KiB", steps / 10);
    assert!(last < first, "the loss does not fall: {first} at first, {last} later");
    let (Some(start), Some(end)) = (start, end) else { return println!("the system does not report the resident set") };
    assert!(end <= start + 1024, "the resident set grew from {start} KiB to {end} KiB in {steps} steps");
}

/// Runs a test of this file again in a child process, because other tests would change the resident set of this one.
fn in_a_child_process(test: &str, steps: usize) {
    const CHILD: &str = "TESTS_LOAD_STEPS";
    if std::env::var_os(CHILD).is_some() {
        return train(steps);
    }
    let mut command =
        std::process::Command::new(std::env::current_exe().expect("the path of the test binary is known"));
    command.args([&*format!("resident_memory::{test}"), "--exact", "--include-ignored", "--nocapture"]).env(CHILD, "");
    let output = command.output().expect("the child process starts");
    let text = String::from_utf8_lossy(&output.stdout);
    println!("{text}");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("1 passed"), "the child process ran no test named {test}");
}

#[test]
fn three_thousand_steps_do_not_grow_the_process() {
    in_a_child_process("three_thousand_steps_do_not_grow_the_process", 3_000);
}

#[test]
#[ignore = "takes long"]
fn a_hundred_thousand_steps_do_not_grow_the_process() {
    in_a_child_process("a_hundred_thousand_steps_do_not_grow_the_process", 100_000);
}
