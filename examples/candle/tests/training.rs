//! Models of arrays train by the trainer of nn, and nothing is copied to the host meanwhile. With the feature `cuda`, on the
//! first CUDA device.

use autodiff::prelude::*;
use autodiff_candle::programs::{contractive, digits, physics};
use autodiff_candle::{Array, Float, host_copies};
use candle_core::Device;

fn device() -> Device {
    Device::cuda_if_available(0).expect("the first CUDA device")
}

#[test]
fn copies_between_host_and_device_are_counted() {
    let x = Array::from_host(&Tensor::from([0.5, 1.0]), &device());
    let before = host_copies();
    x.sum().item();
    assert_eq!(host_copies(), before, "one number");
    assert_eq!(x.lift(&x.primal()).shape(), [2]);
    assert_eq!(host_copies(), before + 2);
}

fn classifier_learns<T: Float>() {
    let trained = digits::<T>(&device(), 4).expect("training stays finite");
    assert!(trained.figure > 0.93, "{trained:?}");
    assert_eq!(trained.host_copies, 0);
}

#[test]
fn classifier_learns_digits_without_a_host_copy() {
    classifier_learns::<f32>();
    classifier_learns::<f64>();
}

fn network_solves<T: Float>() {
    let trained = physics::<T>(&device(), 1000).expect("training stays finite");
    assert!(trained.figure < 0.05, "{trained:?}");
    assert_eq!(trained.host_copies, 0);
}

#[test]
fn network_solves_a_differential_equation_without_a_host_copy() {
    network_solves::<f32>();
    network_solves::<f64>();
}

fn penalty_contracts<T: Float>() {
    let [without, with] = [0.0, 0.3].map(|factor| contractive::<T>(&device(), 6, factor).expect("finite"));
    assert!(with.figure < 0.7 * without.figure, "{with:?}, {without:?}");
    assert_eq!(with.host_copies, 0);
}

#[test]
fn exact_penalty_contracts_a_code_without_a_host_copy() {
    penalty_contracts::<f32>();
    penalty_contracts::<f64>();
}
