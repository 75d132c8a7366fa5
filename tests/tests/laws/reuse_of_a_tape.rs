//! A repeated computation gives the same bits: after `clear`, on a second pass, and beside other functions on the tape.

use autodiff::prelude::*;
use tests::law::every_row;
use tests::table::Row;

/// The bits of all elements.
fn bits(tensors: &[Tensor<f64>]) -> Vec<u64> {
    tensors.iter().flat_map(|x| x.iter().map(f64::to_bits)).collect()
}

/// The value, the gradient and a second derivative of a row, as bits.
fn step(tape: &Tape<Tensor<f64>>, row: Row) -> Vec<u64> {
    let x = tape.variable(row.point(1));
    let y = row.loss(&x);
    bits(&[y.value(), y.backward().of(&x), second(y, x)])
}

fn second(y: Var<'_, Tensor<f64>>, x: Var<'_, Tensor<f64>>) -> Tensor<f64> {
    y.grad([x])[0].square().sum().backward().of(&x)
}

#[test]
fn cleared_tape_gives_the_same_bits_as_a_new_one() {
    every_row(|row| {
        let mut tape = Tape::new();
        let first = step(&tape, row);
        let nodes = tape.len();
        tape.clear();
        assert!(tape.is_empty());
        let again = step(&tape, row);
        match first == again && first == step(&Tape::new(), row) && tape.len() == nodes {
            true => Ok(()),
            false => Err("a step on the cleared tape gives other bits".into()),
        }
    });
}

/// A derivative that is recorded again uses the factors of the first, so its terms may be added in another order.
#[test]
fn second_backward_pass_gives_the_same_bits_and_a_second_record_the_same_digits() {
    every_row(|row| {
        let tape = Tape::new();
        let x = tape.variable(row.point(1));
        let y = row.loss(&x);
        let (first, [g, h]) = (y.backward().of(&x), [second(y, x), second(y, x)]);
        let error = (g.clone() - &h).abs().max().item() / g.abs().max().item().max(1.0);
        match bits(&[first]) == bits(&[y.backward().of(&x)]) && (error < 1e-14 || bits(&[g]) == bits(&[h])) {
            true => Ok(()),
            false => Err("the second backward pass gives other bits".into()),
        }
    });
}

#[test]
fn other_functions_on_the_tape_do_not_change_the_bits() {
    every_row(|row| {
        let tape = Tape::new();
        let other = tape.variable(Tensor::scalar(2.0));
        let _ = other.exp().backward();
        let shared = step(&tape, row);
        match shared == step(&Tape::new(), row) {
            true => Ok(()),
            false => Err("another function on the tape changes the bits".into()),
        }
    });
}
