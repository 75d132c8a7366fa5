//! The same question twice has the same answer, bit by bit.

use autodiff::prelude::*;
use tests::law::every_row;
use tests::table::Row;

/// All numbers that a step computes, to the bit.
fn bits(tensors: &[Tensor<f64>]) -> Vec<u64> {
    tensors.iter().flat_map(|x| x.iter().map(f64::to_bits)).collect()
}

/// Value, gradient and second derivative.
fn step(tape: &Tape<Tensor<f64>>, row: Row) -> Vec<u64> {
    let x = tape.variable(row.point(1));
    let y = row.loss(&x);
    bits(&[y.value(), y.backward().of(&x), second(y, x)])
}

fn second(y: Var<'_, Tensor<f64>>, x: Var<'_, Tensor<f64>>) -> Tensor<f64> {
    y.grad([x])[0].square().sum().backward().of(&x)
}

#[test]
fn a_cleared_tape_is_as_new() {
    every_row(|row| {
        let mut tape = Tape::new();
        let first = step(&tape, row);
        let nodes = tape.len();
        tape.clear();
        assert!(tape.is_empty());
        let again = step(&tape, row);
        match first == again && first == step(&Tape::new(), row) && tape.len() == nodes {
            true => Ok(()),
            false => Err("the second step differs".into()),
        }
    });
}

#[test]
fn walking_twice_gives_the_same_bits() {
    every_row(|row| {
        let tape = Tape::new();
        let x = tape.variable(row.point(1));
        let y = row.loss(&x);
        let (g, h) = (y.backward().of(&x), second(y, x));
        match bits(&[g, h]) == bits(&[y.backward().of(&x), second(y, x)]) {
            true => Ok(()),
            false => Err("the second walk differs".into()),
        }
    });
}

#[test]
fn what_else_is_on_the_tape_does_not_matter() {
    every_row(|row| {
        let tape = Tape::new();
        let other = tape.variable(Tensor::scalar(2.0));
        let _ = other.exp().backward();
        let crowded = step(&tape, row);
        match crowded == step(&Tape::new(), row) {
            true => Ok(()),
            false => Err("another function on the tape changes the result".into()),
        }
    });
}
