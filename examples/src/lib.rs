//! Code that the examples share: training runs, progress output, pictures, and the sections of the tour.
#![forbid(unsafe_code)]

mod arguments;
pub mod models;
pub mod picture;
mod show;
pub mod tour;

pub use arguments::Arguments;
pub use show::show;

use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, stderr, stdout};

/// The number of progress lines printed if the output is not a terminal.
const LINES: usize = 5;

/// Shows the progress of a training run: a bar on a terminal, a few plain lines elsewhere.
///
/// The bar is erased when the value is dropped. Plain lines contain no control characters.
pub struct Progress {
    bar: Option<ProgressBar>,
    epochs: usize,
    done: usize,
}

impl Progress {
    /// Starts a run of `epochs` epochs.
    pub fn new(epochs: usize) -> Self {
        let terminal = stdout().is_terminal() && stderr().is_terminal();
        let style = || ProgressStyle::with_template("  {bar:40} epoch {pos}/{len}, {msg}, {eta} left");
        let bar = || ProgressBar::new(epochs as u64).with_style(style().expect("the template is valid"));
        Self { bar: terminal.then(bar), epochs, done: 0 }
    }

    /// Records the end of an epoch, with its mean loss and the speed of training.
    pub fn epoch(&mut self, loss: f64, samples_per_second: f64) {
        self.done += 1;
        let Self { bar, epochs, done } = self;
        match bar {
            Some(bar) => {
                bar.set_message(format!("loss {loss:.4}, {samples_per_second:.0} samples/s"));
                bar.inc(1);
            }
            None if done.is_multiple_of(epochs.div_ceil(LINES)) || done == epochs => {
                println!("  epoch {done}/{epochs}: loss {loss:.4}, {samples_per_second:.0} samples/s");
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
