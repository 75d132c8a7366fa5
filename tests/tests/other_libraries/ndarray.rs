//! Tensors from and to the arrays of `ndarray`, and dual numbers in them.

use autodiff::prelude::*;
use ndarray::{Array1, Array2, Array3, ArrayD, ArrayViewD, ArrayViewMutD, IxDyn, ShapeBuilder, array, s};

type D = Dual<f64>;

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
    assert_eq!(constants.mapv(|y| y.dx).to_vec(), [1.0, 2.0]);
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

/// A tensor of each kind of memory layout. None shares its elements.
fn layouts() -> Vec<(&'static str, Tensor<f64>)> {
    let x = || Tensor::<f64>::arange(24).reshape([2, 3, 4]);
    vec![
        ("contiguous", x()),
        ("transposed", x().permute(&[2, 0, 1])),
        ("a slice", x().slice(2, 1, 3)),
        ("the end of a buffer", x().slice(0, 1, 2)),
        ("reversed", x().flip(0).flip(2)),
        ("every other", x().slice_by(2, 0, 4, 2)),
        ("repeated rows", x().index_axis(0, 1).broadcast_to([2, 3, 4])),
        ("one element", Tensor::full([2, 3], 7.0)),
        ("a scalar", Tensor::scalar(5.0)),
        ("empty", Tensor::zeros([3, 0, 2])),
        ("an empty end", x().slice(0, 2, 2)),
        ("five axes", x().reshape([1, 2, 3, 2, 2]).permute(&[4, 0, 3, 1, 2])),
    ]
}

fn elements<'a>(view: impl IntoIterator<Item = &'a f64>) -> Vec<f64> {
    view.into_iter().copied().collect()
}

#[test]
fn view_of_a_tensor_borrows_its_elements_in_every_layout() {
    for (layout, x) in layouts() {
        let view = ArrayViewD::from(&x);
        assert_eq!((view.shape(), elements(&view)), (&x.shape()[..], x.to_vec()), "{layout}");
        if let Some(first) = view.first() {
            let index = vec![0; x.shape().rank()];
            assert!(std::ptr::eq(first, &x[&index[..]]), "{layout}: the elements were copied");
        }
    }
}

#[test]
fn array_is_moved_into_a_tensor_in_every_layout() {
    let a = Array3::from_shape_fn((2, 3, 4), |(i, j, k)| (12 * i + 4 * j + k) as f64);
    let arrays = [
        a.clone().into_dyn(),
        a.clone().reversed_axes().into_dyn(),
        a.clone().slice_move(s![.., 1.., ..;2]).into_dyn(),
        a.clone().slice_move(s![..;-1, .., ..;-3]).into_dyn(),
        a.clone().slice_move(s![.., 1, ..]).into_dyn(),
        Array3::from_shape_fn((2, 3, 4).f(), |(i, j, k)| (i * j * k) as f64).into_dyn(),
        ArrayD::from_elem(IxDyn(&[]), 3.0),
        ArrayD::zeros(IxDyn(&[2, 0, 3])),
        a.slice_move(s![2.., .., ..]).into_dyn(),
    ];
    for array in arrays {
        let (expected, first) = (elements(&array), array.first().map(std::ptr::from_ref));
        let shape = Shape::from(array.shape());
        assert_eq!(
            (Tensor::from(&array).to_vec(), Tensor::from(array.view()).to_vec()),
            (expected.clone(), expected.clone())
        );
        let x = Tensor::from(array);
        assert_eq!((x.shape(), x.to_vec()), (&shape, expected), "{shape}");
        let index = vec![0; shape.rank()];
        assert_eq!(x.get(&index).map(std::ptr::from_ref), first, "{shape}: the elements were copied");
        // The layout holds in the operations, too.
        assert_eq!((&x + &x).to_vec(), (Tensor::from_vec(&shape, x.to_vec()) * 2.0).to_vec());
    }
}

#[test]
fn tensor_is_moved_into_an_array_unless_it_is_shared_or_repeated() {
    let moves = ["contiguous", "transposed", "reversed", "every other", "a scalar", "five axes"];
    for (layout, x) in layouts() {
        let first = x.get(&vec![0; x.shape().rank()]).map(std::ptr::from_ref);
        let (shape, expected) = (x.shape().clone(), x.to_vec());
        let array = ArrayD::from(x);
        assert_eq!((array.shape(), elements(&array)), (&shape[..], expected), "{layout}");
        let is_moved = first.is_some() && array.first().map(std::ptr::from_ref) == first;
        assert_eq!(is_moved, moves.contains(&layout), "{layout}");
    }
    let x = Tensor::from([1.0, 2.0]);
    let clone = x.clone();
    let mut array = ArrayD::from(x);
    array.fill(0.0);
    assert_eq!(clone.to_vec(), [1.0, 2.0]);
}

#[test]
fn tensor_is_written_through_an_array() {
    for (layout, mut x) in layouts() {
        let (before, expected) = (x.clone(), (&x + 1.0).to_vec());
        ArrayViewMutD::from(&mut x).mapv_inplace(|x| x + 1.0);
        assert_eq!(x.to_vec(), expected, "{layout}");
        assert_eq!((before + 1.0).to_vec(), expected, "{layout}: a clone was written");
    }
}

#[test]
fn dual_numbers_and_indices_are_converted_too() {
    let x = Tensor::from([1usize, 2, 3]);
    assert_eq!(ArrayViewD::from(&x).sum(), 6);
    let duals = Tensor::from(array![[dual(1.0, 2.0)], [dual(3.0, 4.0)]]);
    assert_eq!(duals.t().map(|x| x.dx).to_vec(), [2.0, 4.0]);
}

#[test]
#[should_panic(expected = "Tensor::from: [0, 4611686018427387904]: the number of elements overflows")]
fn array_with_too_many_elements_along_its_axes_panics() {
    let _ = Tensor::from(ArrayD::<f64>::zeros(IxDyn(&[0, 1 << 62])));
}
