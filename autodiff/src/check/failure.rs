//! The result of a check: a report, or a failure with its finding and its cause.

use crate::tape::Site;
use std::fmt;

/// The comparisons of a check in which everything agreed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Report {
    /// The number of comparisons.
    pub comparisons: usize,
    /// The largest distance between a derivative and its finite difference, as a share of the allowed distance.
    pub differences: f64,
    /// The largest distance between two methods, as a share of the allowed distance.
    pub methods: f64,
}

/// A derivative that is wrong or not finite, or a function that has none.
///
/// Displayed, it names the order, the input, both numbers and the cause:
///
/// ```
/// use autodiff::prelude::*;
/// let failure = check_grads(&0.5, &Options::order(1), |x| x * x.sin().detach()).unwrap_err();
/// let text = failure.to_string();
/// assert!(text.starts_with("derivative of order 1: autodiff gives "));
/// assert!(text.contains("the derivative stops here, at a `detach`"));
/// ```
#[derive(Clone)]
pub struct Failure {
    /// The order of the derivative; 0 if the function itself is at fault.
    pub order: usize,
    /// The path of the input, if only one input moved.
    pub input: Option<String>,
    /// The disagreement.
    pub finding: Finding,
    /// The cause.
    pub cause: Cause,
}

/// A disagreement. The numbers are derivatives of ⟨w, f(x)⟩, with random weights w, along random directions.
#[derive(Clone, Debug)]
pub enum Finding {
    /// A derivative differs from the finite difference of the derivative one order below.
    Difference {
        /// The derivative.
        derivative: f64,
        /// The finite difference.
        difference: f64,
        /// The allowed distance.
        allowed: f64,
    },
    /// Two methods compute different derivatives.
    Methods {
        /// The names of the methods.
        names: [String; 2],
        /// The derivatives that they compute.
        numbers: [f64; 2],
        /// The allowed distance.
        allowed: f64,
    },
    /// A value or a derivative is not finite.
    NotFinite {
        /// The value or the derivative, in words.
        what: String,
        /// The first operation with a result that is not finite, if it is known.
        site: Option<Box<Site>>,
    },
    /// A slope of 0 meets an infinite slope in this product of the chain rule. The product counts as 0, but the derivative
    /// may have any value: see [`kinks`](crate::kinks).
    Indeterminate(Box<Site>),
    /// Two calls at the same point returned different values ⟨w, f(x)⟩, as a function does that draws random numbers.
    NotAFunction([f64; 2]),
}

/// The cause of a failure.
#[derive(Clone, Debug)]
pub enum Cause {
    /// The rule of this operation is wrong: it is the first operation that fails the check on its own. It also fails if
    /// an operand is at a kink, where finite differences match no convention: see [`kinks`](crate::kinks).
    Rule {
        /// The operation.
        site: Box<Site>,
        /// Its failure when checked on its own.
        failure: Box<Failure>,
    },
    /// This constant changes with the inputs: a number was taken off the tape and put back as a constant.
    Constant(Box<Site>),
    /// The program takes another branch one difference step away, beginning with this operation.
    Branch(Box<Site>),
    /// The derivative stops here, at a `detach` or at an operand that a primitive declares as not differentiable. Finite
    /// differences go on.
    Detach(Box<Site>),
    /// Each operation passes the check on its own. A kink may lie within the difference step; if not, the pass is wrong.
    Unknown,
}

impl Failure {
    fn fmt_finding(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.order > 0 {
            write!(f, "derivative of order {}", self.order)?;
            match &self.input {
                Some(place) if place.parse::<usize>().is_ok() => write!(f, " with respect to input {place} (from 0)")?,
                Some(path) => write!(f, " with respect to {path}")?,
                None => {}
            }
            f.write_str(": ")?;
        }
        write!(f, "{}", self.finding)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt_finding(f)?;
        match (&self.finding, &self.cause) {
            // Their causes are not searched for: the finding says it all.
            (Finding::NotFinite { .. } | Finding::Indeterminate(_) | Finding::NotAFunction(_), Cause::Unknown) => {
                Ok(())
            }
            (_, cause) => write!(f, "\n{cause}"),
        }
    }
}

/// The same text as [`Display`](fmt::Display), so that `unwrap` prints the report.
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
                disagree(f, ["autodiff", "the finite difference"], [*derivative, *difference], *allowed)
            }
            Self::Methods { names: [a, b], numbers, allowed } => disagree(f, [a, b], *numbers, *allowed),
            Self::NotFinite { what, site: None } => write!(f, "{what} is not finite; check at another point"),
            Self::NotFinite { what, site: Some(site) } => {
                write!(f, "{what} is not finite; the first result that is not finite is\n{site}")
            }
            Self::Indeterminate(site) => write!(
                f,
                "the derivative is indeterminate here: 0 meets an infinite slope, and the product counts as 0\n{site}\n\
                 rewrite the function so that the two slopes cancel, or check at another point"
            ),
            Self::NotAFunction([a, b]) => write!(
                f,
                "two calls at the same point return different values: weighted by the same numbers, the outputs sum to \
                 {a} and {b}\ndraw random numbers outside the function and pass them in"
            ),
        }
    }
}

fn disagree(f: &mut fmt::Formatter<'_>, [a, b]: [&str; 2], [x, y]: [f64; 2], allowed: f64) -> fmt::Result {
    write!(f, "{a} gives {x}, but {b} gives {y}; they are {:.1e} apart, {allowed:.1e} is allowed", (x - y).abs())
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule { site, failure } => {
                write!(f, "the first operation whose own derivative is wrong is\n{site}\non its own: ")?;
                failure.fmt_finding(f)?;
                f.write_str("\ncorrect its rule; if an operand is at a kink, check at another point")
            }
            Self::Constant(site) => write!(
                f,
                "a constant changes with the inputs, because a number was taken off the tape and put back, or because the \
                 program takes another branch\n{site}\n\
                 use the variable in place of its value, or check at another point"
            ),
            Self::Branch(site) => write!(
                f,
                "one difference step away, the program takes another branch, beginning with\n{site}\n\
                 check at another point, or with a smaller step"
            ),
            Self::Detach(site) => write!(
                f,
                "the derivative stops here, at a `detach` or at an operand that a primitive declares as not differentiable, \
                 but finite differences include it\n{site}\n\
                 remove the `detach` or correct the primitive, or check the function without it"
            ),
            Self::Unknown => f.write_str(
                "the derivative of each operation is right on its own: a kink may lie within the difference step; \
                 check at another point, or with a smaller step; if it fails there too, the pass itself is wrong, \
                 which is a fault of autodiff: please report it",
            ),
        }
    }
}
