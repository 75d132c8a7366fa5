//! The text of operations.

#[cfg(feature = "linalg")]
use super::decomposition::Decomposition;
use super::linear::Linear;
use super::operation::Op;
use std::fmt;

impl Op {
    /// The name of the operation in snake case, equal to the name of the function that applies it.
    pub fn name(&self) -> String {
        match self {
            Op::Pointwise(op) => snake_case(&format!("{op:?}")),
            Op::Linear(op) => snake_case(&format!("{op:?}")),
            Op::Matmul(_) => "matmul".into(),
            Op::LogSoftmax { .. } => "log_softmax".into(),
            #[cfg(feature = "linalg")]
            Op::Decomposition(op) => snake_case(&format!("{op:?}")),
            Op::Custom(op) => op.primitive().name().into(),
        }
    }
}

/// The name of the operation, and its parameters in brackets. A tape prints operations in this form.
impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name();
        match self {
            Op::Pointwise(op) => match op.parameter() {
                Some(c) => write!(f, "{name}({c})"),
                None => f.write_str(&name),
            },
            Op::Linear(op) => match op {
                Linear::Broadcast(shape) | Linear::SumTo(shape) | Linear::Reshape(shape) => write!(f, "{name}{shape}"),
                Linear::Permute(axes) => write!(f, "{name}{axes:?}"),
                Linear::Slice { axis, start, len, step } => write!(f, "{name}(axis {axis}, {start}..+{len} by {step})"),
                Linear::Pad { axis, start, size, step } => write!(f, "{name}(axis {axis}, {start}..{size} by {step})"),
                Linear::Flip(axis) | Linear::Concat(axis) => write!(f, "{name}(axis {axis})"),
                Linear::Unfold { axis, size, step } | Linear::Fold { axis, size, step } => {
                    write!(f, "{name}(axis {axis}, {size} by {step})")
                }
                Linear::CumSum { axis, reverse } => {
                    write!(f, "{name}(axis {axis}{})", if *reverse { ", reverse" } else { "" })
                }
                Linear::Gather { axis, index } | Linear::ScatterAdd { axis, index, .. } => {
                    write!(f, "{name}(axis {axis}, index {})", index.shape())
                }
            },
            Op::Matmul(op) => {
                let mark = |transposed| if transposed { "ᵀ" } else { "" };
                write!(f, "{name}(x{}·x{})", mark(op.transpose_lhs), mark(op.transpose_rhs))
            }
            Op::LogSoftmax { axis } => write!(f, "{name}(axis {axis})"),
            #[cfg(feature = "linalg")]
            Op::Decomposition(op) => match op {
                Decomposition::TriangularSolve(triangle) => write!(f, "{name}({triangle:?})"),
                Decomposition::Solve { transpose: true, .. } => write!(f, "{name}(xᵀ)"),
                Decomposition::Solve { transpose: false, .. }
                | Decomposition::Cholesky
                | Decomposition::Det(_)
                | Decomposition::LogDet(_)
                | Decomposition::Qr
                | Decomposition::Eigh
                | Decomposition::Svd => f.write_str(&name),
            },
            Op::Custom(_) => f.write_str(&name),
        }
    }
}

/// The leading identifier of a debug text in snake case: `ClampMin(0.5)` → `clamp_min`. The names of the variants are
/// thus the only source of names.
fn snake_case(debug: &str) -> String {
    let mut name = String::new();
    for letter in debug.chars().take_while(|c| c.is_alphanumeric()) {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}
