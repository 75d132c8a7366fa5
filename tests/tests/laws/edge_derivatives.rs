//! Derivatives at extreme arguments: zeros, subnormals, numbers whose square or exponential overflows, infinities, NaN
//! and ties. All methods agree there, and no derivative is NaN if the value and the operands are finite.

use autodiff::prelude::*;
use tests::law::{Verdict, every};
use tests::table::Row;

const INF: f64 = f64::INFINITY;

/// Includes ¼ and −½, the bounds in the table's rows, so that some pairs are ties.
const GRID: &[f64] = &[
    0.0,
    -0.0,
    5e-324,
    -1e-310,
    f64::MIN_POSITIVE,
    -1e-200,
    0.25,
    -0.5,
    1.0,
    -1.0,
    3.0,
    -7.3,
    710.0,
    -750.0,
    1e154,
    -1e200,
    f64::MAX,
    f64::MIN,
    INF,
    -INF,
    f64::NAN,
];

/// The operands of a row, which form all combinations of numbers of the grid.
fn grid(row: Row) -> Vec<Tensor<f64>> {
    let n = row.operands().len();
    let size = GRID.len().pow(n as u32);
    let digit = |place: usize, i: usize| GRID[place / GRID.len().pow(i as u32) % GRID.len()];
    (0..n).map(|i| Tensor::from_fn([size], |at| digit(at[0], i))).collect()
}

/// The unit tangent of operand `i`.
fn unit_tangent(i: usize, x: &[Tensor<f64>]) -> Vec<Tensor<f64>> {
    x.iter().enumerate().map(|(j, x)| Tensor::full(x.shape(), if i == j { 1.0 } else { 0.0 })).collect()
}

/// Compares two derivatives up to a relative error of 10⁻¹² and an absolute one of `smallest`. NaN equals NaN.
fn same(what: &str, x: &[Tensor<f64>], left: &Tensor<f64>, right: &Tensor<f64>, smallest: f64) -> Verdict {
    let differ = |i: usize| {
        let (a, b) = (left[[i]], right[[i]]);
        // `<`, because the tolerance of an infinite number is infinite, as is its distance from any other.
        let near = (a - b).abs() < 1e-12 * a.abs().max(b.abs()) + smallest;
        !(a == b || a.is_nan() && b.is_nan() || near)
    };
    match (0..left.size()).find(|&i| differ(i)) {
        None => Ok(()),
        Some(i) => {
            let operands: Vec<f64> = x.iter().map(|x| x[[i]]).collect();
            Err(format!("{what} at {operands:?}: {:e} and {:e}", left[[i]], right[[i]]))
        }
    }
}

#[test]
fn all_methods_give_the_same_derivative_at_extreme_arguments() {
    every(Row::elementwise(), |row| {
        let x = grid(row);
        let slopes = value_and_grad(&x, |_, x| row.call(&x).sum()).1;
        let tape = Tape::new();
        let vars = tape.variables(&x);
        let recorded = row.call(&vars).sum().grad_tree(&vars);
        for i in 0..x.len() {
            same("recorded", &x, &slopes[i], &recorded[i].value(), f64::MIN_POSITIVE)?;
            let dx = unit_tangent(i, &x);
            same("forward", &x, &slopes[i], &forward(row, &x, &dx), f64::MIN_POSITIVE)?;
            let dual =
                |(x, dx): (&Tensor<f64>, &Tensor<f64>)| Tensor::from_fn(x.shape(), |at| Dual::new(x[at], dx[at]));
            let duals: Vec<Tensor<Dual<f64>>> = x.iter().zip(&dx).map(dual).collect();
            same("dual elements", &x, &slopes[i], &row.call(&duals).map(|y| y.tangent()), f64::MIN_POSITIVE)?;
            same("plain numbers", &x, &slopes[i], &on_plain_numbers(row, &x, i), f64::MIN_POSITIVE)?;
        }
        Ok(())
    });
}

/// The derivative of each element in forward mode.
fn forward(row: Row, x: &[Tensor<f64>], dx: &[Tensor<f64>]) -> Tensor<f64> {
    jvp_tree(&x.to_vec(), &dx.to_vec(), |x| row.call(&x)).1
}

/// The derivatives with respect to operand `i`, each computed on a tape of plain numbers.
fn on_plain_numbers(row: Row, x: &[Tensor<f64>], i: usize) -> Tensor<f64> {
    let mut tape = Tape::new();
    Tensor::from_fn(x[0].shape(), |at| {
        let x: Vec<f64> = x.iter().map(|x| x[at]).collect();
        tape.value_and_grad_tree(&x, |_, x| row.call(&x)).1[i]
    })
}

#[test]
fn no_derivative_is_nan_if_value_and_operands_are_finite() {
    every(Row::elementwise(), |row| {
        let x = grid(row);
        let (y, slopes) = (row.call(&x), value_and_grad(&x, |_, x| row.call(&x).sum()).1);
        let finite = |place: usize| y[[place]].is_finite() && x.iter().all(|x| x[[place]].is_finite());
        // A power of a negative number is defined for whole exponents only, so it has no derivative with respect to the
        // exponent.
        let differentiable = |place: usize| row != Row::pow || x[0][[place]] >= 0.0;
        let wrong = |place: usize| slopes.iter().any(|g| g[[place]].is_nan());
        let faults = (0..y.size()).filter(|&place| finite(place) && differentiable(place) && wrong(place));
        let faults: Vec<Vec<f64>> = faults.map(|place| x.iter().map(|x| x[[place]]).collect()).collect();
        if faults.is_empty() { Ok(()) } else { Err(format!("NaN at {faults:?}")) }
    });
}

#[test]
fn forward_over_reverse_and_reverse_over_reverse_agree_at_extreme_arguments() {
    every(Row::elementwise(), |row| {
        // Near 0 the squares of reciprocals overflow, so tiny numbers are replaced by 0. Points with an infinite first
        // derivative are left out: the second derivative holds ∞ − ∞ there, which depends on the order of the terms.
        let x: Vec<_> =
            grid(row).iter().map(|x| x.map(|&x| if x.abs() < 1e-100 { x.signum() * 0.0 } else { x })).collect();
        let slopes = value_and_grad(&x, |_, x| row.call(&x).sum()).1;
        let finite = |place: usize| slopes.iter().all(|g| g[[place]].is_finite());
        let places: Vec<usize> = (0..x[0].size()).filter(|&place| finite(place)).collect();
        let x: Vec<_> = x.iter().map(|x| x.take(0, &places)).collect();
        for i in 0..x.len() {
            let by = |mode| hvp_tree_by(mode, &x, &unit_tangent(i, &x), |_, x| row.call(&x).sum());
            let (forward, reverse) = (by(Mode::Forward), by(Mode::Reverse));
            for j in 0..x.len() {
                same(&format!("∂{i}∂{j}"), &x, &forward[j], &reverse[j], 1e-12)?;
            }
        }
        Ok(())
    });
}

/// The class of a derivative. Numbers near 0 are one class, because rounding decides their sign.
#[derive(Debug, PartialEq)]
enum Class {
    NotANumber,
    Infinite(bool),
    Finite(bool),
    NearZero,
}

impl Class {
    fn of(x: f64) -> Self {
        match x {
            x if x.is_nan() => Self::NotANumber,
            x if x.is_infinite() => Self::Infinite(x > 0.0),
            x if x.abs() < 1e-9 => Self::NearZero,
            x => Self::Finite(x > 0.0),
        }
    }
}

/// Differentiates by the operands in turn, each time in one of the modes.
fn nested(row: Row, x: &[Tensor<f64>], by: &[usize], modes: &[Mode]) -> Vec<f64> {
    let tape = Tape::new();
    let x = tape.variables(&x.to_vec());
    let ones = tape.constant(Tensor::ones(x[0].shape()));
    let mut y = row.call(&x);
    for (&i, mode) in by.iter().zip(modes) {
        y = match mode {
            Mode::Forward => y.jvp([x[i]], [ones]),
            Mode::Reverse => y.sum().grad([x[i]])[0],
        };
    }
    y.value().to_vec()
}

/// All sequences of `n` elements of `of`.
fn sequences<T: Copy>(of: &[T], n: usize) -> Vec<Vec<T>> {
    let longer = |all: Vec<Vec<T>>| -> Vec<Vec<T>> {
        all.iter().flat_map(|head| of.iter().map(|&next| [&head[..], &[next]].concat())).collect()
    };
    (0..n).fold(vec![Vec::new()], |all, _| longer(all))
}

/// Partial derivatives commute, so the order of the operands does not matter either.
#[test]
fn every_sequence_of_modes_and_operands_gives_the_same_class_of_number_to_third_order() {
    every(Row::elementwise(), |row| {
        // Tiny numbers are replaced by 0: the powers of their reciprocals overflow on the way to a third derivative.
        let x: Vec<_> =
            grid(row).iter().map(|x| x.map(|&x| if x.abs() < 1e-100 { x.signum() * 0.0 } else { x })).collect();
        // See the last lines of `pow`, of `hypot` and of `xlogy` in the table of kinks.
        let defined = |at: &[f64]| match row {
            Row::pow => {
                let (power, slope) = (at[0].powf(at[1]), at[0].powf(at[1]) * at[0].ln());
                at[0].is_sign_positive() && (at[0] == 0.0 || power.is_finite() && slope.is_finite())
            }
            Row::xlogy => at[0].is_finite() && at[1] >= 0.0,
            Row::hypot => !at.iter().any(|x| x.is_nan()),
            _ => true,
        };
        for by in (1..=3).flat_map(|order| sequences(&(0..x.len()).collect::<Vec<_>>(), order)) {
            let mut sorted = by.clone();
            sorted.sort();
            let expected = nested(row, &x, &sorted, &vec![Mode::Reverse; by.len()]);
            for modes in sequences(&[Mode::Reverse, Mode::Forward], by.len()) {
                let found = nested(row, &x, &by, &modes);
                for (place, (a, b)) in expected.iter().zip(&found).enumerate() {
                    let at: Vec<f64> = x.iter().map(|x| x[[place]]).collect();
                    if Class::of(*a) != Class::of(*b) && defined(&at) {
                        return Err(format!("∂{by:?} at {at:?}: {b} by {modes:?}, but ∂{sorted:?} in reverse is {a}"));
                    }
                }
            }
        }
        Ok(())
    });
}

/// `select` hides a singular branch at three orders: in both modes, in batches and with nested dual numbers.
#[test]
fn branch_not_selected_does_not_affect_derivatives_of_any_order() {
    fn guarded<V: Value>(x: &V) -> V {
        let positive = x.greater(x.full_like(0.0));
        let singular =
            x.ln() + x.sqrt().recip() + x.recip().square() + x.powf(-1.5) + x.acosh() + x.scale(1e3).exp2().ln();
        positive.select(&singular, &x.scale(3.0).square())
    }
    let x = Tensor::from([0.0, -0.0, -1.0, -1e300]);
    let second = Tensor::from([18.0, 18.0, 18.0, 18.0]);
    let tape = Tape::new();
    let v = tape.variable(x.clone());
    for modes in [[false, false, false], [true, false, true], [false, true, true], [true, true, true]] {
        let orders = modes.iter().scan(guarded(&v), |y, &forward| {
            *y = match forward {
                true => y.jvp([v], [tape.constant(Tensor::ones([4]))]),
                false => y.sum().grad([v])[0],
            };
            Some(y.value())
        });
        let orders: Vec<_> = orders.collect();
        assert_eq!((&orders[0], &orders[1], &orders[2]), (&(&x * 18.0), &second, &Tensor::zeros([4])), "{modes:?}");
    }
    assert_eq!(vmap(&x, |x| grad(&x, |x| guarded(&x))), &x * 18.0);
    assert_eq!(jacobian_by(Mode::Forward, &x, |x| guarded(&x)).diagonal(), &x * 18.0);
    let twice = Dual::new(Dual::new(-1.0, 1.0), Dual::constant(1.0));
    let thrice = Dual::new(twice, Dual::constant(Dual::constant(1.0)));
    assert_eq!(guarded(&thrice).tangent().tangent().tangent(), 0.0);
}
