//! One kind of training step, again and again, for a tool that counts instructions: the counts of two runs differ by
//! that many steps, whatever else the machine is doing.
//!
//!     nn/benches/instructions.sh
#![allow(missing_docs)]

#[allow(dead_code, reason = "each program needs a part of it")]
mod by_hand;
#[allow(dead_code, reason = "each program needs a part of it")]
mod work;

use nn::{Adam, Sgd, Trainer};
use work::{CASES, Work, slice};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [name, contender, steps] = &arguments[..] else { return eprintln!("CASE tape|matrix_form|by_hand STEPS") };
    let case = CASES.iter().find(|case| case.name == name).expect("a case of the benches");
    let steps: usize = steps.parse().expect("a number of steps");
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
            let mut trainer = Trainer::new(work.model.clone(), |_| Sgd::new(0.01));
            (0..steps).for_each(|_| {
                work.tape_step(case, &mut trainer);
            });
        }
        ("tape", by_hand::Update::Adam) => {
            let mut trainer = Trainer::new(work.model.clone(), |mlp| Adam::new(mlp, 1e-3));
            (0..steps).for_each(|_| {
                work.tape_step(case, &mut trainer);
            });
        }
        (contender, _) => eprintln!("{contender} does not do {name}"),
    }
}
