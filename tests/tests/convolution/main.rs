//! Convolutions and pooling: beside PyTorch (golden.py), beside their definition, and at the edges of their domain.

use autodiff::prelude::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

type Numbers = Tensor<f64>;

/// sin(seed + 1.3·i) for the i-th element.
fn formula(seed: f64, shape: impl Into<Shape>) -> Numbers {
    let shape = shape.into();
    (Tensor::arange(shape.size()) * 1.3 + seed).sin().reshape(shape)
}

/// The operands of a case of this name, and its result.
fn operands(name: &str) -> Vec<Numbers> {
    let shapes: &[&[usize]] = match name {
        "conv1d" => &[&[2, 3, 9], &[4, 3, 3]],
        "conv1d_by" => &[&[2, 3, 10], &[2, 3, 4]],
        "conv2d" => &[&[2, 2, 5, 6], &[3, 2, 3, 2]],
        "conv2d_by" => &[&[1, 2, 7, 6], &[2, 2, 3, 3]],
        "conv2d_axes" => &[&[1, 2, 5, 7], &[2, 2, 4, 2]],
        "max_pool1d" => &[&[2, 3, 9]],
        "max_pool2d" => &[&[2, 2, 6, 6]],
        "max_pool2d_axes" => &[&[1, 2, 7, 8]],
        _ => panic!("golden.txt: {name} is no case of this test"),
    };
    shapes.iter().zip(1..).map(|(&shape, seed)| formula(f64::from(seed), shape)).collect()
}

fn result<V: Value>(name: &str, x: &[V]) -> V {
    match name {
        "conv1d" => x[0].conv1d(&x[1], Window::default()),
        "conv1d_by" => x[0].conv1d(&x[1], Window::stride(3).padding(2)),
        "conv2d" => x[0].conv2d(&x[1], Window::default()),
        "conv2d_by" => x[0].conv2d(&x[1], Window::stride(2).padding(1)),
        "conv2d_axes" => x[0].conv2d(&x[1], Window { stride: [3, 2], padding: [2, 1] }),
        "max_pool1d" => x[0].max_pool1d(3, Window::stride(2).padding(1)),
        "max_pool2d" => x[0].max_pool2d([2, 2], Window::stride(2)),
        "max_pool2d_axes" => x[0].max_pool2d([3, 2], Window { stride: [1, 3], padding: [1, 0] }),
        _ => panic!("golden.txt: {name} is no case of this test"),
    }
}

/// Σ cos(i)·yᵢ·(1 + yᵢ/2).
fn weighted<V: Value>(y: &V) -> V {
    let weights = Tensor::<V::Elem>::arange(y.shape().size()).cos().reshape(y.shape());
    (y.lift(&weights) * y * (y.clone() * 0.5 + 1.0)).sum()
}

#[test]
fn results_and_gradients_agree_with_pytorch() {
    let mut cases: BTreeMap<&str, Vec<Vec<f64>>> = BTreeMap::new();
    for line in include_str!("golden.txt").lines() {
        let mut words = line.split(' ');
        let (name, _part) = (words.next().expect("a name"), words.next());
        cases.entry(name).or_default().push(words.map(|x| x.parse().expect("a number")).collect());
    }
    assert_eq!(cases.len(), 8);
    for (name, parts) in cases {
        let x = operands(name);
        let (y, gradients) = (result(name, &x), value_and_grad(&x, |_, x| weighted(&result(name, &x))).1);
        assert_eq!(parts.len(), 1 + x.len());
        for (found, expected) in [y].iter().chain(&gradients).zip(parts) {
            autodiff::assert_close(&found.flatten(), &Tensor::from(expected), 1e-12);
        }
    }
}

/// The convolution by its definition: a sum over channels and elements of the window.
fn by_definition(x: &Numbers, kernel: &Numbers, window: Window<2>) -> Numbers {
    let (x_shape, k_shape) = (x.shape(), kernel.shape());
    let places =
        |axis: usize| (x_shape[2 + axis] + 2 * window.padding[axis] - k_shape[2 + axis]) / window.stride[axis] + 1;
    Tensor::from_fn([x_shape[0], k_shape[0], places(0), places(1)], |at| {
        let mut sum = 0.0;
        for channel in 0..k_shape[1] {
            for (i, j) in (0..k_shape[2]).flat_map(|i| (0..k_shape[3]).map(move |j| (i, j))) {
                let place =
                    |axis: usize, i: usize| (at[2 + axis] * window.stride[axis] + i).checked_sub(window.padding[axis]);
                if let (Some(row), Some(column)) = (place(0, i), place(1, j))
                    && row < x_shape[2]
                    && column < x_shape[3]
                {
                    sum += x[[at[0], channel, row, column]] * kernel[[at[1], channel, i, j]];
                }
            }
        }
        sum
    })
}

fn near(a: &Numbers, b: &Numbers) {
    assert!(a.shape() == b.shape() && a.iter().zip(b.iter()).all(|(a, b)| (a - b).abs() < 1e-12), "{a}\n{b}");
}

proptest! {
    #![proptest_config(tests::cases(200))]

    #[test]
    fn convolution_is_the_sum_over_channels_and_windows(
        sizes in (0..3usize, 0..4usize, 0..6usize, 0..6usize),
        kernel in (0..3usize, 1..4usize, 1..4usize),
        stride in (1..4usize, 1..4usize),
        padding in (0..3usize, 0..3usize),
    ) {
        let (batch, channels, height, width) = sizes;
        prop_assume!(kernel.1 <= height + 2 * padding.0 && kernel.2 <= width + 2 * padding.1);
        let window = Window { stride: [stride.0, stride.1], padding: [padding.0, padding.1] };
        let (x, k) = (formula(1.0, [batch, channels, height, width]), formula(2.0, [kernel.0, channels, kernel.1, kernel.2]));
        let expected = by_definition(&x, &k, window);
        near(&x.conv2d(&k, window), &expected);
        // Without a batch axis, with two, and in a batch of a transform.
        near(&vmap(&x, |x| x.conv2d(x.lift(&k), window)), &expected);
        let two = x.unsqueeze(0).conv2d(&k, window);
        near(&two.squeeze(0), &expected);
        for (i, image) in (0..batch).map(|i| (i, x.index_axis(0, i))) {
            near(&image.conv2d(&k, window), &expected.index_axis(0, i));
        }
        // A sequence is an image of one row.
        if height == 1 && kernel.1 == 1 && padding.0 == 0 {
            let along = Window { stride: [stride.1], padding: [padding.1] };
            near(&x.squeeze(2).conv1d(k.squeeze(2), along), &expected.squeeze(2));
        }
    }

    /// Few different numbers, so that ties are common; −∞ and NaN among them.
    #[test]
    fn largest_elements_of_windows_are_those_of_a_loop(
        numbers in prop::collection::vec(prop::sample::select(vec![-1.0, 0.0, 0.5, 2.0, f64::NEG_INFINITY, f64::NAN]), 48),
        size in (1..4usize, 1..4usize),
        stride in (1..4usize, 1..4usize),
        padding in (0..3usize, 0..3usize),
    ) {
        prop_assume!(padding.0 < size.0 && padding.1 < size.1);
        let x = Tensor::from_vec([2, 4, 6], numbers);
        let window = Window { stride: [stride.0, stride.1], padding: [padding.0, padding.1] };
        let y = x.max_pool2d([size.0, size.1], window);
        let slopes = grad(&x, |x| x.max_pool2d([size.0, size.1], window).sum());
        let mut expected_slopes = Tensor::zeros([2, 4, 6]);
        for image in 0..2 {
            for (down, along) in (0..y.shape()[1]).flat_map(|i| (0..y.shape()[2]).map(move |j| (i, j))) {
                let mut best: Option<[usize; 3]> = None;
                for (i, j) in (0..size.0).flat_map(|i| (0..size.1).map(move |j| (i, j))) {
                    let (row, column) = (down * stride.0 + i, along * stride.1 + j);
                    let (Some(row), Some(column)) = (row.checked_sub(padding.0), column.checked_sub(padding.1)) else { continue };
                    let is_larger = |best: &[usize; 3]| {
                        x[[image, row, column]] > x[*best] || x[[image, row, column]].is_nan() && !x[*best].is_nan()
                    };
                    if row < 4 && column < 6 && best.as_ref().is_none_or(is_larger) {
                        best = Some([image, row, column]);
                    }
                }
                let best = best.expect("an element in the window");
                prop_assert_eq!(y[[image, down, along]].to_bits(), x[best].to_bits());
                expected_slopes += Tensor::from_fn([2, 4, 6], |at| f64::from(u8::from(at == best)));
            }
        }
        prop_assert_eq!(slopes, expected_slopes);
    }
}

#[test]
fn convolutions_without_elements_are_empty_or_zero() {
    let y = |x: [usize; 4], k: [usize; 4]| Numbers::ones(x).conv2d(Numbers::ones(k), Window::stride(1).padding(1));
    assert_eq!(y([0, 2, 3, 3], [4, 2, 3, 3]).shape(), &Shape::from([0, 4, 3, 3]));
    assert_eq!(y([2, 2, 3, 3], [0, 2, 3, 3]).shape(), &Shape::from([2, 0, 3, 3]));
    assert_eq!(y([2, 0, 3, 3], [4, 0, 3, 3]), Tensor::zeros([2, 4, 3, 3]));
    assert_eq!(y([2, 1, 0, 3], [1, 1, 2, 3]), Tensor::zeros([2, 1, 1, 3]));
    let x = Numbers::ones([2, 0, 3, 3]);
    assert_eq!(grad(&x, |x| x.conv2d(x, Window::default()).sum()).shape(), x.shape());
    let (x, k) = (Numbers::ones([0, 2, 5]), Numbers::ones([3, 2, 2]));
    assert_eq!(grad(&k, |k| k.constant(x.clone()).conv1d(k, Window::default()).sum()), Tensor::zeros([3, 2, 2]));
    assert_eq!(Numbers::ones([0, 4, 4]).max_pool2d([2, 2], Window::stride(2)).shape(), &Shape::from([0, 2, 2]));
    assert_eq!(Numbers::ones([0, 4]).max_pool1d(2, Window::stride(2)).shape(), &Shape::from([0, 2]));
}

#[test]
#[should_panic(expected = "max_pool1d: [2, 0]: windows of [2] elements may hold none, in a padding of [1]")]
fn windows_of_padding_alone_have_no_largest_element() {
    Numbers::ones([2, 0]).max_pool1d(2, Window::stride(1).padding(1));
}

#[test]
fn huge_strides_leave_one_window() {
    let (x, k) = (formula(1.0, [1, 2, 4, 4]), formula(2.0, [1, 2, 2, 2]));
    let huge = Window::stride(usize::MAX);
    near(&x.conv2d(&k, huge), &x.conv2d(&k, Window::stride(4)));
    near(&x.max_pool2d([2, 2], huge), &x.max_pool2d([2, 2], Window::stride(4)));
}

/// The convolution is linear in each operand, so its third derivative vanishes for one of them.
#[test]
fn third_derivatives_of_a_convolution_are_those_of_a_product() {
    let (x, k) = (formula(1.0, [1, 2, 4, 3]), formula(2.0, [2, 2, 2, 2]));
    check_grads_tree(&(x, k), &Options::order(3), |_, (x, k)| {
        weighted(&x.conv2d(k, Window::stride(1).padding(1)).max_pool2d([2, 2], Window::stride(2)))
    })
    .unwrap();
}
