//! The table in the documentation of `Transfer`, read and evaluated: values, slopes and ranges are those of the code.

use autodiff::prelude::*;
use nn::{Transfer, TransferFunction};

/// θ, c and α of the functions with a parameter.
const PARAMETERS: [(char, f64); 3] = [('θ', 0.5), ('c', 0.1), ('α', 1.5)];

/// The rows of the table as cells: name, f, f′ and range.
fn rows() -> Vec<[String; 4]> {
    let source = include_str!("../../src/network/transfer/standard.rs").replace('\\', "");
    let lines = source.lines().filter_map(|line| line.strip_prefix("/// | `"));
    lines
        .map(|line| {
            let cells: Vec<String> = line.split('|').map(|cell| cell.trim().replace('`', "")).collect();
            std::array::from_fn(|i| cells[i].clone())
        })
        .collect()
}

/// The function of a row; `None` for softmax, which is no function of one number.
fn function(name: &str) -> Option<Transfer> {
    let [theta, c, alpha] = PARAMETERS.map(|(_, value)| value);
    Some(match name {
        "Step(θ)" => Transfer::Step(theta),
        "Linear" => Transfer::Linear,
        "Sigmoid" => Transfer::Sigmoid,
        "Tanh" => Transfer::Tanh,
        "Relu" => Transfer::Relu,
        "Softplus" => Transfer::Softplus,
        "LeakyRelu(c)" => Transfer::LeakyRelu(c),
        "Elu(α)" => Transfer::Elu(alpha),
        "Gelu" => Transfer::Gelu,
        "Silu" => Transfer::Silu,
        "Softmax" => return None,
        other => panic!("the table has a new row, {other}"),
    })
}

/// A formula of the table, to be evaluated at u.
struct Formula<'a> {
    rest: &'a str,
    u: f64,
}

/// The value of a cell: a formula, or “A where u > B, else C”.
fn evaluate(cell: &str, u: f64) -> f64 {
    let cell = cell.replace(' ', "");
    let whole = |rest: &str| {
        let mut formula = Formula { rest, u };
        let value = formula.sum();
        assert!(formula.rest.is_empty(), "{cell}: “{}” is not understood", formula.rest);
        value
    };
    let Some((yes, rest)) = cell.split_once("whereu") else { return whole(&cell) };
    let (condition, no) = rest.split_once(",else").expect("a condition has an else");
    let holds = match condition.split_at(condition.char_indices().nth(1).expect("a bound").0) {
        (">", bound) => u > whole(bound),
        ("≥", bound) => u >= whole(bound),
        _ => panic!("{cell}: “{condition}” is not understood"),
    };
    whole(if holds { yes } else { no })
}

impl Formula<'_> {
    fn takes(&mut self, word: &str) -> bool {
        let rest = self.rest.strip_prefix(word);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn sum(&mut self) -> f64 {
        let mut total = self.product();
        loop {
            if self.takes("+") {
                total += self.product();
            } else if self.takes("−") {
                total -= self.product();
            } else {
                return total;
            }
        }
    }

    fn product(&mut self) -> f64 {
        let mut total = self.factor();
        while self.takes("·") {
            total *= self.factor();
        }
        total
    }

    /// The value of the first formula in brackets.
    fn bracket(&mut self) -> f64 {
        let value = self.sum();
        assert!(self.takes(")"), "“{}” lacks a bracket", self.rest);
        value
    }

    fn factor(&mut self) -> f64 {
        let (u, cumulative) = (self.u, 0.5 * (1.0 + Math::erf(&(self.u / 2f64.sqrt()))));
        let words = [
            ("tanh²u", u.tanh().powi(2)),
            ("tanhu", u.tanh()),
            ("eᵘ", u.exp()),
            ("s(u)", Math::sigmoid(&u)),
            ("Φ(u)", cumulative),
            ("φ(u)", (-0.5 * u * u).exp() / std::f64::consts::TAU.sqrt()),
            ("u", u),
            ("∞", f64::INFINITY),
        ];
        if let Some((_, value)) = words.into_iter().find(|(word, _)| self.takes(word)) {
            return value;
        }
        if let Some((_, value)) = PARAMETERS.into_iter().find(|(name, _)| self.takes(&name.to_string())) {
            return value;
        }
        if self.takes("−") {
            return -self.factor();
        }
        if self.takes("max(") {
            let first = self.sum();
            assert!(self.takes(","), "max has two operands");
            return first.max(self.bracket());
        }
        if self.takes("ln(") {
            return self.bracket().ln();
        }
        if self.takes("(") {
            return self.bracket();
        }
        let digits = self.rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at(digits);
        self.rest = rest;
        number.parse().unwrap_or_else(|_| panic!("“{rest}” is not understood"))
    }
}

/// The kinks 0 and θ, the numbers next to them, and others.
fn points() -> Vec<f64> {
    let kinks = [0.0, -0.0, PARAMETERS[0].1];
    let near = kinks.into_iter().flat_map(|kink: f64| [kink.next_down(), kink, kink.next_up()]);
    near.chain([-20.0, -3.0, -0.7, 0.2, 1.0, 4.0, 20.0]).collect()
}

#[test]
fn values_and_slopes_are_those_of_the_table_also_at_every_kink() {
    let rows = rows();
    assert_eq!(rows.len(), 11, "the table was not found");
    for [name, f, slope, _] in rows {
        let Some(transfer) = function(&name) else { continue };
        for u in points() {
            let by_tape = value_and_grad(&u, |_, u| transfer.apply(&u));
            let by_formula = (transfer.apply(&u), transfer.derivative(&u));
            for (found, cell) in [(by_tape.0, &f), (by_formula.0, &f), (by_tape.1, &slope), (by_formula.1, &slope)] {
                let expected = evaluate(cell, u);
                assert!((found - expected).abs() < 1e-14, "{name} at {u:e}: {found}, but “{cell}” is {expected}");
            }
        }
    }
}

#[test]
fn ranges_are_those_of_the_table() {
    for [name, .., range] in rows() {
        let inner = range.trim_start_matches(['[', '(', '{']);
        let inner = &inner[..inner.find([']', ')', '}']).expect("a bracket")];
        let (low, high) = inner.split_once(", ").expect("two ends");
        let found = function(&name).unwrap_or(Transfer::Softmax).range();
        for (found, cell) in [(found.0, low), (found.1, high)] {
            let expected = evaluate(cell, 0.0);
            let close = found == expected || (found - expected).abs() < 0.005; // two digits for gelu and silu
            assert!(close, "{name}: the range has the end {found}, but the table says {cell}");
        }
    }
}
