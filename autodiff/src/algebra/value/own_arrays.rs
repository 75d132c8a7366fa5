//! Bring your own arrays: derivatives of any order on the tensors of another library.
//!
//! A tape does not know its numbers. It applies operations to values that implement [`Reading`](crate::Reading), and the rules
//! of differentiation are written in the same operations. Arrays on a graphics card, of another library or of your own
//! therefore get gradients, Jacobians and Hessian-vector products of any order from one implementation of the trait, and they run on
//! the kernels of that library.
//!
//! # An example
//!
//! Four methods and two types are required, and [`operators!`](crate::operators!) writes the operators. The example computes
//! pointwise operations and matrix products itself. Everything else falls back to
//! [`apply_on_host`](crate::Reading::apply_on_host), which copies the operands to a [`Tensor`](crate::Tensor) and back: a new
//! type is complete at once, and becomes fast operation by operation.
//!
//! ```
//! use autodiff::prelude::*;
//! use autodiff::{Matmul, Op, ShapeError, check};
//! use std::rc::Rc;
//!
//! /// Numbers in row-major order, and their shape.
//! #[derive(Clone)]
//! struct Array {
//!     numbers: Rc<Vec<f64>>,
//!     shape: Shape,
//! }
//!
//! autodiff::operators!([] Array);
//!
//! impl Reading for Array {
//!     type Elem = f64;
//!     type Tangent = Option<Self>;
//!
//!     fn apply(op: &Op, x: &[&Self]) -> Self {
//!         if let Op::Custom(primitive) = op {
//!             return primitive.eval(x);
//!         }
//!         let shapes: Vec<&Shape> = x.iter().map(|x| &x.shape).collect();
//!         let shape = op.infer(&shapes).unwrap_or_else(|error: ShapeError| panic!("{error}"));
//!         match op {
//!             Op::Pointwise(_) => Self::from_fn(shape, |i| {
//!                 let element: Vec<&f64> = x.iter().map(|x| &x.numbers[i]).collect();
//!                 f64::apply(op, &element)
//!             }),
//!             Op::Matmul(Matmul { transpose_lhs: false, transpose_rhs: false }) if x.len() == 2 && shape.rank() == 2 => {
//!                 let (n, columns) = (x[0].shape[1], shape[1]);
//!                 Self::from_fn(shape, |i| {
//!                     let (row, column) = (i / columns, i % columns);
//!                     (0..n).map(|k| x[0].numbers[row * n + k] * x[1].numbers[k * columns + column]).sum()
//!                 })
//!             }
//!             _ => Self::apply_on_host(op, x),
//!         }
//!     }
//!
//!     fn shape(&self) -> Shape {
//!         self.shape.clone()
//!     }
//!
//!     fn primal(&self) -> Tensor<f64> {
//!         Tensor::from_vec(self.shape.clone(), self.numbers.to_vec())
//!     }
//!
//!     fn lift(&self, numbers: &Tensor<f64>) -> Self {
//!         Self::new(numbers)
//!     }
//! }
//!
//! impl Array {
//!     fn new(numbers: &Tensor<f64>) -> Self {
//!         Self { numbers: Rc::new(numbers.to_vec()), shape: numbers.shape().clone() }
//!     }
//!
//!     fn from_fn(shape: Shape, f: impl Fn(usize) -> f64) -> Self {
//!         Self { numbers: Rc::new((0..shape.size()).map(f).collect()), shape }
//!     }
//! }
//!
//! // The contractive penalty of a layer, and its gradient: a loss that contains a Jacobian.
//! let w = Array::new(&Tensor::from([[0.5, -0.5, 0.1], [0.1, 0.2, -0.3]]));
//! let x = Array::new(&Tensor::from([[1.0, 2.0, 0.0], [3.0, 4.0, 1.0]]));
//! let gradient = grad(&w, |w| {
//!     let x = w.constant(x.clone());
//!     x.matmul_t(&w).sigmoid().batch_jacobian(x).square().sum()
//! });
//! assert_eq!(gradient.shape(), w.shape());
//!
//! // Every operation, in every mode, as `Tensor` computes it.
//! check::value(Array::new)?;
//! # Ok::<(), Box<check::Disagreement>>(())
//! ```
//!
//! [`check::value`](crate::check::value) compares the type with `Tensor` and names the first operation that differs. Run it
//! in your tests: an operation that a later version adds is checked too.
//!
//! # Optional methods
//!
//! The defaults are right for every type. Each override saves a copy or a kernel:
//!
//! | method | default | override it for |
//! |---|---|---|
//! | [`full_like`](crate::Reading::full_like) | [`lift`](crate::Reading::lift) of a tensor that repeats one number | nothing, if `lift` fills the array where [`as_repeated`](crate::Tensor::as_repeated) finds one number |
//! | [`item`](crate::Reading::item) | all numbers by [`primal`](crate::Reading::primal) | a copy of one number |
//! | [`identity`](crate::Reading::identity) | `lift` | Jacobians without a copy from the host: each pass begins with this matrix |
//! | [`argsort`](crate::Reading::argsort), [`top_k_indices`](crate::Reading::top_k_indices) | `primal`, on the host | a sort where the numbers are: `sort`, `top_k`, `max`, `softmax`, `logsumexp`, k-sparse codes |
//! | [`sum_all`](crate::Reading::sum_all) | a sum for each value, and one `item` | rarely: a training step looks at its gradient by it |
//! | [`update_together`](crate::Reading::update_together) | operation by operation | a kernel for each step of an optimiser, in place |
//! | [`accumulate`](crate::Reading::accumulate) | an addition | an addition in place, if nothing shares the memory |
//! | [`storage`](crate::Reading::storage) | reports nothing | the bytes of a tape |
//!
//! # What reads the numbers
//!
//! A program stays where its arrays are, except for decisions that depend on numbers. `norm` and `logsumexp` look at their
//! result for overflow, with one number for each norm. Sorting and choosing bring places to the host unless the type overrides
//! them; `cummax` and `max_pool` always read the numbers there. A checkpoint
//! counts the elements that were recomputed to the same value. `grad_and_hessian_diagonal`, sparse derivatives and
//! [`mixed_row`](crate::Var::mixed_row) make their directions on the host. Everything else, above all gradients,
//! Jacobians and products with the Hessian, reads nothing but the shape.
//!
//! The package `examples/candle` in the repository does all this for the tensors of candle, on the CPU and on CUDA.
