//! Pointwise rows on plain numbers: a scalar is read as a tensor's element is; and on tensors without any element.

use autodiff::prelude::*;
use tests::law::{Verdict, agree, every};
use tests::table::Row;

/// The rows that act element by element on operands of one shape: those before the rows on broadcasting.
fn pointwise() -> impl Iterator<Item = Row> {
    Row::ALL.iter().copied().take_while(|row| *row < Row::add_column)
}

/// The same rows, and compositions that act element by element.
fn elementwise() -> impl Iterator<Item = Row> {
    let composed = [Row::softsign, Row::leaky_relu, Row::elu, Row::selu, Row::gelu, Row::silu, Row::custom_cube];
    pointwise().chain(composed)
}

fn at_first(row: Row) -> (Vec<f64>, Vec<Tensor<f64>>) {
    let operands = row.split(&row.point(9));
    let first = operands.iter().map(|x| x.iter().next().expect("an element")).collect();
    (first, operands)
}

fn same(what: &str, left: f64, right: f64) -> Verdict {
    agree(what, &Tensor::scalar(left), &Tensor::scalar(right), 1e-14)
}

#[test]
fn a_number_is_a_tensor_of_one_element() {
    every(elementwise(), |row| {
        let (x, operands) = at_first(row);
        let element = row.call(&operands).iter().next().expect("an element");
        same("value", row.call(&x), element)?;
        let rank_0: Vec<_> = x.iter().map(|&x| Tensor::scalar(x)).collect();
        same("rank 0", row.call(&rank_0).item(), element)?;
        let single: Vec<f32> = x.iter().map(|&x| x as f32).collect();
        agree("f32", &Tensor::scalar(row.call(&single) as f64), &Tensor::scalar(element), 3e-6)
    });
}

#[test]
fn derivatives_of_numbers_are_those_of_tensors() {
    every(elementwise(), |row| {
        let (x, operands) = at_first(row);
        let tape = Tape::new();
        let vars: Vec<_> = operands.iter().map(|x| tape.variable(x.clone())).collect();
        let y = row.call(&vars);
        let tensors = y.grad_from(y.full_like(1.0), [vars[0]])[0];
        let [second] = tensors.grad_from(y.full_like(1.0), [vars[0]]);

        let scalar_tape = Tape::new();
        let scalars: Vec<_> = x.iter().map(|&x| scalar_tape.variable(x)).collect();
        let y = row.call(&scalars);
        let [first] = y.grad([scalars[0]]);
        let at_start = |x: Tensor<f64>| x.iter().next().expect("an element");
        same("first", first.value(), at_start(tensors.value()))?;
        same("numbers", y.backward().of(&scalars[0]), first.value())?;
        same("second", first.grad([scalars[0]])[0].value(), at_start(second.value()))?;

        let moving = |(i, &x): (usize, &f64)| if i == 0 { Dual::new(x, 1.0) } else { Dual::constant(x) };
        let duals: Vec<Dual<f64>> = x.iter().enumerate().map(moving).collect();
        same("dual", row.call(&duals).tangent(), first.value())?;
        let twice = |(i, x): (usize, Dual<f64>)| Dual { x, dx: (i == 0).then(|| Dual::constant(1.0)) };
        let twice: Vec<Dual<Dual<f64>>> = duals.into_iter().enumerate().map(twice).collect();
        same("dual of dual", row.call(&twice).tangent().tangent(), at_start(second.value()))?;

        let mut tape = Tape::new();
        same("pending", tape.grad(&x, |x| row.call(x))[0], first.value())?;
        let along: Vec<f64> = (0..x.len()).map(|i| if i == 0 { 1.0 } else { 0.0 }).collect();
        same("pending, over moving numbers", tape.hvp(&x, &along, |x| row.call(x))[0], at_start(second.value()))
    });
}

/// An input by which an operation has no derivative is unconnected, in each walk back: nothing arrives, not even a zero.
#[test]
fn what_numbers_depend_on_is_what_tensors_depend_on() {
    fn connected<'t, V: Value>(x: &[Var<'t, V>], y: Var<'t, V>) -> [Vec<bool>; 2] {
        let numbers = y.backward_from(y.value().full_like(1.0));
        let recorded = |x: &Var<'t, V>| !y.grad_from(y.full_like(1.0), [*x])[0].is_unconnected();
        [x.iter().map(|x| numbers.try_of(*x).is_ok()).collect(), x.iter().map(recorded).collect()]
    }
    every(elementwise(), |row| {
        let (x, operands) = at_first(row);
        let (tape, scalar_tape) = (Tape::new(), Tape::new());
        let vars: Vec<_> = operands.into_iter().map(|x| tape.variable(x)).collect();
        let scalars: Vec<_> = x.into_iter().map(|x| scalar_tape.variable(x)).collect();
        let [numbers, recorded] = connected(&scalars, row.call(&scalars));
        let tensors = connected(&vars, row.call(&vars));
        match tensors == [numbers.clone(), numbers.clone()] && recorded == numbers {
            true => Ok(()),
            false => Err(format!("numbers {numbers:?}, recorded {recorded:?}, tensors {tensors:?}")),
        }
    });
}

/// Empty operands give empty results and empty derivatives, and a sum of nothing is 0.
#[test]
fn no_elements() {
    for shape in [Shape::from([0]), [0, 3].into(), [2, 0].into(), [2, 0, 3].into()] {
        every(elementwise(), |row| {
            let x: Vec<Tensor<f64>> = row.operands().iter().map(|_| Tensor::zeros(shape.clone())).collect();
            assert_eq!(row.call(&x).shape(), &shape);
            let tape = Tape::new();
            let vars: Vec<_> = x.iter().map(|x| tape.variable(x.clone())).collect();
            let total = row.call(&vars).square().sum();
            assert_eq!(total.value().item(), 0.0);
            for (g, recorded) in total.backward().of(&vars).iter().zip(total.grad_tree(&vars)) {
                assert_eq!((g.shape(), recorded.value().shape()), (&shape, &shape));
            }
            Ok(())
        });
    }
}

/// Empty axes among others, through broadcasting and its transpose.
#[test]
fn no_elements_after_broadcasting() {
    for (a, b) in [([2, 1, 1], [2, 0, 3]), ([1, 1, 3], [2, 0, 3]), ([0, 1, 1], [1, 4, 5]), ([2, 3, 0], [2, 3, 1])] {
        let x = Tensor::<f64>::ones(a);
        let product = |y: &Tensor<f64>| grad(&x, |x| (x * y).square().sum());
        assert_eq!(product(&Tensor::ones(b)), Tensor::zeros(a), "{a:?} × {b:?}");
    }
}

/// Reductions of nothing, and along axes beside an empty one.
#[test]
fn reductions_and_moves_of_no_elements() {
    let x = Tensor::<f64>::from_vec([3, 0], Vec::new());
    assert_eq!(x.sum_axis(1), Tensor::zeros([3]));
    assert_eq!(x.sum_axis(0), Tensor::zeros([0]));
    assert_eq!(x.product_axis(1), Tensor::ones([3]));
    assert_eq!(x.slice(0, 1, 3).to_vec(), [0.0; 0]);
    assert_eq!(x.slice(0, 1, 3).exp().shape(), &Shape::from([2, 0]));
    assert_eq!(x.flip(0).cumsum(0).shape(), &Shape::from([3, 0]));
    assert_eq!(x.matmul(&Tensor::zeros([0, 4])), Tensor::zeros([3, 4]));
    assert_eq!(x.t().matmul(&Tensor::zeros([3, 4])).shape(), &Shape::from([0, 4]));
    assert_eq!(x.softmax(0).shape(), &Shape::from([3, 0]));
    assert_eq!(x.logsumexp(0).shape(), &Shape::from([0]));
    assert_eq!(x.sort(1).shape(), &Shape::from([3, 0]));
    let weights = grad(&Tensor::<f64>::ones([4, 0]), |w| w.constant(x.clone()).matmul_t(&w).sum());
    assert_eq!(weights.shape(), &Shape::from([4, 0]));
    assert_eq!(jacobian(&Tensor::<f64>::zeros([0]), |x| x.square()).shape(), &Shape::from([0, 0]));
}
