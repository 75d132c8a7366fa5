//! The tape against backpropagation by matrices, on random networks.

use crate::own_transfer::{GrowingCosine, OWN};
use autodiff::prelude::*;
use nn::data::one_hot;
use nn::matrix_form::{self, Gradients};
use nn::{Init, Mixed, Mlp, Transfer, TransferFunction, loss};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use rand::{SeedableRng, rngs::StdRng};

/// Relative to the largest derivative with respect to a leaf.
const TOLERANCE: f64 = 1e-12;

type Function = Mixed<GrowingCosine>;
type Net = Mlp<Tensor<f64>, Function>;

#[derive(Clone, Copy, Debug)]
enum Cost {
    SquaredError,
    CrossEntropy,
    SoftCrossEntropy,
}

/// `batch` is `None` for one sample without a batch axis.
#[derive(Clone, Debug)]
struct Case {
    sizes: Vec<usize>,
    transfers: Vec<Function>,
    cost: Cost,
    batch: Option<usize>,
    seed: u64,
}

fn transfer() -> impl Strategy<Value = Function> {
    let usual = prop_oneof![
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
    ];
    prop_oneof![11 => usual.prop_map(Mixed::from), 2 => Just(OWN)]
}

/// A network has a transfer function for each layer.
fn case() -> impl Strategy<Value = Case> {
    let cost = prop_oneof![Just(Cost::SquaredError), Just(Cost::CrossEntropy), Just(Cost::SoftCrossEntropy)];
    let layers = prop::collection::vec((1..12usize, transfer()), 1..5);
    let batch = prop_oneof![1 => Just(None), 3 => (1..9usize).prop_map(Some)];
    (1..12usize, layers, cost, batch, any::<u64>()).prop_map(|(inputs, layers, cost, batch, seed)| {
        let (units, mut transfers): (Vec<usize>, Vec<Function>) = layers.into_iter().unzip();
        if !matches!(cost, Cost::SquaredError) {
            // Both cross-entropies take logits, the output of a linear layer.
            *transfers.last_mut().expect("a layer") = Transfer::Linear.into();
        }
        Case { sizes: [vec![inputs], units].concat(), transfers, cost, batch, seed }
    })
}

impl Case {
    /// The network, its input, and target distributions.
    fn draw(&self) -> (Net, Tensor<f64>, Tensor<f64>) {
        let rng = &mut StdRng::seed_from_u64(self.seed);
        let mut mlp = Net::with_transfers(&self.sizes, &self.transfers, Init::GlorotNormal, rng);
        for layer in &mut mlp.layers {
            layer.bias = Tensor::normal(layer.bias.shape(), 0.0, 0.5, rng);
        }
        let shape = |units: usize| self.batch.map_or_else(|| Shape::from([units]), |n| [n, units].into());
        let (inputs, outputs) = (self.sizes[0], self.sizes[self.sizes.len() - 1]);
        let x = Tensor::normal(shape(inputs), 0.0, 1.0, rng);
        (mlp, x, Tensor::normal(shape(outputs), 0.0, 1.0, rng).softmax(-1))
    }

    /// The cost of an output, and one sample as a batch of one: a loss divides by the size of the first axis.
    fn cost<'t>(&self, y: Var<'t, Tensor<f64>>, target: &Tensor<f64>) -> Var<'t, Tensor<f64>> {
        let (y, target) = match self.batch {
            None => (y.unsqueeze(0), target.unsqueeze(0)),
            Some(_) => (y, target.clone()),
        };
        match self.cost {
            Cost::SquaredError => loss::squared_error(&y, y.constant(target)),
            Cost::CrossEntropy => loss::cross_entropy(&y, &target.argmax(-1)),
            Cost::SoftCrossEntropy => loss::soft_cross_entropy(&y, y.constant(target)),
        }
    }

    /// ∇ₐC of the same cost, written out.
    fn cost_gradient(&self, y: &Tensor<f64>, target: &Tensor<f64>) -> Tensor<f64> {
        match (self.cost, self.batch) {
            (Cost::SquaredError, _) => matrix_form::squared_error_gradient(y, target),
            (Cost::CrossEntropy, Some(_)) => {
                matrix_form::cross_entropy_gradient(y, &one_hot(&target.argmax(-1), y.shape()[1]))
            }
            (Cost::CrossEntropy, None) => {
                let hot = one_hot(&target.unsqueeze(0).argmax(-1), y.shape()[0]);
                matrix_form::cross_entropy_gradient(y, &hot.index_axis(0, 0))
            }
            (Cost::SoftCrossEntropy, _) => matrix_form::cross_entropy_gradient(y, target),
        }
    }

    /// ∇W and ∇b, δ and ∇ₓC by the tape, from the recorded weighted inputs zˡ.
    fn by_tape(&self) -> (Net, Vec<Tensor<f64>>, Tensor<f64>) {
        let (mlp, x, target) = self.draw();
        let tape = Tape::new();
        let (net, x) = (tape.variables(&mlp), tape.variable(x));
        let (mut z, mut a) = (Vec::new(), x);
        for (layer, f) in net.layers.iter().zip(&net.transfers) {
            z.push(layer.forward(a));
            a = f.apply(z.last().expect("a layer"));
        }
        assert_eq!(a.value(), net.forward(x).value());
        let cost = self.cost(a, &target);
        let by = |v: Var<'_, Tensor<f64>>| {
            let [g] = cost.grad([v]);
            g.value()
        };
        let nabla = net.map(&mut |_, w| by(*w));
        (nabla, z.into_iter().map(by).collect(), by(x))
    }

    /// The same by matrices, and the cost's gradient with respect to the output.
    fn by_matrices(&self) -> (Net, Gradients<f64, Function>) {
        let (mlp, x, target) = self.draw();
        let kept = matrix_form::forward(&mlp, &x);
        let gradients = matrix_form::backward(&mlp, &kept, &self.cost_gradient(kept.output(), &target));
        (mlp, gradients)
    }

    fn check(&self) -> Result<(), TestCaseError> {
        let (nabla, delta, nabla_x) = self.by_tape();
        let (mlp, by_matrices) = self.by_matrices();
        let x = by_matrices.nabla_x(&mlp);
        alike(&(nabla, delta, nabla_x), &(by_matrices.nabla, by_matrices.delta, x))
    }

    /// The same by forward products, and by the comparison for users.
    fn check_other_ways(&self) -> Result<(), TestCaseError> {
        let (mlp, x, target) = self.draw();
        let kept = matrix_form::forward(&mlp, &x);
        let cost = self.cost_gradient(kept.output(), &target);
        let [back, forward] =
            [matrix_form::backward, matrix_form::naive].map(|way| way(&mlp, &kept, &cost)).map(|g| (g.nabla, g.delta));
        alike(&back, &forward)?;
        let comparison = matrix_form::compare(&mlp, &x, |y| self.cost(y, &target));
        prop_assert!(comparison.worst() <= TOLERANCE, "{}", comparison);
        Ok(())
    }
}

fn alike<T: Tree<Leaf = Tensor<f64>>>(a: &T, b: &T) -> Result<(), TestCaseError> {
    prop_assert_eq!(a.paths(), b.paths());
    for ((path, a), b) in a.paths().iter().zip(a.leaves()).zip(b.leaves()) {
        prop_assert_eq!(a.shape(), b.shape(), "{}", path);
        let (size, apart) = (a.abs().max().item(), (&a - &b).abs().max().item());
        prop_assert!(apart <= TOLERANCE * size, "{}: {:e} apart of {:e}", path, apart, size);
    }
    Ok(())
}

/// δˡ = ∂C/∂zˡ and ∇ₓC of every function, in a hidden layer and at the output, for a batch and for one sample.
#[test]
fn errors_of_all_layers_agree_with_tape_for_every_function() {
    let functions = [
        Transfer::Step(0.1),
        Transfer::Linear,
        Transfer::Sigmoid,
        Transfer::Tanh,
        Transfer::Relu,
        Transfer::Softplus,
        Transfer::LeakyRelu(0.1),
        Transfer::Elu(1.5),
        Transfer::Gelu,
        Transfer::Silu,
        Transfer::Softmax,
    ];
    for f in functions.into_iter().map(Mixed::from).chain([OWN]) {
        for (batch, seed) in [None, Some(1), Some(5)].into_iter().zip(0..) {
            let transfers = vec![f, Transfer::Tanh.into(), f];
            let case = Case { sizes: vec![3, 5, 4, 2], transfers, cost: Cost::SquaredError, batch, seed };
            case.check().unwrap_or_else(|error| panic!("{f:?}, {batch:?}: {error}"));
            let largest = case.by_matrices().1.delta[0].abs().max().item();
            // A rectifier may be silent for a single sample.
            assert!(largest > 0.0 || batch != Some(5) || f == Transfer::Step(0.1).into(), "{f:?}");
        }
    }
}

/// The gradients of a batch are those of its samples: δ row by row, ∇W summed.
#[test]
fn batch_is_its_samples() {
    let transfers = vec![Transfer::Gelu.into(), Transfer::Softmax.into()];
    let case = Case { sizes: vec![3, 4, 2], transfers, cost: Cost::SquaredError, batch: Some(3), seed: 7 };
    let (mlp, x, target) = case.draw();
    let run = |x: &Tensor<f64>, target: &Tensor<f64>| {
        let kept = matrix_form::forward(&mlp, x);
        matrix_form::backward(&mlp, &kept, &(kept.output() - target))
    };
    let whole = run(&x, &target);
    let samples = [0, 1, 2].map(|i| run(&x.index_axis(0, i), &target.index_axis(0, i)));
    for l in 0..2 {
        let rows = Tensor::stack(0, &samples.each_ref().map(|sample| &sample.delta[l]));
        autodiff::assert_close(&whole.delta[l], &rows, 1e-15);
        let sum = |part: fn(&nn::Linear<Tensor<f64>>) -> &Tensor<f64>| {
            samples.iter().map(|sample| part(&sample.nabla.layers[l]).clone()).reduce(|a, b| a + b).unwrap()
        };
        autodiff::assert_close(&whole.nabla.layers[l].weight, &sum(|layer| &layer.weight), 1e-14);
        autodiff::assert_close(&whole.nabla.layers[l].bias, &sum(|layer| &layer.bias), 1e-14);
    }
    let by_x = Tensor::stack(0, &samples.map(|sample| sample.nabla_x(&mlp)).each_ref());
    autodiff::assert_close(&whole.nabla_x(&mlp), &by_x, 1e-15);
}

#[test]
fn comparison_shows_a_wrong_gradient() {
    let transfers = vec![Transfer::Tanh.into(), Transfer::Linear.into()];
    let case = Case { sizes: vec![3, 4, 2], transfers, cost: Cost::SquaredError, batch: Some(2), seed: 1 };
    let (mlp, x, _) = case.draw();
    // This loss simulates a mistake: the tape gets another derivative the second time.
    let calls = std::cell::Cell::new(0);
    let comparison = matrix_form::compare(&mlp, &x, |y| {
        calls.set(calls.get() + 1);
        y.square().sum().scale(f64::from(calls.get()))
    });
    assert!((comparison.worst() - 1.0).abs() < 1e-12, "{comparison}");
    let parts: Vec<&str> = comparison.parts.iter().map(|part| &*part.by).collect();
    let layers = ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"];
    assert_eq!(parts, [&layers[..], &["z.0", "z.1", "x"]].concat());
    assert!(comparison.parts.iter().all(|part| part.relative() > 0.9), "{comparison}");
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
        case.check()?;
        case.check_other_ways()?;
    }
}
