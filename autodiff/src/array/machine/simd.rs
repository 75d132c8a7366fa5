//! Loops compiled for the vector units of the machine that they run on.

/// A loop over numbers. Its `run` is to be inlined always: a function of its own would be compiled for the baseline.
pub(crate) trait Vectorise {
    fn run(self);
}

struct Dispatched<L>(L);

impl<L: Vectorise> pulp::NullaryFnOnce for Dispatched<L> {
    type Output = ();
    #[inline(always)]
    fn call(self) {
        self.0.run();
    }
}

/// Runs a loop in the widest vector instructions of this machine, found out at run time: the compiler vectorises it
/// for AVX-512, for AVX2, and for the baseline. No products and sums are contracted, so the bits are the same.
#[inline(never)]
pub(crate) fn vectorised(f: impl Vectorise) {
    pulp::Arch::new().dispatch(Dispatched(f));
}
