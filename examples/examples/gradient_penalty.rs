//! A loss may contain a gradient: here the penalty (‖∇ₓf‖ − 1)² turns a network f into a signed distance function.
//!
//! The other loss terms ask only that f = 0 on a circle and f ≤ −½ at its centre. The penalty makes f the distance to
//! the circle everywhere else (Gropp et al. 2020). Gulrajani et al. 2017 train critics with the same penalty.

use autodiff::prelude::*;
use nn::{Adam, Init, Mlp, Optimizer, Transfer, loss, schedule};
use rand::{Rng, SeedableRng, rngs::StdRng};

fn main() {
    let steps = if examples::Arguments::read().quick { 1500 } else { 3000 };
    let rng = &mut StdRng::seed_from_u64(0);
    let mut mlp = Mlp::<Tensor<f64>>::new(&[2, 32, 32, 1], Transfer::Softplus, Init::GlorotNormal, rng);
    let mut adam = Adam::new(0.0);
    let mut first = None;
    for step in 0..steps {
        adam.set_rate(schedule::one_cycle(0.01, f64::from(step) / f64::from(steps)));
        let (on_circle, in_square) = (circle(64, rng), Tensor::<f64>::uniform([128, 2], -1.0, 1.0, rng));
        let (value, gradient) = value_and_grad(&mlp, |tape, mlp| {
            let x = tape.constant(in_square);
            let [gradient] = mlp.forward(x).sum().grad([x]); // recorded on the tape, so the loss may use it
            let penalty = (gradient.norm_axis(-1) - 1.0).square().mean();
            let value = mlp.forward(&on_circle);
            let centre = mlp.forward(Tensor::zeros([1, 2]));
            // The last term makes the centre the inside; the other two allow either sign.
            loss::absolute_error(&value, value.full_like(0.0)) + penalty * 0.5 + (centre + 0.5).relu().sum()
        });
        adam.step(&mut mlp, &gradient);
        let first = *first.get_or_insert(value.item());
        if (step + 1) % (steps / 5) == 0 {
            println!("step {:4}: loss {:.4}; in the first step {first:.4}", step + 1, value.item());
        }
    }
    let x = Tensor::<f64>::uniform([1000, 2], -1.0, 1.0, rng);
    let distance = x.norm_axis(-1) - 0.5;
    let error = (mlp.forward(&x).index_axis(1, 0) - distance).abs().mean().item();
    println!("mean absolute error of the signed distance: {error:.4}");
    assert!(error < if steps < 3000 { 0.1 } else { 0.03 });
}

/// Random points on the circle of radius ½.
fn circle(n: usize, rng: &mut impl Rng) -> Tensor<f64> {
    let angle = Tensor::<f64>::uniform([n], 0.0, std::f64::consts::TAU, rng);
    Tensor::stack(1, &[&angle.cos(), &angle.sin()]) * 0.5
}
