//! Contenders: libraries that perform one task, each on its own thread. They are checked against each other and timed.

use crate::task::{Outcome, Step, Task};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// The number of turns of each contender.
const TURNS: usize = 25;
/// The duration of a turn, unless one step takes longer.
const TURN: Duration = Duration::from_millis(20);

/// A library, and the tasks that it supports.
pub(crate) trait Peer {
    const NAME: &str;

    /// Prepares the task for repeated steps. Returns `None` if the library does not support it.
    fn step(task: Task) -> Option<Step>;
}

/// A library on its own thread. The thread receives a number of steps, and sends back their time and the last outcome.
pub(crate) struct Contender {
    name: &'static str,
    steps: Sender<usize>,
    done: Receiver<(Duration, f64, Vec<f64>)>,
}

impl Contender {
    /// Starts the thread of a library for a task. Returns `None` if the library does not support the task.
    pub(crate) fn new<P: Peer>(task: Task) -> Option<Self> {
        let (steps, requests) = channel::<usize>();
        let (answer, done) = channel();
        let (supported, ready) = channel();
        std::thread::spawn(move || {
            let step = P::step(task);
            supported.send(step.is_some()).expect("the main thread is waiting");
            let Some(mut step) = step else { return };
            for n in requests {
                let start = Instant::now();
                (1..n).for_each(|_| drop(step()));
                let Outcome { value, gradient } = step();
                let taken = start.elapsed();
                answer.send((taken, value, gradient())).expect("the main thread is waiting");
            }
        });
        ready.recv().expect("the thread of the library is running").then_some(Self { name: P::NAME, steps, done })
    }

    fn run(&self, n: usize) -> (Duration, f64, Vec<f64>) {
        self.steps.send(n).expect("the thread of the library is running");
        self.done.recv().unwrap_or_else(|_| panic!("peers: {} panicked", self.name))
    }

    /// The number of steps that fill a turn.
    fn steps_of_a_turn(&self) -> usize {
        let fills_half = |&n: &usize| self.run(n).0 >= TURN / 2;
        let n = (0..).map(|i| 1 << i).find(fills_half).expect("some number of steps fills half a turn");
        let (taken, ..) = self.run(n);
        (n as f64 * TURN.as_secs_f64() / taken.as_secs_f64()).ceil().max(1.0) as usize
    }
}

/// Asserts that all contenders compute the values and gradients of the first one, in their first five steps.
pub(crate) fn check(contenders: &[Option<Contender>], tolerance: f64) {
    let first = contenders[0].as_ref().expect("our library supports every task");
    for step in 0..5 {
        let (_, value, gradient) = first.run(1);
        for other in contenders[1..].iter().flatten() {
            let (_, other_value, other_gradient) = other.run(1);
            let context = format!("step {step} of {}", other.name);
            assert!(
                (value - other_value).abs() <= tolerance * value.abs(),
                "{context}: the value is {other_value}, expected {value}"
            );
            assert_eq!(gradient.len(), other_gradient.len(), "{context}: the gradient has a different length");
            let largest = gradient.iter().fold(0.0f64, |largest, g| largest.max(g.abs()));
            let error = gradient.iter().zip(&other_gradient).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(
                error <= 1e-4 * largest,
                "{context}: the gradients differ by {error}, with largest entry {largest}"
            );
        }
    }
}

/// The shortest time per step of each contender over its turns, in microseconds.
pub(crate) fn race(contenders: &[Option<Contender>]) -> Vec<Option<f64>> {
    let steps: Vec<usize> = contenders.iter().map(|c| c.as_ref().map_or(0, Contender::steps_of_a_turn)).collect();
    let mut best = vec![None; contenders.len()];
    for _ in 0..TURNS {
        for ((best, contender), &n) in best.iter_mut().zip(contenders).zip(&steps) {
            if let Some(contender) = contender {
                let micros = contender.run(n).0.as_secs_f64() * 1e6 / n as f64;
                *best = Some(best.map_or(micros, |best: f64| best.min(micros)));
            }
        }
    }
    best
}
