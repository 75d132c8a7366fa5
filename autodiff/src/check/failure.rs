//! What a check finds.

use crate::tape::Site;
use std::fmt;

/// What was compared, where all agreed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Report {
    /// How many pairs of numbers.
    pub comparisons: usize,
    /// How far apart a derivative and differences were at most, as a share of what is allowed.
    pub differences: f64,
    /// How far apart two ways to one derivative were at most, as a share of what is allowed.
    pub ways: f64,
}

/// A derivative that is wrong, or of which there is none.
#[derive(Clone)]
pub struct Failure {
    /// The order of the derivative.
    pub order: usize,
    /// The path of the input that was moved, where it was one alone.
    pub input: Option<String>,
    /// What disagrees.
    pub finding: Finding,
    /// Why.
    pub cause: Cause,
}

/// What disagrees.
#[derive(Clone, Debug)]
pub enum Finding {
    /// A derivative with the differences of the one an order below.
    Difference {
        /// The derivative along some directions.
        derivative: f64,
        /// The differences.
        difference: f64,
        /// How far apart they may be.
        allowed: f64,
    },
    /// Two ways to one derivative.
    Ways {
        /// Their names.
        names: [String; 2],
        /// What they give.
        numbers: [f64; 2],
        /// How far apart they may be.
        allowed: f64,
    },
    /// A value or a derivative is not finite.
    NotFinite {
        /// What was asked for.
        what: String,
        /// The first operation that made it, where one is found.
        site: Option<Box<Site>>,
    },
    /// The function gave two values at one point: it draws anew at each call, say.
    NotAFunction([f64; 2]),
}

/// Why a check fails.
#[derive(Clone, Debug)]
pub enum Cause {
    /// The rule of an operation: the first whose own derivative disagrees. (Or its operand is at a kink, where no
    /// difference agrees with any convention: see [`kinks`](crate::kinks).)
    Rule {
        /// The operation.
        site: Box<Site>,
        /// What was found of it alone.
        failure: Box<Failure>,
    },
    /// A constant that moves with the inputs: a number was taken off the tape, and came back.
    Constant(Box<Site>),
    /// The program takes another branch within the step of the differences: from this operation on.
    Branch(Box<Site>),
    /// A derivative is cut off here, which differences do not see.
    Detach(Box<Site>),
    /// Each operation's derivative is right by itself. A kink may lie within the step.
    Unknown,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "order {}", self.order)?;
        if let Some(input) = &self.input {
            write!(f, ", by {input}")?;
        }
        write!(f, ": {}", self.finding)?;
        match &self.cause {
            Cause::Unknown => Ok(()),
            cause => write!(f, "\n{cause}"),
        }
    }
}

/// As it is displayed, so that `unwrap` shows it so.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl std::error::Error for Failure {}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Difference { derivative, difference, allowed } => {
                apart(f, ["the derivative", "differences"], [*derivative, *difference], *allowed)
            }
            Self::Ways { names: [a, b], numbers, allowed } => apart(f, [a, b], *numbers, *allowed),
            Self::NotFinite { what, site: None } => write!(f, "{what} is not finite"),
            Self::NotFinite { what, site: Some(site) } => write!(f, "{what} is not finite, first at\n{site}"),
            Self::NotAFunction([a, b]) => write!(f, "the function gives {a}, and then {b}, at one point"),
        }
    }
}

fn apart(f: &mut fmt::Formatter<'_>, names: [&str; 2], [a, b]: [f64; 2], allowed: f64) -> fmt::Result {
    let [left, right] = names;
    write!(f, "{left}: {a}, {right}: {b}; {:.1e} apart, {allowed:.1e} allowed", (a - b).abs())
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule { site, failure } => {
                write!(f, "the first operation whose own derivative disagrees is\n{site}\nby itself: {failure}")
            }
            Self::Constant(site) => {
                write!(f, "a constant moves with the inputs: its number was taken off the tape\n{site}")
            }
            Self::Branch(site) => write!(f, "the program takes another branch close by, from here on\n{site}"),
            Self::Detach(site) => write!(f, "the derivative is cut off, which differences do not see, at\n{site}"),
            Self::Unknown => f.write_str("the derivative of each operation is right: is there a kink within the step?"),
        }
    }
}
