//! Sparse Jacobians and Hessians: patterns, directions, and what a wrong pattern leads to.

use autodiff::prelude::*;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

const N: usize = 12;

fn point(n: usize) -> Tensor<f64> {
    Tensor::linspace(0.3, 1.7, n)
}

fn eye(n: usize) -> Vec<[usize; 2]> {
    (0..n).map(|i| [i, i]).collect()
}

/// A function of sparse structure: m sums of terms, each a function of two elements of the input.
struct Terms {
    m: usize,
    n: usize,
    /// The elements that a term reads, and the element of the output to which it is added.
    terms: Vec<[usize; 3]>,
}

impl Terms {
    fn random(seed: u64) -> Self {
        let rng = &mut StdRng::seed_from_u64(seed);
        let (m, n) = (rng.random_range(1..15), rng.random_range(1..15));
        let count = rng.random_range(0..2 * m);
        let terms = (0..count).map(|_| [rng.random_range(0..n), rng.random_range(0..n), rng.random_range(0..m)]);
        Self { m, n, terms: terms.collect() }
    }

    fn call<V: Value>(&self, x: &V) -> V {
        let place = |i: usize| Tensor::from(self.terms.iter().map(|term| term[i]).collect::<Vec<_>>());
        let (a, b) = (x.gather(0, &place(0)), x.gather(0, &place(1)));
        let terms = (a.clone() * &b.sin() + &a.square()) * &(b + 1.0);
        terms.scatter_add(0, &place(2), self.m)
    }

    fn loss<V: Value>(&self, x: &V) -> V {
        self.call(x).square().sum()
    }

    fn pattern(&self) -> Sparsity {
        Sparsity::new([self.m, self.n], self.terms.iter().flat_map(|&[a, b, i]| [[i, a], [i, b]]))
    }
}

#[test]
fn random_sparse_functions_have_the_derivatives_of_the_dense_transforms() {
    for seed in 0..200 {
        let f = Terms::random(seed);
        let x = point(f.n);
        let j = sparse_jacobian(&x, |x| f.call(&x));
        assert_eq!(*j.pattern(), f.pattern(), "seed {seed}");
        assert_close(&j.to_dense(), &jacobian(&x, |x| f.call(&x)), 1e-13);
        let h = sparse_hessian(&x, |x| f.loss(&x));
        assert_close(&h.to_dense(), &hessian(&x, |x| f.loss(&x)), 1e-12);
        assert_close(&h.to_dense().t(), &h.to_dense(), 1e-12);
    }
}

#[test]
fn empty_rows_and_columns_have_no_entries() {
    let f = function_of(&point(5), |x| x.slice(0, 1, 3).pad(0, 1, 1).square());
    let j = sparse_jacobian(&point(5), f);
    assert_eq!(*j.pattern(), Sparsity::new([4, 5], [[1, 1], [2, 2]]));
    assert_close(&j.to_dense(), &jacobian(&point(5), f), 0.0);
    let constant = sparse_jacobian(&point(3), |x| x.detach());
    assert!(constant.pattern().is_empty());
    assert_eq!(constant.to_dense(), Tensor::zeros([3, 3]));
    let linear = sparse_hessian(&point(3), |x| x.sum());
    assert_eq!((linear.values().len(), linear.to_dense()), (0, Tensor::zeros([3, 3])));
}

#[test]
fn tridiagonal_hessian_takes_three_directions() {
    let f = function_of(&point(N), |x| (x.slice(0, 1, N) * x.slice(0, 0, N - 1)).square().sum());
    let pattern = Sparsity::of_hessian(&point(N), f);
    let band = (0..N).flat_map(|i| (i.saturating_sub(1)..N.min(i + 2)).map(move |j| [i, j]));
    assert_eq!(pattern, Sparsity::new([N, N], band));
    assert!(Compression::of_hessian(pattern).directions() <= 3);
    let h = sparse_hessian(&point(N), f);
    assert_close(&h.to_dense(), &hessian(&point(N), f), 1e-13);
    assert_eq!(h.diagonal().to_vec(), (0..N).map(|i| h.get(i, i)).collect::<Vec<_>>());
}

#[test]
fn arrowhead_hessian_takes_two_directions() {
    // The last element meets all others.
    let f = function_of(&point(N), |x| (x.square() * x.index_axis(0, N - 1)).sum());
    let pattern = Sparsity::of_hessian(&point(N), f);
    let arrow = (0..N).flat_map(|i| [[i, i], [i, N - 1], [N - 1, i]]);
    assert_eq!(pattern, Sparsity::new([N, N], arrow));
    assert_eq!(Compression::of_hessian(pattern).directions(), 2);
    assert_close(&sparse_hessian(&point(N), f).to_dense(), &hessian(&point(N), f), 1e-13);
}

#[test]
fn arrowhead_jacobians_take_two_directions_in_the_mode_that_allows_it() {
    let row = function_of(&point(N), |x| Tensor::<f64>::ones([N]) * x + x.flip(0).slice(0, 0, 1)); // a full last column
    let column = function_of(&point(N), |x| Var::concat(0, &[&x.square(), &x.sum_keep(0)])); // a full last row
    for f in [Sparsity::of_jacobian(&point(N), row), Sparsity::of_jacobian(&point(N), column)] {
        assert_eq!(Compression::of_jacobian(f).directions(), 2);
    }
    assert_close(&sparse_jacobian(&point(N), row).to_dense(), &jacobian(&point(N), row), 0.0);
    assert_close(&sparse_jacobian(&point(N), column).to_dense(), &jacobian(&point(N), column), 0.0);
}

#[test]
fn blocks_take_as_many_directions_as_a_block_is_wide() {
    // Three samples of two features, which a layer maps to four units each.
    let w = Tensor::linspace(-1.0, 1.0, 8).reshape([4, 2]);
    let x = point(6).reshape([3, 2]);
    let f = function_of(&x, |x| x.matmul_t(&w).tanh());
    let pattern = Sparsity::of_jacobian(&x, f);
    let block = |i: usize| (0..4).flat_map(move |r| (0..2).map(move |c| [4 * i + r, 2 * i + c]));
    assert_eq!(pattern, Sparsity::new([12, 6], (0..3).flat_map(block)));
    assert_eq!(Compression::of_jacobian(pattern).directions(), 2);
    let dense = jacobian(&x, f).reshape([12, 6]);
    assert_close(&sparse_jacobian(&x, f).to_dense(), &dense, 1e-15);
}

#[test]
fn patterns_do_not_depend_on_values() {
    // At 0 the derivatives of a product and of a matrix product with zeros vanish.
    let zero = Tensor::<f64>::zeros([2]);
    assert_eq!(Sparsity::of_jacobian(&zero, |x| x * x.flip(0)).len(), 4);
    assert_eq!(Sparsity::of_jacobian(&zero, |x| x.reshape([1, 2]).matmul(Tensor::zeros([2, 2]))).len(), 4);
    assert_eq!(Sparsity::of_hessian(&zero, |x| x.powi(4).sum()), Sparsity::new([2, 2], eye(2)));
}

#[test]
fn derivatives_outside_a_given_pattern_are_found() {
    let x = point(N);
    let f = function_of(&x, |x| x.square() + x.flip(0) * 0.25);
    let diagonal = Compression::of_jacobian(Sparsity::new([N, N], eye(N)));
    assert_eq!(diagonal.directions(), 1);
    let missing = check_sparse_jacobian(&sparse_jacobian_by(&diagonal, &x, f), &x, f).unwrap_err();
    assert!(missing.row() < N && missing.to_string().contains("the pattern lacks an entry"), "{missing}");

    // One entry is missing, in row 3.
    let all = Sparsity::of_jacobian(&x, f);
    let short = Sparsity::new([N, N], all.entries().filter(|&entry| entry != [3, N - 4]));
    let j = sparse_jacobian_by(&Compression::of_jacobian(short), &x, f);
    assert_eq!(check_sparse_jacobian(&j, &x, f).unwrap_err().row(), 3);
    assert_eq!(check_sparse_jacobian(&sparse_jacobian(&x, f), &x, f), Ok(()));

    let g = function_of(&x, |x| (x.square() * x.flip(0)).sum());
    let h = sparse_hessian_by(&Compression::of_hessian(Sparsity::new([N, N], eye(N))), &x, g);
    assert!(check_sparse_hessian(&h, &x, g).is_err());
    assert_eq!(check_sparse_hessian(&sparse_hessian(&x, g), &x, g), Ok(()));
}

#[test]
fn compressions_serve_other_points_and_single_precision() {
    let f = Terms::random(7);
    let compression = Compression::of_jacobian(f.pattern());
    let x = point(f.n).map(|&x| 2.0 * x as f32);
    let j = sparse_jacobian_by(&compression, &x, |x| f.call(&x));
    assert_close(&j.to_dense(), &jacobian(&x, |x| f.call(&x)), 1e-6);
    assert_eq!(check_sparse_jacobian(&j, &x, |x| f.call(&x)), Ok(()));
}

#[test]
fn diagonal_of_a_hessian_is_exact_beyond_one_batch() {
    let x = point(130).reshape([10, 13]);
    let f = function_of(&x, |x| x.powi(3).sum() + x.sum().square());
    let (gradient, diagonal) = grad_and_hessian_diagonal(&x, f);
    assert_close(&gradient, &grad(&x, f), 1e-14);
    assert_close(&diagonal, &(&x * 6.0 + 2.0), 1e-13);
    assert_eq!(grad_and_hessian_diagonal(&Tensor::<f64>::zeros([0]), |x| x.sum()).1.size(), 0);
    assert_eq!(grad_and_hessian_diagonal(&2.0, |x| x.powi(3)), (12.0, 12.0));
}

#[test]
fn triplets_and_rows_hold_the_same_entries() {
    let j = sparse_jacobian(&point(3), |x| x.square() + x.flip(0));
    let triplets: Vec<_> = j.triplets().collect();
    assert_eq!(triplets.len(), 5);
    let pattern = j.pattern();
    for i in 0..3 {
        let (start, end) = (pattern.row_starts()[i], pattern.row_starts()[i + 1]);
        assert_eq!(&pattern.columns()[start..end], pattern.row(i));
        for (place, &column) in (start..end).zip(pattern.row(i)) {
            assert_eq!(triplets[place], (i, column, j.values()[place]));
            assert_eq!(j.get(i, column), j.values()[place]);
        }
    }
    assert_eq!(j.get(0, 1), 0.0);
}

#[test]
#[should_panic(expected = "sparse_jacobian_by: the pattern has shape [2, 2], but the derivatives have [3, 3]")]
fn pattern_of_another_shape_is_rejected() {
    sparse_jacobian_by(&Compression::of_jacobian(Sparsity::new([2, 2], [])), &point(3), |x| x.square());
}

#[test]
#[should_panic(expected = "sparse_jacobian_by: the directions are those of a Hessian")]
fn directions_of_a_hessian_are_rejected_for_a_jacobian() {
    sparse_jacobian_by(&Compression::of_hessian(Sparsity::new([3, 3], [])), &point(3), |x| x.square());
}

#[test]
#[should_panic(expected = "Compression::of_hessian: a Hessian is square, but the pattern has shape [2, 3]")]
fn pattern_of_a_hessian_must_be_square() {
    let _ = Compression::of_hessian(Sparsity::new([2, 3], []));
}

#[test]
#[should_panic(expected = "Sparsity::new: the entry [1, 3] is outside the shape [2, 3]")]
fn entry_outside_the_shape_is_rejected() {
    let _ = Sparsity::new([2, 3], [[0, 0], [1, 3]]);
}
