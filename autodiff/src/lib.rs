//! A tape for scalars and tensors, with derivatives nested to any depth.
#![forbid(unsafe_code)]

mod batched;
mod checkpoint;
mod custom;
mod derived;
mod dual;
mod dynamic;
mod element;
mod float;
mod gradients;
mod graph;
mod infer;
mod jacobian;
mod kernel;
pub mod kinks;
mod leaves;
mod math;
mod op;
mod operators;
mod product;
mod program;
mod rule;
mod scalar;
mod shape;
mod structural;
mod sweep;
mod tape;
mod tensor;
mod transform;
mod tree;
mod value;
mod var;

pub use batched::Batched;
pub use checkpoint::checkpoint;
pub use custom::{Custom, Primitive, custom};
pub use derived::Derived;
pub use dual::Dual;
pub use dynamic::Dyn;
pub use element::Element;
pub use gradients::{Gradients, Unconnected};
pub use jacobian::Mode;
pub use math::Math;
pub use op::{Linear, Matmul, Op, Pointwise};
pub use product::Product;
pub use scalar::Scalar;
pub use shape::{Shape, ShapeError};
pub use structural::Structural;
pub use tape::Tape;
pub use tensor::{Matrix, Mismatch, Nested, Tensor, assert_close};
pub use transform::{
    grad, hessian, hvp, hvp_tree, jacobian, jacobian_by, jacobian_rows, jvp, jvp_tree, laplacian, nth_derivative,
    value_and_grad, vjp, vjp_tree, vmap,
};
pub use tree::{Path, Tree};
pub use value::Value;
pub use var::Var;

/// Everything that a program with derivatives uses, for `use autodiff::prelude::*`.
pub mod prelude {
    pub use crate::{
        Batched, Derived, Dual, Dyn, Element, Math, Mode, Primitive, Product, Scalar, Shape, Structural, Tape, Tensor,
        Tree, Value, Var, checkpoint, custom, grad, hessian, hvp, hvp_tree, jacobian, jacobian_by, jacobian_rows, jvp,
        jvp_tree, laplacian, nth_derivative, value_and_grad, vjp, vjp_tree, vmap,
    };
}
