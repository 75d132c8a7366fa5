//! An implicit layer: its output is the fixed point z = tanh(W·z + U·x), differentiated by the implicit function theorem.
//!
//! The iteration that finds z is not recorded. A Newton step from the fixed point, z − (I − ∂f/∂z)⁻¹·(z − f(z)), does not
//! move it, but has the derivative of the fixed point (Bai, Kolter and Koltun, “Deep equilibrium models”, 2019). A
//! second step makes second derivatives right too.

use autodiff::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

const STATE: usize = 12;
const INPUTS: usize = 3;
const SAMPLES: usize = 64;

#[derive(Clone)]
struct Layer<V> {
    /// [state, state]
    w: V,
    /// [state, inputs]
    u: V,
    /// The weights of the output, the mean of z weighted: [state]
    output: V,
}

autodiff::tree!(Layer { w, u, output });

impl<V: Value> Layer<V> {
    /// tanh(z·Wᵀ + x·Uᵀ) for a batch of states z and inputs x.
    fn step(&self, z: &V, x: &V) -> V {
        (z.matmul_t(&self.w) + x.matmul_t(&self.u)).tanh()
    }

    /// A Newton step from states z, which are a fixed point: z − (I − ∂f/∂z)⁻¹·(z − f(z)).
    fn newton_step(&self, z: &V, x: &V) -> V {
        let f = self.step(z, x);
        // ∂f/∂z = diag(1 − f²)·W for each sample
        let slope = (f.square() * -1.0 + 1.0).unsqueeze(-1) * &self.w;
        let matrix = -slope + z.lift(&Tensor::eye(STATE));
        z.clone() - matrix.solve((z.clone() - &f).unsqueeze(-1)).squeeze(-1)
    }
}

type Numbers = Tensor<f64>;

/// The fixed point by plain iteration, which nothing records.
fn fixed_point(layer: &Layer<Numbers>, x: &Numbers) -> (Numbers, usize) {
    let mut z = Tensor::zeros([SAMPLES, STATE]);
    for steps in 1.. {
        let next = layer.step(&z, x);
        let change = (&next - &z).abs().max().item();
        z = next;
        if change < 1e-15 {
            return (z, steps);
        }
    }
    unreachable!("the loop ends by its return")
}

/// The mean squared error of the outputs.
fn cost<V: Value>(z: &V, layer: &Layer<V>, target: &V) -> V {
    (z.matmul(&layer.output) - target).square().mean()
}

fn main() {
    let rng = &mut StdRng::seed_from_u64(0);
    let x = Tensor::uniform([SAMPLES, INPUTS], -1.0, 1.0, rng);
    let target = (x.index_axis(1, 0) * 3.0 + x.index_axis(1, 1) - x.index_axis(1, 2)).sin();
    let mut layer = Layer {
        w: Tensor::normal([STATE, STATE], 0.0, 0.15, rng),
        u: Tensor::normal([STATE, INPUTS], 0.0, 1.0, rng),
        output: Tensor::normal([STATE], 0.0, 0.3, rng),
    };
    let (z, steps) = fixed_point(&layer, &x);
    println!("the fixed point takes {steps} steps");

    let by_theorem = |newton_steps: usize| {
        let (z, x, target) = (z.clone(), x.clone(), target.clone());
        function_of_tree(&layer, move |tape, layer: Layer<Var<'_, Numbers>>| {
            let [z, x, target] = [&z, &x, &target].map(|data| tape.constant(data.clone()));
            let z = (0..newton_steps).fold(z, |z, _| layer.newton_step(&z, &x));
            cost(&z, &layer, &target)
        })
    };
    let unrolled = function_of_tree(&layer, |tape, layer: Layer<Var<'_, Numbers>>| {
        let [x, target] = [&x, &target].map(|data| tape.constant(data.clone()));
        let start = tape.constant(Tensor::zeros([SAMPLES, STATE]));
        let z = (0..steps).fold(start, |z, _| layer.step(&z, &x));
        cost(&z, &layer, &target)
    });
    let difference = |x: &Layer<Numbers>, y: &Layer<Numbers>| {
        let difference = tree::norm(&tree::sub(x, y)).item() / tree::norm(y).item();
        assert!(difference < 1e-12, "the relative difference is {difference:e}");
        difference
    };
    let [first, expected] = [value_and_grad(&layer, by_theorem(1)).1, value_and_grad(&layer, &unrolled).1];
    println!("gradient, by the theorem and unrolled: relative difference {:.1e}", difference(&first, &expected));
    let v = layer.map(&mut |_, leaf| Tensor::normal(leaf.shape(), 0.0, 1.0, rng));
    let [second, expected] = [hvp_tree(&layer, &v, by_theorem(2)), hvp_tree(&layer, &v, &unrolled)];
    println!("H·v, by the theorem and unrolled: relative difference {:.1e}", difference(&second, &expected));

    for step in 0..=600 {
        let z = fixed_point(&layer, &x).0;
        let (error, gradient) = value_and_grad(&layer, |tape, layer| {
            let [z, x, target] = [&z, &x, &target].map(|data| tape.constant(data.clone()));
            cost(&layer.newton_step(&z, &x), &layer, &target)
        });
        if step % 200 == 0 {
            println!("step {step:3}: mean squared error {:.5}", error.item());
        }
        assert!(step < 600 || error.item() < 0.05);
        layer = tree::add_scaled(&layer, -0.1, &gradient);
    }
}
