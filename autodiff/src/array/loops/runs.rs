//! Operands that do not lie in one order, read in runs that do.

use crate::array::axes::Axes;
use crate::array::machine::parallel;
use crate::array::memory::{Run, Storage, Tensor};
use crate::array::number::Number;
use crate::array::view::Starts;
use std::array::from_fn;
use std::borrow::Cow;

/// So many elements of a long run are worked on at a time.
pub(crate) const BLOCK: usize = 4096;

/// What computes the elements of a slice from those of N others.
pub(crate) type Fills<'f, T, const N: usize> = &'f (dyn Fn(&mut [T], [&[T]; N]) + Sync);

/// Operands cut into runs along their last axes, as long as each of them either lies there in one piece or repeats one
/// element. (A bias in a batch is a run that is read for each row.)
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
        // What is scattered along the last axis is copied: its elements would be fetched one by one otherwise.
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

    /// How long a run is.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// What a piece of work is a multiple of: a single run can be cut anywhere.
    pub(crate) fn unit(&self) -> usize {
        if self.outer == 0 { parallel::LINE } else { self.len }
    }

    /// Shows the runs for the rows in `y`, whose first element is the one at `start` of all; long ones block by block,
    /// so that what is repeated stays in the cache.
    pub(crate) fn for_each(&self, start: usize, y: &mut [T], fill: Fills<'_, T, N>) {
        let outer = self.outer;
        let mut starts: [Starts; N] = from_fn(|j| {
            let x = &self.operands[j];
            Starts::new(&x.shape[..outer], &self.strides[j][..outer], x.offset).after(start / self.len)
        });
        let block = self.len.min(BLOCK);
        let run = |j: usize| Run::along(&self.operands[j].shape[outer..], &self.strides[j][outer..]);
        let mut repeated: [_; N] = from_fn(|j| (run(j) == Some(Run::Repeats)).then(|| Storage::recycled(block)));
        let skipped = start % self.len; // other than 0 in a single run only
        for row in y.chunks_mut(self.len) {
            let places: [usize; N] = from_fn(|j| starts[j].next().expect("as many runs as rows"));
            for (j, repeated) in repeated.iter_mut().enumerate() {
                repeated.iter_mut().for_each(|block| block.fill(self.operands[j].data[places[j]]));
            }
            for (y, from) in row.chunks_mut(block).zip((skipped..).step_by(block)) {
                let slice = |j: usize| match &repeated[j] {
                    Some(block) => &block[..y.len()],
                    None => &self.operands[j].data[places[j] + from..][..y.len()],
                };
                fill(y, from_fn(slice));
            }
        }
    }
}
