//! Repeats one training step, for a tool that counts instructions. The difference between two runs is the count of the
//! extra steps, independent of the load of the machine.
//!
//!     nn/benches/instructions.sh
#![allow(missing_docs)]

#[allow(dead_code, reason = "each bench uses a part of it")]
mod by_hand;
#[allow(dead_code, reason = "each bench uses a part of it")]
mod work;

use nn::{Adam, Sgd, Trainer};
use work::{CASES, Work, slice};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [name, contender, steps] = &arguments[..] else {
        return eprintln!("usage: CASE tape|matrix_form|by_hand STEPS");
    };
    let case = CASES.iter().find(|case| case.name == name).unwrap_or_else(|| panic!("instructions: no case {name}"));
    let steps: usize = steps.parse().expect("instructions: STEPS must be an integer");
    autodiff::set_threads(1);
    let work = Work::<f32>::new(case);
    match (&contender[..], case.update) {
        ("by_hand", _) => {
            let mut network = work.by_hand(case);
            (0..steps).for_each(|_| {
                network.step(slice(&work.x), slice(&work.target), slice(&work.classes));
            });
        }
        ("matrix_form", by_hand::Update::Descent) => {
            let mut model = work.model.clone();
            (0..steps).for_each(|_| {
                work.matrix_step(case, &mut model);
            });
        }
        ("tape", by_hand::Update::Descent) => {
            let mut trainer = Trainer::new(work.model.clone(), Sgd::new(0.01));
            (0..steps).for_each(|_| {
                work.tape_step(case, &mut trainer);
            });
        }
        ("tape", by_hand::Update::Adam) => {
            let mut trainer = Trainer::new(work.model.clone(), Adam::new(1e-3));
            (0..steps).for_each(|_| {
                work.tape_step(case, &mut trainer);
            });
        }
        (contender, _) => eprintln!("instructions: no step {contender} for {name}"),
    }
}
