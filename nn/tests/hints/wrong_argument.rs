use autodiff::prelude::*;
use nn::Trainer;

fn main() {
    let x = Tensor::from([1.0, 2.0]);
    custom(|x: f64| x, &[&x]);
    autodiff::fuse(|x: f64| x, [&x]);
    Trainer::new(x.clone(), 0.1);
}
