//! # 15. Losses with derivatives
//!
//! A gradient that is recorded is an ordinary value, so a loss may contain it. This page collects the losses that need
//! it. In each, the tape differentiates twice or more, and you write only the mathematics.
//!
//! ## A gradient penalty
//!
//! > (‖∇ₓf(x)‖ − 1)²
//!
//! It pushes the norm of the gradient of f towards 1. The critics of generative adversarial networks are
//! trained with it (Gulrajani et al. 2017), and so are distance functions (Gropp et al. 2020).
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Init, Mlp, Transfer};
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! let rng = &mut StdRng::seed_from_u64(0);
//! let f = Mlp::<Tensor<f64>>::new(&[2, 16, 1], Transfer::Softplus, Init::GlorotNormal, rng);
//! let points = Tensor::uniform([32, 2], -1.0, 1.0, rng);
//! let (penalty, gradient) = value_and_grad(&f, |tape, f| {
//!     let x = tape.constant(points);
//!     // Row i is ∇f(xᵢ), since f(xᵢ) depends on xᵢ alone.
//!     let [slope] = f.forward(x).sum().grad([x]);
//!     (slope.norm_axis(-1) - 1.0).square().mean()
//! });
//! # assert!(penalty.item() > 0.0 && gradient.layers[0].weight.norm().item() > 0.0);
//! ```
//!
//! ## A differential equation
//!
//! A physics-informed network solves an equation by making its residual small (Raissi, Perdikaris and Karniadakis
//! 2019). Here y″ = −y with y(0) = 0 and y′(0) = 1, whose solution is sin t. The form t + t²·N(t) meets both conditions
//! for any network N.
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Init, Lbfgs, Mlp, Transfer};
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! let rng = &mut StdRng::seed_from_u64(0);
//! let mut network =
//!     Mlp::<Tensor<f64>>::new(&[1, 16, 16, 1], Transfer::Tanh, Init::GlorotNormal, rng);
//! let times = Tensor::<f64>::linspace(0.0, 3.0, 30).reshape([30, 1]);
//! let mut lbfgs = Lbfgs::new(20);
//! for _ in 0..150 {
//!     lbfgs.step(&mut network, |network| {
//!         value_and_grad(network, |tape, network| {
//!             let t = tape.constant(times.clone());
//!             let y = network.forward(t) * t.square() + t;
//!             let [velocity] = y.sum().grad([t]);
//!             let [acceleration] = velocity.sum().grad([t]);
//!             (acceleration + y).square().mean()
//!         })
//!     });
//! }
//! let y = network.forward(&times) * times.square() + &times;
//! assert!((y - times.sin()).abs().max().item() < 0.01);
//! ```
//!
//! ## A Hessian-vector product
//!
//! > H·v, without the matrix H
//!
//! It costs two to three gradients, however many inputs there are. Newton's method with conjugate gradients needs no
//! other second derivative, nor does the largest eigenvalue on [page 5](super::ch05_descent#the-step-size).
//!
//! ```
//! use autodiff::prelude::*;
//! let (x, v) = (Tensor::from([1.0, 2.0, 3.0]), Tensor::from([1.0, 0.0, -1.0]));
//! let f = function_of(&x, |x| x.dot(&x).square());
//! let product = hvp(&x, &v, f);
//! assert_eq!(product, hessian(&x, f).matmul(&v));
//! ```
//!
//! ## Learning to learn
//!
//! MAML (Finn, Abbeel and Levine 2017) trains weights from which **one** gradient step adapts to a new task. The loss
//! after the step is differentiated through the step, so it contains a gradient. (MAML measures this loss on fresh
//! samples of the task; for brevity, the program uses the same ones.)
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Adam, Init, Mlp, Trainer, Transfer, loss};
//! use rand::{RngExt, SeedableRng, rngs::StdRng};
//!
//! // A task is a sine curve with an amplitude of its own.
//! let rng = &mut StdRng::seed_from_u64(0);
//! let task = |rng: &mut StdRng| {
//!     let (amplitude, x) =
//!         (rng.random_range(0.5..2.0), Tensor::<f64>::uniform([10, 1], -2.0, 2.0, rng));
//!     (x.clone(), x.sin() * amplitude)
//! };
//! let mut trainer = Trainer::new(
//!     Mlp::new(&[1, 16, 16, 1], Transfer::Tanh, Init::GlorotUniform, rng),
//!     Adam::new(3e-3),
//! );
//! let mut losses = Vec::new();
//! for _ in 0..300 {
//!     let (x, y) = task(rng);
//!     let step = trainer.step(&(x, y), &mut (), |_, mlp, (x, y), _| {
//!         let gradient = loss::squared_error(&mlp.forward(x), y).grad_tree(&mlp); // recorded
//!         let adapted = tree::zip_map(&mlp, &gradient, |w, g| w - g * 0.05);
//!         loss::squared_error(&adapted.forward(x), y)
//!     })?;
//!     losses.push(step.total);
//! }
//! let mean = |losses: &[f64]| losses.iter().sum::<f64>() / losses.len() as f64;
//! let (first, last) = (mean(&losses[..20]), mean(&losses[280..]));
//! println!("loss after one step of adaptation: {first:.3} at first, {last:.3} in the end");
//! # assert!(last < 0.3 * first);
//! # Ok::<(), nn::NotFinite>(())
//! ```
//!
//! ```text
//! loss after one step of adaptation: 0.253 at first, 0.004 in the end
//! ```
//!
//! ## An implicit layer
//!
//! A layer may be defined by an equation instead of a formula: z = tanh(a·z + x). Its derivative needs no record of the
//! iteration that solves the equation, which converges for |a| < 1. By the implicit function theorem, dz/dx = s/(1 −
//! s·a) and dz/da = z·dz/dx, with s = 1 − z². A [`Primitive`](autodiff::Primitive) states this: `eval` computes z, and
//! `pull` multiplies the cotangent g of z by both derivatives. It does so by recorded operations, so the rule holds at
//! every order:
//!
//! ```
//! use autodiff::prelude::*;
//!
//! struct FixedPoint;
//! impl Primitive for FixedPoint {
//!     fn name(&self) -> &str {
//!         "fixed_point"
//!     }
//!     fn eval<'v>(&self, x: &[Dyn<'v>]) -> Dyn<'v> {
//!         let (a, x) = (x[0], x[1]);
//!         (0..60).fold(x * 0.0, |z, _| (a * z + x).tanh())
//!     }
//!     fn pull<'v>(&self, x: &[Dyn<'v>], z: Dyn<'v>, g: Dyn<'v>) -> Vec<Dyn<'v>> {
//!         let slope = 1.0 - z.square();
//!         let by_x = g * slope / (1.0 - slope * x[0]);
//!         vec![by_x * z, by_x]
//!     }
//! }
//!
//! let layer = function_of_tree(&[0.5, 0.3], |_, [a, x]| custom(FixedPoint, &[&a, &x]));
//! check_grads_tree(&[0.5, 0.3], &Options::order(2), layer).unwrap();
//! ```
//!
//! ## What to try next
//!
//! **1.** Add the squared norm of the gradient with respect to the *weights* to a loss. It prefers flat minima (Barrett
//! and Dherin 2021).
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Init, Mlp, Transfer, loss};
//! use rand::{SeedableRng, rngs::StdRng};
//! let rng = &mut StdRng::seed_from_u64(0);
//! let mlp = Mlp::<Tensor<f64>>::new(&[3, 8, 1], Transfer::Tanh, Init::GlorotUniform, rng);
//! let (x, y) =
//!     (Tensor::normal([10, 3], 0.0, 1.0, rng), Tensor::normal([10, 1], 0.0, 1.0, rng));
//! let flat = function_of_tree(&mlp, |_, mlp| {
//!     let loss = loss::squared_error(&mlp.forward(&x), &y);
//!     let gradient = loss.grad_tree(&mlp);
//!     loss + tree::dot(&gradient, &gradient) * 0.01
//! });
//! check_grads_tree(&mlp, &Options::default(), flat).unwrap();
//! ```
//!
//! </details>
//!
//! **2.** Is a loss of yours differentiated correctly? Make a mistake in `pull` above and read what
//! [`check_grads`](autodiff::check::check_grads) says.
//!
//! <details><summary>Solution</summary>
//!
//! It names the operation, `fixed_point`, its source line, and both numbers: the derivative by the rule, and that by
//! differences.
//!
//! </details>
//!
//! This is the end of the guide. The [table of kinks](autodiff::kinks), the [checker](autodiff::check) and the
//! [front page of autodiff](autodiff) are good places to go on.
