//! # 6. Backpropagation by hand
//!
//! The network of the textbook is a chain of layers. Layer l multiplies by a matrix Wˡ, adds a bias bˡ and applies a
//! transfer function fˡ:
//!
//! > zˡ = Wˡ·aˡ⁻¹ + bˡ\
//! > aˡ = fˡ(zˡ), with a⁰ = x
//!
//! The weight wˡⱼₖ leads from unit k of layer l − 1 to unit j of layer l. The textbook leaves the bias out, as a weight
//! with the constant input 1, and writes the whole network as g(x) = fᴸ(Wᴸ·fᴸ⁻¹(Wᴸ⁻¹ … f¹(W¹·x) … )).
//!
//! The cost C compares the output aᴸ with the target y. Backpropagation computes the gradient of C with respect to all
//! weights. Its central quantity is the **error** of a layer, δˡ = ∂C/∂zˡ, the cost attributable to each of its units.
//! The chain rule gives δ at the output, from the gradient ∇ₐC of the cost by aᴸ, and then from layer to layer
//! backwards:
//!
//! > δᴸ = (fᴸ)′(zᴸ) ∘ ∇ₐC\
//! > δˡ⁻¹ = (fˡ⁻¹)′(zˡ⁻¹) ∘ (Wˡ)ᵀ·δˡ
//!
//! (∘ multiplies element by element.) A weight acts on the cost through the zˡ of its layer alone, and linearly, so
//!
//! > ∂C/∂Wˡ = δˡ·(aˡ⁻¹)ᵀ\
//! > ∂C/∂bˡ = δˡ
//!
//! The gradient with respect to the input needs one more product: ∇ₓC = (W¹)ᵀ·δ¹. The forward pass must keep all zˡ and
//! aˡ, since the backward pass reads them.
//!
//! We follow a network with two inputs, two hidden units and one output, four times: by hand, by matrices, on the tape,
//! and in a picture. The numbers must be the same in all four.
//!
//! ## By hand
//!
//! ```
//! let sigma = |z: f64| 1.0 / (1.0 + (-z).exp());
//! let (x, y) = ([1.0, 2.0], 1.0);
//! let (w1, b1) = ([[0.5, -0.5], [1.0, 0.25]], [0.1, -0.5]);
//! let (w2, b2) = ([1.0, -1.5], 0.2);
//!
//! // Forward.
//! let z1 = [0, 1].map(|j| w1[j][0] * x[0] + w1[j][1] * x[1] + b1[j]);
//! let a1 = z1.map(sigma);
//! let z2 = w2[0] * a1[0] + w2[1] * a1[1] + b2;
//! let a2 = sigma(z2);
//! println!(
//!     "z¹ = {z1:.4?}  a¹ = {a1:.4?}  z² = {z2:.4}  a² = {a2:.4}  C = {:.4}",
//!     (a2 - y).powi(2)
//! );
//!
//! // Backward. σ has the derivative σ·(1 − σ), and the cost (a² − y)² has 2·(a² − y).
//! let delta2 = a2 * (1.0 - a2) * 2.0 * (a2 - y);
//! let delta1 = [0, 1].map(|j| a1[j] * (1.0 - a1[j]) * w2[j] * delta2);
//! println!("δ² = {delta2:.4}  δ¹ = {delta1:.4?}");
//!
//! // The gradients.
//! println!("∂C/∂W² = {:.4?}", a1.map(|a| delta2 * a));
//! println!("∂C/∂W¹ = {:.4?}", delta1.map(|delta| x.map(|x| delta * x)));
//! # assert_eq!(format!("{:.4?}", delta1.map(|delta| x.map(|x| delta * x))), "[[-0.0702, -0.1405], [0.0862, 0.1725]]");
//! ```
//!
//! ```text
//! z¹ = [-0.4000, 1.0000]  a¹ = [0.4013, 0.7311]  z² = -0.4953  a² = 0.3787  C = 0.3861
//! δ² = -0.2924  δ¹ = [-0.0702, 0.0862]
//! ∂C/∂W² = [-0.1173, -0.2137]
//! ∂C/∂W¹ = [[-0.0702, -0.1405], [0.0862, 0.1725]]
//! ```
//!
//! ## By matrices
//!
//! [`matrix_form`](crate::matrix_form) does the same for any number of layers, any transfer functions and any cost, in
//! the textbook's notation and without a tape.
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Linear, Mlp, Transfer, matrix_form};
//!
//! let network = Mlp {
//!     layers: vec![
//!         Linear {
//!             weight: Tensor::from([[0.5, -0.5], [1.0, 0.25]]),
//!             bias: Tensor::from([0.1, -0.5]),
//!         },
//!         Linear { weight: Tensor::from([[1.0, -1.5]]), bias: Tensor::from([0.2]) },
//!     ],
//!     transfers: vec![Transfer::Sigmoid, Transfer::Sigmoid],
//! };
//! let (x, y) = (Tensor::from([1.0, 2.0]), Tensor::from([1.0]));
//!
//! let kept = matrix_form::forward(&network, &x); // z and a of all layers
//! let cost_gradient = matrix_form::squared_error_gradient(kept.output(), &y); // ∇ₐC
//! let found = matrix_form::backward(&network, &kept, &cost_gradient);
//! println!("δ² = {:.4}  δ¹ = {:.4}", found.delta[1], found.delta[0]);
//! println!("∂C/∂W² = {:.4}", found.nabla.layers[1].weight);
//! println!("∂C/∂W¹ = {:.4}", found.nabla.layers[0].weight);
//! # assert_eq!(format!("{:.4}", found.nabla.layers[0].weight), "[[-0.0702, -0.1405],\n [ 0.0862,  0.1725]]");
//! ```
//!
//! ```text
//! δ² = [-0.2924]  δ¹ = [-0.0702,  0.0862]
//! ∂C/∂W² = [[-0.1173, -0.2137]]
//! ∂C/∂W¹ = [[-0.0702, -0.1405],
//!  [ 0.0862,  0.1725]]
//! ```
//!
//! ## On the tape
//!
//! The tape knows nothing about layers, so connections may skip some. It records each operation of the forward pass and
//! then walks back through the record. At each operation it multiplies by the operation's own derivative; the textbook
//! speaks of the adjoint graph. The forward pass records layer 1 first and the cost last. So the walk back completes δᴸ
//! first, then δᴸ⁻¹, and δ¹ last: the order of the recursion.
//!
//! `variable` records an input of the derivatives. `constant` records data; a derivative with respect to it is computed
//! only if `grad` names it. `named` gives a node the name that formulas and pictures show. `cost.grad([z2, z1, w1])`
//! returns the derivatives of C by these three, as variables on the same tape. [`formula`](autodiff::Var::formula)
//! shows what the walk computed. Nobody wrote the recursion of δ, and yet here it is:
//!
//! ```
//! use autodiff::prelude::*;
//!
//! let tape = Tape::new();
//! let (x, y) = (
//!     tape.constant(Tensor::from([1.0, 2.0])).named("x"),
//!     tape.constant(Tensor::from([1.0])).named("y"),
//! );
//! let w1 = tape.variable(Tensor::from([[0.5, -0.5], [1.0, 0.25]])).named("W¹");
//! let b1 = tape.variable(Tensor::from([0.1, -0.5])).named("b¹");
//! let w2 = tape.variable(Tensor::from([[1.0, -1.5]])).named("W²");
//! let b2 = tape.variable(Tensor::from([0.2])).named("b²");
//!
//! let z1 = (w1.matmul(x) + b1).named("z¹");
//! let a1 = z1.sigmoid().named("a¹");
//! let z2 = (w2.matmul(a1) + b2).named("z²");
//! let a2 = z2.sigmoid().named("a²");
//! let cost = (a2 - y).square().sum().named("C");
//!
//! let [delta2, delta1, nabla] = cost.grad([z2, z1, w1]);
//! delta2.named("δ²");
//! delta1.named("δ¹");
//! nabla.named("∂C/∂W¹");
//! println!("{}\n", nabla.formula());
//! println!("δ² = {:.4}  δ¹ = {:.4}", delta2.value(), delta1.value());
//! println!("∂C/∂W¹ = {:.4}", nabla.value());
//! # assert_eq!(format!("{:.4}", nabla.value()), "[[-0.0702, -0.1405],\n [ 0.0862,  0.1725]]");
//! # let formula = nabla.formula().to_string();
//! # assert!(formula.ends_with("δ² = 2·(a² − y)·σ′(z²)\nδ¹ = ((W²)ᵀ·δ²)⊙σ′(z¹)\n∂C/∂W¹ = δ¹·xᵀ"), "{formula}");
//! ```
//!
//! ```text
//! z¹ = W¹·x + b¹
//! a¹ = σ(z¹)
//! z² = W²·a¹ + b²
//! a² = σ(z²)
//! δ² = 2·(a² − y)·σ′(z²)
//! δ¹ = ((W²)ᵀ·δ²)⊙σ′(z¹)
//! ∂C/∂W¹ = δ¹·xᵀ
//!
//! δ² = [-0.2924]  δ¹ = [-0.0702,  0.0862]
//! ∂C/∂W¹ = [[-0.0702, -0.1405],
//!  [ 0.0862,  0.1725]]
//! ```
//!
//! The formula writes ⊙ for ∘, the product element by element. δ² has one element, so a · suffices there.
//!
//! ## In a picture
//!
//! [`tape.drawing()`](autodiff::Tape::drawing) draws the record. Each node shows its operation, its value, and the
//! derivative of C by it. Read it from the top: the forward pass. Read the gradients from the bottom: the backward
//! pass. The gradient at z² is δ², and the gradient at z¹ is δ¹. A node without a name has a number, such as %7. A
//! `reshape` turns a vector into a matrix with one column, or back; the formula above leaves it out.
#![doc = include_str!("pictures/backpropagation.html")]
//!
//! ```
//! # use autodiff::prelude::*;
//! # let tape = Tape::new();
//! # let cost = tape.variable(Tensor::scalar(1.0)).square();
//! let picture = tape.drawing().of(&[cost]).values().gradients(cost).to_svg();
//! # assert!(picture.starts_with("<svg"));
//! ```
//!
//! ## What to try next
//!
//! **1.** Change the cost to the cross-entropy, −y·ln a² − (1 − y)·ln(1 − a²). Show that δ² becomes a² − y.
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! let tape = Tape::new();
//! let z = tape.variable(0.3).named("z");
//! let y = 1.0;
//! let a = z.sigmoid();
//! let cost = -(a.ln() * y) - (1.0 - a).ln() * (1.0 - y);
//! let [delta] = cost.grad([z]);
//! assert!((delta.value() - (a.value() - y)).abs() < 1e-15);
//! ```
//!
//! The factor σ′(z) = a·(1 − a) cancels against the derivative of the logarithms. A saturated unit that is wrong
//! therefore still learns, which is one reason to train classifiers with the cross-entropy.
//!
//! </details>
//!
//! **2.** Verify one weight by a difference quotient: change W¹₁₂ by ±10⁻⁵ and compare with ∂C/∂W¹₁₂.
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! let sigma = |z: f64| 1.0 / (1.0 + (-z).exp());
//! let cost = |w: f64| {
//!     let a1 = [0.5 * 1.0 + w * 2.0 + 0.1, 1.0 * 1.0 + 0.25 * 2.0 - 0.5].map(sigma);
//!     (sigma(a1[0] - 1.5 * a1[1] + 0.2) - 1.0f64).powi(2)
//! };
//! let h = 1e-5;
//! let quotient = (cost(-0.5 + h) - cost(-0.5 - h)) / (2.0 * h);
//! assert!((quotient - -0.1405).abs() < 1e-4);
//! ```
//!
//! [`check_grads`](autodiff::check::check_grads) does this for whole programs, at every order.
//!
//! </details>
//!
//! Next: [the naive product](super::ch07_naive), and why the order of multiplication matters.
