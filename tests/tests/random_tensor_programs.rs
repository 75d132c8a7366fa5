//! Random tensor programs of smooth operations: all methods of differentiation agree.

use autodiff::prelude::*;
use proptest::prelude::*;
use tests::domain::{direction, rng};
use tests::finite_differences::agree_with_difference;
use tests::law::agree;

/// An instruction on two earlier results. All results are 3×3 matrices of moderate size.
#[derive(Clone, Copy, Debug)]
struct Step {
    kind: Kind,
    a: usize,
    b: usize,
}

/// The operation of an instruction.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Add,
    Sub,
    Mul,
    Div,
    Power,
    Angle,
    Matmul,
    MatmulT,
    TMatmul,
    Sin,
    Tanh,
    Bell,
    Sigmoid,
    Softplus,
    Erf,
    Root,
    Softmax,
    LogSumExp,
    Transpose,
    Shift,
    RowSums,
    Mean,
    CumSum,
    Gather,
    Scatter,
    Concat,
    Corner,
    Padded,
    Joined,
    Diagonal,
    Outer,
    Checkpoint,
    Detach,
}

const KINDS: [Kind; 33] = {
    use Kind::*;
    [
        Add, Sub, Mul, Div, Power, Angle, Matmul, MatmulT, TMatmul, Sin, Tanh, Bell, Sigmoid, Softplus, Erf, Root,
        Softmax, LogSumExp, Transpose, Shift, RowSums, Mean, CumSum, Gather, Scatter, Concat, Corner, Padded, Joined,
        Diagonal, Outer, Checkpoint, Detach,
    ]
};

impl Kind {
    fn apply<V: Value>(self, a: &V, b: &V) -> V {
        let positive = |x: &V| x.square().shift(0.5);
        match self {
            Kind::Add => a.clone() + b,
            Kind::Sub => a.clone() - b.scale(0.7),
            Kind::Mul => a.tanh() * b,
            Kind::Div => a.clone() / positive(b),
            Kind::Power => positive(&a.tanh()).pow(b.tanh()),
            Kind::Angle => a.atan2(positive(b)),
            Kind::Matmul => a.tanh().matmul(b).tanh(),
            Kind::MatmulT => a.tanh().matmul_t(b).sin(),
            Kind::TMatmul => a.t_matmul(b.sigmoid()).atan(),
            Kind::Sin => a.sin(),
            Kind::Tanh => a.tanh(),
            Kind::Bell => a.square().neg().exp(),
            Kind::Sigmoid => a.sigmoid(),
            Kind::Softplus => a.softplus(),
            Kind::Erf => a.erf(),
            Kind::Root => positive(a).sqrt().ln1p(),
            Kind::Softmax => a.softmax(0),
            Kind::LogSumExp => a.logsumexp(1).unsqueeze(0) - b,
            Kind::Transpose => a.t(),
            Kind::Shift => a.slice(0, 1, 3).pad(0, 0, 1) + b.flip(1),
            Kind::RowSums => a.tanh().sum_axis(1) * b,
            Kind::Mean => a.clone() - b.mean(),
            Kind::CumSum => a.tanh().cumsum(0),
            Kind::Gather => a.gather(1, &Tensor::from([[0, 2, 2], [1, 1, 0], [2, 0, 0]])),
            Kind::Scatter => a.scatter_add(0, &Tensor::from([[0, 2, 2], [1, 1, 0], [2, 0, 0]]), 3),
            Kind::Concat => V::concat(0, &[&a.index_axis(0, 2).unsqueeze(0), &b.slice(0, 0, 2)]),
            // Cotangents of the operands are parts of the result's cotangent, which share its storage.
            Kind::Corner => a.at([1, 0]).tanh() * b + a.index_axis(0, 0),
            Kind::Padded => a.pad(0, 1, 0).t_matmul(b.pad(0, 0, 1)).tanh(),
            Kind::Joined => V::concat(0, &[b, a]).reshape([2, 3, 3]).mean_axis(0),
            Kind::Diagonal => a.diagonal().diagonal_matrix() + b.triu(0),
            Kind::Outer => a.index_axis(0, 0).tanh().outer(&b.index_axis(1, 1)),
            Kind::Checkpoint => checkpoint(|x| x[0].sin() * x[1].tanh(), &[a, b]),
            Kind::Detach => a.detach().tanh() * b,
        }
    }
}

/// Runs a program on nine numbers. The result combines the last matrix and the middle one into a number.
fn run<V: Value>(program: &[Step], x: &V) -> V {
    let mut results = vec![x.reshape([3, 3])];
    for Step { kind, a, b } in program {
        let y = kind.apply(&results[a % results.len()], &results[b % results.len()]);
        results.push(y);
    }
    let last = &results[results.len() - 1];
    (last.sin() + &results[results.len() / 2]).square().mean()
}

fn programs() -> impl Strategy<Value = Vec<Step>> {
    let step = (prop::sample::select(&KINDS[..]), any::<usize>(), any::<usize>());
    prop::collection::vec(step.prop_map(|(kind, a, b)| Step { kind, a, b }), 1..16)
}

/// Removes `detach`, which differences do not respect.
fn without_detach(program: &[Step]) -> Vec<Step> {
    program.iter().copied().filter(|step| !matches!(step.kind, Kind::Detach)).collect()
}

fn check(verdict: Result<(), String>) -> Result<(), TestCaseError> {
    verdict.map_err(TestCaseError::fail)
}

fn gradient<V: Value>(program: &[Step], x: &V) -> V {
    grad(x, |x| run(program, &x))
}

proptest! {
    #![proptest_config(tests::cases(96))]

    #[test]
    fn derivatives_of_random_programs_agree_with_finite_differences(program in programs(), seed in any::<u64>()) {
        let program = without_detach(&program);
        let (x, v) = (direction(9, &mut rng(seed)), direction(9, &mut rng(seed ^ 1)));
        let slope = gradient(&program, &x).dot(&v);
        check(agree_with_difference("gradient", &slope, &x, &v, |x| run(&program, x), 1e-8))?;
        let product = hvp(&x, &v, |x| run(&program, &x));
        check(agree_with_difference("hvp", &product, &x, &v, |x| gradient(&program, x), 1e-7))?;
    }

    #[test]
    fn all_methods_give_the_same_first_derivatives(program in programs(), seed in any::<u64>()) {
        let (x, v) = (direction(9, &mut rng(seed)), direction(9, &mut rng(seed ^ 1)));
        let g = gradient(&program, &x);
        let tape = Tape::new();
        let (vx, vv) = (tape.variable(x.clone()), tape.constant(v.clone()));
        let y = run(&program, &vx);
        check(agree("recorded", &g, &y.grad([vx])[0].value(), 1e-14))?;
        check(agree("backward", &g, &y.backward().of(&vx), 1e-14))?;
        check(agree("Jacobian", &g, &jacobian_by(Mode::Reverse, &x, |x| run(&program, &x)), 1e-13))?;
        check(agree("forward Jacobian", &g, &jacobian_by(Mode::Forward, &x, |x| run(&program, &x)), 1e-13))?;
        let slope = run(&program, &Dual::new(x.clone(), v.clone())).tangent();
        check(agree("dual", &g.dot(&v), &slope, 1e-13))?;
        check(agree("jvp", &slope, &y.jvp([vx], [vv]).value(), 1e-14))?;
        check(agree("jvp of a function", &slope, &jvp(&x, &v, |x| run(&program, &x)).1, 1e-14))?;
        let rows = Tensor::stack(0, &[&x, &v]);
        let expected = Tensor::stack(0, &[&g, &gradient(&program, &v)]);
        check(agree("inside vmap", &vmap(&rows, |x| gradient(&program, &x)), &expected, 1e-13))?;
        check(agree("outside vmap", &grad(&rows, |x| vmap(&x, |x| run(&program, &x)).sum()), &expected, 1e-13))?;
        check(agree("checkpoint", &g, &grad(&x, |x| checkpointed(&program, x)), 1e-13))?;
    }

    #[test]
    fn all_methods_give_the_same_second_derivatives(program in programs(), seed in any::<u64>()) {
        let (x, v) = (direction(9, &mut rng(seed)), direction(9, &mut rng(seed ^ 1)));
        let program = without_detach(&program);
        let product = hvp(&x, &v, |x| run(&program, &x));
        let h = hessian(&x, |x| run(&program, &x));
        check(agree("symmetric", &h, &h.t(), 1e-12))?;
        check(agree("H·v", &h.matmul(&v), &product, 1e-12))?;
        check(agree("reverse", &hvp_tree_by(Mode::Reverse, &x, &v, |_, x| run(&program, &x)), &product, 1e-12))?;
        let of_duals = gradient(&program, &Dual::new(x.clone(), v.clone())).tangent();
        check(agree("tape of duals", &of_duals, &product, 1e-12))?;
        let tape = Tape::new();
        let (vx, vv) = (tape.variable(x.clone()), tape.constant(v.clone()));
        let [of_variables] = run(&program, &Dual::new(vx, vv)).tangent().grad([vx]);
        check(agree("dual of variables", &of_variables.value(), &product, 1e-12))?;
        let [on_two_tapes] = (gradient(&program, &vx) * vv).sum().grad([vx]);
        check(agree("tape of variables", &on_two_tapes.value(), &product, 1e-12))?;
        let elements = Tensor::from_fn([9], |i| Dual::new(x[i], v[i]));
        let of_elements = gradient(&program, &elements).map(|g| g.tangent());
        check(agree("tape of dual elements", &of_elements, &product, 1e-12))?;
        let rows = Tensor::stack(0, &[&x, &x]);
        let batch = vmap(&rows, |x| hvp(&x, &x.lift(&v), |x| run(&program, &x)));
        check(agree("inside vmap", &batch.index_axis(0, 1), &product, 1e-12))?;
    }
}

/// The whole program as one checkpoint.
fn checkpointed<'t>(program: &[Step], x: Var<'t, Tensor<f64>>) -> Var<'t, Tensor<f64>> {
    let program = program.to_vec();
    checkpoint(move |x| run(&program, &x[0]), &[&x])
}
