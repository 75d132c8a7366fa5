//! Decompositions where they are delicate: singular and ill-conditioned matrices, equal eigenvalues, dependent columns.

use autodiff::prelude::*;
use tests::domain::{direction, rng};

mod einsum;
mod golden;

/// The gradient, its derivative along u, and the derivative of that along v, by recorded backward passes.
fn three_gradients_along(
    x: &Tensor<f64>,
    [u, v]: [&Tensor<f64>; 2],
    f: impl for<'t> Fn(Var<'t, Tensor<f64>>) -> Var<'t, Tensor<f64>>,
) -> [Tensor<f64>; 3] {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    let [first] = f(x).grad([x]);
    let [second] = (first * u).sum().grad([x]);
    let [third] = (second * v).sum().grad([x]);
    [first, second, third].map(|y| y.value())
}

/// As [`three_gradients_along`], in random directions.
fn three_gradients(
    x: &Tensor<f64>,
    f: impl for<'t> Fn(Var<'t, Tensor<f64>>) -> Var<'t, Tensor<f64>>,
) -> [Tensor<f64>; 3] {
    let (u, v) = directions(x);
    three_gradients_along(x, [&u, &v], f)
}

/// The second of the [`three_gradients`] by other methods: forward over reverse, and dual numbers as elements.
macro_rules! second_gradients {
    ($at:expr, |$x:ident| $y:expr) => {{
        let (at, (u, _)) = (&$at, directions(&$at));
        let elements = Tensor::from_fn(at.shape(), |i| Dual::new(at[i], u[i]));
        [hvp(at, &u, |$x| $y), grad(&elements, |$x| $y).map(|g| g.tangent())]
    }};
}

fn directions(x: &Tensor<f64>) -> (Tensor<f64>, Tensor<f64>) {
    let draw = |seed| direction(x.size(), &mut rng(seed)).reshape(x.shape());
    (draw(1), draw(2))
}

/// Asserts equality relative to the largest element.
fn near(what: &str, found: &Tensor<f64>, expected: &Tensor<f64>, tolerance: f64) {
    let scale = expected.abs().max().item().max(1e-300);
    let error = (found - expected).abs().max().item() / scale;
    assert!(error <= tolerance, "{what}: the relative error is {error:e}\n{found}\n{expected}");
}

fn random(shape: [usize; 2], seed: u64) -> Tensor<f64> {
    Tensor::uniform(shape, -1.0, 1.0, &mut rng(seed))
}

fn orthogonal(n: usize) -> Tensor<f64> {
    random([n, n], 7).qr().0
}

/// Q·diag(w)·Qᵀ for an orthogonal Q.
fn symmetric(w: &[f64]) -> Tensor<f64> {
    let q = orthogonal(w.len());
    (&q * &Tensor::from(w.to_vec())).matmul_t(&q)
}

/// Element (i, j) is 1/(i + j + 1).
fn hilbert(n: usize) -> Tensor<f64> {
    Tensor::from_fn([n, n], |i| 1.0 / (i[0] + i[1] + 1) as f64)
}

/// The inverse of the Hilbert matrix, whose elements are whole numbers (Choi, “Tricks or treats with the Hilbert
/// matrix”, 1983).
fn inverse_hilbert(n: usize) -> Tensor<f64> {
    let choose = |n: usize, k: usize| (0..k).fold(1.0, |c, i| c * (n - i) as f64 / (i + 1) as f64);
    Tensor::from_fn([n, n], |at| {
        let (i, j) = (at[0] + 1, at[1] + 1);
        let sign = if (i + j) % 2 == 0 { 1.0 } else { -1.0 };
        sign * (i + j - 1) as f64
            * choose(n + i - 1, n - j)
            * choose(n + j - 1, n - i)
            * choose(i + j - 2, i - 1).powi(2)
    })
}

#[test]
fn errors_name_the_function_the_shapes_and_the_matrix() {
    let singular = Tensor::from([[1.0, 2.0], [2.0, 4.0]]);
    let (two, eye) = (Tensor::from([1.0, 1.0]), Tensor::eye(2));
    let texts = [
        singular.try_solve(&two).unwrap_err().to_string(),
        singular.try_inverse().unwrap_err().to_string(),
        singular.try_log_det().unwrap_err().to_string(),
        singular.try_cholesky().unwrap_err().to_string(),
        Tensor::zeros([2, 2]).try_triangular_solve(Triangle::Lower, &two).unwrap_err().to_string(),
        Tensor::stack(0, &[&eye, &singular]).try_solve(&Tensor::ones([2, 2, 1])).unwrap_err().to_string(),
        Tensor::ones([2, 3]).try_solve(&two).unwrap_err().to_string(),
        eye.try_solve(&Tensor::ones([3])).unwrap_err().to_string(),
        two.try_cholesky().unwrap_err().to_string(),
    ];
    let expected = [
        "solve: [2, 2]: the matrix is singular",
        "inverse: [2, 2]: the matrix is singular",
        "log_det: [2, 2]: the matrix is singular",
        "cholesky: [2, 2]: the matrix is not positive definite",
        "triangular_solve: [2, 2]: the matrix is singular",
        "solve: [2, 2, 2]: matrix 1 of the batch is singular",
        "solve: [2, 3] × [2]: a square matrix is needed",
        "solve: [2, 2] × [3]: the matrix has 2 rows and the right side has 3",
        "cholesky: [2]: a matrix is needed, which has rank 2 or more",
    ];
    assert_eq!(texts, expected);
}

#[test]
fn nan_in_a_matrix_is_no_error() {
    let x = Tensor::from([[f64::NAN, 0.0], [0.0, 1.0]]);
    assert!(x.cholesky().iter().all(f64::is_nan));
    assert!(x.solve(Tensor::from([1.0, 1.0])).iter().all(f64::is_nan));
    assert!(x.log_det().item().is_nan() && x.det().item().is_nan());
    assert!(x.eigh().0.iter().chain(x.singular_values().iter()).all(f64::is_nan));
}

#[test]
fn empty_matrices_are_decomposed() {
    let x = Tensor::<f64>::zeros([0, 0]);
    assert_eq!((x.det().item(), x.log_det().item()), (1.0, 0.0));
    assert_eq!(x.cholesky().shape(), x.shape());
    assert_eq!(x.solve(Tensor::zeros([0, 2])).shape().to_string(), "[0, 2]");
    assert_eq!(x.eigh().0.shape().to_string(), "[0]");
    let batch = Tensor::<f64>::zeros([0, 3, 3]);
    assert_eq!(batch.inverse().shape(), batch.shape());
    assert_eq!(batch.singular_values().shape().to_string(), "[0, 3]");
}

#[test]
fn factors_of_large_batches_and_matrices_multiply_to_the_matrix() {
    for shape in [vec![200, 8, 8], vec![70, 70], vec![3, 40, 30]] {
        let a = Tensor::<f64>::uniform(&shape[..], -1.0, 1.0, &mut rng(1));
        let (q, r) = a.qr();
        near("Q·R", &q.matmul(&r), &a, 1e-13);
        let (u, s, v) = a.svd();
        near("U·S·Vᵀ", &(u * &s.unsqueeze(-2)).matmul_t(&v), &a, 1e-13);
        let gram = a.t_matmul(&a);
        let (w, v) = gram.eigh();
        near("V·W·Vᵀ", &(&v * &w.unsqueeze(-2)).matmul_t(&v), &gram, 1e-13);
        let positive = &gram + &Tensor::eye(shape[shape.len() - 1]);
        let l = positive.cholesky();
        near("L·Lᵀ", &l.matmul_t(&l), &positive, 1e-13);
        let b = Tensor::<f64>::uniform(gram.shape(), -1.0, 1.0, &mut rng(2));
        near("A·A⁻¹·B", &positive.matmul(positive.solve(&b)), &b, 1e-12);
        near("ln det", &positive.log_det(), &(l.diagonal().ln().sum_axis(-1) * 2.0), 1e-12);
    }
}

/// The third derivative of det A is ±1 or 0. Errors grow with the square of the condition up to that from which a matrix
/// counts as nearly singular.
#[test]
fn derivatives_of_the_determinant_keep_digits_at_nearly_singular_matrices() {
    for e in [1e-3, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12, 1e-14, 1e-16] {
        let tape = Tape::new();
        let x = tape.variable(Tensor::from([[1.0, 2.0, 3.0], [2.0, 4.0 + e, 6.0], [1.0, 0.0, 1.0 + e]]));
        let [first] = x.det().grad([x]);
        let [second] = first.at([0, 0]).grad([x]);
        let [third] = second.at([1, 1]).grad([x]);
        assert!((second.value().at([1, 1]).item() - (1.0 + e)).abs() < 1e-9, "{e}: {}", second.value());
        let expected = Tensor::from([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 1.0]]);
        assert!((third.value() - expected).abs().max().item() < 1e-3, "{e}: {}", third.value());
    }
}

#[test]
fn r_of_orthogonal_columns_has_a_derivative_whatever_their_lengths() {
    let gradient = grad(&Tensor::from([[1e10, 0.0], [0.0, 1e-10]]), |a| a.qr().1.sum());
    assert!(gradient.iter().all(f64::is_finite), "{gradient}");
    assert_eq!((gradient.at([0, 0]).item(), gradient.at([1, 1]).item()), (1.0, 1.0));
}

/// A product of the pivots in their order is ∞, or ∞·0.
#[test]
fn determinant_of_badly_scaled_matrix_is_finite_where_it_can_be() {
    let scales = Tensor::from([1e200, 1e200, 1e-200, 1e-200]);
    let a = scales.diagonal_matrix();
    assert_close(&a.det(), &Tensor::scalar(1.0), 1e-14);
    assert_close(&grad(&a, |a| a.det()).diagonal(), &scales.recip(), 1e-14);
    let scales: Vec<f32> = [[1e5; 8], [-0.1; 8]].concat();
    let det = Tensor::from(scales).diagonal_matrix().det().item();
    assert!((det / 1e32 - 1.0).abs() < 1e-5, "{det}");
}

#[test]
fn derivatives_of_the_determinant_are_right_at_singular_matrices() {
    // The definition for 3 × 3, as a polynomial.
    fn polynomial<V: Value>(a: &V) -> V {
        let at = |i, j| a.at([i, j]);
        let minor = |i: usize, j: usize| at(1, i) * at(2, j) - at(1, j) * at(2, i);
        at(0, 0) * minor(1, 2) - at(0, 1) * minor(0, 2) + at(0, 2) * minor(0, 1)
    }
    for rank in 0..3 {
        let a = match rank {
            0 => Tensor::zeros([3, 3]),
            _ => random([3, rank], 3).matmul(random([rank, 3], 4)),
        };
        assert!(a.det().item().abs() < 1e-16);
        let found = three_gradients(&a, |a| a.det());
        for (order, (found, expected)) in found.iter().zip(&three_gradients(&a, |a| polynomial(&a))).enumerate() {
            let error = (found - expected).abs().max().item();
            assert!(error < 1e-14, "rank {rank}, order {}: {found}\n{expected}", order + 1);
        }
    }
    let batch = Tensor::stack(0, &[&Tensor::eye(3), &random([3, 1], 3).matmul(random([1, 3], 4))]);
    let expected = vmap(&batch, |a| polynomial(&a));
    assert_close(&batch.det(), &expected, 1e-14);
    assert_close(&grad(&batch, |a| a.det().sum()), &grad(&batch, |a| vmap(&a, |a| polynomial(&a)).sum()), 1e-14);
}

/// The sign function of a matrix near one with eigenvalues ±1, by the Newton–Schulz iteration (Higham, “Functions of
/// matrices”, section 5.3): sign(A) is the limit of X·(3 − X²)/2.
fn sign_of_matrix<V: Value>(a: &V) -> V {
    let three = a.lift(&(Tensor::eye(4).map(|x: &V::Elem| *x * V::Elem::from_f64(3.0))));
    (0..6).fold(a.clone(), |x, _| x.matmul(&(three.clone() - x.matmul(&x))) * 0.5)
}

/// The projection onto the space of the two equal eigenvalues −1 of a matrix with eigenvalues −1, −1, 1 and 1.
fn projection<V: Value>(a: &V) -> V {
    (a.lift(&Tensor::eye(4)) - sign_of_matrix(a)) * 0.5
}

fn projection_by_eigh<V: Value>(a: &V) -> V {
    let v = a.eigh().1.slice(-1, 0, 2);
    v.matmul_t(&v)
}

#[test]
fn projection_onto_a_degenerate_space_has_right_derivatives_of_every_order() {
    let (a, weights) = (symmetric(&[-1.0, -1.0, 1.0, 1.0]), random([4, 4], 5));
    let found = three_gradients(&a, |a| (projection_by_eigh(&a) * &weights).sum());
    let expected = three_gradients(&a, |a| (projection(&((a + a.t()) * 0.5)) * &weights).sum());
    for (found, expected) in found.iter().zip(&expected) {
        near("projection", found, expected, 1e-12);
    }
    let found = three_gradients(&a, |a| a.eigh().0.slice(0, 0, 2).sum());
    let expected = three_gradients(&a, |a| {
        let a = (a + a.t()) * 0.5;
        projection(&a).dot(a)
    });
    for (found, expected) in found.iter().zip(&expected) {
        near("sum of eigenvalues", found, expected, 1e-12);
    }
}

#[test]
fn nuclear_norm_has_right_derivatives_at_equal_singular_values() {
    // ‖A‖ = ⟨U, A⟩ for the orthogonal factor U of A, by the Newton–Schulz iteration.
    fn by_polar<V: Value>(a: &V) -> V {
        let three = a.lift(&(Tensor::eye(3).map(|x: &V::Elem| *x * V::Elem::from_f64(3.0))));
        let u = (0..6).fold(a.clone() * 0.5, |x, _| x.matmul(&(three.clone() - x.t_matmul(&x))) * 0.5);
        u.dot(a)
    }
    let a = orthogonal(3) * 2.0;
    let found = three_gradients(&a, |a| a.singular_values().sum());
    let expected = three_gradients(&a, |a| by_polar(&a));
    near("first", &found[0], &expected[0], 1e-13);
    near("second", &found[1], &expected[1], 1e-12);
}

#[test]
fn conventions_of_decompositions_are_the_same_in_every_mode() {
    // Equal eigenvalues: the vectors do not turn within their space.
    let scalar = Tensor::<f64>::eye(3) * 2.0;
    for second in second_gradients!(scalar, |a| a.eigh().1.cos().sum()) {
        assert_eq!(second, Tensor::zeros([3, 3]));
    }
    assert_eq!(three_gradients(&scalar, |a| a.eigh().1.cos().sum())[0], Tensor::zeros([3, 3]));
    assert_eq!(grad(&scalar, |a| a.eigh().0.sum()), Tensor::eye(3));
    // Equal singular values, and those that are 0.
    let a = Tensor::stack(0, &[&Tensor::from([2.0, 0.0, 0.0]), &Tensor::from([0.0, 2.0, 0.0]), &Tensor::zeros([3])]);
    let [first, second, _] = three_gradients(&a, |a| a.singular_values().sum());
    assert_close(&first, &Tensor::from([1.0, 1.0, 0.0]).diagonal_matrix(), 1e-15);
    for other in second_gradients!(a, |a| a.singular_values().sum()) {
        assert_close(&other, &second, 1e-14);
    }
    // Dependent columns have no derivative.
    let a = random([3, 1], 8).matmul(Tensor::from([[1.0, 2.0]]));
    fn loss<V: Value>(a: &V) -> V {
        let (q, r) = a.qr();
        q.cos().sum() + r.sin().sum()
    }
    let [first, second, _] = three_gradients(&a, |a| loss(&a));
    let forward = jacobian_by(Mode::Forward, &a, |a| loss(&a));
    let [hvp, dual] = second_gradients!(a, |a| loss(&a));
    assert!([first, second, forward, hvp, dual].iter().all(|y| y.iter().all(f64::is_nan)));
}

/// The condition of the Hilbert matrix of size 8 is 1.5·10¹⁰, so 16 digits leave six.
#[test]
fn solutions_with_the_hilbert_matrix_of_size_8_keep_six_digits() {
    let (a, inverse) = (hilbert(8), inverse_hilbert(8));
    near("inverse", &a.inverse(), &inverse, 1e-6);
    near("gradient of ln det", &grad(&a, |a| a.log_det()), &inverse, 1e-6);
    near("gradient of det", &(grad(&a, |a| a.det()) / a.det()), &inverse, 1e-6);
    // ln det = −Σ ln of the pivots' quotients, from the whole numbers of the inverse's Cholesky factor.
    let expected = -(1..8)
        .map(|i| {
            let (n, mut quotient) = (i as f64, 1.0f64);
            for k in 1..=i {
                quotient *= (n + k as f64) / k as f64;
            }
            2.0 * quotient.ln() + (2.0 * n + 1.0).ln()
        })
        .sum::<f64>();
    assert_close(&a.log_det(), &Tensor::scalar(expected), 1e-7);
    let l = a.cholesky();
    near("L·Lᵀ", &l.matmul_t(&l), &a, 1e-15);
    near(
        "gradient with respect to the Cholesky factor",
        &grad(&a, |a| a.cholesky().diagonal().ln().sum() * 2.0),
        &inverse,
        1e-6,
    );
    // Second derivatives: −A⁻¹·U·A⁻¹.
    let (u, _) = directions(&a);
    let expected = -inverse.t().matmul(u.t()).matmul(inverse.t());
    near("second derivative", &hvp(&a, &u, |a| a.log_det()), &expected, 1e-6);
}

#[test]
fn solutions_at_condition_1e12_have_small_residuals_and_four_digits() {
    let w: Vec<f64> = (0..9).map(|i| 10f64.powf(-1.5 * i as f64)).collect();
    let a = symmetric(&w);
    let inverse = symmetric(&w.iter().map(|w| 1.0 / w).collect::<Vec<_>>());
    let x = a.solve(Tensor::ones([9]));
    let residual = (a.matmul(&x) - 1.0).abs().max().item() / x.abs().max().item();
    assert!(residual < 1e-15, "the residual is {residual:e} of the solution");
    near("inverse", &a.inverse(), &inverse, 1e-4);
    near("gradient of ln det", &grad(&a, |a| a.log_det()), &inverse, 1e-4);
    // Eigenvalues have an absolute error of a rounding of the largest.
    near("eigenvalues", &a.eigh().0.flip(0), &Tensor::from(w.clone()), 1e-15);
    near("singular values", &a.singular_values(), &Tensor::from(w), 1e-15);
}

#[test]
fn backward_passes_use_the_decomposition_again() {
    let tape = Tape::new();
    let a = tape.variable(random([3, 3], 1) + &(Tensor::eye(3) * 4.0));
    let y = a.solve(a.constant(Tensor::ones([3]))).sum();
    let gradient = y.grad([a])[0];
    let expected = {
        let inverse = a.value().inverse();
        -inverse.sum_axis(0).outer(&inverse.sum_axis(1))
    };
    assert_close(&gradient.value(), &expected, 1e-15);
}

/// By its pivots the matrix is singular up to rounding, by its singular values it is not.
#[test]
fn determinant_of_a_badly_scaled_matrix() {
    let a = Tensor::from([[6e-16, 6e-16], [1.0, -1.0]]);
    near("determinant", &a.det(), &Tensor::scalar(-1.2e-15), 1e-14);
    near("gradient", &grad(&a, |a| a.det()), &Tensor::from([[-1.0, -1.0], [-6e-16, 6e-16]]), 1e-14);
}
