//! McCulloch–Pitts units, which fire if at least θ excitatory inputs and no inhibitory input fire, compute logic gates;
//! circuits of them compute XOR and add bits.
//!
//! A neuron with a steep sigmoid, y = σ(s·u) for large s, approaches the step of such a unit.

use autodiff::prelude::*;
use nn::threshold::{Circuit, TruthTable, Unit};
use nn::{Neuron, Transfer};

fn main() {
    let gates = [
        ("AND", Unit::and(2).truth_table()),
        ("OR", Unit::or(2).truth_table()),
        ("NOT", Unit::not().truth_table()),
        ("NAND, a circuit of two units", Circuit::nand(2).truth_table()),
        ("MAJORITY", Unit::majority(3).truth_table()),
        ("XOR, a circuit of three units", Circuit::xor().truth_table()),
    ];
    for (name, table) in &gates {
        println!("{name}\n{table}");
    }
    assert_eq!(gates[5].1.outputs, [false, true, true, false]);

    let (sum, carry) = (full_adder_sum(), Unit::majority(3));
    for (row, (sum, carry)) in sum.outputs.iter().zip(carry.truth_table().outputs).enumerate() {
        let ones = TruthTable::row(3, row).iter().filter(|&&x| x).count();
        assert_eq!(usize::from(*sum) + 2 * usize::from(carry), ones);
    }
    println!("Full adder: XOR of XOR gives the sum bit, MAJORITY the carry. Correct for all 8 inputs.\n");
    sigmoid_approaches_step();
}

/// The lower bit of the sum of three bits: 1 if an odd number of them is 1.
fn full_adder_sum() -> TruthTable {
    let mut circuit = Circuit::new(3);
    let first = circuit.add_circuit(&Circuit::xor(), &[0, 1]);
    circuit.add_circuit(&Circuit::xor(), &[first, 2]);
    circuit.truth_table()
}

/// Compares an AND gate with a sigmoid neuron whose weights are scaled up.
fn sigmoid_approaches_step() {
    let soft = Neuron { weights: Tensor::from([1.0, 1.0]), bias: Tensor::scalar(-1.5), transfer: Transfer::Sigmoid };
    let x = Tensor::from([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
    let step = Unit::and(2).neuron().forward(&x);
    println!("Largest difference between a sigmoid neuron and the AND gate:");
    let mut previous = f64::INFINITY;
    for steepness in [1.0, 4.0, 16.0, 64.0] {
        let difference = (soft.steeper(steepness).forward(&x) - &step).abs().max().item();
        println!("  weights × {steepness:2}: {difference:.1e}");
        assert!(difference < previous);
        previous = difference;
    }
    assert!(previous < 1e-13);
}
