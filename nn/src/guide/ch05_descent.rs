//! # 5. Gradient descent
//!
//! A network g with weights W is trained on pairs (xᵢ, yᵢ). The cost C compares its output g(xᵢ) with the target yᵢ:
//! usually the squared error for numbers, and the cross-entropy for classes. For classes, g(x) is a vector of
//! probabilities, such as (0.1, 0.7, 0.2), and the target is the one-hot vector of the right class, such as (0, 1, 0).
//! In use, the weights are fixed and x varies. In training, the pairs are fixed and the weights vary: training makes C
//! small by moving the weights against its gradient, in small steps of rate η:
//!
//! > W ← W − η·∇C
//!
//! The gradient points to where C grows fastest, so for a small η each step makes C smaller, unless the gradient is 0.
//!
//! In the program, [`value_and_grad`](autodiff::value_and_grad()) calls a closure with a tape, which this one does not
//! use, and with the numbers of `line` as variables on it. It returns the cost and its gradient, which has the
//! structure of `line`. [`tree::zip_map`](autodiff::tree::zip_map) combines two such structures number by number.
//!
//! ```
//! use autodiff::prelude::*;
//!
//! // Fit a line a·x + b to four points.
//! let x = Tensor::from([0.0, 1.0, 2.0, 3.0]);
//! let y = Tensor::from([1.1, 2.9, 5.2, 6.8]);
//! let mut line = [Tensor::scalar(0.0), Tensor::scalar(0.0)];
//! for step in 0..=100 {
//!     let (cost, gradient) =
//!         value_and_grad(&line, |_, [a, b]| (a * &x + b - &y).square().mean());
//!     if step % 25 == 0 {
//!         println!("step {step:3}: C = {:.4}, a = {:.3}, b = {:.3}", cost, line[0], line[1]);
//!     }
//!     line = tree::zip_map(&line, &gradient, |w, g| w - g * 0.1);
//! }
//! # assert!((line[0].item() - 1.94).abs() < 1e-3 && (line[1].item() - 1.09).abs() < 1e-3);
//! ```
//!
//! ```text
//! step   0: C = 20.7250, a = 0.000, b = 0.000
//! step  25: C = 0.0209, a = 1.955, b = 1.058
//! step  50: C = 0.0205, a = 1.943, b = 1.083
//! step  75: C = 0.0205, a = 1.941, b = 1.089
//! step 100: C = 0.0205, a = 1.940, b = 1.090
//! ```
//!
//! ## The step size
//!
//! A quadratic cost, such as this one, has a constant matrix of second derivatives, its Hessian. Let λ be its largest
//! eigenvalue. Along its eigenvector, the direction of largest curvature, a step multiplies the distance to the minimum
//! by 1 − η·λ. So the steps converge only for η < 2/λ. [`hvp`](autodiff::hvp()) multiplies the Hessian by a vector,
//! which is all that the power method needs to find λ:
//!
//! ```
//! use autodiff::prelude::*;
//!
//! let (x, y) = (Tensor::from([0.0, 1.0, 2.0, 3.0]), Tensor::from([1.1, 2.9, 5.2, 6.8]));
//! // `function_of` gives a closure that is bound to a name its type.
//! let cost = function_of(&Tensor::from([0.0, 0.0]), |w| {
//!     (w.at([0]) * &x + w.at([1]) - &y).square().mean()
//! });
//! let mut v = Tensor::from([1.0, 1.0]);
//! let mut lambda = 0.0;
//! for _ in 0..50 {
//!     let product = hvp(&Tensor::from([0.0, 0.0]), &v, cost);
//!     lambda = product.norm().item();
//!     v = product / lambda;
//! }
//! # assert_eq!(format!("{lambda:.4}"), "8.4051");
//! println!("λ = {lambda:.4}, so η must be below {:.4}", 2.0 / lambda);
//!
//! let distance_after_50_steps = |rate: f64| {
//!     let mut w = Tensor::from([0.0, 0.0]);
//!     for _ in 0..50 {
//!         w = w.clone() - grad(&w, cost) * rate;
//!     }
//!     (w - Tensor::from([1.94, 1.09])).norm().item() // the least-squares line
//! };
//! assert!(distance_after_50_steps(0.99 * 2.0 / lambda) < 3.0);
//! assert!(distance_after_50_steps(1.1 * 2.0 / lambda) > 100.0);
//! ```
//!
//! ```text
//! λ = 8.4051, so η must be below 0.2380
//! ```
//!
//! ## Batches, and better steps
//!
//! For a large training set, the gradient over a random batch is a cheap and unbiased estimate of the whole one:
//! stochastic gradient descent. [`Trainer`](crate::Trainer) draws the batches, and an optimiser such as
//! [`Sgd`](crate::Sgd) or [`Adam`](crate::Adam) makes the steps. An [`epoch`](crate::Trainer::epoch) takes a step for
//! each batch, here of 32 images, until all samples have been used once.
//!
//! ```
//! use nn::{Adam, Init, Mlp, Trainer, Transfer, data::Digits, loss, metrics};
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! let rng = &mut StdRng::seed_from_u64(0);
//! let Digits { train, test } = Digits::<f32>::load(); // 1,437 and 360 images of 8 × 8 pixels
//! let mlp = Mlp::new(&[64, 32, 10], Transfer::Relu, Init::HeNormal, rng);
//! let mut trainer = Trainer::new(mlp, Adam::new(1e-2));
//! for epoch in 1..=5 {
//!     let mean = trainer.epoch(&train, 32, rng, |_, mlp, batch, _| {
//!         loss::cross_entropy(&mlp.forward(&batch.x), &batch.labels)
//!     })?;
//!     println!("epoch {epoch}: cost {:.3}", mean.total);
//! }
//! assert!(metrics::accuracy(&trainer.model.forward(&test.x), &test.labels) > 0.93);
//! # Ok::<(), nn::NotFinite>(())
//! ```
//!
//! ```text
//! epoch 1: cost 1.230
//! epoch 2: cost 0.316
//! epoch 3: cost 0.184
//! epoch 4: cost 0.135
//! epoch 5: cost 0.108
//! ```
//!
//! The labels are numbers of classes. [`cross_entropy`](crate::loss::cross_entropy) reads each as a one-hot vector, and
//! contains the softmax, so the network returns logits.
//!
//! ## A loss of your own
//!
//! A [loss](crate::Loss) is a closure |tape, model, batch, rng|. The trainer calls it with a tape, the model with
//! variables in place of its weights, the batch, and the generator of random numbers. It returns a variable with one
//! element, by any operations on variables; tensors such as `&y` may be operands, and count as constants. If it draws
//! nothing, `step` takes `&mut ()` as the generator. `tape.term` gives a part of the loss a name, under which the
//! trainer reports its mean:
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Adam, Init, Mlp, Trainer, Transfer, data::Digits, loss};
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! let rng = &mut StdRng::seed_from_u64(0);
//! let Digits { train, .. } = Digits::<f32>::load();
//! let mlp = Mlp::new(&[64, 32, 10], Transfer::Relu, Init::HeNormal, rng);
//! let mut trainer = Trainer::new(mlp, Adam::new(1e-2));
//! let mean = trainer.epoch(&train, 32, rng, |tape, mlp, batch, _| {
//!     let logits = mlp.forward(&batch.x);
//!     let entropy = loss::cross_entropy(&logits, &batch.labels);
//!     let size = logits.square().mean() * 0.01; // a penalty on an overconfident network
//!     tape.term("entropy", entropy) + tape.term("size", size)
//! })?;
//! println!("{mean}");
//! # assert_eq!(mean.terms.len(), 2);
//! # assert!((mean.total - mean.terms[0].1 - mean.terms[1].1).abs() < 1e-5);
//! # Ok::<(), nn::NotFinite>(())
//! ```
//!
//! ```text
//! 1.2588 (entropy 1.2367, size 0.0221)
//! ```
//!
//! Exercise 1 compares two losses.
//!
//! ## What to try next
//!
//! **1.** Replace the squared error of the line by the absolute error and move one point far away. Which line is
//! disturbed less?
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Sgd, Trainer};
//! let x = Tensor::<f64>::linspace(0.0, 9.0, 10);
//! // The last point is wrong.
//! let y = Tensor::from_fn([10], |i| if i[0] == 9 { 60.0 } else { 2.0 * i[0] as f64 + 1.0 });
//! let slope = |absolute: bool| {
//!     let mut trainer =
//!         Trainer::new([Tensor::scalar(0.0), Tensor::scalar(0.0)], Sgd::new(0.01));
//!     for _ in 0..3000 {
//!         let step = trainer.step(&x, &mut (), |_, [a, b], x, _| {
//!             let error = a * x + b - &y;
//!             if absolute { error.abs().mean() } else { error.square().mean() }
//!         });
//!         step.expect("the cost is finite");
//!     }
//!     trainer.model[0].item()
//! };
//! assert!((slope(true) - 2.0).abs() < 0.2 && slope(false) > 3.5);
//! ```
//!
//! </details>
//!
//! **2.** Newton's method divides the gradient by the Hessian instead of choosing a rate. How many steps does the line
//! need?
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! let (x, y) = (Tensor::from([0.0, 1.0, 2.0, 3.0]), Tensor::from([1.1, 2.9, 5.2, 6.8]));
//! let w = Tensor::from([0.0, 0.0]);
//! let cost = function_of(&w, |w| (w.at([0]) * &x + w.at([1]) - &y).square().mean());
//! let (g, h) = (grad(&w, cost), hessian(&w, cost));
//! let det = h[[0, 0]] * h[[1, 1]] - h[[0, 1]] * h[[1, 0]];
//! let step = Tensor::from([
//!     h[[1, 1]] * g[[0]] - h[[0, 1]] * g[[1]],
//!     h[[0, 0]] * g[[1]] - h[[1, 0]] * g[[0]],
//! ]) / det;
//! assert!((w - step).approx(&Tensor::from([1.94, 1.09]), 1e-12).is_ok());
//! // One: the cost is quadratic.
//! ```
//!
//! </details>
//!
//! Next: [backpropagation by hand](super::ch06_backpropagation), which computes ∇C.
