//! The tour: every model of the chapter, trained, measured, and shown on one page.

mod data;
mod figure;
mod options;
mod page;
mod sections;
mod spectrum;
mod wanted;

pub use figure::{Figure, report};
pub use options::Options;
pub use page::{Section, page};
pub use sections::SECTIONS;
pub use wanted::Wanted;

use crate::models::Setting;
use autodiff::prelude::*;
use nn::data::{Digits, Samples};
use std::time::Instant;

/// What every section works with.
pub struct Context {
    /// The images.
    pub digits: Digits<f32>,
    /// The split of these, in words.
    pub split: String,
    /// The seed of all randomness.
    pub seed: u64,
    /// The number of epochs, or `None` for what the figures need. With other images than the digits there is one.
    pub epochs: Option<usize>,
}

impl Context {
    /// Whether the figures can be expected: on the digits, with the epochs that these need.
    pub fn is_full(&self) -> bool {
        self.epochs.is_none()
    }

    /// The epochs to train for, where so many are needed.
    pub fn epochs(&self, needed: usize) -> usize {
        self.epochs.unwrap_or(needed)
    }

    /// The same, as the trainings of autoencoders take it.
    pub fn setting(&self) -> Setting {
        Setting { seed: self.seed, epochs: self.epochs }
    }

    /// The first test image of each digit.
    pub fn one_of_each(&self) -> Tensor<f32> {
        let Samples { x, labels } = &self.digits.test;
        let first = |digit| labels.iter().position(|label| label == digit);
        x.take(0, &(0..10).filter_map(first).collect::<Vec<_>>())
    }
}

/// Runs the sections that were asked for, one after the other, and tells how each went.
///
/// # Panics
/// If all were asked for, and a figure of which something is wanted is not among theirs.
pub fn run(context: &Context, options: &Options) -> Vec<Section> {
    let asked = SECTIONS.iter().filter(|(name, _)| options.only.is_empty() || options.only.iter().any(|n| n == name));
    let mut sections = Vec::new();
    for (name, section) in asked {
        println!("\n{name}");
        let start = Instant::now();
        let mut section = section(context);
        if !context.is_full() {
            section.figures.iter_mut().for_each(|figure| figure.wanted = Wanted::Nothing);
        }
        for figure in &section.figures {
            println!("  {figure}");
        }
        println!("  in {:.1} s", start.elapsed().as_secs_f64());
        sections.push(section);
    }
    if options.only.is_empty() {
        figure::check_complete(&sections);
    }
    sections
}
