//! Short lists of what belongs to the operands of an operation.

use smallvec::SmallVec;

/// As many entries as an operation has operands, without an allocation for up to three.
pub(crate) type Few<B> = SmallVec<[B; 3]>;

/// `f` of each. (Not `collect`, which asks before each entry whether there is room: it took a fiftieth of a small step.)
#[inline(always)]
pub(crate) fn few<'a, A, B: Copy>(x: &'a [A], f: impl Fn(&'a A) -> B) -> Few<B> {
    match x {
        [a] => Few::from_buf_and_len([f(a); 3], 1),
        [a, b] => {
            let (a, b) = (f(a), f(b));
            Few::from_buf_and_len([a, b, b], 2)
        }
        [a, b, c] => Few::from_buf([f(a), f(b), f(c)]),
        _ => x.iter().map(f).collect(),
    }
}
