//! Sparse autoencoders have more code units than inputs, but a penalty Ω(h) keeps few of them active:
//! C = ‖r(x) − x‖² + Ω(h).
//!
//! The example compares the penalties β·Σⱼ KL(ρ ‖ ρ̂ⱼ), λ·‖h‖₁ and λ·‖h‖².

use examples::models::{Setting, sparse, sparse::Penalty};
use nn::data::Digits;

fn main() {
    let (digits, setting) = (Digits::load(), Setting::from_args());
    println!("Digits; {}.", Digits::SPLIT);
    println!("Autoencoders 64-128-64, measured on the test images:");
    println!("penalty                      squared error  mean activation  share above 0.1  probe accuracy");
    let [kl, none, l1, l2] =
        [Penalty::Kl { rho: 0.05, beta: 3.0 }, Penalty::L1(0.0), Penalty::L1(0.1), Penalty::L2(0.1)].map(|penalty| {
            let trained = sparse::train(&digits, penalty, setting);
            let name = format!("{penalty:?}");
            print!("{name:28} {:13.4}  {:15.4}", trained.test_sq, trained.mean_activation);
            println!("  {:15.3}  {:14.4}", trained.active_share, trained.probe_accuracy);
            trained
        });
    assert!(l1.active_share < none.active_share && l2.mean_activation < none.mean_activation);
    if setting.is_full() {
        assert!((0.045..=0.06).contains(&kl.mean_activation), "the KL penalty keeps the mean activation near ρ");
        assert!(kl.test_sq <= 1.75 && kl.active_share < 0.15);
        assert!(l1.active_share < l2.active_share, "L1 sets units to 0, L2 only shrinks them");
    }
}
