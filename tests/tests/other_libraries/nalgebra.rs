//! Tensors from and to the matrices of `nalgebra`, and dual numbers in them: the derivatives of its algorithms are those of
//! matrix calculus.

use autodiff::prelude::*;
use nalgebra::{
    ComplexField, DMatrix, DVector, Matrix2x3, Matrix3x2, Matrix4, RealField, RowVector3, SMatrix, Vector4,
};

type D = Dual<f64>;

const A: [f64; 16] = [4.0, 1.0, -0.5, 0.3, 0.2, -3.0, 1.0, 0.7, 1.5, 0.4, 2.5, -1.0, -0.6, 0.9, 0.1, 5.0];
const DA: [f64; 16] = [0.5, -0.3, 0.2, 0.8, -0.9, 0.1, 0.4, -0.2, 0.6, 1.0, -0.7, 0.3, 0.2, -0.5, 0.9, -0.4];

/// A matrix, and the direction along which it is differentiated.
fn matrices() -> (Matrix4<f64>, Matrix4<f64>) {
    (Matrix4::from_row_slice(&A), Matrix4::from_row_slice(&DA))
}

/// A symmetric positive definite matrix, and a symmetric direction.
fn symmetric() -> (Matrix4<f64>, Matrix4<f64>) {
    let (a, da) = matrices();
    (a.transpose() * a + Matrix4::identity(), da + da.transpose())
}

fn dual((a, da): (Matrix4<f64>, Matrix4<f64>)) -> Matrix4<D> {
    a.zip_map(&da, |x, dx| Dual { x, dx })
}

#[track_caller]
fn assert_near(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-12 * (1.0 + a.abs().max(b.abs())), "{a} and {b}");
}

#[test]
fn determinant_has_the_derivative_of_jacobis_formula() {
    let ((a, da), y) = (matrices(), dual(matrices()).lu().determinant());
    assert_eq!(y.x, a.lu().determinant());
    assert_near(y.dx, y.x * (a.try_inverse().unwrap() * da).trace());
    // The same in single precision.
    let single = a.zip_map(&da, |x, dx| Dual { x: x as f32, dx: dx as f32 }).lu().determinant();
    assert!((f64::from(single.dx) - y.dx).abs() < 1e-4, "{} and {}", single.dx, y.dx);
}

#[test]
fn second_derivative_of_a_determinant_nests() {
    let (a, da) = matrices();
    let nested = a.zip_map(&da, |x, dx| Dual { x: Dual { x, dx }, dx: Dual { x: dx, dx: 0.0 } });
    let (y, x) = (nested.lu().determinant(), a.try_inverse().unwrap() * da);
    assert_near(y.dx.dx, y.x.x * (x.trace() * x.trace() - (x * x).trace()));
}

#[test]
fn solution_and_inverse_have_the_derivatives_of_their_equations() {
    let (a, da) = matrices();
    let (b, db) = (Vector4::new(1.0, -2.0, 0.5, 3.0), Vector4::new(0.1, 0.7, -0.4, 0.2));
    let inverse = a.try_inverse().unwrap();
    let x = dual((a, da)).lu().solve(&b.zip_map(&db, |x, dx| Dual { x, dx })).unwrap();
    let dx = inverse * (db - da * inverse * b);
    x.iter().zip(&dx).for_each(|(x, &dx)| assert_near(x.dx, dx));
    let (y, dy) = (dual((a, da)).try_inverse().unwrap(), -inverse * da * inverse);
    y.iter().zip(&dy).for_each(|(y, &dy)| assert_near(y.dx, dy));
}

#[test]
fn zeros_in_a_matrix_keep_their_derivatives() {
    let (a, da) = (Matrix4::identity(), matrices().1);
    assert_near(dual((a, da)).lu().determinant().dx, da.trace());
    dual((a, da)).try_inverse().unwrap().iter().zip(&-da).for_each(|(y, &dy)| assert_near(y.dx, dy));
    let solution = dual((a, da)).lu().solve(&Vector4::from([1.0, 0.0, 0.0, 2.0].map(D::from_value))).unwrap();
    assert_eq!(solution.map(|x| x.dx), -(da.column(0) + da.column(3) * 2.0));
    // L of the identity has the derivative of its lower triangle, and half of its diagonal.
    let l = dual((a, da + da.transpose())).cholesky().unwrap().l().map(|x| x.dx);
    let expected =
        Matrix4::from_fn(|i, j| if i < j { 0.0 } else { (da[(i, j)] + da[(j, i)]) / if i == j { 2.0 } else { 1.0 } });
    assert_eq!(l, expected);
}

#[test]
fn norm_and_factors_have_their_derivatives() {
    let (a, da) = matrices();
    let norm = dual((a, da)).norm();
    assert_eq!(norm.x, a.norm());
    assert_near(norm.dx, a.dot(&da) / a.norm());
    let (s, ds) = symmetric();
    let trace = (s.try_inverse().unwrap() * ds).trace();
    let log_determinant: D = dual((s, ds)).cholesky().unwrap().l().diagonal().iter().map(|x| x.ln() * 2.0).sum();
    assert_near(log_determinant.dx, trace);
    // |det A| is the product of the absolute diagonal of R.
    let log_determinant: D = dual((s, ds)).qr().r().diagonal().iter().map(|x| ComplexField::abs(*x).ln()).sum();
    assert_near(log_determinant.dx, trace);
}

#[test]
fn eigenvalues_and_singular_values_have_their_derivatives() {
    let (s, ds) = symmetric();
    let (plain, eigen) = (s.symmetric_eigen(), dual((s, ds)).symmetric_eigen());
    for (i, value) in eigen.eigenvalues.iter().enumerate() {
        let v = plain.eigenvectors.column(i);
        assert_near(value.x, plain.eigenvalues[i]);
        assert_near(value.dx, v.dot(&(ds * v)));
    }
    let (a, da) = matrices();
    let (plain, svd) = (a.svd(true, true), dual((a, da)).svd(false, false));
    let (u, v) = (plain.u.unwrap(), plain.v_t.unwrap().transpose());
    for (i, value) in svd.singular_values.iter().enumerate() {
        assert_near(value.x, plain.singular_values[i]);
        assert_near(value.dx, u.column(i).dot(&(da * v.column(i))));
    }
}

#[test]
fn functions_of_matrices_are_differentiated_by_a_tape_of_dual_numbers() {
    fn distance<T: RealField + Copy>(x: &[T]) -> T {
        let a = DMatrix::from_row_slice(2, 2, x);
        (a.transpose() * &a - DMatrix::identity(2, 2)).norm()
    }
    let (x, h) = ([1.0, 0.5, -0.3, 2.0], 1e-6);
    for i in 0..4 {
        let unit: Vec<f64> = (0..4).map(|j| if i == j { 1.0 } else { 0.0 }).collect();
        let (y, slope) = ScalarTape::new().jvp(&x, &unit, |x| vec![distance(x)]);
        assert_near(y[0], distance(&x));
        let [above, below] = [h, -h].map(|h| distance(&[0, 1, 2, 3].map(|j| x[j] + h * unit[j])));
        assert!((slope[0] - (above - below) / (2.0 * h)).abs() < 1e-8, "{slope:?}");
    }
}

/// Compares methods on a dual number with those on plain numbers and with their differences.
macro_rules! methods {
    ($($at:expr => $($trait:ident::$name:ident $(($($other:expr),*))?),*;)*) => {
        #[test]
        fn methods_on_dual_numbers_equal_those_on_plain_numbers() {$($({
            fn f<T: RealField + Copy + From<f64>>(x: T) -> T {
                $trait::$name(x $($(, <T as From<f64>>::from($other))*)?)
            }
            let (name, x, h) = (stringify!($name), $at, 1e-5);
            let y = f(D { x, dx: 1.0 });
            assert!((y.x - f(x)).abs() <= 1e-15 * f(x).abs(), "{name}: {} and {}", y.x, f(x));
            let difference = (f(x + h) - f(x - h)) / (2.0 * h);
            assert!((y.dx - difference).abs() < 1e-8, "{name}: {} and {difference}", y.dx);
        })*)*}
    };
}

methods! {
    0.4 => ComplexField::exp, ComplexField::exp2, ComplexField::exp_m1, ComplexField::ln, ComplexField::log2,
        ComplexField::log10, ComplexField::ln_1p, ComplexField::log(3.0), ComplexField::sqrt, ComplexField::cbrt,
        ComplexField::powf(2.5), ComplexField::powc(2.5), ComplexField::recip, ComplexField::hypot(1.5),
        ComplexField::mul_add(1.5, 0.7), ComplexField::sin, ComplexField::cos, ComplexField::tan, ComplexField::asin,
        ComplexField::acos, ComplexField::atan, ComplexField::sinh, ComplexField::cosh, ComplexField::tanh,
        ComplexField::asinh, ComplexField::atanh, ComplexField::sinc, ComplexField::sinhc;
    1.6 => ComplexField::acosh, ComplexField::floor, ComplexField::ceil, ComplexField::round, ComplexField::trunc,
        ComplexField::fract, ComplexField::argument, RealField::atan2(0.7), RealField::max(1.5), RealField::min(1.5),
        RealField::clamp(0.5, 1.7), RealField::clamp(0.5, 1.5), RealField::clamp(1.7, 1.9), RealField::copysign(-2.0);
    -1.6 => ComplexField::abs, ComplexField::modulus, ComplexField::norm1, ComplexField::modulus_squared,
        ComplexField::signum, ComplexField::argument, ComplexField::real, ComplexField::imaginary,
        ComplexField::conjugate, ComplexField::from_real, ComplexField::scale(3.0), ComplexField::unscale(3.0),
        RealField::copysign(2.0);
}

#[test]
fn methods_with_other_arguments_and_results_equal_those_on_plain_numbers() {
    fn numbers<T: RealField + Copy>(x: T) -> Vec<T> {
        let ((sin, cos), (modulus, sign), (sinh, cosh)) = (x.sin_cos(), x.to_exp(), x.sinh_cosh());
        vec![sin, cos, modulus, sign, sinh, cosh, x.powi(3), x.try_sqrt().unwrap_or(T::zero())]
    }
    fn constants<T: RealField>() -> Vec<T> {
        let limits = [T::min_value().unwrap(), T::max_value().unwrap()];
        let of_circle = [T::pi(), T::two_pi(), T::frac_pi_2(), T::frac_pi_3(), T::frac_pi_4(), T::frac_pi_6()];
        let quotients = [T::frac_pi_8(), T::frac_1_pi(), T::frac_2_pi(), T::frac_2_sqrt_pi()];
        let of_logarithms = [T::e(), T::log2_e(), T::log10_e(), T::ln_2(), T::ln_10()];
        limits.into_iter().chain(of_circle).chain(quotients).chain(of_logarithms).collect()
    }
    let values = |y: Vec<D>| y.into_iter().map(|y| y.x).collect::<Vec<_>>();
    for x in [0.4, -0.4] {
        let y = numbers(D { x, dx: 1.0 });
        assert_eq!(values(y.clone()), numbers(x));
        let root = if x > 0.0 { 0.5 / x.sqrt() } else { 0.0 };
        let slopes = [x.cos(), -x.sin(), x.signum(), 0.0, x.cosh(), x.sinh(), 3.0 * x * x, root];
        y.iter().zip(slopes).for_each(|(y, slope)| assert_near(y.dx, slope));
        let y = D { x, dx: 1.0 };
        assert_eq!(RealField::is_sign_negative(&y), x < 0.0);
        assert_eq!(RealField::is_sign_positive(&y), x > 0.0);
        assert!(ComplexField::is_finite(&y) && !ComplexField::is_finite(&(y / 0.0)));
    }
    assert_eq!(values(constants()), constants::<f64>());
    assert!(constants::<D>().iter().all(|c| c.dx == 0.0));
}

#[test]
fn matrices_are_converted_from_and_to_plain_numbers() {
    let (a, da) = matrices();
    let constant: Matrix4<D> = nalgebra::convert(a);
    assert!(constant.iter().zip(&a).all(|(c, a)| c.x == *a && c.dx == 0.0));
    assert_eq!(nalgebra::try_convert::<Matrix4<D>, Matrix4<f64>>(dual((a, da))), Some(a));
    assert_eq!(Matrix4::<f32>::identity().cast::<D>(), Matrix4::identity());
    assert_eq!(dual((a, da)).map(nalgebra::convert_unchecked::<D, f32>), a.map(|x| x as f32));
}

fn first<'a, T: 'a>(elements: impl IntoIterator<Item = &'a T>) -> Option<*const T> {
    elements.into_iter().next().map(std::ptr::from_ref)
}

#[test]
fn matrix_is_moved_into_a_tensor_and_back() {
    let matrix = DMatrix::from_fn(3, 2, |i, j| (10 * i + j) as f64);
    let place = first(&matrix);
    let x = Tensor::from(matrix);
    assert_eq!(x, Tensor::from([[0.0, 1.0], [10.0, 11.0], [20.0, 21.0]]));
    assert_eq!(x.t_matmul(&x), Tensor::from_vec([3, 2], x.to_vec()).t_matmul(&x), "the layout holds in a product");
    assert_eq!(x.get(&[0, 0]).map(std::ptr::from_ref), place, "the elements were copied");
    assert_eq!(first(&DMatrix::try_from(x).expect("a matrix")), place, "the elements were copied back");
    // The transpose of a contiguous matrix is stored by columns.
    let rows = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    let (place, columns) = (rows.get(&[0, 0]).map(std::ptr::from_ref), rows.t());
    drop(rows);
    let moved = DMatrix::try_from(columns).expect("a matrix");
    assert_eq!((first(&moved), moved), (place, DMatrix::from_row_slice(2, 2, &[1.0, 3.0, 2.0, 4.0])));
}

#[test]
fn vector_is_moved_into_a_tensor_and_back() {
    let vector = DVector::from_vec(vec![1.0, 2.0, 3.0]);
    let place = first(&vector);
    let x = Tensor::from(vector);
    assert_eq!((x.shape().to_string(), x.get(&[0]).map(std::ptr::from_ref)), ("[3]".to_owned(), place));
    let vector = DVector::try_from(x).expect("a vector");
    assert_eq!((first(&vector), vector.as_slice()), (place, &[1.0, 2.0, 3.0][..]));
}

#[test]
fn tensor_that_is_shared_or_in_another_layout_is_copied_into_a_matrix() {
    let x = Tensor::<f64>::arange(24).reshape([4, 6]);
    let matrices =
        [x.clone(), x.t(), x.slice(1, 1, 3), x.slice(0, 2, 4).t(), x.flip(0), x.index_axis(0, 1).broadcast_to([2, 6])];
    let others = [Tensor::zeros([2, 3]), Tensor::zeros([3, 0]), Tensor::zeros([0, 3]), Tensor::from([[7.0]])];
    for x in matrices.into_iter().chain(others) {
        let matrix = DMatrix::try_from(&x).expect("a matrix");
        let (rows, columns) = matrix.shape();
        assert_eq!((Tensor::from(&matrix), [rows, columns].into()), (x.clone(), x.shape().clone()));
        assert_eq!(DMatrix::try_from(x).expect("a matrix"), matrix);
    }
    let before = x.clone();
    DMatrix::try_from(x.t()).expect("a matrix").fill(0.0);
    assert_eq!(x, before);
    let every_other = x.index_axis(1, 0).slice_by(0, 0, 4, 2);
    assert_eq!(DVector::try_from(&every_other).expect("a vector").as_slice(), [0.0, 12.0]);
}

#[test]
fn matrices_of_static_size_are_copied_from_and_to_tensors() {
    let matrix = Matrix2x3::new(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
    let x = Tensor::from(matrix);
    assert_eq!(x, Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]));
    assert_eq!((Matrix2x3::try_from(&x), Matrix3x2::try_from(x.t())), (Ok(matrix), Ok(matrix.transpose())));
    let vector = Vector4::new(1.0, 2.0, 3.0, 4.0);
    let x = Tensor::from(vector);
    assert_eq!(x, Tensor::from([1.0, 2.0, 3.0, 4.0]));
    assert_eq!((Vector4::try_from(&x), Vector4::try_from(x.reshape([4, 1]))), (Ok(vector), Ok(vector)));
    assert_eq!(Tensor::from(RowVector3::new(1.0, 2.0, 3.0)), Tensor::from([[1.0, 2.0, 3.0]]));
    // Views, too.
    assert_eq!(Tensor::from(&matrix.column(1)), Tensor::from([2.0, 5.0]));
    assert_eq!(Tensor::from(&matrix.view((0, 1), (2, 2))), Tensor::from([[2.0, 3.0], [5.0, 6.0]]));
    let duals = Tensor::from(dual(matrices()));
    assert_eq!(duals.map(|x| x.dx).to_vec(), DA);
}

#[test]
fn tensor_of_another_shape_than_the_matrix_is_refused() {
    let x = Tensor::<f64>::zeros([2, 3, 4]);
    let message = |error: autodiff::ShapeError| error.to_string();
    let expected = "DMatrix::try_from: [2, 3, 4]: a tensor with two axes, [rows, columns], was expected";
    assert_eq!(DMatrix::try_from(&x).map_err(message), Err(expected.to_owned()));
    let expected = "DVector::try_from: [2, 3, 4]: a tensor with one axis was expected";
    assert_eq!(DVector::try_from(&x).map_err(message), Err(expected.to_owned()));
    let expected = "SMatrix::try_from: [2, 3, 4]: a tensor of shape [2, 3] was expected";
    assert_eq!(Matrix2x3::try_from(&x).map_err(message), Err(expected.to_owned()));
    let expected = "SMatrix::try_from: [2, 3]: a tensor of shape [5, 1] or [5] was expected";
    assert_eq!(SMatrix::<_, 5, 1>::try_from(x.index_axis(2, 0)).map_err(message), Err(expected.to_owned()));
}
