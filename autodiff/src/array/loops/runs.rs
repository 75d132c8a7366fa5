//! Operands with different layouts, read in runs that are contiguous or repeat one element.

use crate::array::axes::Axes;
use crate::array::machine::parallel;
use crate::array::memory::{Run, Storage, Tensor};
use crate::array::number::Number;
use crate::array::view::Starts;
use std::array::from_fn;
use std::borrow::Cow;

/// The number of elements of a long run that are processed at a time.
pub(crate) const BLOCK: usize = 4096;

/// A formula that computes the elements of a slice from those of N others.
pub(crate) type SliceFormula<'f, T, const N: usize> = &'f (dyn Fn(&mut [T], [&[T]; N]) + Sync);

/// Operands cut into the longest runs along their last axes in which each operand is contiguous or repeats one element.
/// A bias in a batch is one run that is read for each row.
pub(crate) struct Runs<'a, T: Clone, const N: usize> {
    operands: [Cow<'a, Tensor<T>>; N],
    strides: [Axes<isize>; N],
    outer: usize,
    len: usize,
}

impl<'a, T: Number, const N: usize> Runs<'a, T, N> {
    pub(crate) fn new(x: [&'a Tensor<T>; N]) -> Self {
        let shape = &x[0].shape;
        let rank = shape.rank();
        // Copy operands that are strided along the last axis.
        let mut strides = x.map(|x| x.strides());
        let operands = from_fn(|j| match Run::along(&shape[rank - 1..], &strides[j][rank - 1..]) {
            Some(_) => Cow::Borrowed(x[j]),
            None => {
                strides[j] = shape.strides();
                Cow::Owned(x[j].copied())
            }
        });
        let whole = |&outer: &usize| strides.iter().all(|x| Run::along(&shape[outer..], &x[outer..]).is_some());
        let outer = (0..rank).find(whole).unwrap_or(rank - 1);
        Self { outer, len: shape[outer..].iter().product(), operands, strides }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The unit in which the work is divided among threads; a single run can be cut within.
    pub(crate) fn unit(&self) -> usize {
        if self.outer == 0 { parallel::CACHE_LINE } else { self.len }
    }

    /// Calls `fill` for the runs in `y`, which starts at index `start` of the whole result. Long runs are processed in
    /// blocks, so that repeated elements stay in the cache.
    pub(crate) fn for_each(&self, start: usize, y: &mut [T], fill: SliceFormula<'_, T, N>) {
        let outer = self.outer;
        let mut starts: [Starts; N] = from_fn(|j| {
            let x = &self.operands[j];
            Starts::new(&x.shape[..outer], &self.strides[j][..outer], x.offset).skipping(start / self.len)
        });
        let block = self.len.min(BLOCK);
        let run = |j: usize| Run::along(&self.operands[j].shape[outer..], &self.strides[j][outer..]);
        let mut repeated: [_; N] = from_fn(|j| (run(j) == Some(Run::Repeated)).then(|| Storage::recycled(block)));
        let skipped = start % self.len; // not 0 only within a single run
        for row in y.chunks_mut(self.len) {
            let offsets: [usize; N] = from_fn(|j| starts[j].next().expect("each row has a run"));
            for (j, repeated) in repeated.iter_mut().enumerate() {
                repeated.iter_mut().for_each(|block| block.fill(self.operands[j].data[offsets[j]]));
            }
            for (y, from) in row.chunks_mut(block).zip((skipped..).step_by(block)) {
                let slice = |j: usize| match &repeated[j] {
                    Some(block) => &block[..y.len()],
                    None => &self.operands[j].data[offsets[j] + from..][..y.len()],
                };
                fill(y, from_fn(slice));
            }
        }
    }
}
