//! Short lists with one entry for each operand of an operation.

use smallvec::SmallVec;

/// One entry for each operand. Up to three entries need no allocation.
pub(crate) type Operands<B> = SmallVec<[B; 3]>;

/// Maps `f` over the operands.
///
/// Does not use `collect`, whose check of the capacity before each entry costs 2 % of a small step
/// (`nn/benches/instructions.sh`).
#[inline(always)]
pub(crate) fn per_operand<'a, A, B: Copy>(x: &'a [A], f: impl Fn(&'a A) -> B) -> Operands<B> {
    match x {
        [a] => Operands::from_buf_and_len([f(a); 3], 1),
        [a, b] => {
            let (a, b) = (f(a), f(b));
            Operands::from_buf_and_len([a, b, b], 2)
        }
        [a, b, c] => Operands::from_buf([f(a), f(b), f(c)]),
        _ => x.iter().map(f).collect(),
    }
}
