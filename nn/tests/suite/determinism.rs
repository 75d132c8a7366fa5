//! The same seed gives the same bits: when repeated, on any number of threads, in f32 and f64, and after a resume with
//! another number of threads. For another process after a kill, see `killed`.

use autodiff::prelude::*;
use autodiff::set_threads;
use nn::data::Samples;
use nn::{Adam, Init, Mlp, State, Trainer, Transfer, loss, noise};
use rand::SeedableRng;
use rand::rngs::{ChaCha12Rng, StdRng};

type Training<T> = (Trainer<Mlp<Tensor<T>>, Adam<Tensor<T>>>, ChaCha12Rng);

fn start<T: Element>() -> Training<T> {
    let mut rng = ChaCha12Rng::seed_from_u64(1);
    let mlp = Mlp::new(&[784, 256, 10], Transfer::Sigmoid, Init::GlorotUniform, &mut rng);
    (Trainer::new(mlp, Adam::new(1e-3)), rng)
}

/// Products, loops and updates large enough to be shared by threads, with random dropout and sample order.
fn epoch<T: Element>((trainer, rng): &mut Training<T>) {
    let x = Tensor::<T>::uniform([256, 784], 0.0, 1.0, &mut StdRng::seed_from_u64(2));
    let samples = Samples { labels: x.slice(1, 0, 10).argmax(-1), x };
    let mut order = ChaCha12Rng::from_rng(rng);
    let means = trainer.epoch(&samples, 128, &mut order, |tape, mlp, batch, _| {
        let x = noise::dropout(&tape.constant(batch.x.clone()), 0.2, rng);
        loss::cross_entropy(&mlp.forward(x), &batch.labels)
    });
    means.unwrap();
}

fn bits<T: Element>((trainer, _): &Training<T>) -> Vec<u64> {
    let mut leaves = trainer.model.leaves();
    trainer.optimizer.clone().visit_tensors(&mut |_, _, tensor| leaves.push(tensor.clone()));
    leaves.iter().flat_map(|leaf| leaf.iter().map(|number| number.to_f64().to_bits()).collect::<Vec<_>>()).collect()
}

fn trained<T: Element>(threads: usize) -> Vec<u64> {
    set_threads(threads);
    let mut training = start::<T>();
    (0..2).for_each(|_| epoch(&mut training));
    bits(&training).into_iter().chain(summed::<T>()).collect()
}

/// A loss whose sum is part of a fused loop, and its gradient.
fn summed<T: Element>() -> Vec<u64> {
    let x = Tensor::<T>::uniform([256, 784], 0.0, 1.0, &mut StdRng::seed_from_u64(3));
    let (y, gradient) = value_and_grad(&x, |tape, z| loss::binary_cross_entropy(&z, tape.constant(x.clone())));
    y.iter().chain(gradient.iter()).map(|number| number.to_f64().to_bits()).collect()
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let expected = trained::<f32>(1);
    for threads in [1, 2, 3] {
        assert!(trained::<f32>(threads) == expected, "f32 on {threads} threads");
    }
    assert!(trained::<f64>(1) == trained::<f64>(2), "f64");
}

#[cfg(feature = "store")]
#[test]
fn resumed_training_does_not_depend_on_the_number_of_threads() {
    let folder = crate::folder::Folder::new();
    let file = folder.path().join("checkpoint");
    let mut first = start::<f32>();
    set_threads(2);
    epoch(&mut first);
    first.0.save(&file, &first.1).expect("it can be saved");
    let mut second = start::<f32>();
    second.0.restore(&file, &mut second.1).expect("it was saved");
    assert_eq!(second.0.epochs(), 1);
    set_threads(1);
    epoch(&mut second);
    assert!(trained::<f32>(2).starts_with(&bits(&second)));
}
