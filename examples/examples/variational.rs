//! Variational autoencoders maximise a lower bound of the log-likelihood, ELBO = E ln p(x|z) − KL(q(z|x) ‖ p(z)), and
//! generate new digits.

use autodiff::prelude::*;
use examples::models::{Setting, variational};
use examples::show;
use nn::data::Digits;
use rand::{SeedableRng, rngs::StdRng};

fn main() {
    let (digits, setting) = (Digits::load(), Setting::from_args());
    println!("Digits; {}.", Digits::SPLIT);
    println!("Nats per test image, with a Bernoulli decoder:");
    println!("latent units    −ELBO = reconstruction + KL     −ln p(x), estimated");
    for (latent, bound) in [(2, 24.9), (8, 24.5)] {
        let trained = variational::train(&digits, latent, setting);
        let [reconstruction, kl] = [trained.reconstruction, trained.kl];
        println!("{latent:12}  {:7.3} = {reconstruction:14.3} + {kl:.3}  {:22.3}", trained.neg_elbo, trained.nll);
        assert!(trained.nll < trained.neg_elbo, "the importance-weighted bound is tighter");
        assert!(trained.neg_elbo <= bound || !setting.is_full(), "−ELBO exceeds {bound}");
        println!("Generated digits, and an interpolation between two test images:");
        show(&trained.model.generate(7, &mut StdRng::seed_from_u64(5)));
        let [from, to] = [0, 1].map(|i| digits.test.x.index_axis(0, i));
        let path = trained.model.interpolate(&from, &to, 7);
        show(&path);
        assert!(path.iter().all(|pixel| (0.0..=1.0).contains(&pixel)));
    }
}
