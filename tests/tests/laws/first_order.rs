//! First derivatives: finite differences, forward mode, reverse mode and all other methods agree.

use autodiff::prelude::*;
use tests::domain::{cast, direction, rng};
use tests::finite_differences::directional;
use tests::law::{Verdict, agree, every, every_row};
use tests::table::Row;

/// For methods that compute the same terms in the same order. Results may differ in the last place, because a rule in a
/// loop over elements calls the scalar exponential, and a recorded rule the vectorised one.
const ULPS: f64 = 1e-15;
/// For methods that add in another order.
const ROUNDING: f64 = 1e-14;
/// The number of points for each row.
const POINTS: u64 = 3;

/// A row at a point, with a tangent and a cotangent.
struct Case {
    row: Row,
    x: Tensor<f64>,
    dx: Tensor<f64>,
    g: Tensor<f64>,
}

impl Case {
    fn new(row: Row, seed: u64) -> Self {
        let x = row.point(seed);
        let rng = &mut rng(1000 + seed);
        let (n, m) = (x.size(), row.flat(&x).size());
        Self { row, x, dx: direction(n, rng), g: direction(m, rng) }
    }

    fn jvp(&self) -> Tensor<f64> {
        jvp(&self.x, &self.dx, |x| self.row.flat(&x)).1
    }

    fn vjp(&self) -> Tensor<f64> {
        vjp(&self.x, |x| self.row.flat(&x)).1(&self.g)
    }
}

fn every_case(law: impl Fn(&Case) -> Verdict) {
    every_row(|row| (0..POINTS).try_for_each(|seed| law(&Case::new(row, seed))));
}

#[test]
fn tangents_agree_with_finite_differences() {
    every(Row::differentiable(), |row| {
        let case = Case::new(row, 7);
        agree("jvp = difference", &case.jvp(), &directional(&case.x, &case.dx, |x| row.flat(x)), 1e-8)
    });
}

#[test]
fn forward_and_reverse_are_adjoint() {
    every_case(|case| agree("⟨g, J·dx⟩ = ⟨Jᵀ·g, dx⟩", &case.g.dot(case.jvp()), &case.vjp().dot(&case.dx), 1e-13));
}

#[test]
fn all_forward_methods_agree() {
    every_case(|case| {
        let (row, x, dx, dy) = (case.row, &case.x, &case.dx, case.jvp());
        let dual = row.flat(&Dual::new(x.clone(), dx.clone())).tangent();
        agree("jvp = dual", &dy, &dual, ULPS)?;

        let tape = Tape::new();
        let (vx, vdx) = (tape.variable(x.clone()), tape.variable(dx.clone()));
        agree("jvp = recorded", &dy, &row.flat(&vx).jvp([vx], [vdx]).value(), ULPS)?;
        agree("jvp = dual of variables", &dy, &row.flat(&Dual::new(vx, vdx)).tangent().value(), ULPS)?;

        let elements = Tensor::from_fn(x.shape(), |i| Dual::new(x[i], dx[i]));
        agree("jvp = dual elements", &dy, &row.flat(&elements).map(|y| y.tangent()), ROUNDING)?;

        let j = jacobian_by(Mode::Forward, x, |x| row.flat(&x));
        agree("jvp = forward Jacobian", &dy, &j.matmul(dx), ROUNDING)
    });
}

#[test]
fn all_reverse_methods_agree() {
    every_case(|case| {
        let (row, x, g, dx) = (case.row, &case.x, &case.g, case.vjp());
        let tape = Tape::new();
        let (vx, vg) = (tape.variable(x.clone()), tape.variable(g.clone()));
        agree("vjp = recorded", &dx, &row.flat(&vx).grad_with(vg, [vx])[0].value(), ULPS)?;

        let j = jacobian_by(Mode::Reverse, x, |x| row.flat(&x));
        agree("vjp = reverse Jacobian", &dx, &g.matmul(&j), ROUNDING)?;
        let y = row.flat(&vx);
        agree("Jacobian = recorded", &j, &y.jacobian(vx).value(), ULPS)?;
        agree("Jacobian = in the cheaper mode", &j, &jacobian(x, |x| row.flat(&x)), ROUNDING)?;
        let (value, beside) = value_and_jacobian(x, |x| row.flat(&x));
        agree("value beside the Jacobian", &value, &y.value(), ULPS)?;
        agree("Jacobian beside the value", &j, &beside, ROUNDING)?;
        let of_tree = jacobian_tree(&[x.clone(), x.clone()], |_, [a, b]| row.flat(&a) - row.flat(&b) * 2.0);
        agree("Jacobian with respect to the first leaf", &j, &of_tree[0], ROUNDING)?;
        agree("Jacobian with respect to the second leaf", &j, &(&of_tree[1] * -0.5), ROUNDING)?;

        // Transposing twice: ⟨g, J·dx⟩ is linear in g, so its derivative with respect to g is J·dx.
        let pulled = y.grad_with(vg, [vx])[0];
        let twice = pulled.grad_with(vx.constant(case.dx.clone()), [vg])[0].value();
        agree("jvp = transposed twice", &case.jvp(), &twice, ROUNDING)
    });
}

#[test]
fn nested_tapes_and_dual_numbers_agree_with_reverse_mode() {
    every_case(|case| {
        let (row, x, g, dx) = (case.row, &case.x, &case.g, case.vjp());
        let outer = Tape::new();
        let nested = pull_back(row, outer.variable(x.clone()), outer.variable(g.clone()));
        agree("vjp = tape of variables", &dx, &nested.value(), ULPS)?;

        let nested = pull_back(row, Dual::new(x.clone(), case.dx.clone()), Dual::constant(g.clone()));
        agree("vjp = tape of duals", &dx, &nested.x, ULPS)?;

        let elements = Tensor::from_fn(x.shape(), |i| Dual::new(x[i], case.dx[i]));
        let by_elements = pull_back(row, elements, cast(g));
        agree("vjp = tape of dual elements", &dx, &by_elements.map(|y| y.x), ROUNDING)?;
        agree("tangents of both", &nested.tangent(), &by_elements.map(|y| y.tangent()), ROUNDING)
    });
}

fn pull_back<V: Value>(row: Row, x: V, g: V) -> V {
    let tape = Tape::new();
    let x = tape.variable(x);
    row.flat(&x).backward_with(g).of(&x)
}

#[test]
fn vmap_equals_a_loop_over_the_rows() {
    every_row(|row| {
        let rows: Vec<Tensor<f64>> = (0..3).map(|seed| row.point(seed)).collect();
        let each = |f: &dyn Fn(&Tensor<f64>) -> Tensor<f64>| stack(&rows.iter().map(f).collect::<Vec<_>>());
        let x = stack(&rows);
        agree("values", &vmap(&x, |x| row.flat(&x)), &each(&|x| row.flat(x)), ROUNDING)?;

        let gradients = each(&|x| grad(x, |x| row.loss(&x)));
        let inside = vmap(&x, |x| grad(&x, |x| row.loss(&x)));
        agree("gradient inside vmap", &inside, &gradients, ROUNDING)?;
        let outside = grad(&x, |x| vmap(&x, |x| row.loss(&x)).sum());
        agree("vmap inside gradient", &outside, &gradients, ROUNDING)?;

        let twice = stack(&[x.clone(), x.flip(0)]);
        let of_batches = vmap(&twice, |x: Batched<Tensor<f64>>| vmap(&x, |x| row.flat(&x)));
        let values = each(&|x| row.flat(x));
        agree("batches of batches", &of_batches, &stack(&[values.clone(), values.flip(0)]), ROUNDING)
    });
}

fn stack(x: &[Tensor<f64>]) -> Tensor<f64> {
    Tensor::stack(0, &x.iter().collect::<Vec<_>>())
}

#[test]
fn single_precision_agrees_with_double() {
    every_row(|row| {
        let (x, v): (Tensor<f32>, Tensor<f32>) = (row.point(3).map(|&x| x as f32), row.point(4).map(|&x| x as f32));
        let [wide_x, wide_v]: [Tensor<f64>; 2] = [x.map(|&x| x.into()), v.map(|&v| v.into())];
        let gradient = grad(&x, |x| row.loss(&x)).map(|&g| g.into());
        agree("gradient", &gradient, &grad(&wide_x, |x| row.loss(&x)), 2e-5)?;
        let product = hvp(&x, &v, |x| row.loss(&x)).map(|&g| g.into());
        agree("hvp", &product, &hvp(&wide_x, &wide_v, |x| row.loss(&x)), 2e-4)
    });
}

/// Sorting computes indices from data; indices of an inner batch must not be taken for those of an outer one. All axes
/// have size 3, so that a confusion of axes would not show in the shapes.
#[test]
fn sort_keeps_its_indices_apart_in_nested_batches() {
    let x = Tensor::from([[3.0, 1.0, 2.0], [1.0, 2.0, 3.0], [2.0, 3.0, 1.0]]);
    let each =
        |f: &dyn Fn(&Tensor<f64>) -> Tensor<f64>| stack(&(0..3).map(|i| f(&x.index_axis(0, i))).collect::<Vec<_>>());
    let inside = vmap(&x, |x| jacobian(&x, |x| x.sort(0)));
    assert_eq!(inside, each(&|x| jacobian(x, |x| x.sort(0))));
    let forward = vmap(&x, |x| jacobian_by(Mode::Forward, &x, |x| x.sort(0)));
    assert_eq!(forward, inside);
    let outside = jacobian(&x, |x| vmap(&x, |x| x.sort(0)));
    let diagonal = |i: usize| outside.index_axis(0, i).index_axis(-2, i);
    assert_eq!(stack(&[diagonal(0), diagonal(1), diagonal(2)]), inside);
    // Only the largest element has a cotangent, and the cotangent is shared by the whole batch.
    let largest = vmap(&x, |x| grad(&x, |x| x.max()));
    assert_eq!(largest, Tensor::from([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]));
    // Two batches, nested: the values are shared along the outer one.
    let outer = Tensor::from([1.0, 10.0]);
    let shared = vmap(&outer, |c| vmap(&c.lift(&x), |x| grad(&x, |x| x.max())) * &c);
    assert_eq!(shared, &largest * &Tensor::from([[[1.0]], [[10.0]]]));
}
