//! The options of a check.

use crate::algebra::Element;
use crate::tape::Mode;

/// The options of [`check_grads`](super::check_grads).
///
/// ```
/// use autodiff::prelude::*;
/// use autodiff::check::Stencil;
/// let options = Options { stencil: Stencil::FivePoints, directions: 5, ..Options::order(3) };
/// assert!(check_grads(&0.5, &options, |x| x.exp()).is_ok());
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// The highest order that is checked, at least 1. The default is 2, which a loss that contains a first derivative
    /// needs.
    pub order: usize,
    /// The number of random directions at each order; 2 by default.
    pub directions: usize,
    /// The modes to compare. At order n all sequences of n modes are compared. Both by default.
    pub modes: &'static [Mode],
    /// The points of the finite differences; three by default.
    pub stencil: Stencil,
    /// The step of the finite differences. For an input larger than 1, it is multiplied by the input's size. `None` chooses
    /// by the element type and the stencil: ε^⅓ for rounding ε, or ε^⅕ for five points.
    pub step: Option<f64>,
    /// The allowed relative distance between a derivative and a finite difference. `None` chooses by the element type
    /// and the stencil: 10⁻⁵ for `f64` (10⁻⁷ with five points), and 10⁻² for `f32` (2·10⁻³).
    pub tolerance: Option<f64>,
    /// The allowed relative distance between two methods. `None` chooses by the element type: 2¹³ times its rounding
    /// error, 2·10⁻¹² for `f64`, at order 1, and eight times more with each order.
    pub agreement: Option<f64>,
    /// The seed of the random directions; 0 by default.
    pub seed: u64,
}

/// The points of a finite difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stencil {
    /// The points x and x ± h, of which a first difference uses the outer two: an error of order h². The step is short,
    /// so few kinks lie within it.
    ThreePoints,
    /// The points x, x ± h and x ± 2h: an error of order h⁴ (Abramowitz and Stegun 25.3.6). For smooth functions.
    FivePoints,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            order: 2,
            directions: 2,
            modes: &[Mode::Reverse, Mode::Forward],
            stencil: Stencil::ThreePoints,
            step: None,
            tolerance: None,
            agreement: None,
            seed: 0,
        }
    }
}

impl Options {
    /// Checks up to the given order, with the defaults for everything else.
    pub fn order(order: usize) -> Self {
        Self { order, ..Self::default() }
    }

    pub(super) fn step<T: Element>(&self) -> f64 {
        self.step.unwrap_or_else(|| match self.stencil {
            Stencil::ThreePoints => rounding::<T>().cbrt(),
            Stencil::FivePoints => rounding::<T>().powf(0.2),
        })
    }

    pub(super) fn tolerance<T: Element>(&self) -> f64 {
        let single = rounding::<T>() > 1e-10;
        self.tolerance.unwrap_or(match (self.stencil, single) {
            (Stencil::ThreePoints, false) => 1e-5,
            (Stencil::FivePoints, false) => 1e-7,
            (Stencil::ThreePoints, true) => 1e-2,
            (Stencil::FivePoints, true) => 2e-3,
        })
    }

    pub(super) fn agreement<T: Element>(&self, order: usize) -> f64 {
        self.agreement.unwrap_or_else(|| rounding::<T>() * 2f64.powi(13 + 3 * (order as i32 - 1)))
    }
}

/// The distance from 1 to the next number of an element type: 2⁻⁵² for `f64`, 2⁻²³ for `f32`.
pub(super) fn rounding<T: Element>() -> f64 {
    let changes_one = |&x: &f64| T::from_f64(1.0 + x).to_f64() > 1.0;
    (1..=52).map(|n| 2f64.powi(-n)).take_while(changes_one).last().expect("1 + ½ differs from 1")
}
