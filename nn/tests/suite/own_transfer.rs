//! A transfer function of one's own: the growing cosine, beside the usual ones.

use autodiff::prelude::*;
use nn::autoencoder::{TiedAutoencoder, contractive, stacked, variational};
use nn::{Adam, Autoencoder, EncoderDecoder, Init, Mixed, Mlp, Neuron, Trainer, Transfer, TransferFunction, loss};
use rand::{SeedableRng, rngs::StdRng};

type T = Tensor<f64>;

/// u·cos u: oscillating, unbounded, with infinitely many zeros (Noel et al. 2021).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct GrowingCosine;

impl TransferFunction for GrowingCosine {
    fn apply<V: Value>(&self, u: &V) -> V {
        u.cos() * u
    }
}

pub(crate) const OWN: Mixed<GrowingCosine> = Mixed::Own(GrowingCosine);

fn rng() -> StdRng {
    StdRng::seed_from_u64(0)
}

#[test]
fn derivative_of_an_own_function_agrees_with_its_formula() {
    let u = T::linspace(-20.0, 20.0, 401);
    let g = u.square();
    let slope = u.cos() - u.sin() * &u;
    autodiff::assert_close(&OWN.derivative(&u), &slope, 1e-15);
    autodiff::assert_close(&grad(&u, |u| OWN.apply(&u).sum()), &slope, 1e-15);
    assert_eq!(OWN.value_and_derivative(&u), (u.cos() * &u, OWN.derivative(&u)));
    assert_eq!(OWN.pull(&u, &g), OWN.derivative(&u) * g);
    assert_eq!(OWN.range(), (f64::NEG_INFINITY, f64::INFINITY));
    assert_eq!((OWN.standard(), Mixed::from(Transfer::Tanh) == OWN), (None, false));
}

/// Also inside a derivative: the formula is recorded like any other.
#[test]
fn derivative_of_an_own_function_can_be_differentiated() {
    let u = T::linspace(-3.0, 3.0, 13);
    let curvature = u.sin() * -2.0 - u.cos() * &u;
    autodiff::assert_close(&grad(&u, |u| OWN.derivative(&u).sum()), &curvature, 1e-15);
}

#[test]
fn mixed_functions_of_the_table_are_those_of_the_table() {
    let u = T::from([[-2.0, 0.3], [0.0, 5.0]]);
    for f in [Transfer::Tanh, Transfer::LeakyRelu(0.1), Transfer::Softmax] {
        let mixed = Mixed::<GrowingCosine>::from(f);
        assert_eq!(mixed.apply(&u), f.apply(&u));
        assert_eq!(mixed.pull(&u, &u), f.pull(&u, &u));
        assert_eq!((mixed.range(), mixed.standard(), format!("{mixed:?}")), (f.range(), Some(f), format!("{f:?}")));
    }
    let (tanh, mixed) = (Transfer::Tanh, Mixed::<GrowingCosine>::from(Transfer::Tanh));
    assert_eq!(mixed.derivative(&u), tanh.derivative(&u));
    assert_eq!(mixed.value_and_derivative(&u), tanh.value_and_derivative(&u));
}

/// A single unit of the growing cosine solves XOR, which no monotonic unit can (Noel et al. 2021).
#[test]
fn one_neuron_with_an_own_function_learns_xor() {
    let x = T::from([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]]);
    let target = T::from([-1.0, 1.0, 1.0, -1.0]);
    let neuron = Neuron { weights: T::from([0.3, 1.1]), bias: T::scalar(0.2), transfer: GrowingCosine };
    let mut trainer = Trainer::new(neuron, Adam::new(0.05));
    for _ in 0..500 {
        trainer
            .step(&x, &mut (), |tape, neuron, x, _| {
                loss::squared_error(&neuron.forward(tape.constant(x.clone())), tape.constant(target.clone()))
            })
            .unwrap();
    }
    let y = trainer.model.forward(&x);
    assert!(y.iter().zip(target.iter()).all(|(y, target)| y * target > 0.0), "{y}");
}

/// The layers of each network have functions of their own, also one of the user's.
#[test]
fn every_layer_has_its_own_function() {
    let functions = [OWN, Transfer::Tanh.into(), Transfer::Softmax.into()];
    let mlp = Mlp::<T, _>::with_transfers(&[3, 4, 5, 2], &functions, Init::GlorotNormal, &mut rng());
    let x = T::normal([6, 3], 0.0, 1.0, &mut rng());
    let by_hand = mlp.layers.iter().zip(&functions).fold(x.clone(), |a, (layer, f)| f.apply(&layer.forward(&a)));
    assert_eq!(mlp.forward(&x), by_hand);
    let mut settings = Vec::new();
    mlp.visit_settings(&mut |path, setting| settings.push(format!("{path} = {setting:?}")));
    assert_eq!(settings, ["transfers = [GrowingCosine, Tanh, Softmax]"]);
    let usual = Mlp::<T>::new(&[3, 4, 5, 2], Transfer::Relu, Init::HeNormal, &mut rng()).with_output(Transfer::Sigmoid);
    assert_eq!(usual.transfers, [Transfer::Relu, Transfer::Relu, Transfer::Sigmoid]);
}

#[test]
fn autoencoders_take_an_own_function() {
    let (rng, x) = (&mut rng(), T::uniform([6, 4], 0.0, 1.0, &mut rng()));
    let untied = Autoencoder::<T, _>::new(&[4, 3, 2], OWN, Init::GlorotNormal, rng).with_code(Transfer::Tanh);
    assert_eq!(untied.encoder.transfers, [OWN, Transfer::Tanh.into()]);
    assert_eq!(untied.encode(&x), untied.code_logits(&x).tanh());
    let layered = contractive::layered(&untied.encoder, &x);
    let nested = value_and_grad(&x, |tape, x| contractive::nested(tape.variables(&untied.encoder).forward(x), x)).0;
    autodiff::assert_close(&layered, &nested, 1e-13);

    // Layer l of the decoder gives the units of layer l − 1 of the encoder, so it has their function.
    let mut tied = TiedAutoencoder::<T, _>::new(&[4, 3, 3, 2], OWN, Init::GlorotNormal, rng).with_code(OWN);
    tied.encoder.transfers[1] = Transfer::Sigmoid.into();
    let [_, w2, w3] = [0, 1, 2].map(|l| tied.encoder.layers[l].weight.clone());
    let h = tied.encode(&x);
    let a2 = (h.matmul(&w3)).sigmoid();
    let a1 = OWN.apply(&a2.matmul(&w2));
    assert_eq!(tied.decode(&h), a1.matmul(&tied.encoder.layers[0].weight));

    let deep = stacked::pretrain(&x, &[4, 3, 2], OWN, Init::GlorotNormal, rng, |_, ae, _| ae);
    let classifier = stacked::classifier(&deep, 2, Init::GlorotNormal, rng);
    assert_eq!(classifier.transfers, [OWN, OWN, Transfer::Linear.into()]);
    let likelihood = variational::Likelihood::Bernoulli;
    let vae = variational::Variational::<T, _>::new(&[4, 3, 2], likelihood, OWN, Init::GlorotNormal, rng);
    assert_eq!(vae.reconstruct(&x).shape(), x.shape());
}

#[cfg(feature = "store")]
#[test]
fn own_function_is_a_setting_of_a_file() {
    let folder = crate::folder::Folder::new();
    let file = folder.path().join("model");
    let model = |hidden| Mlp::<T, _>::new(&[3, 4, 2], hidden, Init::GlorotNormal, &mut rng());
    nn::store::save(&file, &model(OWN)).unwrap();
    let mut other = model(OWN);
    other.layers[0].weight = T::zeros([4, 3]);
    nn::store::load(&file, &mut other).unwrap();
    assert_eq!(other, model(OWN));
    let refused = nn::store::load(&file, &mut model(Transfer::Tanh.into())).unwrap_err().to_string();
    assert!(
        refused.ends_with("setting transfers: [GrowingCosine, Linear], but [Tanh, Linear] was expected"),
        "{refused}"
    );
    // A file of a network with the usual functions fits a type that could hold others.
    nn::store::save(&file, &Mlp::<T>::new(&[3, 4, 2], Transfer::Tanh, Init::GlorotNormal, &mut rng())).unwrap();
    nn::store::load(&file, &mut model(Transfer::Tanh.into())).unwrap();
}
