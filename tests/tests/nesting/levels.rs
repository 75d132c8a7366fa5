//! Derivatives nested one to six levels deep, with captured variables and sibling derivatives.

use crate::{d, push};
use autodiff::prelude::*;

/// The innermost expression holds the variables of all levels. The mixed derivative of (w·x·y·z)² by all four is
/// 16·w·x·y·z.
#[test]
fn mixed_derivative_by_variables_of_four_levels() {
    let expected = 16.0 * 2.0 * 3.0 * 5.0 * 7.0;
    let by_tapes = d(&2.0, |w| {
        d(&w.constant(3.0), |x| {
            d(&x.constant(w.constant(5.0)), |y| {
                d(&y.constant(x.constant(w.constant(7.0))), |z| {
                    let y = z.constant(y);
                    let x = z.constant(y.value().constant(x));
                    let w = z.constant(y.value().constant(x.value().value().constant(w)));
                    (w * x * y * z).square()
                })
            })
        })
    });
    assert_eq!(by_tapes, expected);
    let by_duals = push(&2.0, |w| {
        push(&w.full_like(3.0), |x| {
            push(&x.full_like(5.0), |y| {
                push(&y.full_like(7.0), |z| {
                    let w = Dual::constant(Dual::constant(Dual::constant(w)));
                    (w * Dual::constant(Dual::constant(x)) * Dual::constant(y) * z).square()
                })
            })
        })
    });
    assert_eq!(by_duals, expected);
    let tape = Tape::new();
    let [w, x, y, z] = [2.0, 3.0, 5.0, 7.0].map(|value| tape.variable(value));
    let mixed = [z, y, x, w].into_iter().fold((w * x * y * z).square(), |f, v| f.grad([v])[0]);
    assert_eq!(mixed.value(), expected);
    let forward = [w, z, x, y].into_iter().fold((w * x * y * z).square(), |f, v| f.jvp([v], [tape.constant(1.0)]));
    assert_eq!(forward.value(), expected);
}

/// The fourth derivative of sin(x²) at 0.7, by four tapes, by four dual numbers and by mixtures of the two.
#[test]
fn fourth_derivative_agrees_for_all_mixtures_of_modes() {
    let x = 0.7f64;
    let (s, c) = ((x * x).sin(), (x * x).cos());
    let expected = (16.0 * x.powi(4) - 12.0) * s - 48.0 * x * x * c;
    let near = |y: f64| assert!((y - expected).abs() < 1e-12, "{y}, expected {expected}");
    near(d(&x, |x| d(&x, |x| d(&x, |x| d(&x, |x| x.square().sin())))));
    near(push(&x, |x| push(&x, |x| push(&x, |x| push(&x, |x| x.square().sin())))));
    near(d(&x, |x| push(&x, |x| d(&x, |x| push(&x, |x| x.square().sin())))));
    near(push(&x, |x| d(&x, |x| push(&x, |x| d(&x, |x| x.square().sin())))));
    near(d(&x, |x| d(&x, |x| push(&x, |x| push(&x, |x| x.square().sin())))));
    near(push(&x, |x| push(&x, |x| d(&x, |x| d(&x, |x| x.square().sin())))));
    near(nth_derivative(4, &x, |x| x.square().sin()));
    let tape = Tape::new();
    let v = tape.variable(x);
    near((0..4).fold(v.square().sin(), |y, _| y.jvp([v], [tape.constant(1.0)])).value());
}

/// The product of two inner derivatives, differentiated once more.
#[test]
fn sibling_derivatives_do_not_interfere() {
    // f(x) = d/dy (x·y²) at 3 · d/dz (x²·z) at 5 = 6x·x²: f′(2) = 18·4.
    assert_eq!(
        d(&2.0, |x| d(&x.constant(3.0), |y| y.constant(x) * y.square()) * d(&x, |z| z.constant(x.square()) * z)),
        72.0
    );
    let tape = Tape::new();
    let x = tape.variable(2.0);
    let (y, z) = (tape.variable(3.0), tape.variable(5.0));
    let product = (x * y.square()).grad([y])[0] * (x.square() * z).grad([z])[0];
    assert_eq!(product.grad([x])[0].value(), 72.0);
    assert_eq!(product.grad([y])[0].value(), 2.0 * 2.0 * 4.0);
    assert!(product.grad([z])[0].is_unconnected());
}

#[test]
fn one_generic_function_serves_two_levels() {
    fn cube<V: Value>(x: &V) -> V {
        x.powi(3)
    }
    // d/dx [x³ · d/dy y³ at x] = d/dx 3x⁵ = 15x⁴
    assert_eq!(d(&2.0, |x| cube(&x) * d(&x, |y| cube(&y))), 240.0);
    assert_eq!(push(&2.0, |x| cube(&x) * push(&x, |y| cube(&y))), 240.0);
}

/// One to six levels of tapes, dual numbers or both. Each level has a type of its own. The n-th derivative of sin(2x)
/// is 2ⁿ·sin(2x + n·π/2).
#[test]
fn derivatives_of_order_one_to_six_are_correct() {
    fn wave<V: Value>(x: &V) -> V {
        (x.clone() + x).sin()
    }
    let expected = |n: i32| 2f64.powi(n) * (0.6 + f64::from(n) * std::f64::consts::FRAC_PI_2).sin();
    let near = |n: i32, y: f64| assert!((y - expected(n)).abs() < 1e-11, "order {n}: {y}, expected {}", expected(n));
    near(1, d(&0.3, |x| wave(&x)));
    near(2, push(&0.3, |x| d(&x, |x| wave(&x))));
    near(3, d(&0.3, |x| push(&x, |x| d(&x, |x| wave(&x)))));
    near(4, push(&0.3, |x| push(&x, |x| d(&x, |x| push(&x, |x| wave(&x))))));
    near(5, push(&0.3, |x| push(&x, |x| push(&x, |x| push(&x, |x| push(&x, |x| wave(&x)))))));
    near(6, push(&0.3, |x| push(&x, |x| push(&x, |x| push(&x, |x| push(&x, |x| push(&x, |x| wave(&x))))))));
    for n in 1..=6 {
        near(n, nth_derivative(n as usize, &0.3, |x| wave(&x)));
        let tape = Tape::new();
        let x = tape.variable(0.3);
        let alternating = (0..n).fold(wave(&x), |y, level| match level % 2 {
            0 => y.grad([x])[0],
            _ => y.jvp([x], [tape.constant(1.0)]),
        });
        near(n, alternating.value());
        // Each level recomputes a checkpoint.
        near(n, nth_derivative(n as usize, &0.3, |x| checkpoint(|x| wave(&x[0]), &[&x])));
    }
}

/// ∂⁶/∂a…∂f of exp(abcdef) at 1 is 203·e; 203 is the sixth Bell number. All derivatives are taken on one tape.
#[test]
fn mixed_derivative_by_six_variables_is_a_bell_number() {
    let tape = Tape::new();
    let x: [Var<'_, f64>; 6] = std::array::from_fn(|_| tape.variable(1.0));
    let y = x.into_iter().reduce(|a, b| a * b).expect("six factors").exp();
    for order in [[0, 1, 2, 3, 4, 5], [5, 3, 1, 0, 2, 4]] {
        let mixed = order.into_iter().fold(y, |y, i| y.grad([x[i]])[0]);
        assert!((mixed.value() / 1f64.exp() - 203.0).abs() < 1e-10, "{}", mixed.value());
    }
}
