//! The contractive penalty: golden values, and agreement of all exact methods.

use autodiff::{assert_close, prelude::*};
use nn::autoencoder::contractive::{self, Method};
use nn::{Init, Linear, Mlp, Transfer};
use rand::{SeedableRng, rngs::StdRng};

type Net = Mlp<Tensor<f64>>;

fn x() -> Tensor<f64> {
    Tensor::from([[0.1, -0.2, 0.3], [0.5, 0.4, -0.6]])
}

/// Weights are [in, out] in the golden file.
fn layer<const I: usize, const O: usize>(weight: [[f64; O]; I], bias: [f64; O]) -> Linear<Tensor<f64>> {
    Linear { weight: Tensor::from(weight).t().contiguous(), bias: Tensor::from(bias) }
}

fn one_layer() -> Net {
    let weight = [
        [0.14776010333066977, 0.42073549240394825],
        [0.4958324052262343, 0.33773159027557564],
        [0.020790331216645468, -0.30592894547135946],
    ];
    Mlp { layers: vec![layer(weight, [0.05, -0.1])], transfers: vec![Transfer::Sigmoid] }
}

fn two_layers() -> Net {
    let first = [
        [0.04991670832341408, 0.35867804544976134, 0.4987474933020272, 0.40424820190979516],
        [0.11962466460699121, -0.22126022164742623, -0.4580829683747273, -0.47946213733156934],
        [-0.2753427712988192, 0.05827460242524638, 0.36448452006293797, 0.49927167268730244],
    ];
    let second = [
        [0.3916634548137417, 0.49978680152075255],
        [0.37285260608836013, 0.07056000402993383],
        [-0.2649180704542465, -0.475801036944758],
        [-0.4629073411638662, -0.23230108970687868],
    ];
    let layers = vec![layer(first, [0.1, -0.1, 0.2, 0.0]), layer(second, [0.0, 0.3])];
    Mlp { layers, transfers: vec![Transfer::Tanh; 2] }
}

/// The penalty, and its gradient with respect to the encoder and x.
fn by(method: impl Fn() -> Method<'static>, net: &Net, x: &Tensor<f64>) -> (Tensor<f64>, (Net, Tensor<f64>)) {
    value_and_grad(&(net.clone(), x.clone()), |_, (net, x)| contractive::penalty(&net, x, method()))
}

fn golden(net: &Net, penalty: f64, gradient: &[Linear<Tensor<f64>>], dx: Option<Tensor<f64>>) {
    for method in [|| Method::Exact, || Method::Nested, || Method::Layered] {
        let (value, (by_net, by_x)) = by(method, net, &x());
        assert!((value.item() - penalty).abs() < 1e-14);
        for (layer, expected) in by_net.layers.iter().zip(gradient) {
            assert_close(&layer.weight, &expected.weight, 1e-12);
            assert_close(&layer.bias, &expected.bias, 1e-12);
        }
        dx.iter().for_each(|dx| assert_close(&by_x, dx, 1e-12));
    }
}

/// Golden values from JAX 0.10, in f64.
#[test]
fn penalty_of_one_sigmoid_layer_has_golden_values() {
    let by_weight = [
        [0.016831818393148214, 0.047620582070984026],
        [0.05949199500014519, 0.03752003803003385],
        [0.004081089718944476, -0.03258314577916979],
    ];
    let by_bias = [-0.002218729303163738, -0.002095390308393569];
    golden(&one_layer(), 0.03907599041952145, &[layer(by_weight, by_bias)], None);
}

#[test]
fn penalty_of_two_tanh_layers_has_golden_values() {
    let by_first = [
        [-0.37148415687789277, -0.14734763451084087, 0.26469519230223265, 0.28040785139388075],
        [0.3666952835103596, 0.19325486569085984, -0.26959169505096914, -0.2115807315014067],
        [-0.4368869159319772, -0.2536581870967056, 0.307550459838821, 0.25043991267847787],
    ];
    let by_b1 = [-0.15189081513593497, -0.022660998225636816, -0.09454671878707095, 0.03972789825059245];
    let by_second = [
        [0.18877147377421827, 0.14145934713937103],
        [-0.23540845173796196, -0.29149529058639706],
        [-0.5128712481896738, -0.6241931703253841],
        [-0.571238985700379, -0.6264488308396982],
    ];
    let by_b2 = [-0.00403187478275574, -0.22781440913184672];
    let by_x = Tensor::from([
        [-0.1537665076196513, 0.16795050147374188, -0.16272692161047678],
        [0.10696160799046728, -0.1568441932159524, 0.18860259771397667],
    ]);
    let gradient = [layer(by_first, by_b1), layer(by_second, by_b2)];
    golden(&two_layers(), 0.4814366622813384, &gradient, Some(by_x));
}

/// The golden file also gives the squared norm of the gradient of the summed code, a common mistake.
#[test]
fn penalty_is_not_the_gradient_of_the_summed_code() {
    let net = two_layers();
    let [wrong] = [grad(&x(), |x| {
        let net = x.constants(&net);
        net.forward(x).sum()
    })];
    assert!((wrong.square().sum().item() / 2.0 - 0.9499717458090462).abs() < 1e-12);
}

#[test]
fn exact_methods_agree_for_any_depth_and_transfer_function() {
    let rng = &mut StdRng::seed_from_u64(3);
    let x = Tensor::normal([5, 4], 0.0, 1.0, rng);
    for sizes in [&[4, 6][..], &[4, 3], &[4, 3, 5], &[4, 7, 2], &[4, 6, 5, 3]] {
        for transfer in [Transfer::Sigmoid, Transfer::Tanh, Transfer::Softplus, Transfer::Relu, Transfer::Elu(1.0)] {
            let net = Net::new(sizes, transfer, Init::GlorotNormal, rng).with_output(transfer);
            let (nested, layered) = (by(|| Method::Nested, &net, &x), by(|| Method::Layered, &net, &x));
            assert_close(&nested.0, &layered.0, 1e-12);
            for (a, b) in nested.1.leaves().iter().zip(layered.1.leaves()) {
                assert_close(a, &b, 1e-12);
            }
        }
    }
}

#[test]
fn softmax_code_has_a_penalty() {
    let rng = &mut StdRng::seed_from_u64(3);
    let x = Tensor::normal([5, 4], 0.0, 1.0, rng);
    let net = Net::new(&[4, 6, 3], Transfer::Tanh, Init::GlorotNormal, rng).with_output(Transfer::Softmax);
    let tape = Tape::new();
    let on_tape = tape.variables(&net);
    let penalty = contractive::penalty(&on_tape, tape.constant(x.clone()), Method::default()).value();
    let jacobian = batch_jacobian(&x, |x| x.constants(&net).forward(x));
    assert_close(&penalty, &(jacobian.square().sum() / 5.0), 1e-12);
}

#[test]
fn hutchinson_estimate_has_the_right_mean() {
    let rng = &mut StdRng::seed_from_u64(9);
    let (net, tape) = (two_layers(), Tape::new());
    let (net, x) = (tape.variables(&net), tape.constant(x()));
    let estimate = contractive::penalty(&net, x, Method::Hutchinson { probes: 2000, rng }).value().item();
    assert!((estimate - 0.4814366622813384).abs() < 0.02, "{estimate}");
}

/// Both ways of computing it, with derivatives to the third order by a and by w, each constant or not.
#[test]
fn square_of_product_has_right_derivatives_to_the_third_order() {
    let rng = &mut StdRng::seed_from_u64(0);
    for (shape, d, by_gram) in [([5, 2], 7, true), ([3, 6], 2, false)] {
        let (a, w) = (Tensor::<f64>::normal(shape, 0.0, 1.0, rng), Tensor::normal([shape[1], d], 0.0, 1.0, rng));
        let tape = Tape::new();
        nn::square_of_product(&tape.variable(a.clone()), &tape.variable(w.clone()));
        assert_eq!(tape.to_string().contains("square_by_gram"), by_gram);
        let composed = value_and_grad(&(a.clone(), w.clone()), |_, (a, w)| a.matmul(w).square().sum());
        let y = value_and_grad(&(a.clone(), w.clone()), |_, (a, w)| nn::square_of_product(&a, &w));
        assert_close(&y.0, &composed.0, 1e-12);
        assert_close(&y.1.0, &composed.1.0, 1e-12);
        assert_close(&y.1.1, &composed.1.1, 1e-12);
        check_grads_tree(&(a.clone(), w.clone()), &Options::order(3), |_, (a, w)| nn::square_of_product(&a, &w))
            .unwrap();
        check_grads(&w, &Options::order(3), |w| nn::square_of_product(&w.constant(a.clone()), &w)).unwrap();
        check_grads(&a, &Options::order(3), |a| nn::square_of_product(&a, &a.constant(w.clone())).square()).unwrap();
    }
}

/// A constant that is made again from the same tensor is another node, so the Jacobian by it would be 0.
#[test]
#[should_panic(
    expected = "contractive::nested: the code does not depend on x; give the very variable that was encoded"
)]
fn penalty_by_another_constant_is_refused() {
    let tape = Tape::new();
    let code = tape.constant(x()).tanh();
    contractive::nested(code, tape.constant(x()));
}
