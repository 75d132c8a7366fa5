//! The tape against backpropagation by matrices, on random networks.

use autodiff::prelude::*;
use nn::data::one_hot;
use nn::{Init, Mlp, Transfer, loss, matrix_form};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use rand::{SeedableRng, rngs::StdRng};

/// Relative to the largest derivative of a leaf.
const TOLERANCE: f64 = 1e-12;

#[derive(Clone, Copy, Debug)]
enum Cost {
    SquaredError,
    CrossEntropy,
    SoftCrossEntropy,
}

#[derive(Clone, Debug)]
struct Case {
    sizes: Vec<usize>,
    hidden: Transfer,
    output: Transfer,
    cost: Cost,
    batch: usize,
    seed: u64,
}

fn transfer() -> impl Strategy<Value = Transfer> {
    prop_oneof![
        Just(Transfer::Step(0.1)),
        Just(Transfer::Linear),
        Just(Transfer::Sigmoid),
        Just(Transfer::Tanh),
        Just(Transfer::Relu),
        Just(Transfer::Softplus),
        (0.0..0.5).prop_map(Transfer::LeakyRelu),
        (0.5..2.0).prop_map(Transfer::Elu),
        Just(Transfer::Gelu),
        Just(Transfer::Silu),
        Just(Transfer::Softmax),
    ]
}

fn case() -> impl Strategy<Value = Case> {
    let cost = prop_oneof![Just(Cost::SquaredError), Just(Cost::CrossEntropy), Just(Cost::SoftCrossEntropy)];
    let sizes = prop::collection::vec(1..12usize, 2..6);
    (sizes, transfer(), transfer(), cost, 1..9usize, any::<u64>()).prop_map(
        |(sizes, hidden, output, cost, batch, seed)| {
            // Both cross-entropies take logits, which is what a linear output gives.
            let output = if matches!(cost, Cost::SquaredError) { output } else { Transfer::Linear };
            Case { sizes, hidden, output, cost, batch, seed }
        },
    )
}

/// The network, its input, class labels, and targets that are distributions.
fn draw(case: &Case) -> (Mlp<Tensor<f64>>, Tensor<f64>, Tensor<usize>, Tensor<f64>) {
    let rng = &mut StdRng::seed_from_u64(case.seed);
    let mut mlp = Mlp::new(&case.sizes, case.hidden, Init::GlorotNormal, rng).with_output(case.output);
    for layer in &mut mlp.layers {
        layer.bias = Tensor::normal(layer.bias.shape(), 0.0, 0.5, rng);
    }
    let (inputs, outputs) = (case.sizes[0], case.sizes[case.sizes.len() - 1]);
    let x = Tensor::normal([case.batch, inputs], 0.0, 1.0, rng);
    let target = Tensor::normal([case.batch, outputs], 0.0, 1.0, rng).softmax(-1);
    (mlp, x, target.argmax(-1), target)
}

fn by_tape(case: &Case) -> Mlp<Tensor<f64>> {
    let (mlp, x, labels, target) = draw(case);
    let (_, gradient) = value_and_grad(&mlp, |tape, mlp| {
        let y = mlp.forward(&tape.constant(x));
        match case.cost {
            Cost::SquaredError => loss::squared_error(&y, &tape.constant(target)),
            Cost::CrossEntropy => loss::cross_entropy(&y, &labels),
            Cost::SoftCrossEntropy => loss::soft_cross_entropy(&y, &tape.constant(target)),
        }
    });
    gradient
}

fn by_matrices(case: &Case) -> Mlp<Tensor<f64>> {
    let (mlp, x, labels, target) = draw(case);
    let kept = matrix_form::forward(&mlp, &x);
    let y = kept.output();
    let cost = match case.cost {
        Cost::SquaredError => matrix_form::squared_error_gradient(y, &target),
        Cost::CrossEntropy => matrix_form::cross_entropy_gradient(y, &one_hot(&labels, y.shape()[1])),
        Cost::SoftCrossEntropy => matrix_form::cross_entropy_gradient(y, &target),
    };
    matrix_form::backward(&mlp, &kept, &cost)
}

proptest! {
    #![proptest_config(Config { cases: 256, rng_seed: RngSeed::Fixed(1986), failure_persistence: None, ..Config::default() })]

    #[test]
    fn the_tape_agrees_with_the_matrix_form(case in case()) {
        let (by_tape, by_matrices) = (by_tape(&case), by_matrices(&case));
        for ((path, a), b) in by_tape.paths().iter().zip(by_tape.leaves()).zip(by_matrices.leaves()) {
            prop_assert_eq!(a.shape(), b.shape());
            let (size, apart) = (a.abs().max().item(), (&a - &b).abs().max().item());
            prop_assert!(apart <= TOLERANCE * size, "{}: {:e} apart of {:e}", path, apart, size);
        }
    }
}
