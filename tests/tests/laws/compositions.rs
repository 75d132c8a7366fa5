//! Compositions of functions, and functions of permuted or broadcast operands.

use autodiff::Linear;
use autodiff::prelude::*;
use tests::domain::{direction, rng};
use tests::law::{agree, every, every_row};
use tests::table::Row;

const ROUNDING: f64 = 1e-12;

/// The chain rule, with one smooth function applied before each row and one after it.
#[test]
fn jacobian_of_a_composition_is_the_product_of_jacobians() {
    fn inside<V: Value>(x: &V) -> V {
        x.scale(0.9) + x.flip(0).sin().scale(0.05)
    }
    fn outside<V: Value>(y: &V) -> V {
        y.tanh() * y.sum().cos()
    }
    every_row(|row| {
        // `inside` maps x to the row's own point, where the row is smooth.
        let x = invert(&row.point(2), inside);
        let y = inside(&x);
        let z = row.flat(&y);
        let composed = jacobian(&x, |x| outside(&row.flat(&inside(&x))));
        let product = jacobian(&z, |z| outside(&z)).matmul(jacobian(&y, |y| row.flat(&y)));
        agree("J(h∘f∘g) = Jh·Jf·Jg", &composed, &product.matmul(jacobian(&x, |x| inside(&x))), ROUNDING)
    });
}

/// Solves f(x) = y by fixed-point iteration, for a function near the identity.
fn invert(y: &Tensor<f64>, f: fn(&Tensor<f64>) -> Tensor<f64>) -> Tensor<f64> {
    (0..60).fold(y.clone(), |x, _| &x + (y - f(&x)))
}

#[test]
fn permuted_elements_have_permuted_derivatives() {
    every(Row::pointwise(), |row| {
        let x = row.split(&row.point(6));
        let w = direction(6, &mut rng(1)).reshape([2, 3]);
        let permute = |x: &Tensor<f64>| x.permute(&[1, 0]).flip(0);
        let derivatives = |x: &Vec<Tensor<f64>>, w: &Tensor<f64>| {
            let tape = Tape::new();
            let vars = tape.variables(x);
            let first = (row.call(&vars) * w).sum().grad_tree(&vars);
            let second = first.iter().map(|g| (*g * w).sin().sum()).reduce(|a, b| a + b).expect("operands");
            let first = first.iter().map(|g| g.value());
            first.chain(second.backward().of(&vars)).collect::<Vec<_>>()
        };
        let plain = derivatives(&x, &w);
        let permuted = derivatives(&x.iter().map(permute).collect(), &permute(&w));
        plain.iter().zip(&permuted).try_for_each(|(a, b)| agree("permuted", &permute(a), b, ROUNDING))
    });
}

#[test]
fn derivative_of_a_broadcast_operand_is_the_sum_over_its_copies() {
    every(Row::pointwise(), |row| {
        let x: Vec<_> = row.split(&row.point(6)).iter().map(|x| x.slice(0, 0, 1)).collect();
        let w = direction(12, &mut rng(1)).reshape([4, 3]);
        let repeated: Vec<_> = x.iter().map(|x| x.broadcast_to([4, 3]).contiguous()).collect();
        let each = value_and_grad(&repeated, |_, x| (row.call(&x) * &w).sin().sum()).1;
        let inside = value_and_grad(&x, |_, x| {
            let x: Vec<_> = x.iter().map(|x| Reading::apply(&Linear::Broadcast([4, 3].into()).into(), &[x])).collect();
            (row.call(&x) * &w).sin().sum()
        });
        each.iter().zip(&inside.1).try_for_each(|(a, b)| agree("summed", &a.sum_to([1, 3]), b, ROUNDING))
    });
}
