//! What users ask of a scalar program, `fn f<T: Float>(x: &[T]) -> T`, as it is.
//!
//! These are methods of a [`Tape`] and not, as in [`transform`](crate::grad), functions that make a tape of their own,
//! for two reasons. The program can be named where it is asked about: a function generic over `T` has one `T`, so it is
//! no function of scalars of every lifetime, which a hidden tape would ask for; here the lifetime is the tape's. And
//! scalar programs have millions of nodes: a tape that is used again has its memory already.

use crate::edges::Edges;
use crate::element::Element;
use crate::moving::Moving;
use crate::pending::Pending;
use crate::scalar::Scalar;
use crate::sweep;
use crate::tape::Tape;
use crate::tensor::Tensor;
use crate::var::Var;
use num_traits::Float;

/// Derivatives of scalar programs: functions that are generic over [`num_traits::Float`]. Each uses the tape's memory
/// again; those that record operations, [`hessian`](Tape::hessian) and [`nth_derivative`](Tape::nth_derivative), forget
/// what was on the tape. Where the value does not depend on an input, the derivative is 0.
///
/// The gradient and the product with second derivatives come from [`Pending`] numbers, which record a fraction of the
/// operations; higher orders from [`Scalar`]s. A program that is generic over `Float` need not know.
impl<T: Element + Float> Tape<T> {
    /// The gradient of a function of some numbers.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use num_traits::Float;
    /// fn rosenbrock<T: Float>(x: &[T]) -> T {
    ///     let hundred = T::from(100.0).unwrap();
    ///     x.windows(2).fold(T::zero(), |sum, x| sum + (T::one() - x[0]).powi(2) + hundred * (x[1] - x[0] * x[0]).powi(2))
    /// }
    /// assert_eq!(Tape::new().grad(&[1.0, 2.0], rosenbrock), [-400.0, 200.0]);
    /// ```
    #[track_caller]
    pub fn grad<'t>(&'t mut self, x: &[T], f: impl FnOnce(&[Pending<'t, T>]) -> Pending<'t, T>) -> Vec<T> {
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
    /// assert_eq!(Tape::new().value_and_grad(&[3.0, 4.0], product), (12.0, vec![4.0, 3.0]));
    /// ```
    #[track_caller]
    pub fn value_and_grad<'t>(
        &'t mut self,
        x: &[T],
        f: impl FnOnce(&[Pending<'t, T>]) -> Pending<'t, T>,
    ) -> (T, Vec<T>) {
        let y = run(&mut self.edges, x.iter().copied(), f);
        (y.value(), y.backward(x.len()))
    }

    /// The derivative of a function of one number.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use num_traits::Float;
    /// fn cube<T: Float>(x: T) -> T { x.powi(3) }
    /// assert_eq!(Tape::new().derivative(2.0, cube), 12.0);
    /// ```
    #[track_caller]
    pub fn derivative<'t>(&'t mut self, x: T, f: impl FnOnce(Pending<'t, T>) -> Pending<'t, T>) -> T {
        self.grad(&[x], |x| f(x[0]))[0]
    }

    /// The n-th derivative of a function of one number, by n recorded walks.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use num_traits::Float;
    /// fn wave<T: Float>(x: T) -> T { (x + x).sin() }
    /// assert_eq!(Tape::new().nth_derivative(5, 0.0, wave), 32.0);
    /// ```
    #[track_caller]
    pub fn nth_derivative<'t>(&'t mut self, n: usize, x: T, f: impl FnOnce(Scalar<'t, T>) -> Scalar<'t, T>) -> T {
        match self.record_program(&[x], |x| f(x[0])) {
            (_, Scalar::Constant(c)) => T::from_f64(if n == 0 { c } else { 0.0 }),
            (x, Scalar::Variable(y)) => (0..n).fold(y, |y, _| y.grad([x[0]])[0]).value(),
        }
    }

    /// The product of the second derivatives of a function with a direction `v`, without the matrix: one walk back,
    /// over numbers that move along `v`.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use num_traits::Float;
    /// fn product<T: Float>(x: &[T]) -> T { x[0] * x[0] * x[1] }
    /// assert_eq!(Tape::new().hvp(&[1.0, 2.0], &[1.0, 10.0], product), [4.0 + 20.0, 2.0]);
    /// ```
    ///
    /// # Panics
    /// If the direction has another length than the point.
    #[track_caller]
    pub fn hvp<'t>(
        &'t mut self,
        x: &[T],
        v: &[T],
        f: impl FnOnce(&[Pending<'t, Moving<T>>]) -> Pending<'t, Moving<T>>,
    ) -> Vec<T> {
        assert!(x.len() == v.len(), "hvp: a direction of length {} at a point of length {}", v.len(), x.len());
        let y = run(&mut self.moving, x.iter().zip(v).map(|(&x, &dx)| Moving { x, dx }), f);
        y.backward(x.len()).iter().map(|g| g.dx).collect()
    }

    /// The second derivatives of a function of n numbers, \[n, n\]: a row for each, by a walk forward
    /// and one back over one recording.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use num_traits::Float;
    /// fn product<T: Float>(x: &[T]) -> T { x[0] * x[0] * x[1] }
    /// assert_eq!(Tape::new().hessian(&[1.0, 2.0], product), Tensor::from([[4.0, 2.0], [2.0, 0.0]]));
    /// ```
    #[track_caller]
    pub fn hessian<'t>(&'t mut self, x: &[T], f: impl FnOnce(&[Scalar<'t, T>]) -> Scalar<'t, T>) -> Tensor<T> {
        let n = x.len();
        let unit = |i: usize| -> Vec<T> { (0..n).map(|j| if i == j { T::one() } else { T::zero() }).collect() };
        let rows = match self.record_program(x, f) {
            (_, Scalar::Constant(_)) => vec![T::zero(); n * n],
            (x, Scalar::Variable(y)) => (0..n).flat_map(|i| second(&x, &unit(i), y)).collect(),
        };
        Tensor::from_vec([n, n], rows)
    }

    /// The inputs as variables on this tape, and what the program makes of them.
    fn record_program<'t>(
        &'t mut self,
        x: &[T],
        f: impl FnOnce(&[Scalar<'t, T>]) -> Scalar<'t, T>,
    ) -> (Vec<Var<'t, T>>, Scalar<'t, T>) {
        self.clear();
        let tape: &'t Self = self;
        let x: Vec<Var<'t, T>> = x.iter().map(|&x| tape.variable(x)).collect();
        let y = f(&x.iter().map(|&x| Scalar::Variable(x)).collect::<Vec<_>>());
        (x, y)
    }
}

/// How the gradient moves as the inputs move along `v`.
fn second<T: Element + Float>(x: &[Var<'_, T>], v: &[T], y: Var<'_, T>) -> Vec<T> {
    let parts = sweep::second(&y.tape.graph(), y.id(), x.iter().map(|x| x.id()).zip(v.iter().copied()).collect());
    let moves = |x: &Var<'_, T>| parts.get(x.id() as usize)?.arrived().copied();
    x.iter().map(|x| moves(x).unwrap_or_else(T::zero)).collect()
}

/// What a program makes of numbers of which the derivatives are pending.
fn run<'t, T: Element>(
    tape: &'t mut Edges<T>,
    x: impl ExactSizeIterator<Item = T>,
    f: impl FnOnce(&[Pending<'t, T>]) -> Pending<'t, T>,
) -> Pending<'t, T> {
    tape.restart(x.len());
    let tape: &'t Edges<T> = tape;
    f(&x.enumerate().map(|(i, x)| Pending::input(tape, i, x)).collect::<Vec<_>>())
}
