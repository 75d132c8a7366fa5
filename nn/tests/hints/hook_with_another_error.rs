use autodiff::prelude::*;
use nn::{Plan, Sgd, Trainer};
use rand::{SeedableRng, rngs::StdRng};

fn main() {
    let rng = &mut StdRng::seed_from_u64(0);
    let mut trainer = Trainer::new(Tensor::from([1.0]), Sgd::new(0.1));
    let x = Tensor::from([[1.0]]);
    let _ = trainer.fit(&Plan::new(1, 1), &x, None, rng, |_, w, _, _| w.square().sum(), |_, _, _| Err(std::fmt::Error));
    let _ = trainer.fit(&Plan::new(1, 1), &x, None, rng, |_, w, _, _| w.square().sum(), |_, _, _| {
        std::fs::write("state", "")?;
        Ok::<(), std::io::Error>(())
    });
}
