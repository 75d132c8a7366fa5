//! Threshold logic: the truth tables of McCulloch–Pitts units, an adder made of them, and a sigmoid that becomes a step.

use autodiff::prelude::*;
use nn::threshold::{Circuit, TruthTable, Unit};
use nn::{Neuron, Transfer};

fn main() {
    let gates = [
        ("AND", Unit::and(2).truth_table()),
        ("OR", Unit::or(2).truth_table()),
        ("NOT", Unit::not().truth_table()),
        ("NAND, of two units", Circuit::nand(2).truth_table()),
        ("MAJORITY", Unit::majority(3).truth_table()),
        ("XOR, of three units", Circuit::xor().truth_table()),
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
    println!("XOR of XOR and MAJORITY together add three bits: checked for all 8\n");
    steep();
}

/// Whether the number of ones among three bits is odd: the lower digit of their sum.
fn full_adder_sum() -> TruthTable {
    let mut circuit = Circuit::new(3);
    let first = circuit.add_circuit(&Circuit::xor(), &[0, 1]);
    circuit.add_circuit(&Circuit::xor(), &[first, 2]);
    circuit.truth_table()
}

/// An AND gate as a neuron with real weights: the steeper its sigmoid, the closer to the step.
fn steep() {
    let soft = Neuron { weights: Tensor::from([1.0, 1.0]), bias: Tensor::scalar(-1.5), transfer: Transfer::Sigmoid };
    let x = Tensor::from([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
    let step = Unit::and(2).neuron().forward(&x);
    println!("AND by a sigmoid neuron: how far it is from the step at most");
    let mut apart = f64::INFINITY;
    for steepness in [1.0, 4.0, 16.0, 64.0] {
        let now = (soft.steeper(steepness).forward(&x) - &step).abs().max().item();
        println!("  weights × {steepness:2}: {now:.1e}");
        assert!(now < apart);
        apart = now;
    }
    assert!(apart < 1e-13);
}
