//! Models and optimisers in the formats of `serde`.

use autodiff::prelude::*;
use nn::autoencoder::k_sparse::KSparse;
use nn::autoencoder::variational::{Likelihood, Variational};
use nn::data::{Imputation, Scaling};
use nn::hebb::Association;
use nn::{
    Adagrad, Adam, Autoencoder, Init, Linear, Mixed, Mlp, Neuron, Optimizer, RmsProp, Sgd, TiedAutoencoder, Transfer,
};
use rand::{SeedableRng, rngs::StdRng};
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Debug;

fn rng() -> StdRng {
    StdRng::seed_from_u64(0)
}

/// Through a text and through a binary format.
#[track_caller]
fn copies<M: Serialize + DeserializeOwned>(model: &M) -> [M; 2] {
    let text = serde_json::to_string(model).expect("it can be written");
    let bytes = postcard::to_allocvec(model).expect("it can be written");
    [serde_json::from_str(&text).expect("it can be read"), postcard::from_bytes(&bytes).expect("it can be read")]
}

fn bits<T: Element>(model: &impl Tree<Leaf = Tensor<T>>) -> Vec<(String, Shape, Vec<u64>)> {
    let mut leaves = Vec::new();
    model.visit(&mut |path, leaf| {
        leaves.push((path.to_string(), leaf.shape().clone(), leaf.iter().map(|x| x.to_f64().to_bits()).collect()));
    });
    leaves
}

/// A model comes back with the bits of its leaves and with its settings.
#[track_caller]
fn check<T: Element, M>(model: M)
where
    M: Tree<Leaf = Tensor<T>> + Serialize + DeserializeOwned + PartialEq + Debug,
{
    for copy in copies(&model) {
        assert_eq!(copy, model);
        assert_eq!(bits(&copy), bits(&model));
    }
}

/// Each kind of model, with random weights.
fn models<T: Element>()
where
    Tensor<T>: Serialize + DeserializeOwned,
{
    let rng = &mut rng();
    let tensor = |shape: &[usize], rng: &mut StdRng| Tensor::<T>::normal(shape, 0.0, 1e10, rng);
    check(tensor(&[2, 3], rng));
    check(Linear::<Tensor<T>>::new(3, 2, Init::HeNormal, rng));
    let transfers = [Transfer::Step(0.25), Transfer::LeakyRelu(0.1), Transfer::Elu(1.5), Transfer::Softmax];
    for transfer in transfers {
        check(Mlp::<Tensor<T>>::new(&[4, 3, 2], transfer, Init::GlorotUniform, rng));
    }
    for transfer in [Mixed::Standard(Transfer::Gelu), Mixed::Own(Transfer::Tanh)] {
        check(Mlp::<Tensor<T>, Mixed<Transfer>>::new(&[4, 3], transfer, Init::Orthogonal, rng));
    }
    check(Mlp::<Tensor<T>> { layers: Vec::new(), transfers: Vec::new() });
    check(Neuron { weights: tensor(&[3], rng), bias: tensor(&[], rng), transfer: Transfer::Tanh });
    check(Association { weights: tensor(&[2, 4], rng) });
    check(Autoencoder::<Tensor<T>>::new(&[6, 4, 2], Transfer::Silu, Init::LeCunNormal, rng));
    check(TiedAutoencoder::<Tensor<T>>::new(&[6, 4, 2], Transfer::Relu, Init::GlorotNormal, rng));
    check(KSparse::<Tensor<T>>::new(6, 10, Init::GlorotUniform, rng));
    for likelihood in [Likelihood::Bernoulli, Likelihood::Gaussian(0.5), Likelihood::GaussianVariance] {
        check(Variational::<Tensor<T>>::new(&[6, 8, 2], likelihood, Transfer::Tanh, Init::GlorotUniform, rng));
    }
    check(Scaling::standard(&tensor(&[9, 4], rng)));
    check(Imputation::mean(&tensor(&[9, 4], rng)));
    check((tensor(&[2], rng), vec![tensor(&[], rng)]));
}

#[test]
fn models_are_read_back_bit_for_bit() {
    models::<f32>();
    models::<f64>();
}

#[test]
fn model_is_readable_as_text() {
    let neuron =
        Neuron { weights: Tensor::from([1.0, -1.0]), bias: Tensor::scalar(0.5), transfer: Transfer::Step(0.0) };
    let expected =
        r#"{"weights":{"shape":[2],"data":[1.0,-1.0]},"bias":{"shape":[],"data":[0.5]},"transfer":{"Step":0.0}}"#;
    assert_eq!(serde_json::to_string(&neuron).unwrap(), expected);
}

/// A user's own model holds the models of this crate, without bounds on `V`.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
struct TwoHeads<V> {
    trunk: Mlp<V>,
    heads: [Linear<V>; 2],
}

autodiff::tree!(TwoHeads { trunk, heads });

#[test]
fn model_of_ones_own_derives_the_traits() {
    let rng = &mut rng();
    let trunk = Mlp::<Tensor<f32>>::new(&[4, 3], Transfer::Tanh, Init::GlorotUniform, rng);
    check(TwoHeads { trunk, heads: [1, 2].map(|outputs| Linear::new(3, outputs, Init::HeNormal, rng)) });
}

#[test]
fn settings_are_read_back() {
    let all = [Init::GlorotUniform, Init::LeCunUniform, Init::Orthogonal, Init::Constant(0.1)];
    all.into_iter().for_each(|init| assert_eq!(copies(&init), [init; 2]));
    assert_eq!(
        serde_json::to_string(&[Init::HeNormal, Init::Constant(0.5)]).unwrap(),
        r#"["HeNormal",{"Constant":0.5}]"#
    );
}

/// An optimiser that is read takes the same next step as the one that was written.
fn optimizer<T, O>(optimizer: O)
where
    T: Element,
    O: Optimizer<Tensor<T>> + Clone + Serialize + DeserializeOwned + PartialEq + Debug,
{
    let mut rng = rng();
    let draw = |rng: &mut StdRng| vec![Tensor::<T>::normal([2, 3], 0.0, 1.0, rng), Tensor::normal([], 0.0, 1.0, rng)];
    let (mut model, mut trained) = (draw(&mut rng), optimizer);
    copies(&trained).into_iter().for_each(|copy| assert_eq!(copy, trained, "before the first step"));
    (0..3).for_each(|_| trained.step(&mut model, &draw(&mut rng)));
    let gradient = draw(&mut rng);
    for mut copy in copies(&trained) {
        assert_eq!(copy, trained);
        let (mut expected, mut found) = (model.clone(), model.clone());
        trained.clone().step(&mut expected, &gradient);
        copy.step(&mut found, &gradient);
        assert_eq!(bits(&found), bits(&expected));
    }
}

#[test]
fn optimizers_are_read_back_with_their_state() {
    optimizer::<f32, _>(Sgd::new(0.1));
    optimizer::<f64, _>(Sgd::new(0.1).decay(0.01).nesterov(0.9));
    optimizer::<f32, _>(Adam::new(1e-3).betas(0.8, 0.99).decay(0.1));
    optimizer::<f64, _>(Adagrad::new(0.3).epsilon(1e-6));
    optimizer::<f32, _>(RmsProp::new(0.3));
    let text = serde_json::to_string(&Sgd::<Tensor<f64>>::new(0.5)).unwrap();
    assert_eq!(text, r#"{"scalars":{"decay":0.0,"momentum":0.0,"nesterov":0.0,"rate":0.5},"tensors":{}}"#);
}

fn refused<M: DeserializeOwned>(text: &str, expected: &str) {
    match serde_json::from_str::<M>(text) {
        Ok(_) => panic!("{text} is read"),
        Err(error) => assert!(error.to_string().starts_with(expected), "{text}: {error}"),
    }
}

#[test]
fn models_that_do_not_fit_are_refused() {
    refused::<Mlp<Tensor<f64>>>(
        r#"{"layers":[],"transfers":["Tanh"]}"#,
        "Mlp: there are 0 layers, but 1 transfer functions",
    );
    refused::<Mlp<Tensor<f64>>>(
        r#"{"layers":[],"transfers":["Tan"]}"#,
        "unknown variant `Tan`, expected one of `Step`",
    );
    let short = r#"{"weight":{"shape":[2,3],"data":[1,2,3,4,5]},"bias":{"shape":[2],"data":[0,0]}}"#;
    refused::<Linear<Tensor<f64>>>(short, "Tensor: shape [2, 3] needs 6 elements, but there are 5");
    refused::<Linear<Tensor<f64>>>(r#"{"weights":{}}"#, "unknown field `weights`, expected `weight` or `bias`");
}

#[test]
fn optimizers_that_are_not_possible_are_refused() {
    let sgd = |scalars: &str, tensors: &str| format!(r#"{{"scalars":{{{scalars}}},"tensors":{{{tensors}}}}}"#);
    let whole = r#""decay":0,"momentum":0.5,"nesterov":0,"rate":0.5"#;
    let rate = whole.replace(r#""rate":0.5"#, r#""rate":-1"#);
    refused::<Sgd<Tensor<f32>>>(&sgd(&rate, ""), "Sgd: rate is -1, but must be a finite number from 0");
    let rate = whole.replace(r#","rate":0.5"#, "");
    refused::<Sgd<Tensor<f32>>>(&sgd(&rate, ""), "Sgd: rate is missing");
    refused::<Sgd<Tensor<f32>>>(&sgd(&format!(r#"{whole},"beta":1"#), ""), "Sgd: there is no number beta");
    let mean = r#""mean":[{"shape":[1],"data":[0]}]"#;
    refused::<Sgd<Tensor<f32>>>(&sgd(whole, mean), "Sgd: velocity.0 is missing");
    let whole_at_rest = whole.replace("0.5,\"nest", "0,\"nest");
    refused::<Sgd<Tensor<f32>>>(&sgd(&whole_at_rest, mean), "Sgd: there is no tensor mean.0");
    let infinite = r#""velocity":[{"shape":[1],"data":["Infinity"]}]"#;
    refused::<Sgd<Tensor<f32>>>(&sgd(whole, infinite), "Sgd: velocity.0 is inf, but must be a finite number");
    let mut adam = Adam::<Tensor<f64>>::new(0.1);
    adam.step(&mut vec![Tensor::zeros([2]), Tensor::zeros([3])], &vec![Tensor::ones([2]), Tensor::ones([3])]);
    let with = |list: &str| {
        let mut text: serde_json::Value = serde_json::to_value(&adam).unwrap();
        text["tensors"]["mean_square"] = serde_json::from_str(list).unwrap();
        text.to_string()
    };
    let (two, three) = (r#"{"shape":[2],"data":[1,1]}"#, r#"{"shape":[3],"data":[1,1,1]}"#);
    assert!(serde_json::from_str::<Adam<Tensor<f64>>>(&with(&format!("[{two},{three}]"))).is_ok());
    refused::<Adam<Tensor<f64>>>(&with(&format!("[{two}]")), "Adam: mean_square.1 is missing");
    refused::<Adam<Tensor<f64>>>(
        &with(&format!("[{two},{two}]")),
        "Adam: mean_square.1 has shape [2], but [3] was expected",
    );
    refused::<Adam<Tensor<f64>>>(&with(&format!("[{two},{three},{two}]")), "Adam: there is no tensor mean_square.2");
}
