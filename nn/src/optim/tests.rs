use super::*;

type Pair = (Tensor<f64>, Tensor<f64>);

fn start() -> Pair {
    (Tensor::from([[1.0, -2.0], [0.5, 4.0]]), Tensor::from([3.0]))
}

/// The gradient of a bowl with its bottom at 1 and another steepness for each coordinate.
fn gradient(w: &Pair) -> Pair {
    value_and_grad(w, |_, (a, b)| {
        let steep = a.constant(Tensor::from([[1.0, 2.0], [3.0, 4.0]]));
        (steep * (a - 1.0).square()).sum() + (b - 1.0).square().sum()
    })
    .1
}

/// Each rule written once more, for one weight and in the textbook's letters.
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
fn all_reach_the_bottom() {
    let bottom = || vec![1.0; 5];
    let near = |w: Vec<f64>| autodiff::assert_close(&Tensor::from(w), &Tensor::from(bottom()), 1e-3);
    near(run(Sgd::new(0.1), 300));
    near(run(Sgd::with_momentum(&start(), 0.02, 0.9), 300));
    near(run(Sgd::with_nesterov(&start(), 0.02, 0.9), 300));
    near(run(Adam::new(&start(), 0.1), 600));
}

#[test]
fn the_state_is_a_tree() {
    let adam = Adam::new(&start(), 0.1);
    assert_eq!(adam.paths(), ["mean.0", "mean.1", "mean_square.0", "mean_square.1"]);
    assert_eq!(Sgd::<Tensor<f64>>::new(0.1).leaves(), []);
}

#[test]
#[should_panic(expected = "step: 1 has shape [1] in the model, [2] in the gradient")]
fn a_gradient_of_another_shape_is_refused() {
    let gradient = (Tensor::zeros([2, 2]), Tensor::zeros([2]));
    Sgd::new(0.1).step(&mut start(), &gradient);
}

#[test]
#[should_panic(expected = "step: the model has 2 leaves, the optimiser 1")]
fn an_optimiser_for_another_model_is_refused() {
    Adam::new(&Tensor::<f64>::zeros([3]), 0.1).step(&mut start(), &start());
}
