//! Variational autoencoders: bounds of the likelihood, and new digits.

use autodiff::prelude::*;
use examples::models::{Setting, variational};
use examples::show;
use nn::data::Digits;
use rand::{SeedableRng, rngs::StdRng};

fn main() {
    let (digits, setting) = (Digits::load(), Setting::from_args());
    println!("Digits. Split: {}. Nats per test image, Bernoulli pixels.", Digits::SPLIT);
    println!("latent units    −ELBO = reconstruction + KL     −ln p(x), estimated");
    for (latent, wanted) in [(2, 24.9), (8, 24.5)] {
        let trained = variational::train(&digits, latent, setting);
        let [reconstruction, kl] = [trained.reconstruction, trained.kl];
        println!("{latent:12}  {:7.3} = {reconstruction:14.3} + {kl:.3}  {:22.3}", trained.neg_elbo, trained.nll);
        assert!(trained.nll < trained.neg_elbo, "the importance-weighted bound is closer");
        assert!(trained.neg_elbo <= wanted || !setting.is_full(), "more than {wanted}");
        println!("New digits, and a way from one image to another:");
        show(&trained.model.generate(7, &mut StdRng::seed_from_u64(5)));
        let [from, to] = [0, 1].map(|i| digits.test.x.index_axis(0, i));
        let way = trained.model.interpolate(&from, &to, 7);
        show(&way);
        assert!(way.iter().all(|pixel| (0.0..=1.0).contains(&pixel)));
    }
}
