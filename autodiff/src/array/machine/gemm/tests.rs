//! Each kernel beside the definition of the product.

use super::small::{ByDots, ByTiles, Kernel, product};
use super::{Matrix, Product, plain};
use pulp::{Scalar, Simd};

/// Sizes around the limits of tiles, vectors and blocks.
const SIZES: [usize; 14] = [1, 2, 3, 4, 5, 6, 7, 11, 13, 16, 17, 31, 33, 40];

/// Numbers between −1 and 1.
fn numbers(n: usize, seed: f64) -> Vec<f64> {
    (0..n).map(|i| (seed + 12.9898 * i as f64).sin()).collect()
}

/// A matrix in one of the layouts that an operand has: rows or columns without gaps, every other column, or one element.
fn layouts(data: &[f64], rows: usize, columns: usize) -> [Matrix<'_, f64>; 4] {
    [
        Matrix::row_major(data, rows, columns),
        Matrix::row_major(data, columns, rows).transposed(),
        Matrix { row_stride: 2 * columns, column_stride: 2, ..Matrix::row_major(data, rows, columns) },
        Matrix { row_stride: 0, column_stride: 0, ..Matrix::row_major(data, rows, columns) },
    ]
}

/// Calls `f` with the products of all layouts, with and without an addend.
fn each_product([rows, terms, columns]: [usize; 3], mut f: impl FnMut(Product<'_, f64>)) {
    let (a, b, addend) =
        (numbers(2 * rows * terms, 1.0), numbers(2 * terms * columns, 2.0), numbers(rows * columns, 3.0));
    let whole = Matrix::row_major(&addend, rows, columns);
    for a in layouts(&a, rows, terms) {
        for b in layouts(&b, terms, columns) {
            for addend in [None, Some(whole), Some(Matrix { row_stride: 0, ..whole })] {
                f(Product { a, b, addend });
            }
        }
    }
}

/// Asserts that a kernel computes the product, by a function that may assume what the kernel needs.
fn assert_computes(name: &str, terms: &Product<'_, f64>, kernel: impl FnOnce(&mut [f64])) {
    let Product { a, b, .. } = terms;
    let mut expected = vec![0.0; a.rows * b.columns];
    let mut y = vec![f64::NAN; expected.len()];
    plain::rows(&mut expected, *terms);
    kernel(&mut y);
    let bound = (a.columns + 1) as f64 * f64::EPSILON * a.columns as f64;
    for (i, (y, expected)) in y.iter().zip(&expected).enumerate() {
        let error = (y - expected).abs();
        assert!(error <= bound, "{name} {}x{}x{}: element {i}: {y}, not {expected}", a.rows, a.columns, b.columns);
    }
}

#[test]
fn kernels_compute_products_of_all_sizes_and_layouts() {
    for rows in SIZES {
        for terms in SIZES {
            for columns in SIZES {
                each_product([rows, terms, columns], |terms| {
                    assert_computes("tiles", &terms, |y| product(Kernel::Tiles, y, terms));
                    if terms.a.column_stride == 1 {
                        assert_computes("dots", &terms, |y| product(Kernel::Dots, y, terms));
                    }
                    if terms.a.row_stride == 1 && terms.addend.is_none() {
                        assert_computes("transposed tiles", &terms, |y| product(Kernel::TransposedTiles, y, terms));
                    }
                });
            }
        }
    }
}

#[test]
fn kernels_sum_many_terms() {
    for terms in [255, 256, 257, 1000] {
        each_product([7, terms, 9], |terms| assert_computes("tiles", &terms, |y| product(Kernel::Tiles, y, terms)));
        each_product([2, terms, 3], |terms| {
            if terms.a.column_stride == 1 {
                assert_computes("dots", &terms, |y| product(Kernel::Dots, y, terms));
            }
        });
    }
}

#[test]
fn kernels_compute_the_same_without_vectors_and_on_avx2() {
    for sizes in [[1, 9, 9], [6, 17, 5], [13, 300, 11], [5, 3, 40]] {
        each_product(sizes, |terms| {
            if terms.b.column_stride == 1 {
                assert_computes("tiles", &terms, |c| Scalar::new().vectorize(ByTiles(c, terms)));
                #[cfg(target_arch = "x86_64")]
                if let Some(avx2) = pulp::x86::V3::try_new() {
                    assert_computes("tiles", &terms, |c| Simd::vectorize(avx2, ByTiles(c, terms)));
                }
            }
            if terms.a.column_stride == 1 && terms.b.row_stride == 1 {
                assert_computes("dots", &terms, |c| Scalar::new().vectorize(ByDots(c, terms)));
                #[cfg(target_arch = "x86_64")]
                if let Some(avx2) = pulp::x86::V3::try_new() {
                    assert_computes("dots", &terms, |c| Simd::vectorize(avx2, ByDots(c, terms)));
                }
            }
        });
    }
}

#[test]
fn an_infinite_factor_beside_a_zero_makes_its_own_elements_nan_and_no_others() {
    let (mut a, mut b) = (vec![1f32; 7 * 17], vec![1f32; 17 * 19]);
    (a[2 * 17 + 5], b[5 * 19 + 11]) = (f32::INFINITY, 0.0);
    let terms = Product { a: Matrix::row_major(&a, 7, 17), b: Matrix::row_major(&b, 17, 19), addend: None };
    let mut y = vec![0.0; 7 * 19];
    product(Kernel::Tiles, &mut y, terms);
    for (place, y) in y.iter().enumerate() {
        match (place / 19, place % 19) {
            (2, 11) => assert!(y.is_nan()),
            (2, _) => assert_eq!(*y, f32::INFINITY),
            (_, 11) => assert_eq!(*y, 16.0),
            _ => assert_eq!(*y, 17.0),
        }
    }
}
