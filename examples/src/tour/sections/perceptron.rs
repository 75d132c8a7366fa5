//! The perceptron, which learns from its mistakes, and the exclusive or.

use crate::picture::{Ink, grid};
use crate::tour::{Context, Section};
use autodiff::prelude::*;
use nn::{Adam, Init, Mlp, Trainer, Transfer, loss, perceptron};
use rand::{SeedableRng, rngs::StdRng};

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("The perceptron, and the exclusive or");
    section.formula("w ← w + t·x for each mistake");
    section.code(include_str!("perceptron.rs"));
    let x = Tensor::from([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
    let [and_labels, xor_labels] = [[0, 0, 0, 1], [0, 1, 1, 0]].map(Tensor::from);
    let target = xor_labels.map(|&label| label as f64).unsqueeze(1);
    let rng = &mut StdRng::seed_from_u64(context.seed + 1);
    // The page shows these lines.
    let and = perceptron::train(&x, &and_labels, 100);
    let xor = perceptron::train(&x, &xor_labels, 100); // returns a proof that no line does it
    let mlp = Mlp::new(&[2, 4, 1], Transfer::Tanh, Init::GlorotUniform, rng);
    let mut trainer = Trainer::new(mlp, Adam::new(0.05));
    for _ in 0..300 {
        let step = trainer.step(&x, &mut (), |_, mlp, x, _| loss::binary_cross_entropy(&mlp.forward(x), &target));
        step.expect("the loss is finite");
    }
    // Up to here.
    assert!(matches!(xor.outcome, perceptron::Outcome::Inseparable(_)), "XOR: {xor}");
    section.text(&format!(
        "A single unit separates classes by a line. It learns AND with {} mistakes; more than {:.0} are impossible. It cannot \
         learn XOR: the points of one class have the same sum as those of the other, (1, 1), so no line has one class on \
         each side.",
        and.total_mistakes(),
        and.bound.unwrap_or(f64::INFINITY)
    ));
    section.text(
        "A network with a hidden layer divides the plane in other ways. Its hidden units have no targets of their own: \
         backpropagation gives them their share of the error.",
    );
    let of_unit = |x: &Tensor<f64>| and.neuron.forward(x).map(|&y| y as usize);
    section.best_picture("A network learns XOR.", &output(&trainer.model));
    section.picture("AND, by a perceptron.", &nn::decision_regions(&x, &and_labels, of_unit));
    let of_network = |x: &Tensor<f64>| trainer.model.forward(x).index_axis(1, 0).map(|&y| usize::from(y > 0.0));
    let regions = nn::decision_regions(&x, &xor_labels, of_network);
    section.picture("XOR, by a network 2-4-1 trained with backpropagation.", &regions);
    section
}

/// The output of the network over the plane around the four points, as an image.
fn output(mlp: &Mlp<Tensor<f64>>) -> String {
    const SIDE: usize = 54;
    let place = |i: usize| 1.5 * (i as f64 + 0.5) / SIDE as f64 - 0.25;
    let plane = Tensor::from_fn([SIDE * SIDE, 2], |i| match i[1] {
        0 => place(i[0] % SIDE),
        _ => place(SIDE - 1 - i[0] / SIDE),
    });
    let output = mlp.forward(&plane).map(|&y| (0.5 * y).tanh() as f32).reshape([1, SIDE * SIDE]);
    let alt = "The output of the network over the plane: blue at (0, 0) and (1, 1), orange at (0, 1) and (1, 0).";
    grid(&[("", output)], Ink::Sign, alt)
}
