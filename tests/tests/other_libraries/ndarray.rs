//! Dual numbers in the arrays of `ndarray`.

use autodiff::prelude::*;
use ndarray::{Array1, Array2, array};

type D = Dual<f64, f64>;

fn dual(x: f64, dx: f64) -> D {
    Dual { x, dx }
}

#[test]
fn dual_numbers_are_operands_beside_arrays() {
    let (a, x) = (array![dual(1.0, 0.0), dual(2.0, 1.0)], dual(2.0, 10.0));
    let pairs = |a: Array1<D>| a.mapv(|y| (y.x, y.dx)).to_vec();
    assert_eq!(pairs(&a * x), [(2.0, 10.0), (4.0, 22.0)]);
    assert_eq!(pairs(&a - x), [(-1.0, -10.0), (0.0, -9.0)]);
    let mut b = a + x;
    b /= x;
    assert_eq!(pairs(b), [(1.5, -2.5), (2.0, -4.5)]);
    let constants = array![1.0, 2.0].mapv(Dual::constant) * Dual::new(3.0, 1.0);
    assert_eq!(constants.mapv(|y| y.dx).to_vec(), [Some(1.0), Some(2.0)]);
}

#[test]
fn products_of_arrays_are_differentiated() {
    // The quadratic form xᵀAx has the gradient (A + Aᵀ)x.
    let a = array![[1.0, 2.0, 0.5], [-1.0, 3.0, 1.0], [0.0, 4.0, -2.0]];
    let at = [0.3, -0.7, 1.1];
    let form = |x: &[D]| {
        let x = Array1::from_vec(x.to_vec());
        vec![x.dot(&a.mapv(D::from_value).dot(&x))]
    };
    for (i, expected) in (&a + &a.t()).dot(&array![0.3, -0.7, 1.1]).iter().enumerate() {
        let unit: Vec<f64> = (0..3).map(|j| if i == j { 1.0 } else { 0.0 }).collect();
        let (_, slope) = ScalarTape::new().jvp(&at, &unit, form);
        assert!((slope[0] - expected).abs() < 1e-14, "{} and {expected}", slope[0]);
    }
}

#[test]
fn matrices_of_dual_numbers_are_multiplied_and_averaged() {
    let a = Array2::from_shape_fn((2, 2), |(i, j)| dual((i + 2 * j) as f64, 1.0));
    let square = a.dot(&a); // the tangent is 𝟙A + A𝟙
    assert_eq!(square[[0, 1]].dx, (0.0 + 2.0) + (2.0 + 3.0));
    assert_eq!(a.mean().map(|y| (y.x, y.dx)), Some((1.5, 1.0)));
    assert_eq!(Array2::<D>::eye(2).sum().x, 2.0);
}
