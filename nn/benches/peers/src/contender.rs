//! Who takes part: a library at one task, on a thread of its own; that all do the same; and who is faster.

use crate::task::{Outcome, Step, Task};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// How often each takes its turn.
const TURNS: usize = 25;
/// How long a turn takes, if a step does not take longer.
const TURN: Duration = Duration::from_millis(20);

/// A library, at the tasks that it can do.
pub(crate) trait Peer {
    const NAME: &str;

    /// The task, ready to be done again and again; nothing where the library cannot.
    fn step(task: Task) -> Option<Step>;
}

/// The thread on which a library works: it is sent a number of steps, and sends back the time and the last outcome.
pub(crate) struct Contender {
    name: &'static str,
    steps: Sender<usize>,
    done: Receiver<(Duration, f64, Vec<f64>)>,
}

impl Contender {
    /// A library at a task; nothing where it cannot.
    pub(crate) fn new<P: Peer>(task: Task) -> Option<Self> {
        let (steps, asked) = channel::<usize>();
        let (answer, done) = channel();
        let (can, ready) = channel();
        std::thread::spawn(move || {
            let step = P::step(task);
            can.send(step.is_some()).expect("somebody waits");
            let Some(mut step) = step else { return };
            for n in asked {
                let start = Instant::now();
                (1..n).for_each(|_| drop(step()));
                let Outcome { value, gradient } = step();
                let taken = start.elapsed();
                answer.send((taken, value, gradient())).expect("somebody waits");
            }
        });
        ready.recv().expect("the thread lives").then_some(Self { name: P::NAME, steps, done })
    }

    fn run(&self, n: usize) -> (Duration, f64, Vec<f64>) {
        self.steps.send(n).expect("the thread lives");
        self.done.recv().unwrap_or_else(|_| panic!("{} failed", self.name))
    }

    /// So many steps that they fill a turn.
    fn steps_of_a_turn(&self) -> usize {
        let enough = |&n: &usize| self.run(n).0 >= TURN / 2;
        let n = (0..).map(|i| 1 << i).find(enough).expect("some number is enough");
        let (taken, ..) = self.run(n);
        (n as f64 * TURN.as_secs_f64() / taken.as_secs_f64()).ceil().max(1.0) as usize
    }
}

/// Demands that all give the same values and gradients in their first steps as the first does.
pub(crate) fn check(contenders: &[Option<Contender>], tolerance: f64) {
    let first = contenders[0].as_ref().expect("ours does all");
    for step in 0..5 {
        let (_, value, gradient) = first.run(1);
        for other in contenders[1..].iter().flatten() {
            let (_, other_value, other_gradient) = other.run(1);
            let what = format!("step {step} of {}", other.name);
            assert!((value - other_value).abs() <= tolerance * value.abs(), "{what}: {other_value}, not {value}");
            assert_eq!(gradient.len(), other_gradient.len(), "{what}: numbers in the gradient");
            let size = gradient.iter().fold(0.0f64, |size, g| size.max(g.abs()));
            let apart = gradient.iter().zip(&other_gradient).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(apart <= 1e-4 * size, "{what}: the gradients are {apart} apart, of {size}");
        }
    }
}

/// The shortest time for a step that each had in its turns, in microseconds.
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
