//! An expression as text, with brackets only where they are needed.

use super::expression::Expression::{self, *};
use super::notation::{Notation, is_raised};

/// How strongly the parts of a text hold together.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Level {
    Sum,
    Product,
    Atom,
}

pub(super) fn print<N: Notation>(x: &Expression) -> String {
    text::<N>(x, Level::Sum)
}

/// The text of an expression, in brackets if its parts hold together less than `level` asks for.
fn text<N: Notation>(x: &Expression, level: Level) -> String {
    let (text, own) = bare::<N>(x);
    if own < level { N::group(&text) } else { text }
}

fn bare<N: Notation>(x: &Expression) -> (String, Level) {
    let atom = |x| text::<N>(x, Level::Atom);
    match x {
        Number(c) if *c < 0.0 => (format!("{}{}", N::MINUS, N::number(-c)), Level::Sum),
        Number(c) => (N::number(*c), Level::Atom),
        Name { text, .. } => (N::name(text), Level::Atom),
        Sum(terms) => (sum::<N>(terms), Level::Sum),
        Product { coefficient, above, below } => product::<N>(*coefficient, above, below),
        Matmul { factors, .. } => {
            let [a, b] = &**factors;
            // The matrix product is associative, and the brackets show the order of evaluation.
            (format!("{}{}{}", text::<N>(a, Level::Atom), N::TIMES, text::<N>(b, Level::Atom)), Level::Product)
        }
        Transpose(x) => (N::transpose(&base::<N>(x)), Level::Atom),
        Power(x, 0.5) => {
            let is_atom = matches!(**x, Name { .. } | Call { .. } | Number(_));
            (N::root(&print::<N>(x), is_atom), Level::Atom)
        }
        Power(x, exponent) => (N::power(&base::<N>(x), *exponent), Level::Atom),
        Total { axes, of } => {
            let space = if matches!(**of, Sum(_) | Product { .. } | Matmul { .. } | Total { .. }) { "" } else { " " };
            let sign = N::total(axes.as_deref());
            (format!("{}{space}{}", sign.trim_end(), atom(of)), Level::Product)
        }
        Call { function, x, .. } => call::<N>(function, x),
        Elements { of, index, .. } => (format!("{}[{index}]", atom(of)), Level::Atom),
    }
}

/// The base of a power or of a transpose.
fn base<N: Notation>(x: &Expression) -> String {
    match x {
        Name { text, .. } if is_raised(text) => N::group(&N::name(text)),
        Power(..) | Transpose(_) => N::group(&print::<N>(x)),
        x => text::<N>(x, Level::Atom),
    }
}

fn call<N: Notation>(function: &str, x: &[Expression]) -> (String, Level) {
    let arguments: Vec<String> = x.iter().map(print::<N>).collect();
    match function {
        "abs" => (format!("|{}|", arguments[0]), Level::Atom),
        _ => (format!("{}{}", N::function(function), N::group(&arguments.join(", "))), Level::Atom),
    }
}

fn sum<N: Notation>(terms: &[Expression]) -> String {
    let mut sum = String::new();
    // A positive term comes first: 2·y − x, not −x + 2·y.
    let is_negative = |term: &Expression| match term {
        Number(c) | Product { coefficient: c, .. } => *c < 0.0,
        _ => false,
    };
    let first = terms.iter().position(|term| !is_negative(term)).unwrap_or(0);
    let (before, after) = terms.split_at(first);
    for term in after.iter().take(1).chain(before).chain(after.iter().skip(1)) {
        let (sign, term) = match term {
            Number(c) if *c < 0.0 => (N::MINUS, Number(-c)),
            Product { coefficient, above, below } if *coefficient < 0.0 => (
                N::MINUS,
                Number(-coefficient).times(Product { coefficient: 1.0, above: above.clone(), below: below.clone() }),
            ),
            term => ("+", term.clone()),
        };
        let text = text::<N>(&term, Level::Product);
        match (sum.is_empty(), sign) {
            (true, "+") => sum += &text,
            (true, sign) => sum += &format!("{sign}{text}"),
            (false, sign) => sum += &format!(" {sign} {text}"),
        }
    }
    sum
}

fn product<N: Notation>(coefficient: f64, above: &[Expression], below: &[Expression]) -> (String, Level) {
    let is_number = |c: f64| above.is_empty() || c.abs() != 1.0;
    let number = is_number(coefficient).then(|| N::number(coefficient.abs()));
    let alone = above.len() == 1 && below.is_empty();
    let level = if alone || (above.len() == 1 && N::FRACTION_GROUPS) { Level::Product } else { Level::Atom };
    let mut text = number.clone().unwrap_or_default();
    for (i, factor) in above.iter().enumerate() {
        if i > 0 || number.is_some() {
            let elementwise = i > 0 && !factor.is_single() && above[..i].iter().any(|x| !x.is_single());
            text += if elementwise { N::ELEMENTWISE } else { N::TIMES };
        }
        text += &self::text::<N>(factor, level);
    }
    if !below.is_empty() {
        text = N::fraction(&text, &divisor::<N>(below));
    }
    match coefficient < 0.0 {
        true => (format!("{}{text}", N::MINUS), Level::Sum),
        false => (text, Level::Product),
    }
}

fn divisor<N: Notation>(below: &[Expression]) -> String {
    match below {
        [one] if N::FRACTION_GROUPS => print::<N>(one),
        [one] => text::<N>(one, Level::Atom),
        several => {
            let (text, _) = product::<N>(1.0, several, &[]);
            if N::FRACTION_GROUPS { text } else { N::group(&text) }
        }
    }
}
