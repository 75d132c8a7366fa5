//! Single units: threshold logic, neurons, transfer functions and Hebbian learning.

use autodiff::{assert_close, prelude::*};
use nn::hebb::{Association, hebb, oja};
use nn::threshold::{Circuit, TruthTable, Unit};
use nn::{Init, Linear, Mlp, Neuron, Transfer, TransferFunction};
use rand::{SeedableRng, rngs::StdRng};

#[test]
fn gates_have_their_truth_tables() {
    let all = |x: &[bool]| x.iter().all(|&x| x);
    let any = |x: &[bool]| x.iter().any(|&x| x);
    assert_eq!(Unit::not().truth_table().outputs, [true, false]);
    assert_eq!(Unit::and_not().truth_table().outputs, [false, false, true, false]);
    assert_eq!(Circuit::xor().truth_table().outputs, [false, true, true, false]);
    for n in 1..6 {
        assert_eq!(Unit::and(n).truth_table(), TruthTable::of(n, all));
        assert_eq!(Unit::or(n).truth_table(), TruthTable::of(n, any));
        assert_eq!(Unit::nor(n).truth_table(), TruthTable::of(n, |x| !any(x)));
        assert_eq!(Circuit::nand(n).truth_table(), TruthTable::of(n, |x| !all(x)));
        let most = |x: &[bool]| 2 * x.iter().filter(|&&x| x).count() > n;
        assert_eq!(Unit::majority(n).truth_table(), TruthTable::of(n, most));
    }
}

#[test]
fn truth_table_is_printed_row_by_row() {
    assert_eq!(Unit::and(2).truth_table().to_string(), "0 0 │ 0\n0 1 │ 0\n1 0 │ 0\n1 1 │ 1\n");
}

/// NAND alone suffices for all gates (Sheffer 1913).
#[test]
fn four_nands_are_an_xor() {
    let nand = Circuit::nand(2);
    let mut xor = Circuit::new(2);
    let both = xor.add_circuit(&nand, &[0, 1]);
    let [left, right] = [xor.add_circuit(&nand, &[0, both]), xor.add_circuit(&nand, &[both, 1])];
    xor.add_circuit(&nand, &[left, right]);
    assert_eq!(xor.truth_table(), Circuit::xor().truth_table());
}

#[test]
fn unit_agrees_with_its_neuron() {
    for unit in [Unit::and(3), Unit::or(3), Unit::nor(3), Unit::majority(5), Unit::and_not()] {
        let n = unit.synapses.len();
        let neuron = unit.neuron();
        let by_neuron = TruthTable::of(n, |x| {
            let x: Vec<f64> = x.iter().map(|&x| f64::from(x)).collect();
            neuron.forward(Tensor::from(x)).item() == 1.0
        });
        assert_eq!(by_neuron, unit.truth_table(), "{unit:?}");
    }
    assert_eq!((Unit::and_not().neuron().excitatory(), Unit::and_not().neuron().inhibitory()), (vec![0], vec![1]));
}

/// All units of two inputs are tried; inhibition is absolute.
#[test]
fn no_single_unit_is_nand_or_xor() {
    use nn::threshold::Synapse::{Excitatory, Inhibitory};
    for synapses in [[Excitatory, Excitatory], [Excitatory, Inhibitory], [Inhibitory, Excitatory], [Inhibitory; 2]] {
        for threshold in 0..4 {
            let table = Unit { threshold, synapses: synapses.to_vec() }.truth_table();
            assert!(table != Circuit::nand(2).truth_table() && table != Circuit::xor().truth_table());
        }
    }
}

#[test]
#[should_panic(expected = "Circuit::add: signal 2 does not exist yet; there are 2")]
fn circuit_refuses_loops() {
    Circuit::new(2).add(Unit::and(2), &[0, 2]);
}

#[test]
#[should_panic(expected = "Unit::fires: the unit has 2 synapses, but 3 inputs are given")]
fn unit_takes_one_input_per_synapse() {
    Unit::and(2).fires(&[true; 3]);
}

#[test]
#[should_panic(expected = "softmax compares units")]
fn neuron_refuses_softmax() {
    let neuron = Neuron { weights: Tensor::from([1.0]), bias: Tensor::scalar(0.0), transfer: Transfer::Softmax };
    neuron.forward(Tensor::from([[1.0]]));
}

/// A neuron agrees with one row of a layer, for any transfer function, and so do its derivatives.
#[test]
fn neuron_agrees_with_a_row_of_a_layer() {
    let rng = &mut StdRng::seed_from_u64(0);
    let x = Tensor::<f64>::normal([6, 3], 0.0, 1.0, rng);
    let layer = Linear::<Tensor<f64>>::new(3, 1, Init::GlorotUniform, rng);
    let (weights, bias) = (layer.weight.index_axis(0, 0), layer.bias.index_axis(0, 0));
    for transfer in [Transfer::Step(0.1), Transfer::Linear, Transfer::Sigmoid, Transfer::Relu, Transfer::Gelu] {
        let neuron = Neuron { weights: weights.clone(), bias: bias.clone(), transfer };
        assert_close(&neuron.forward(&x), &transfer.apply(&layer.forward(&x)).index_axis(1, 0), 1e-15);
        let (_, gradient) = value_and_grad(&neuron, |tape, neuron| neuron.forward(tape.constant(x.clone())).sum());
        let delta = transfer.derivative(&neuron.weighted_sum(&x));
        assert_close(&gradient.weights, &delta.matmul(&x), 1e-14);
        assert_close(&gradient.bias, &delta.sum(), 1e-14);
    }
}

#[test]
fn steep_sigmoid_approaches_a_step() {
    let theta = 0.5;
    let neuron = Neuron { weights: Tensor::from([1.0]), bias: Tensor::scalar(-theta), transfer: Transfer::Sigmoid };
    let u = Tensor::<f64>::linspace(-2.0, 3.0, 500); // an even number, so none is the threshold itself
    let step = Transfer::Step(theta).apply(&u);
    for steepness in [1.0, 10.0, 100.0] {
        let apart = (neuron.steeper(steepness).forward(u.reshape([500, 1])) - &step).abs();
        let limit = ((&u - theta).abs() * -steepness).exp();
        assert!(apart.iter().zip(limit.iter()).all(|(apart, limit)| apart <= limit + 1e-15), "steepness {steepness}");
    }
}

#[test]
fn transfer_functions_fill_their_range() {
    let u = Tensor::<f64>::linspace(-50.0, 50.0, 20_001);
    let functions = [
        Transfer::Step(0.5),
        Transfer::Linear,
        Transfer::Sigmoid,
        Transfer::Tanh,
        Transfer::Relu,
        Transfer::Softplus,
        Transfer::LeakyRelu(0.9),
        Transfer::LeakyRelu(-0.5),
        Transfer::Elu(1.5),
        Transfer::Gelu,
        Transfer::Silu,
    ];
    for transfer in functions {
        let (low, high) = transfer.range();
        let y = transfer.apply(&u);
        let (least, most) = (y.min().item(), y.max().item());
        assert!(low <= least && most <= high, "{transfer:?}: {least}, {most}");
        assert!(if low.is_finite() { least - low < 1e-5 } else { least < -40.0 }, "{transfer:?}: {least}");
        assert!(if high.is_finite() { high - most < 1e-5 } else { most > 40.0 }, "{transfer:?}: {most}");
    }
}

/// Integers, so that nothing is rounded.
#[test]
fn linear_network_equals_one_layer() {
    let rng = &mut StdRng::seed_from_u64(0);
    let mut whole = |shape: [usize; 2]| Tensor::<f64>::uniform(shape, -9.0, 10.0, rng).floor();
    let mut deep = Mlp::new(&[4, 5, 6, 3], Transfer::Linear, Init::Constant(0.0), &mut StdRng::seed_from_u64(0));
    for layer in &mut deep.layers {
        let [outputs, inputs] = [layer.weight.shape()[0], layer.weight.shape()[1]];
        *layer = Linear { weight: whole([outputs, inputs]), bias: whole([1, outputs]).index_axis(0, 0) };
    }
    let x = whole([7, 4]);
    assert_eq!(deep.as_one_layer().forward(&x), deep.forward(&x));
}

#[test]
#[should_panic(expected = "as_one_layer: Relu is not linear")]
fn nonlinear_network_is_not_one_layer() {
    Mlp::<Tensor<f64>>::new(&[2, 2, 1], Transfer::Relu, Init::HeNormal, &mut StdRng::seed_from_u64(0)).as_one_layer();
}

/// Samples of mean 0 whose largest variance is along no axis.
fn cloud() -> Tensor<f64> {
    let rng = &mut StdRng::seed_from_u64(1982);
    let mix = Tensor::from([[2.0, 1.0, 0.0], [0.0, 0.5, 0.3], [0.4, 0.0, 0.2]]);
    let x = Tensor::<f64>::normal([300, 3], 0.0, 1.0, rng).matmul(&mix);
    &x - x.mean_axis(0)
}

/// The first eigenvector of XᵀX by power iteration, with its largest element above 0.
fn first_component(x: &Tensor<f64>) -> Tensor<f64> {
    let square = x.t_matmul(x);
    let mut v = Tensor::ones([x.shape()[1]]);
    for _ in 0..1000 {
        v = square.matmul(&v);
        v = &v / v.norm();
    }
    v
}

#[test]
fn ojas_rule_converges_to_the_first_principal_component() {
    let x = cloud();
    let mut w = Tensor::from([0.1, 0.2, -0.3]);
    for _ in 0..2000 {
        w = oja(&w, &x, 0.05);
    }
    let v = first_component(&x);
    assert_close(&w, &(&v * w.dot(&v).sign()), 1e-10);
    assert!((w.norm().item() - 1.0).abs() < 1e-12);
}

/// One sample at a time, as in Oja's paper; with falling rates the weights come close.
#[test]
fn ojas_rule_learns_sample_by_sample() {
    let x = cloud();
    let mut w = Tensor::from([0.1, 0.2, -0.3]);
    for step in 0..6000 {
        w = oja(&w, &x.slice(0, step % 300, step % 300 + 1), 1.0 / (100.0 + step as f64));
    }
    assert!(w.dot(first_component(&x)).item().abs() > 0.999);
}

#[test]
fn plain_hebbian_weights_grow_along_the_same_direction() {
    let x = cloud();
    let mut w = Tensor::from([[0.1, 0.2, -0.3]]);
    for _ in 0..200 {
        w = hebb(&w, &x, &x.matmul_t(&w), 0.1);
    }
    let size = w.norm().item();
    assert!(size > 1e6);
    assert!((w.index_axis(0, 0).dot(first_component(&x)).item() / size).abs() > 1.0 - 1e-9);
}

#[test]
fn hebbs_rule_agrees_with_its_formula() {
    let (w, x, y) = (Tensor::from([[0.5, 1.0]]), Tensor::from([[2.0, 3.0]]), Tensor::from([[10.0]]));
    assert_eq!(hebb(&w, &x, &y, 0.1), Tensor::from([[2.5, 4.0]]));
}

/// A random sign in each place.
fn patterns(n: usize, size: usize, rng: &mut StdRng) -> Tensor<f64> {
    Tensor::<f64>::uniform([n, size], -1.0, 1.0, rng).step() * 2.0 - 1.0
}

#[test]
fn associations_are_recalled_from_damaged_cues() {
    let rng = &mut StdRng::seed_from_u64(3);
    let (x, y) = (patterns(5, 200, rng), patterns(5, 30, rng));
    let mut memory = Association::new(200, 30);
    memory.store(&x.slice(0, 0, 2), &y.slice(0, 0, 2));
    memory.store(&x.slice(0, 2, 5), &y.slice(0, 2, 5));
    assert_eq!(memory.recall(&x), y);
    let flip = Tensor::from_fn([5, 200], |i| if i[1] % 10 == i[0] { -1.0 } else { 1.0 });
    assert_eq!(memory.recall(&(&x * flip)), y);
}

#[test]
fn damaged_pattern_is_completed() {
    let rng = &mut StdRng::seed_from_u64(4);
    let x = patterns(4, 200, rng);
    let mut memory = Association::new(200, 200);
    memory.store(&x, &x);
    let half = x.slice(1, 0, 140).pad(1, 0, 60);
    assert_eq!(memory.recall(&memory.recall(&half)), x);
}
