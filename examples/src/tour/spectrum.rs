//! Eigenvalues of symmetric matrices.

/// The eigenvalues of a symmetric n × n matrix, largest first, by cyclic Jacobi rotations (Golub and Van Loan, *Matrix
/// Computations*, section 8.5).
pub(super) fn eigenvalues(mut a: Vec<f64>, n: usize) -> Vec<f64> {
    const SWEEPS: usize = 12;
    for _ in 0..SWEEPS {
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, n, p, q);
            }
        }
    }
    let mut values: Vec<f64> = (0..n).map(|i| a[i * n + i]).collect();
    values.sort_by(|a, b| b.total_cmp(a));
    values
}

/// Zeroes the element at (p, q) by rotating the two axes.
fn rotate(a: &mut [f64], n: usize, p: usize, q: usize) {
    let off = a[p * n + q];
    if off.abs() < 1e-14 {
        return;
    }
    let half = (a[q * n + q] - a[p * n + p]) / (2.0 * off);
    let t = half.signum() / (half.abs() + half.hypot(1.0));
    let c = 1.0 / t.hypot(1.0);
    let s = t * c;
    for k in 0..n {
        let (x, y) = (a[k * n + p], a[k * n + q]);
        (a[k * n + p], a[k * n + q]) = (c * x - s * y, s * x + c * y);
    }
    for k in 0..n {
        let (x, y) = (a[p * n + k], a[q * n + k]);
        (a[p * n + k], a[q * n + k]) = (c * x - s * y, s * x + c * y);
    }
}

#[cfg(test)]
mod tests {
    use super::eigenvalues;

    #[test]
    fn eigenvalues_match_those_of_the_second_difference_matrix() {
        // The second-difference matrix of n points has the eigenvalues 2 − 2·cos(kπ/(n + 1)).
        let n = 10;
        let mut a = vec![0.0; n * n];
        (0..n).for_each(|i| a[i * n + i] = 2.0);
        (1..n).for_each(|i| (a[i * n + i - 1], a[(i - 1) * n + i]) = (-1.0, -1.0));
        for (i, value) in eigenvalues(a, n).into_iter().enumerate() {
            let k = (n - i) as f64;
            assert!((value - 2.0 + 2.0 * (k * std::f64::consts::PI / (n as f64 + 1.0)).cos()).abs() < 1e-12);
        }
    }
}
