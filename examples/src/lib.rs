//! What the examples share: trainings, how they show progress, pictures, and the sections of the tour.
#![forbid(unsafe_code)]

pub mod models;
pub mod picture;
mod show;
pub mod tour;

pub use show::show;

use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, stderr, stdout};

/// Lines that are printed instead of a bar where the output is no terminal.
const LINES: usize = 5;

/// The progress through the epochs of one training: a bar on a terminal, which goes away at the end; a few plain lines
/// elsewhere, with no control characters.
pub struct Progress {
    bar: Option<ProgressBar>,
    epochs: usize,
    done: usize,
}

impl Progress {
    /// At the start of so many epochs.
    pub fn new(epochs: usize) -> Self {
        let terminal = stdout().is_terminal() && stderr().is_terminal();
        let style = || ProgressStyle::with_template("  {bar:40} epoch {pos}/{len}, {msg}, {eta} left");
        let bar = || ProgressBar::new(epochs as u64).with_style(style().expect("the template is well formed"));
        Self { bar: terminal.then(bar), epochs, done: 0 }
    }

    /// One more epoch is done, with this mean loss, at so many samples a second.
    pub fn epoch(&mut self, loss: f64, pace: f64) {
        self.done += 1;
        let Self { bar, epochs, done } = self;
        match bar {
            Some(bar) => {
                bar.set_message(format!("loss {loss:.4}, {pace:.0} samples/s"));
                bar.inc(1);
            }
            None if done.is_multiple_of(epochs.div_ceil(LINES)) || done == epochs => {
                println!("  epoch {done}/{epochs}: loss {loss:.4}, {pace:.0} samples/s");
            }
            None => {}
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
