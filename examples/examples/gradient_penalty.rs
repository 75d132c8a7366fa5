//! A loss that contains a gradient: a network is trained to have values that fit, and slopes of norm 1 everywhere
//! (‖∇ₓf‖ − 1)², as the critics of Gulrajani et al. 2017 and signed distance functions (Gropp et al. 2020) have.
//!
//! The network sees points of a circle only, where its value should be 0; that it becomes the distance from the circle
//! elsewhere comes from the penalty.

use autodiff::prelude::*;
use nn::{Adam, Init, Mlp, Optimizer, Transfer, loss, schedule};
use rand::{Rng, SeedableRng, rngs::StdRng};

fn main() {
    let steps = if std::env::args().any(|option| option == "--quick") { 1500 } else { 3000 };
    let rng = &mut StdRng::seed_from_u64(0);
    let mut mlp = Mlp::<Tensor<f64>>::new(&[2, 32, 32, 1], Transfer::Softplus, Init::GlorotNormal, rng);
    let mut adam = Adam::new(&mlp, 0.0);
    let mut first = None;
    for step in 0..steps {
        adam.rate = schedule::one_cycle(0.01, f64::from(step) / f64::from(steps));
        let (on_circle, anywhere) = (circle(64, rng), Tensor::<f64>::uniform([128, 2], -1.0, 1.0, rng));
        let (value, gradient) = value_and_grad(&mlp, |tape, mlp| {
            let x = tape.constant(anywhere);
            let [slope] = mlp.forward(&x).sum().grad([x]); // recorded: a part of the loss
            let penalty = (slope.norm_axis(-1) - 1.0).square().mean();
            let value = mlp.forward(&tape.constant(on_circle));
            let centre = mlp.forward(&tape.constant(Tensor::zeros([1, 2])));
            // Which side is inside: one point says so.
            loss::absolute_error(&value, &value.full_like(0.0)) + penalty.scale(0.5) + (centre + 0.5).relu().sum()
        });
        adam.step(&mut mlp, &gradient);
        let first = *first.get_or_insert(value.item());
        if (step + 1) % (steps / 5) == 0 {
            println!("step {:4}: loss {:.4}, at first {first:.4}", step + 1, value.item());
        }
    }
    let x = Tensor::<f64>::uniform([1000, 2], -1.0, 1.0, rng);
    let distance = x.norm_axis(-1) - 0.5;
    let apart = (mlp.forward(&x).index_axis(1, 0) - distance).abs().mean().item();
    println!("mean difference from the distance to the circle: {apart:.4}");
    assert!(apart < if steps < 3000 { 0.1 } else { 0.03 });
}

/// Points on the circle of radius ½.
fn circle(n: usize, rng: &mut impl Rng) -> Tensor<f64> {
    let angle = Tensor::<f64>::uniform([n], 0.0, std::f64::consts::TAU, rng);
    Tensor::stack(1, &[&angle.cos(), &angle.sin()]) * 0.5
}
