//! Short lists with an entry for each operand of an operation.

use smallvec::SmallVec;

/// An entry for each operand, without an allocation for up to three.
pub(crate) type Operands<B> = SmallVec<[B; 3]>;

/// `f` of each operand. Without `collect`, which asks before each entry whether there is room: it takes 2 % of a small step
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
