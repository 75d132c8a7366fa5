//! Vectorised loops, compiled for each vector unit and chosen at run time.

/// A loop over numbers. `run` must be `#[inline(always)]`, or it is compiled for the baseline instruction set.
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

/// Runs a loop in the widest vector instructions of this machine: AVX-512, AVX2 or the baseline. Products and sums are
/// not contracted, so the bits are the same.
#[inline(never)]
pub(crate) fn vectorised(f: impl Vectorise) {
    pulp::Arch::new().dispatch(Dispatched(f));
}
