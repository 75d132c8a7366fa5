//! The traits of `num_traits` beside `Float`, and conversions from plain numbers.

use crate::harness::{bits, c, program};
use autodiff::prelude::*;
use num_traits::{
    AsPrimitive, Bounded, ConstOne, ConstZero, Euclid, Float, FloatConst, FromPrimitive, Inv, MulAdd, MulAddAssign,
    NumAssignRef, NumRef, Pow, RefNum, Signed,
};

/// All that a scalar program may ask of a number that need not be `'static`.
trait Numeric:
    Float
    + FloatConst
    + FromPrimitive
    + NumRef
    + NumAssignRef
    + Signed
    + Bounded
    + Inv<Output = Self>
    + Pow<Self, Output = Self>
    + Pow<f64, Output = Self>
    + Pow<i32, Output = Self>
    + MulAdd<Output = Self>
    + MulAddAssign
    + Euclid
    + ConstZero
    + ConstOne
    + From<f32>
    + From<i32>
{
}

impl<T> Numeric for T where
    T: Float
        + FloatConst
        + FromPrimitive
        + NumRef
        + NumAssignRef
        + Signed
        + Bounded
        + Inv<Output = T>
        + Pow<T, Output = T>
        + Pow<f64, Output = T>
        + Pow<i32, Output = T>
        + MulAdd<Output = T>
        + MulAddAssign
        + Euclid
        + ConstZero
        + ConstOne
        + From<f32>
        + From<i32>
{
}

macro_rules! programs {
    ($($name:ident at $([$($at:expr),*])+, |$x:ident| $body:expr;)*) => {
        #[test]
        fn programs_over_the_traits_of_num_traits_have_correct_derivatives() {$(
            fn $name<T: Numeric>($x: &[T]) -> T
            where
                for<'a> &'a T: RefNum<T>,
            {
                $body
            }
            $(program!(stringify!($name), &[$($at),*], $name).check();)+
        )*}
    };
}

programs! {
    references at [0.3, -1.3], |x| { let (a, b) = (&x[0], &x[1]); a * b + a / *b - *b * a + b % a };
    assignment at [0.3, -1.2], |x| {
        let mut y = x[0];
        y += x[1];
        y *= &x[0];
        y -= &T::ONE;
        y /= x[1];
        y %= T::PI();
        y
    };
    signed_abs at [0.3] [-0.3], |x| Signed::abs(&x[0]) * x[0];
    signed_abs_sub at [0.3, -1.2] [-1.2, 0.3], |x| Signed::abs_sub(&x[0], &x[1]) * x[0];
    signum at [0.3, -1.2] [-0.3, 1.2], |x| Signed::signum(&x[0]) * x[1].sin() + Signed::signum(&-x[1]) * x[0];
    signs at [0.3] [-0.3], |x| if x[0].is_positive() && !x[0].is_negative() { x[0] * x[0] } else { x[0].sin() };
    bounds at [0.3] [-0.3], |x| Float::min(x[0].sin(), <T as Bounded>::max_value()).max(<T as Bounded>::min_value());
    inv at [0.3] [-2.0], |x| x[0].inv() * x[0].sin();
    power_by_number at [0.3, 1.2] [2.3, -0.7], |x| Pow::<T>::pow(x[0], x[1]) + Pow::<T>::pow(c::<T>(1.7), x[1]);
    power_by_f64 at [0.3] [2.3], |x| Pow::<f64>::pow(x[0], 2.5) * Pow::<f64>::pow(x[0], -0.5);
    power_by_i32 at [0.3] [-1.7], |x| Pow::<i32>::pow(x[0], 3) + Pow::<i32>::pow(x[0], -2) * Pow::<i32>::pow(x[0], 0);
    multiply_add at [0.3, -1.2], |x| {
        let mut y = MulAdd::mul_add(x[0], x[1], x[0]);
        y.mul_add_assign(x[1], c(0.3));
        MulAdd::mul_add(c::<T>(0.7), y, T::ONE)
    };
    euclid at [7.3, 2.1] [-7.3, 2.1] [7.3, -2.1] [-7.3, -2.1] [0.5, 2.1] [-0.5, 2.1] [-20.0, 0.7],
        |x| x[0].rem_euclid(&x[1]) * x[0] + x[0].div_euclid(&x[1]) * x[1].sin() + c::<T>(-9.5).rem_euclid(&x[1]);
    division_and_remainder at [7.3, 2.1] [-7.3, 2.1],
        |x| { let (quotient, remainder) = x[0].div_rem_euclid(&x[1]); quotient * x[1] + remainder.sin() };
    constants at [0.3], |x| (x[0] + T::ONE) * x[0] + T::ZERO + T::from_i64(3).unwrap() * x[0];
    from_plain_numbers at [0.3],
        |x| x[0] * <T as From<f32>>::from(0.1) + (x[0] - <T as From<i32>>::from(7)).sin();
}

#[test]
fn powers_take_every_type_of_exponent() {
    let (x, n) = (Dual::new(2.0, 1.0), Dual::constant(3.0));
    for y in [x.pow(n), x.pow(&n), x.pow(3.0), x.pow(&3.0), x.pow(3), x.pow(&3)] {
        assert_eq!((y.x, y.tangent()), (8.0, 12.0));
    }
    // `Math::pow` of a reference stays unambiguous.
    assert_eq!([x].iter().map(|x| x.pow(n).x).collect::<Vec<_>>(), [8.0]);
    // The type of the literal is clear, so a method may follow.
    assert_eq!(x.pow(2.0).sqrt().dx, 1.0);
    assert_eq!(x.pow(2).sqrt().dx, 1.0);
}

#[test]
fn euclidean_division_equals_that_of_f64_and_returns_constants() {
    let tape = Tape::new();
    let numbers = [0.0, -0.0, 1.0, -1.0, 2.5, -7.0, 1e300, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
    let same = |a: f64, b: f64| bits(a) == bits(b) || a.is_nan() && b.is_nan();
    for x in numbers {
        for y in numbers {
            let (a, b) = (tape.variable(x).scalar(), tape.variable(y).scalar());
            let quotient = a.div_euclid(&b);
            assert!(matches!(quotient, Scalar::Constant(q) if same(q, x.div_euclid(y))), "{x} and {y}: {quotient:?}");
            let remainder = a.rem_euclid(&b).value();
            assert!(same(remainder, x.rem_euclid(y)), "{x} and {y}: {remainder}");
        }
    }
}

#[test]
fn euclidean_remainder_has_the_derivatives_of_the_branch_at_a_jump() {
    for (x, y) in [(6.0, 2.0), (-6.0, 2.0), (6.0, -2.0), (-6.0, -2.0), (-7.0, 2.0), (7.0, -2.0)] {
        let gradient = ScalarTape::new().grad(&[x, y], |x| x[0].rem_euclid(&x[1]));
        assert_eq!(gradient, [1.0, -f64::div_euclid(x, y)], "{x} and {y}");
    }
}

#[test]
fn constants_of_every_type_have_no_derivative() {
    const ONE: Dual<f64> = Dual::ONE;
    const PAIR: [Dual<f64, Option<f64>>; 2] = [Dual::ZERO, Dual::ONE];
    const NESTED: Dual<Dual<f64>> = Dual::ONE;
    const ACTIVE: [Active<'static, f64>; 2] = [Active::ZERO, Active::ONE];
    assert_eq!((ONE.x, ONE.dx, NESTED.x.x, NESTED.dx.x), (1.0, 0.0, 1.0, 0.0));
    assert_eq!(PAIR.map(|c| (c.x, c.dx)), [(0.0, None), (1.0, None)]);
    assert_eq!(ACTIVE.map(Active::value), [0.0, 1.0]);
    assert_eq!(ScalarTape::new().grad(&[3.0], |x| x[0] * ACTIVE[1] + ACTIVE[0]), [1.0]);
    assert!(matches!(<Scalar<'_, f64>>::ONE, Scalar::Constant(1.0)));
    assert_eq!(<Dual<f32> as Bounded>::max_value().x, f32::MAX);
}

#[test]
fn plain_numbers_convert_into_constants_of_every_type() {
    assert_eq!((Dual::<f64>::from(0.5f32).x, Dual::<f32>::from(0.5).x, Dual::<f64>::from(3).dx), (0.5, 0.5, 0.0));
    let y = ScalarTape::new().value_and_grad(&[2.0], |x| (x[0] - Active::from(3)).max(0.5f32.into()).max((-4).into()));
    assert_eq!(y, (0.5, vec![0.0]));
    assert_eq!(ScalarTape::new().nth_derivative(1, 2.0, |x| x * Scalar::from(3) - Scalar::from(0.5f32)), 3.0);
}

#[test]
fn dual_numbers_are_cast_with_their_derivatives() {
    fn mean<T: Float + std::iter::Sum + 'static>(x: &[T]) -> T
    where
        usize: AsPrimitive<T>,
    {
        x.iter().copied().sum::<T>() / x.len().as_()
    }
    let (y, slope) = ScalarTape::new().jvp(&[1.0, 4.0], &[1.0, 0.0], |x| vec![mean(x)]);
    assert_eq!((y, slope), (vec![2.5], vec![0.5]));
    let x = Dual::new(2.75, 0.1);
    let single: Dual<f32> = x.as_();
    assert_eq!((single.x, single.dx), (2.75, 0.1f32));
    let (whole, number): (i32, f64) = (x.as_(), x.as_());
    assert_eq!((whole, number), (2, 2.75));
    let constant: Dual<f64> = 7u8.as_();
    assert_eq!((constant.x, constant.dx), (7.0, 0.0));
}
