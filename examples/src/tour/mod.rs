//! The tour: trains every model of the chapter, measures it, and shows the results on one page.

mod data;
mod figure;
mod options;
mod page;
mod published;
mod requirement;
mod sections;

pub use figure::{Figure, report};
pub use options::Options;
pub use page::{Section, page};
pub use requirement::Requirement;
pub use sections::SECTIONS;

use crate::models::Setting;
use autodiff::prelude::*;
use nn::data::{Digits, Samples};
use std::time::Instant;

/// The data and settings that all sections use.
pub struct Context {
    /// The images, split into training and test sets.
    pub digits: Digits<f32>,
    /// Whether they are the digits that come with `nn`, for which the requirements were chosen.
    pub is_digits: bool,
    /// A description of the split.
    pub split: String,
    /// The seed of all random draws.
    pub seed: u64,
    /// The number of epochs, or `None` for the default of each model.
    pub epochs: Option<usize>,
}

impl Context {
    /// Whether the requirements apply: on the digits, with the default number of epochs.
    pub fn is_full(&self) -> bool {
        self.is_digits && self.epochs.is_none()
    }

    /// The seed and the number of epochs, for the functions in [`models`](crate::models).
    pub fn setting(&self) -> Setting {
        Setting { seed: self.seed, epochs: self.epochs }
    }

    /// The first test image of each digit.
    pub fn one_of_each_digit(&self) -> Tensor<f32> {
        let Samples { x, labels } = &self.digits.test;
        let first = |digit| labels.iter().position(|label| label == digit);
        x.take(0, &(0..10).filter_map(first).collect::<Vec<_>>())
    }
}

/// Runs the requested sections in order, and prints the figures and the time of each.
///
/// # Panics
/// Panics if all sections ran on the digits and a figure with a requirement is missing.
pub fn run(context: &Context, options: &Options) -> Vec<Section> {
    let requested =
        SECTIONS.iter().filter(|(name, _)| options.only.is_empty() || options.only.iter().any(|n| n == name));
    let mut sections = Vec::new();
    for (name, section) in requested {
        println!("\n{name}");
        let start = Instant::now();
        let mut section = section(context);
        if !context.is_full() {
            section.figures.iter_mut().for_each(|figure| figure.requirement = Requirement::Nothing);
        }
        for figure in &section.figures {
            println!("  {figure}");
        }
        println!("  took {:.1} s", start.elapsed().as_secs_f64());
        sections.push(section);
    }
    if options.only.is_empty() && context.is_digits {
        figure::check_complete(&sections);
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::{Context, Options, page, report, run};
    use autodiff::prelude::*;
    use nn::data::{Digits, Samples};
    use rand::{SeedableRng, rngs::StdRng};

    #[test]
    fn every_section_takes_larger_images() {
        let rng = &mut StdRng::seed_from_u64(0);
        let mut images =
            |n| Samples { x: Tensor::uniform([n, 256], 0.0, 1.0, rng), labels: Tensor::from_fn([n], |i| i[0] % 10) };
        let digits = Digits { train: images(40), test: images(12) };
        let context = Context { digits, is_digits: false, split: "random images".to_owned(), seed: 0, epochs: Some(1) };
        let sections = run(&context, &Options::default());
        let page = page(&context, &sections, 1.0);
        assert!(page.contains("16×16 pixels") && page.contains("A classifier 256-100-10"));
        assert!(report(&context, &sections, 1.0).contains("variational_20"));
        // The images are not MNIST's, so published figures have no place beside theirs.
        assert!(!page.contains("Beside published figures"));
    }
}
