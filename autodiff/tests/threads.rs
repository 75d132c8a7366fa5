//! Results are the same bit by bit for every number of threads.

use autodiff::prelude::*;
use autodiff::{set_threads, threads};
use rand::SeedableRng;
use rand::rngs::StdRng;

fn random(sizes: &[usize], seed: u64) -> Tensor<f32> {
    Tensor::uniform(sizes, -1.0, 1.0, &mut StdRng::seed_from_u64(seed))
}

fn bits(x: &Tensor<f32>) -> Vec<u32> {
    x.iter().map(f32::to_bits).collect()
}

/// One test for all operations, because `set_threads` applies to the whole process.
#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    check_limit_of_threads();
    let cases = products().into_iter().chain(pointwise()).chain(sums());
    for (name, compute) in cases {
        set_threads(1);
        let alone = bits(&compute());
        for n in [2, 3] {
            set_threads(n);
            assert_eq!(threads(), n);
            // The first computation may wake sleeping workers; the second finds them awake.
            for run in [1, 2] {
                assert!(bits(&compute()) == alone, "{name}: run {run} on {n} threads differs from one thread");
            }
        }
    }
}

/// In the same test as above, because it sets the number for the process.
fn check_limit_of_threads() {
    let available = std::thread::available_parallelism().map_or(1, usize::from);
    for n in [2000, usize::MAX] {
        set_threads(n);
        assert_eq!(threads(), available.max(256));
    }
    set_threads(0);
    assert_eq!(threads(), available);
}

type Case = (String, Box<dyn Fn() -> Tensor<f32>>);

/// Matrix products of small, narrow, odd and large shapes in all transpositions, and a batch of products.
fn products() -> Vec<Case> {
    let shapes = [
        (128, 784, 256),
        (256, 128, 784),
        (129, 257, 131),
        (1000, 5, 1000),
        (5, 1000, 1000),
        (10, 1000, 1000),
        (1000, 1000, 10),
        (33, 3000, 35),
        (8, 20_000, 8),
        (1, 2000, 2000),
        (2000, 2000, 1),
        (640, 512, 384),
    ];
    let mut cases: Vec<Case> = Vec::new();
    for (m, k, n) in shapes {
        for (transpose_lhs, transpose_rhs) in [(false, false), (false, true), (true, false), (true, true)] {
            let lhs = random(&if transpose_lhs { [k, m] } else { [m, k] }, 1);
            let rhs = random(&if transpose_rhs { [n, k] } else { [k, n] }, 2);
            let compute = move || {
                let lhs = if transpose_lhs { lhs.t() } else { lhs.clone() };
                let rhs = if transpose_rhs { rhs.t() } else { rhs.clone() };
                lhs.matmul(&rhs)
            };
            let name = format!("{m}×{k}×{n}, transposed: {transpose_lhs}, {transpose_rhs}");
            cases.push((name, Box::new(compute)));
        }
    }
    let (lhs, rhs) = (random(&[7, 65, 70], 3), random(&[7, 70, 66], 4));
    cases.push(("a batch of products".into(), Box::new(move || lhs.matmul(&rhs))));
    cases
}

fn pointwise() -> Vec<Case> {
    let (x, y, row, column) = (random(&[301, 997], 5), random(&[301, 997], 6), random(&[997], 7), random(&[301, 1], 8));
    let z = random(&[997, 301], 9);
    vec![
        (
            "tanh".into(),
            Box::new({
                let x = x.clone();
                move || x.tanh()
            }),
        ),
        (
            "product".into(),
            Box::new({
                let (x, y) = (x.clone(), y.clone());
                move || &x * &y
            }),
        ),
        (
            "bias".into(),
            Box::new({
                let x = x.clone();
                move || &x + &row
            }),
        ),
        (
            "column".into(),
            Box::new({
                let x = x.clone();
                move || &x * &column
            }),
        ),
        (
            "transposed".into(),
            Box::new({
                let x = x.clone();
                move || &x - &z.t()
            }),
        ),
        ("gradient".into(), Box::new(move || grad(&x, |x| (x.sigmoid() * x.constant(y.clone()) + x).square().sum()))),
    ]
}

fn sums() -> Vec<Case> {
    let x = random(&[700, 30, 11], 10);
    let axes: [&[isize]; 6] = [&[0], &[1], &[2], &[0, 1], &[1, 2], &[0, 1, 2]];
    let case = |axes: &'static [isize]| -> Case {
        let x = x.clone();
        (format!("sum over {axes:?}"), Box::new(move || axes.iter().fold(x.clone(), |x, &axis| x.sum_keep(axis))))
    };
    let all = (
        "sum over the outer axes at once".into(),
        Box::new({
            let x = x.clone();
            move || x.sum_to([1, 30, 1])
        }) as _,
    );
    let wide = random(&[3, 100_000], 11);
    axes.into_iter().map(case).chain([all, ("wide rows".into(), Box::new(move || wide.sum_keep(0)) as _)]).collect()
}

/// Two rounds, so that new threads start after the first ones have ended.
#[test]
fn concurrent_computations_give_the_same_bits() {
    let (x, y) = (random(&[300, 400], 12), random(&[400, 500], 13));
    let expected = bits(&x.matmul(&y).tanh());
    for _ in 0..2 {
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..10).for_each(|_| assert!(bits(&x.matmul(&y).tanh()) == expected)));
            }
        });
    }
}
