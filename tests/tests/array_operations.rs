//! Operations that move, repeat or add elements, compared with loops over indices, for random shapes and layouts.

use autodiff::prelude::*;
use autodiff::{Linear, Matmul, assert_close};
use proptest::prelude::*;

type Numbers = Tensor<f64>;

/// A shape of up to four axes, each of size 0 to 3.
fn shapes() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..4usize, 0..5)
}

/// A tensor of distinct whole numbers, whose sums are exact, in a random memory layout.
fn tensors() -> impl Strategy<Value = Numbers> {
    (shapes(), any::<bool>(), any::<bool>())
        .prop_map(|(shape, transposed, flipped)| lay_out(&shape, transposed, flipped))
}

fn lay_out(shape: &[usize], transposed: bool, flipped: bool) -> Numbers {
    let mut next = 0.0;
    let mut x = Tensor::from_fn(shape, |_| {
        next += 1.0;
        next
    });
    if transposed {
        let axes: Vec<usize> = (0..shape.len()).rev().collect();
        x = x.permute(&axes).contiguous().permute(&axes);
    }
    if flipped && !shape.is_empty() {
        x = x.flip(0).contiguous().flip(0);
    }
    x
}

/// A tensor and one of its axes.
fn with_axis() -> impl Strategy<Value = (Numbers, usize)> {
    let axes = |x: Numbers| {
        let rank = x.shape().rank();
        (Just(x), 0..rank)
    };
    tensors().prop_filter("an axis", |x| x.shape().rank() > 0).prop_flat_map(axes)
}

/// The element at an index whose entry for `axis` is replaced by `place`.
fn at(x: &Numbers, index: &[usize], axis: usize, place: usize) -> f64 {
    let mut index = index.to_vec();
    index[axis] = place;
    x[&index[..]]
}

proptest! {
    #![proptest_config(tests::cases(200))]

    #[test]
    fn permute_moves_each_element(x in tensors(), seed in any::<u64>()) {
        let rank = x.shape().rank();
        let mut axes: Vec<usize> = (0..rank).collect();
        axes.sort_by_key(|&axis| seed.rotate_left(16 * axis as u32) % 97);
        let y = x.permute(&axes);
        let shape: Vec<usize> = axes.iter().map(|&axis| x.shape()[axis]).collect();
        let reference = Tensor::from_fn(&shape[..], |i| {
            let mut from = vec![0; rank];
            (0..rank).for_each(|axis| from[axes[axis]] = i[axis]);
            x[&from[..]]
        });
        prop_assert_eq!(&y, &reference);
    }

    #[test]
    fn slice_by_and_at_select_elements(
        (x, axis) in with_axis(),
        start in 0..4usize,
        len in 0..4usize,
        step in 1..3usize,
    ) {
        let size = x.shape()[axis];
        let (start, end) = (start.min(size), (start + len).min(size));
        let y = x.slice_by(axis as isize, start, end, step);
        let count = end.saturating_sub(start).div_ceil(step);
        prop_assert_eq!(&y, &Tensor::from_fn(x.shape().with(axis, count), |i| at(&x, i, axis, start + i[axis] * step)));
        if start < size {
            let one = x.index_axis(axis as isize - x.shape().rank() as isize, start);
            prop_assert_eq!(one.to_vec(), x.slice(axis as isize, start, start + 1).to_vec());
            prop_assert_eq!(one.shape(), &x.shape().remove(axis));
        }
    }

    #[test]
    fn flip_reverses_and_pad_adds_zeros((x, axis) in with_axis(), before in 0..3usize, after in 0..3usize) {
        let size = x.shape()[axis];
        let flipped = Tensor::from_fn(x.shape(), |i| at(&x, i, axis, size - 1 - i[axis]));
        prop_assert_eq!(&x.flip(axis as isize), &flipped);
        let padded = Tensor::from_fn(x.shape().with(axis, before + size + after), |i| {
            match i[axis].checked_sub(before).filter(|&place| place < size) {
                Some(place) => at(&x, i, axis, place),
                None => 0.0,
            }
        });
        prop_assert_eq!(&x.pad(axis as isize, before, after), &padded);
    }

    #[test]
    fn unfold_takes_windows_and_fold_adds_them((x, axis) in with_axis(), size in 1..4usize, step in 1..4usize) {
        let (n, rank) = (x.shape()[axis], x.shape().rank());
        prop_assume!(size <= n);
        let windows = x.shape().with(axis, (n - size) / step + 1).insert(rank, size);
        let y = x.unfold(axis as isize, size, step);
        prop_assert_eq!(&y, &Tensor::from_fn(windows, |i| at(&x, &i[..rank], axis, i[axis] * step + i[rank])));
        let total = Tensor::apply(&Linear::Fold { axis, size: n, step }.into(), &[&y]);
        let times = |place: usize| (0..y.shape()[axis]).filter(|i| (i * step..i * step + size).contains(&place)).count();
        prop_assert_eq!(&total, &Tensor::from_fn(x.shape(), |i| x[i] * times(i[axis]) as f64));
    }

    #[test]
    fn cumprod_and_cummax_are_those_of_a_loop((x, axis) in with_axis(), seed in 0..9usize) {
        let x = (x + seed as f64).map(|&x| (x * 7.3).sin().round()); // −1, 0 and 1: zeros and ties
        let up_to = |i: &[usize]| (0..=i[axis]).map(|place| at(&x, i, axis, place)).collect::<Vec<_>>();
        let product = Tensor::from_fn(x.shape(), |i| up_to(i).into_iter().product::<f64>());
        prop_assert_eq!(&x.cumprod(axis as isize), &product);
        let largest = Tensor::from_fn(x.shape(), |i| up_to(i).into_iter().fold(f64::MIN, f64::max));
        prop_assert_eq!(&x.cummax(axis as isize), &largest);
    }

    #[test]
    fn cumsum_adds_all_elements_up_to_each_index((x, axis) in with_axis()) {
        let reference = Tensor::from_fn(x.shape(), |i| (0..=i[axis]).map(|place| at(&x, i, axis, place)).sum());
        prop_assert_eq!(&x.cumsum(axis as isize), &reference);
    }

    #[test]
    fn gather_take_and_scatter_add_follow_their_index(
        (x, axis) in with_axis(),
        count in 0..4usize,
        seed in any::<u64>(),
    ) {
        let size = x.shape()[axis];
        let count = if size == 0 { 0 } else { count };
        let mut state = seed;
        let mut random = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        let index = Tensor::from_fn(x.shape().with(axis, count), |_| random(size));
        let y = x.gather(axis as isize, &index);
        prop_assert_eq!(&y, &Tensor::from_fn(index.shape(), |i| at(&x, i, axis, index[i])));

        let scattered = y.scatter_add(axis as isize, &index, size);
        let reference = Tensor::from_fn(x.shape(), |i| {
            (0..count).filter(|&j| index_at(&index, i, axis, j) == i[axis]).map(|j| at(&y, i, axis, j)).sum()
        });
        prop_assert_eq!(&scattered, &reference);

        let list: Vec<usize> = (0..count).map(|_| random(size)).collect();
        let taken = x.take(axis as isize, &list);
        prop_assert_eq!(&taken, &Tensor::from_fn(x.shape().with(axis, count), |i| at(&x, i, axis, list[i[axis]])));
    }

    #[test]
    fn concat_stack_and_split_join_and_cut_tensors((x, axis) in with_axis(), other in 0..3usize) {
        let size = x.shape()[axis];
        let y = lay_out(&x.shape().with(axis, other), true, false);
        let both = Tensor::concat(axis as isize, &[&x, &y]);
        prop_assert_eq!(&both, &Tensor::from_fn(x.shape().with(axis, size + other), |i| {
            if i[axis] < size { at(&x, i, axis, i[axis]) } else { at(&y, i, axis, i[axis] - size) }
        }));
        let parts = both.split(axis as isize, &[size, other]);
        prop_assert_eq!((&parts[0], &parts[1]), (&x, &y));
        let stacked = Tensor::stack(axis as isize, &[&x, &x.flip(axis as isize)]);
        prop_assert_eq!(&stacked.index_axis(axis as isize, 0), &x);
        prop_assert_eq!(&stacked.index_axis(axis as isize, 1), &x.flip(axis as isize));
    }

    #[test]
    fn reshape_keeps_and_broadcast_to_repeats_elements(x in tensors(), outer in 0..3usize) {
        prop_assert_eq!(x.reshape([x.size(), 1]).to_vec(), x.to_vec());
        let shape: Vec<usize> = std::iter::once(outer).chain(x.shape().iter().copied()).collect();
        let y = x.broadcast_to(&shape[..]);
        prop_assert_eq!(&y, &Tensor::from_fn(&shape[..], |i| x[&i[1..]]));
        prop_assert_eq!(&y.sum_to(x.shape().clone()), &(&x * outer as f64));
    }

    /// Two random shapes that broadcast: the resulting shape, the values and the gradient.
    #[test]
    fn broadcasting_follows_the_rule_of_numpy(common in shapes(), ones in any::<[u8; 2]>(), drop in 0..3usize) {
        let masked = |bits: u8, drop: usize| -> Vec<usize> {
            let keep = |(axis, &size): (usize, &usize)| if bits >> axis & 1 == 1 { 1 } else { size };
            common.iter().enumerate().map(keep).skip(drop.min(common.len())).collect()
        };
        let (a, b) = (lay_out(&masked(ones[0], 0), true, true), lay_out(&masked(ones[1], drop), false, true));
        let y = &a * &b;
        let expected = a.shape().broadcast(b.shape()).expect("the shapes broadcast");
        prop_assert_eq!(y.shape(), &expected);
        let place = |x: &Numbers, i: &[usize]| -> Vec<usize> {
            let skip = i.len() - x.shape().rank();
            i[skip..].iter().zip(x.shape().iter()).map(|(&i, &size)| if size == 1 { 0 } else { i }).collect()
        };
        prop_assert_eq!(&y, &Tensor::from_fn(expected.clone(), |i| a[&place(&a, i)[..]] * b[&place(&b, i)[..]]));

        // The gradient of Σ a·b by an element of a is the sum of the elements of b that it is multiplied by.
        let mut reference = vec![0.0; a.size()];
        let order: Tensor<usize> = {
            let mut next = 0..;
            Tensor::from_fn(a.shape(), |_| next.next().expect("the range is endless"))
        };
        Tensor::from_fn(expected, |i| reference[order[&place(&a, i)[..]]] += b[&place(&b, i)[..]]);
        let gradient = grad(&a, |a| (a * &b).sum());
        prop_assert_eq!(&gradient, &Tensor::from_vec(a.shape(), reference));
    }

    #[test]
    fn matmul_equals_the_sum_over_the_inner_axis(
        m in 0..5usize,
        k in 0..5usize,
        n in 0..5usize,
        batch in 0..3usize,
        bits in any::<u8>(),
    ) {
        let bit = |i: u8| bits >> i & 1 == 1;
        let (transpose_lhs, transpose_rhs) = (bit(0), bit(1));
        let sides = |a: usize, b: usize, swap: bool| if swap { [batch, b, a] } else { [batch, a, b] };
        let a = lay_out(&sides(m, k, transpose_lhs), bit(2), bit(3));
        let b = lay_out(&sides(k, n, transpose_rhs), bit(4), bit(5));
        let (a, b) = (if bit(6) { a.flip(2) } else { a }, if bit(7) { b.flip(1) } else { b });
        let read = |x: &Numbers, b: usize, i: usize, j: usize, swap: bool| match swap {
            true => x[[b, j, i]],
            false => x[[b, i, j]],
        };
        let y = Tensor::apply(&Matmul { transpose_lhs, transpose_rhs }.into(), &[&a, &b]);
        let reference = Tensor::from_fn([batch, m, n], |i| {
            (0..k).map(|k| read(&a, i[0], i[1], k, transpose_lhs) * read(&b, i[0], k, i[2], transpose_rhs)).sum::<f64>()
        });
        prop_assert_eq!(&y, &reference);
    }

    #[test]
    fn sums_add_all_elements_of_an_axis((x, axis) in with_axis()) {
        let kept = Tensor::from_fn(x.shape().with(axis, 1), |i| (0..x.shape()[axis]).map(|j| at(&x, i, axis, j)).sum());
        prop_assert_eq!(&x.sum_keep(axis as isize), &kept);
        prop_assert_eq!(x.sum_axis(axis as isize).to_vec(), kept.to_vec());
        prop_assert_eq!(x.sum().item(), x.iter().sum::<f64>());
    }

    #[test]
    fn sort_and_extremes_follow_the_order_of_each_lane((x, axis) in with_axis()) {
        let x = x.sin(); // unsorted, unlike the elements of `x`
        let sorted = x.sort(axis as isize);
        prop_assert_eq!(sorted.shape(), x.shape());
        let lane = |i: &[usize]| {
            let mut lane: Vec<f64> = (0..x.shape()[axis]).map(|j| at(&x, i, axis, j)).collect();
            lane.sort_by(f64::total_cmp);
            lane
        };
        prop_assert_eq!(&sorted, &Tensor::from_fn(x.shape(), |i| lane(i)[i[axis]]));
        if x.shape()[axis] > 0 {
            let last = x.shape()[axis] - 1;
            prop_assert_eq!(&x.max_axis(axis as isize), &sorted.index_axis(axis as isize, last));
            prop_assert_eq!(&x.min_axis(axis as isize), &sorted.index_axis(axis as isize, 0));
            prop_assert_eq!(&x.top_k(axis as isize, last + 1), &sorted.flip(axis as isize));
        }
    }
}

/// The entry of `index` at `i`, with the entry of `i` for `axis` replaced by `place`.
fn index_at(index: &Tensor<usize>, i: &[usize], axis: usize, place: usize) -> usize {
    let mut i = i.to_vec();
    i[axis] = place;
    index[&i[..]]
}

/// The sums are longer than the block in which elements are added.
#[test]
fn long_sums_are_exact_for_whole_numbers() {
    let x: Numbers = Tensor::from_fn([300, 700], |i| ((i[0] * 31 + i[1] * 17) % 101) as f64);
    let rows = Tensor::from_fn([300], |i| (0..700).map(|j| x[[i[0], j]]).sum());
    let columns = Tensor::from_fn([700], |j| (0..300).map(|i| x[[i, j[0]]]).sum());
    assert_eq!(x.sum_axis(1), rows);
    assert_eq!(x.sum_axis(0), columns);
    assert_eq!(x.t().sum_axis(0), rows);
    assert_eq!(x.sum().item(), x.iter().sum::<f64>());
    assert_close(&x.map(|&x| x as f32).mean().map(|&m| m.into()), &x.mean(), 1e-6);
}

/// The matrices are larger than the blocks of the GEMM library.
#[test]
fn large_matrix_products_equal_their_definition_in_every_transposition() {
    let number = |i: &[usize]| ((i[0] * 7 + i[1] * 3) % 13) as f64 - 6.0;
    let (a, b) = (Tensor::from_fn([70, 130], number), Tensor::from_fn([130, 90], number));
    let reference = Tensor::from_fn([70, 90], |i| (0..130).map(|k| a[[i[0], k]] * b[[k, i[1]]]).sum());
    assert_eq!(a.matmul(&b), reference);
    assert_eq!(a.t().contiguous().t_matmul(&b), reference);
    assert_eq!(a.matmul_t(b.t().contiguous()), reference);
    assert_eq!(a.t().contiguous().t().matmul(b.flip(0).contiguous().flip(0)), reference);
}

/// NaN is an extreme in both directions, as in numpy, so the index of an extreme points at the extreme.
#[test]
fn indices_of_extremes_point_at_the_extremes_with_nan_and_ties() {
    const NAN: f64 = f64::NAN;
    let rows = [
        [1.0, NAN, -2.0, NAN],
        [NAN, 1.0, 2.0, 3.0],
        [3.0, 1.0, 1.0, 3.0],
        [0.0, -0.0, 0.0, -0.0],
        [f64::NEG_INFINITY, -NAN, f64::INFINITY, 0.0],
        [f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN],
    ];
    let x = Tensor::from(rows);
    for (x, axis) in [(x.clone(), 1), (x.t(), 0)] {
        let at = |places: Tensor<usize>| -> Vec<u64> {
            let element = |lane: usize| x[if axis == 1 { [lane, places[[lane]]] } else { [places[[lane]], lane] }];
            (0..rows.len()).map(|lane| element(lane).to_bits()).collect()
        };
        let bits = |x: Numbers| x.iter().map(f64::to_bits).collect::<Vec<_>>();
        assert_eq!(at(x.argmin(axis)), bits(x.min_axis(axis)));
        assert_eq!(at(x.argmax(axis)), bits(x.max_axis(axis)));
    }
    assert_eq!(x.argmin(1).to_vec(), [1, 0, 1, 0, 1, 1]);
    assert_eq!(x.argmax(1).to_vec(), [1, 0, 0, 0, 1, 0]);
}

#[test]
fn triangles_with_any_offset_hold_all_elements_or_none() {
    let x: Numbers = Tensor::from_fn([2, 3], |i| (i[0] * 3 + i[1] + 1) as f64);
    for far in [isize::MAX, 3] {
        assert_eq!((x.tril(far), x.triu(far)), (x.clone(), Tensor::zeros([2, 3])));
    }
    for far in [isize::MIN, -3] {
        assert_eq!((x.tril(far), x.triu(far)), (Tensor::zeros([2, 3]), x.clone()));
    }
}

/// Where terms are added one by one, a sum of ones in single precision stops at 2²⁴.
#[test]
fn long_sums_in_single_precision_keep_their_digits() {
    let n = 17_000_000;
    let ones = Tensor::<f32>::ones([n]);
    let last = ones.cumsum(0).index_axis(0, n - 1).item();
    assert_eq!(last, 1.7e7);
    let from_end = grad(&ones, |x| x.cumsum(0).sum()); // n, n − 1, …, 1
    assert_eq!((from_end[[0]], from_end[[n / 2]]), (1.7e7, 8.5e6));
    let repeats = vec![1; n];
    let slopes = grad(&Tensor::<f32>::zeros([3]), |x| x.take(0, &repeats).sum());
    assert_eq!(slopes.to_vec(), [0.0, 1.7e7, 0.0]);
    // Terms that are rounded: 0.1 in f32, 10⁶ times, on two lanes.
    let (m, tenth) = (1_000_000, 0.1f32);
    let x = Tensor::full([2, m], tenth);
    let sums = x.scatter_add(1, &Tensor::full([2, m], 1), 2);
    let exact = (f64::from(tenth) * m as f64) as f32;
    assert_eq!(sums.to_vec(), [0.0, exact, 0.0, exact]);
    // The normaliser of a long row: 1 + (n − 1)·e^(−2.3).
    let mut logits = Tensor::full([1, n], -2.3f32);
    logits.as_mut_slice()[0] = 0.0;
    let normaliser = (1.0 + (n - 1) as f64 * f64::from(-2.3f32).exp()).ln();
    let log_p = f64::from(logits.log_softmax(-1)[[0, 0]]);
    assert!((log_p + normaliser).abs() < 3e-6, "{log_p}, not {}", -normaliser);
    // What was lost beside an infinite sum is not a number, and an infinite sum stays.
    let mut x = vec![1.0f32; 200];
    x[50] = f32::INFINITY;
    let x = Tensor::from(x);
    assert_eq!(x.scatter_add(0, &Tensor::full([200], 0), 1).to_vec(), [f32::INFINITY]);
    assert_eq!(x.cumsum(0)[[199]], f32::INFINITY);
}
