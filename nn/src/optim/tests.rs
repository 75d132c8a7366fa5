use super::*;
use autodiff::prelude::*;

type Pair = (Tensor<f64>, Tensor<f64>);

fn start() -> Pair {
    (Tensor::from([[1.0, -2.0], [0.5, 4.0]]), Tensor::from([3.0]))
}

/// The gradient of a bowl with its minimum at 1 and a different curvature for each coordinate.
fn gradient(w: &Pair) -> Pair {
    value_and_grad(w, |_, (a, b)| {
        let steep = a.constant(Tensor::from([[1.0, 2.0], [3.0, 4.0]]));
        (steep * (a - 1.0).square()).sum() + (b - 1.0).square().sum()
    })
    .1
}

/// Each rule once more, for one weight, in the notation of its paper.
fn reference(mut rule: impl FnMut(usize, f64, f64) -> f64, steps: usize) -> Vec<f64> {
    let mut w = start();
    for _ in 0..steps {
        let g = gradient(&w).leaves().iter().flat_map(|g| g.to_vec()).collect::<Vec<_>>();
        let mut i = 0..;
        w.visit_mut(&mut |_, leaf| {
            for w in leaf.as_mut_slice() {
                let i = i.next().expect("an endless count");
                *w = rule(i, *w, g[i]);
            }
        });
    }
    w.leaves().iter().flat_map(|w| w.to_vec()).collect()
}

fn run(mut optimizer: impl Optimizer<f64>, steps: usize) -> Vec<f64> {
    let mut w = start();
    for _ in 0..steps {
        let g = gradient(&w);
        optimizer.step(&mut w, &g);
    }
    w.leaves().iter().flat_map(|w| w.to_vec()).collect()
}

#[track_caller]
fn close(a: Vec<f64>, b: Vec<f64>) {
    autodiff::assert_close(&Tensor::from(a), &Tensor::from(b), 1e-14);
}

#[test]
fn descent_follows_its_formula() {
    close(run(Sgd::new(0.1), 5), reference(|_, w, g| w - 0.1 * g, 5));
}

#[test]
fn momentum_follows_its_formula() {
    let mut v = [0.0; 5];
    let rule = |i: usize, w, g| {
        v[i] = 0.9 * v[i] + g;
        w - 0.05 * v[i]
    };
    close(run(Sgd::with_momentum(&start(), 0.05, 0.9), 5), reference(rule, 5));
    let mut v = [0.0; 5];
    let rule = |i: usize, w, g| {
        v[i] = 0.9 * v[i] + g;
        w - 0.05 * (g + 0.9 * v[i])
    };
    close(run(Sgd::with_nesterov(&start(), 0.05, 0.9), 5), reference(rule, 5));
}

#[test]
fn adam_follows_its_formula() {
    let (mut m, mut v, mut t) = ([0.0; 5], [0.0; 5], [0; 5]);
    let rule = |i: usize, w, g: f64| {
        t[i] += 1;
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.999 * v[i] + 0.001 * g * g;
        let (mean, square) = (m[i] / (1.0 - 0.9f64.powi(t[i])), v[i] / (1.0 - 0.999f64.powi(t[i])));
        w - 0.2 * mean / (square.sqrt() + 1e-8)
    };
    close(run(Adam::new(&start(), 0.2), 5), reference(rule, 5));
}

#[test]
fn weight_decay_follows_its_formula() {
    let mut sgd = Sgd::new(0.1);
    sgd.decay = 0.3;
    close(run(sgd, 5), reference(|_, w, g| w * (1.0 - 0.1 * 0.3) - 0.1 * g, 5));
    let (mut m, mut v, mut t) = ([0.0; 5], [0.0; 5], [0; 5]);
    let adam_w = |i: usize, w, g: f64| {
        t[i] += 1;
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.999 * v[i] + 0.001 * g * g;
        let (mean, square) = (m[i] / (1.0 - 0.9f64.powi(t[i])), v[i] / (1.0 - 0.999f64.powi(t[i])));
        w - 0.2 * (mean / (square.sqrt() + 1e-8) + 0.3 * w)
    };
    close(run(Adam::with_decay(&start(), 0.2, 0.3), 5), reference(adam_w, 5));
}

#[test]
fn rms_prop_follows_its_formula() {
    let mut v = [0.0; 5];
    let rule = |i: usize, w, g: f64| {
        v[i] = 0.9 * v[i] + 0.1 * g * g;
        w - 0.05 * g / (v[i].sqrt() + 1e-8)
    };
    close(run(RmsProp::new(&start(), 0.05), 5), reference(rule, 5));
}

#[test]
fn adagrad_follows_its_formula() {
    let mut s = [0.0; 5];
    let rule = |i: usize, w, g: f64| {
        s[i] += g * g;
        w - 0.5 * g / (s[i].sqrt() + 1e-10)
    };
    close(run(Adagrad::new(&start(), 0.5), 5), reference(rule, 5));
}

/// A bowl has constant second derivatives, so 5 changes span its 5 weights.
#[test]
fn lbfgs_reaches_the_minimum_of_a_bowl() {
    let mut w = start();
    let mut lbfgs = Lbfgs::new(&w, 8);
    let mut losses = Vec::new();
    for _ in 0..15 {
        losses.push(lbfgs.step(&mut w, bowl));
    }
    assert!(losses.windows(2).all(|pair| pair[1] <= pair[0]), "{losses:?}");
    autodiff::assert_close(&Tensor::from(flat(&w)), &Tensor::ones([5]), 1e-7);
}

/// The value of the bowl, with its gradient.
fn bowl(w: &Pair) -> (Tensor<f64>, Pair) {
    let value = (Tensor::from([[1.0, 2.0], [3.0, 4.0]]) * (&w.0 - 1.0).square()).sum() + (&w.1 - 1.0).square().sum();
    (value, gradient(w))
}

fn flat(w: &Pair) -> Vec<f64> {
    w.leaves().iter().flat_map(|w| w.to_vec()).collect()
}

/// An optimiser that is stopped after any step and rebuilt from its leaves and scalars continues bit for bit.
#[test]
fn restored_optimiser_continues_bit_for_bit() {
    fn check<O: Optimizer<f64> + Scalars + Clone + Tree<Leaf = Tensor<f64>>>(make: impl Fn(&Pair) -> O) {
        let (mut w, mut optimizer) = (start(), make(&start()));
        for _ in 0..7 {
            let mut again = make(&start());
            restore(&mut again, &optimizer);
            let mut twin = w.clone();
            let g = gradient(&w);
            optimizer.step(&mut w, &g);
            again.step(&mut twin, &g);
            assert_eq!(twin, w);
        }
    }
    check(|w| Sgd::with_nesterov(w, 0.05, 0.9));
    check(|w| Adam::with_decay(w, 0.1, 0.01));
    check(|w| RmsProp::new(w, 0.1));
    check(|w| Adagrad::new(w, 0.1));
    let (mut w, mut lbfgs) = (start(), Lbfgs::new(&start(), 2));
    for _ in 0..7 {
        let (mut twin, mut again) = (w.clone(), Lbfgs::new(&start(), 2));
        restore(&mut again, &lbfgs);
        assert_eq!(lbfgs.step(&mut w, bowl), again.step(&mut twin, bowl));
        assert_eq!((&twin, &again), (&w, &lbfgs));
    }
}

fn restore<O: Scalars + Clone + Tree<Leaf = Tensor<f64>>>(again: &mut O, saved: &O) {
    let mut leaves = saved.leaves().into_iter();
    again.visit_mut(&mut |_, leaf| *leaf = leaves.next().expect("as many"));
    again.set_scalars(&saved.scalars()).expect("the same names");
}

#[test]
fn missing_scalar_is_named_and_nothing_changes() {
    let mut adam = Adam::new(&start(), 0.1);
    let before = adam.clone();
    assert_eq!(adam.set_scalars(&[("rate".into(), 9.0)]), Err("beta1".into()));
    assert_eq!(adam, before);
}

#[test]
fn all_optimisers_reach_the_minimum() {
    let bottom = || vec![1.0; 5];
    let near = |w: Vec<f64>| autodiff::assert_close(&Tensor::from(w), &Tensor::from(bottom()), 1e-3);
    near(run(Sgd::new(0.1), 300));
    near(run(Sgd::with_momentum(&start(), 0.02, 0.9), 300));
    near(run(Sgd::with_nesterov(&start(), 0.02, 0.9), 300));
    near(run(Adam::new(&start(), 0.1), 600));
    near(run(Adagrad::new(&start(), 1.0), 300));
}

#[test]
fn state_of_an_optimiser_is_a_tree() {
    let adam = Adam::new(&start(), 0.1);
    assert_eq!(adam.paths(), ["mean.0", "mean.1", "mean_square.0", "mean_square.1"]);
    assert_eq!(Sgd::<Tensor<f64>>::new(0.1).leaves(), []);
}

#[test]
#[should_panic(expected = "step: 1 has shape [1] in the model, but [2] in the gradient")]
fn gradient_of_another_shape_is_refused() {
    let gradient = (Tensor::zeros([2, 2]), Tensor::zeros([2]));
    Sgd::new(0.1).step(&mut start(), &gradient);
}

#[test]
#[should_panic(expected = "step: the model has 2 leaves, but the optimiser has 1")]
fn optimiser_of_another_model_is_refused() {
    Adam::new(&Tensor::<f64>::zeros([3]), 0.1).step(&mut start(), &start());
}
