//! The tape against backpropagation by matrices, on random networks.

use autodiff::prelude::*;
use nn::data::one_hot;
use nn::{Init, Mlp, Transfer, loss, matrix_form};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use rand::{SeedableRng, rngs::StdRng};

/// Relative to the largest derivative by a leaf.
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
            // Both cross-entropies take logits, the output of a linear layer.
            let output = if matches!(cost, Cost::SquaredError) { output } else { Transfer::Linear };
            Case { sizes, hidden, output, cost, batch, seed }
        },
    )
}

/// The network, its input, class labels, and target distributions.
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

/// The same by forward products, and by the comparison for users.
fn check_other_ways(case: &Case) -> Result<(), TestCaseError> {
    let (mlp, x, _, target) = draw(case);
    let kept = matrix_form::forward(&mlp, &x);
    let cost = matrix_form::squared_error_gradient(kept.output(), &target);
    let pairs = matrix_form::backward(&mlp, &kept, &cost).leaves().into_iter();
    for (back, forward) in pairs.zip(matrix_form::naive(&mlp, &kept, &cost).leaves()) {
        let (size, apart) = (back.abs().max().item(), (&back - &forward).abs().max().item());
        prop_assert!(apart <= TOLERANCE * size, "{:e} apart of {:e}", apart, size);
    }
    let comparison = matrix_form::compare(&mlp, &x, |y| loss::squared_error(&y, &y.constant(target.clone())));
    prop_assert!(comparison.worst() <= TOLERANCE, "{}", comparison);
    Ok(())
}

#[test]
fn comparison_shows_a_wrong_gradient() {
    let case = Case {
        sizes: vec![3, 4, 2],
        hidden: Transfer::Tanh,
        output: Transfer::Linear,
        cost: Cost::SquaredError,
        batch: 2,
        seed: 1,
    };
    let (mlp, x, ..) = draw(&case);
    // This loss simulates a mistake: the tape gets another derivative the second time.
    let calls = std::cell::Cell::new(0);
    let comparison = matrix_form::compare(&mlp, &x, |y| {
        calls.set(calls.get() + 1);
        y.square().sum().scale(f64::from(calls.get()))
    });
    assert!((comparison.worst() - 1.0).abs() < 1e-12, "{comparison}");
    let table = comparison.to_string();
    assert!(table.contains("layers.1.bias") && table.contains("[4, 3]"), "{table}");
}

/// Counted by hand for 3-4-2, tanh and then linear. Backward: 12 + 8 and 8 with weights, 4 with derivatives. Forward:
/// 4·4 + 4·8 for ∂a²/∂z¹, 4·2 and 2·2 with the gradient of the cost.
#[test]
fn multiplications_agree_with_a_count_by_hand() {
    let mlp: Mlp<Tensor<f64>> =
        Mlp::new(&[3, 4, 2], Transfer::Tanh, Init::GlorotUniform, &mut StdRng::seed_from_u64(0));
    let counted = matrix_form::multiplications(&mlp);
    assert_eq!((counted.backward, counted.naive), (12 + 8 + 8 + 4, 12 + 8 + 4 * 4 + 4 * 8 + 4 * 2 + 2 * 2));
}

proptest! {
    #![proptest_config(Config { cases: 256, rng_seed: RngSeed::Fixed(1986), failure_persistence: None, ..Config::default() })]

    #[test]
    fn tape_agrees_with_matrix_form(case in case()) {
        let (by_tape, by_matrices) = (by_tape(&case), by_matrices(&case));
        for ((path, a), b) in by_tape.paths().iter().zip(by_tape.leaves()).zip(by_matrices.leaves()) {
            prop_assert_eq!(a.shape(), b.shape());
            let (size, apart) = (a.abs().max().item(), (&a - &b).abs().max().item());
            prop_assert!(apart <= TOLERANCE * size, "{}: {:e} apart of {:e}", path, apart, size);
        }
        check_other_ways(&case)?;
    }
}
