//! The tape of scalar programs, and its derivatives.

use super::active::Active;
use super::jacobian_tape::JacobianTape;
use super::recorded::Scalar;
use crate::algebra::{Cotangent, Dual, Element};
use crate::array::Tensor;
use crate::tape::{Tape, Var, second_order};
use num_traits::Float;

/// A tape for scalar programs: functions that are generic over [`num_traits::Float`] and stay unchanged.
///
/// Gradients, Jacobians and Hessian-vector products use [`Active`] numbers, which combine partial derivatives in registers
/// and record few nodes. Jacobian-vector products use [`Dual`] numbers and no tape. Higher derivatives use [`Scalar`]s, which
/// record every operation. A program that is generic over `Float` does not notice
/// the difference. The tape keeps its memory from one call to the next. If a result does not depend on an input, the
/// derivative is 0.
///
/// ```
/// use autodiff::prelude::*;
/// use num_traits::Float;
/// fn rosenbrock<T: Float>(x: &[T]) -> T {
///     let hundred = T::from(100.0).unwrap();
///     x.windows(2).fold(T::zero(), |sum, x| sum + (T::one() - x[0]).powi(2) + hundred * (x[1] - x[0] * x[0]).powi(2))
/// }
/// let mut tape = ScalarTape::new();
/// assert_eq!(tape.grad(&[1.0, 2.0], rosenbrock), [-400.0, 200.0]);
/// assert_eq!(tape.hvp(&[1.0, 1.0], &[1.0, 0.0], rosenbrock), [802.0, -400.0]);
/// ```
///
/// # What a program may ask of its numbers
///
/// | trait | [`Dual`] | [`Active`], [`Scalar`] |
/// |---|---|---|
/// | `num_traits`: `Float`, `Real`, `FloatConst`, `Num`, `NumRef`, `NumAssignRef`, `Signed`, `Bounded`, `Inv`, `MulAdd`, `MulAddAssign`, `Euclid`, `ConstZero`, `ConstOne`, `NumCast`, `FromPrimitive`, `ToPrimitive` | yes | yes |
/// | `num_traits::Pow` with an exponent of the same type, `f64` or `i32` | yes | yes |
/// | `From<f64>`, `From<f32>`, `From<i32>`; operators and comparisons with an `f64` | yes | yes |
/// | `Sum` and `Product`, also of references | yes | yes |
/// | `approx::AbsDiffEq`, `RelativeEq`, `UlpsEq` (feature `approx`) | yes | yes |
/// | `num_traits::AsPrimitive` | yes | no |
/// | `ndarray::ScalarOperand` (feature `ndarray`) | yes | no |
/// | `nalgebra::RealField`, `ComplexField` (feature `nalgebra`) | yes | no |
///
/// A trait in the rows with “no” asks for `Self: 'static`, but active and recorded numbers borrow a tape. Differentiate
/// such a program by [`jvp`](Self::jvp), which runs it on dual numbers, once for each direction:
///
/// ```
/// use autodiff::prelude::*;
/// use num_traits::{AsPrimitive, Float};
/// fn mean<T: Float + std::iter::Sum + 'static>(x: &[T]) -> T
/// where
///     usize: AsPrimitive<T>,
/// {
///     x.iter().copied().sum::<T>() / x.len().as_()
/// }
/// let (y, slope) = ScalarTape::new().jvp(&[1.0, 4.0], &[1.0, 0.0], |x| vec![mean(x)]);
/// assert_eq!((y[0], slope[0]), (2.5, 0.5));
/// ```
///
/// Comparisons (also up to rounding), tests such as `is_zero`, and conversions to plain numbers read the value alone, so a
/// program takes the same branches as on plain numbers. A program that skips the work for a number that is zero drops its derivative.
/// `floor`, `signum` and `div_euclid` return constants. `rem_euclid` has the derivatives 1 by x and −`div_euclid` by y, at
/// a jump those of the branch that holds the value. For other kinks see [`kinks`](crate::kinks).
///
/// The derivatives are methods of a tape, rather than functions like [`grad`](crate::grad()), because a generic
/// function can be passed by name only if the lifetime of its scalar is fixed. A tape hidden inside would demand
/// `for<'t> Fn(Active<'t, T>)`.
pub struct ScalarTape<T: Element> {
    first: JacobianTape<T>,
    second: JacobianTape<Dual<T>>,
    recorded: Tape<T>,
}

impl<T: Element> Default for ScalarTape<T> {
    fn default() -> Self {
        Self { first: JacobianTape::default(), second: JacobianTape::default(), recorded: Tape::default() }
    }
}

impl<T: Element + Float> ScalarTape<T> {
    /// An empty tape.
    pub fn new() -> Self {
        Self::default()
    }

    /// The gradient of a function of some numbers.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use num_traits::Float;
    /// fn product<T: Float>(x: &[T]) -> T {
    ///     x.iter().fold(T::one(), |product, &x| product * x)
    /// }
    /// assert_eq!(ScalarTape::new().grad(&[3.0, 4.0], product), [4.0, 3.0]);
    /// ```
    #[track_caller]
    pub fn grad<'t>(&'t mut self, x: &[T], f: impl FnOnce(&[Active<'t, T>]) -> Active<'t, T>) -> Vec<T> {
        self.value_and_grad(x, f).1
    }

    /// The value of a function of some numbers, and its gradient.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use num_traits::Float;
    /// fn product<T: Float>(x: &[T]) -> T {
    ///     x.iter().fold(T::one(), |product, &x| product * x)
    /// }
    /// assert_eq!(ScalarTape::new().value_and_grad(&[3.0, 4.0], product), (12.0, vec![4.0, 3.0]));
    /// ```
    #[track_caller]
    pub fn value_and_grad<'t>(&'t mut self, x: &[T], f: impl FnOnce(&[Active<'t, T>]) -> Active<'t, T>) -> (T, Vec<T>) {
        self.first.restart(x.len());
        let y = f(&inputs(&self.first, x.iter().copied()));
        (y.value(), gradient(y, x.len()))
    }

    /// The derivative of a function of one number.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use num_traits::Float;
    /// fn cube<T: Float>(x: T) -> T { x.powi(3) }
    /// assert_eq!(ScalarTape::new().derivative(2.0, cube), 12.0);
    /// ```
    #[track_caller]
    pub fn derivative<'t>(&'t mut self, x: T, f: impl FnOnce(Active<'t, T>) -> Active<'t, T>) -> T {
        self.grad(&[x], |x| f(x[0]))[0]
    }

    /// The n-th derivative of a function of one number, by n recorded backward passes.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use num_traits::Float;
    /// fn wave<T: Float>(x: T) -> T { (x + x).sin() }
    /// assert_eq!(ScalarTape::new().nth_derivative(5, 0.0, wave), 32.0);
    /// ```
    #[track_caller]
    pub fn nth_derivative<'t>(&'t mut self, n: usize, x: T, f: impl FnOnce(Scalar<'t, T>) -> Scalar<'t, T>) -> T {
        match self.record(&[x], |x| f(x[0])) {
            (_, Scalar::Constant(c)) => T::from_f64(if n == 0 { c } else { 0.0 }),
            (x, Scalar::Variable(y)) => (0..n).fold(y, |y, _| y.grad([x[0]])[0]).value(),
        }
    }

    /// The values f(x) of m functions of n numbers, and the Jacobian-vector product J·dx. Runs the program once on dual numbers and records nothing.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use num_traits::Float;
    /// fn polar<T: Float>(x: &[T]) -> Vec<T> { vec![x[0] * x[1].cos(), x[0] * x[1].sin()] }
    /// let (y, dy) = ScalarTape::new().jvp(&[2.0, 0.0], &[1.0, 1.0], polar);
    /// assert_eq!((y, dy), (vec![2.0, 0.0], vec![1.0, 2.0]));
    /// ```
    ///
    /// # Panics
    /// Panics if `dx` and `x` have different lengths.
    #[track_caller]
    pub fn jvp(&self, x: &[T], dx: &[T], f: impl FnOnce(&[Dual<T>]) -> Vec<Dual<T>>) -> (Vec<T>, Vec<T>) {
        assert!(x.len() == dx.len(), "jvp: x has length {}, but dx has length {}", x.len(), dx.len());
        let x: Vec<Dual<T>> = x.iter().zip(dx).map(|(&x, &dx)| Dual { x, dx }).collect();
        f(&x).into_iter().map(|y| (y.x, y.dx)).unzip()
    }

    /// The Jacobian of m functions of n numbers, \[m, n\]. Runs the program once, and then a backward pass for each
    /// function or a forward pass for each number, whichever are fewer.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use num_traits::Float;
    /// fn polar<T: Float>(x: &[T]) -> Vec<T> { vec![x[0] * x[1].cos(), x[0] * x[1].sin()] }
    /// assert_eq!(ScalarTape::new().jacobian(&[2.0, 0.0], polar), Tensor::from([[1.0, 0.0], [0.0, 2.0]]));
    /// ```
    #[track_caller]
    pub fn jacobian<'t>(&'t mut self, x: &[T], f: impl FnOnce(&[Active<'t, T>]) -> Vec<Active<'t, T>>) -> Tensor<T> {
        let n = x.len();
        self.first.restart(n);
        let tape: &'t JacobianTape<T> = &self.first;
        let y = f(&inputs(tape, x.iter().copied()));
        if y.len() <= n {
            let mut rows = Vec::with_capacity(y.len() * n);
            y.iter().for_each(|y| y.backward(n, &mut rows));
            return Tensor::from_vec([y.len(), n], rows);
        }
        let outputs: Vec<_> = y.iter().map(|y| y.partial()).collect();
        let columns: Vec<Vec<T>> = (0..n).map(|i| tape.forward(&outputs, i)).collect();
        Tensor::from_fn([y.len(), n], |i| columns[i[1]][i[0]])
    }

    /// Multiplies the Hessian of a function by the vector `v`, without forming the Hessian. Runs the program on dual
    /// numbers with the tangents `v`, and one backward pass.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use num_traits::Float;
    /// fn product<T: Float>(x: &[T]) -> T { x[0] * x[0] * x[1] }
    /// assert_eq!(ScalarTape::new().hvp(&[1.0, 2.0], &[1.0, 10.0], product), [4.0 + 20.0, 2.0]);
    /// ```
    ///
    /// # Panics
    /// Panics if `v` and `x` have different lengths.
    #[track_caller]
    pub fn hvp<'t>(
        &'t mut self,
        x: &[T],
        v: &[T],
        f: impl FnOnce(&[Active<'t, Dual<T>>]) -> Active<'t, Dual<T>>,
    ) -> Vec<T> {
        assert!(x.len() == v.len(), "hvp: x has length {}, but v has length {}", x.len(), v.len());
        self.second.restart(x.len());
        let y = f(&inputs(&self.second, x.iter().zip(v).map(|(&x, &dx)| Dual { x, dx })));
        gradient(y, x.len()).iter().map(|g| g.dx).collect()
    }

    /// The Hessian of a function of n numbers, \[n, n\]. Records the program once, and runs a forward and a backward
    /// pass for each row.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use num_traits::Float;
    /// fn product<T: Float>(x: &[T]) -> T { x[0] * x[0] * x[1] }
    /// assert_eq!(ScalarTape::new().hessian(&[1.0, 2.0], product), Tensor::from([[4.0, 2.0], [2.0, 0.0]]));
    /// ```
    #[track_caller]
    pub fn hessian<'t>(&'t mut self, x: &[T], f: impl FnOnce(&[Scalar<'t, T>]) -> Scalar<'t, T>) -> Tensor<T> {
        let n = x.len();
        let unit = |i: usize| -> Vec<T> { (0..n).map(|j| if i == j { T::one() } else { T::zero() }).collect() };
        let rows = match self.record(x, f) {
            (_, Scalar::Constant(_)) => vec![T::zero(); n * n],
            (x, Scalar::Variable(y)) => (0..n).flat_map(|i| hessian_times(y, &x, &unit(i))).collect(),
        };
        Tensor::from_vec([n, n], rows)
    }

    /// The memory of the tape in bytes.
    pub fn bytes(&self) -> usize {
        self.first.bytes() + self.second.bytes() + self.recorded.bytes()
    }

    /// Records the inputs and the program.
    fn record<'t>(
        &'t mut self,
        x: &[T],
        f: impl FnOnce(&[Scalar<'t, T>]) -> Scalar<'t, T>,
    ) -> (Vec<Var<'t, T>>, Scalar<'t, T>) {
        self.recorded.clear();
        let tape: &'t Tape<T> = &self.recorded;
        let x: Vec<Var<'t, T>> = x.iter().map(|&x| tape.variable(x)).collect();
        let y = f(&x.iter().map(|&x| Scalar::Variable(x)).collect::<Vec<_>>());
        (x, y)
    }
}

/// Active numbers for the inputs of a program.
fn inputs<T: Element>(tape: &JacobianTape<T>, x: impl Iterator<Item = T>) -> Vec<Active<'_, T>> {
    x.enumerate().map(|(i, x)| Active::input(tape, i, x)).collect()
}

/// The derivatives of `y` with respect to the `n` inputs.
fn gradient<T: Element>(y: Active<'_, T>, n: usize) -> Vec<T> {
    let mut gradient = Vec::with_capacity(n);
    y.backward(n, &mut gradient);
    gradient
}

/// The Hessian of `y` times the vector `v`.
fn hessian_times<T: Element + Float>(y: Var<'_, T>, x: &[Var<'_, T>], v: &[T]) -> Vec<T> {
    let tangents = second_order(&y.tape.graph(), y.id(), x.iter().map(|x| x.id()).zip(v.iter().copied()).collect());
    let tangent = |x: &Var<'_, T>| tangents.get(x.id()).and_then(Cotangent::get).copied();
    x.iter().map(|x| tangent(x).unwrap_or_else(T::zero)).collect()
}
