//! The sums of a gradient over all ranks, which begin while the backward pass goes on.

use super::ranks::Ranks;
use autodiff::prelude::*;

/// Leaves of at least this many elements are summed alone, smaller ones together, because each sum has a fixed cost.
const LARGE: usize = 1 << 16;

/// The gradients of the leaves of a model, in pieces. A sum begins when its piece and all pieces before it are complete. So
/// all ranks begin the sums in the same order, even if their losses use the leaves in different orders.
pub(super) struct Sums<'a, T, C> {
    ranks: &'a C,
    model: Vec<&'a Tensor<T>>,
    /// The leaves of each piece.
    pieces: Vec<Vec<usize>>,
    /// The gradients whose sums have not begun.
    waiting: Vec<Option<Tensor<T>>>,
    begun: Vec<Box<dyn FnOnce() -> Tensor<T> + 'a>>,
}

impl<'a, T: Element, C: Ranks<T>> Sums<'a, T, C> {
    pub(super) fn new(ranks: &'a C, model: Vec<&'a Tensor<T>>) -> Self {
        let sizes: Vec<usize> = model.iter().map(|leaf| leaf.size()).collect();
        let waiting = vec![None; model.len()];
        Self { ranks, model, pieces: pieces(&sizes), waiting, begun: Vec::new() }
    }

    /// Takes the gradient of a leaf.
    pub(super) fn add(&mut self, leaf: usize, gradient: Tensor<T>) {
        self.waiting[leaf] = Some(gradient);
        while let Some(piece) = self.pieces.get(self.begun.len())
            && piece.iter().all(|&leaf| self.waiting[leaf].is_some())
        {
            let mut gradients: Vec<_> = piece.iter().filter_map(|&leaf| self.waiting[leaf].take()).collect();
            let joined = if piece.len() == 1 { gradients.remove(0) } else { tree::flatten(&gradients) };
            self.begun.push(self.ranks.begin_sum(joined));
        }
    }

    /// Begins the sums of all leaves that have not come, as after a fault, with zeros in their place.
    pub(super) fn begin_rest(&mut self) {
        while let Some(piece) = self.pieces.get(self.begun.len()) {
            let missing = piece.iter().copied().find(|&leaf| self.waiting[leaf].is_none());
            let leaf = missing.expect("a piece whose sum has not begun lacks a leaf");
            self.add(leaf, self.model[leaf].full_like(0.0));
        }
    }

    /// The sums, for each leaf.
    pub(super) fn finish(self) -> Vec<Tensor<T>> {
        let mut sums = self.waiting;
        for (piece, sum) in self.pieces.iter().zip(self.begun) {
            match piece[..] {
                [leaf] => sums[leaf] = Some(sum()),
                _ => {
                    let like: Vec<Tensor<T>> = piece.iter().map(|&leaf| self.model[leaf].clone()).collect();
                    let parts = tree::unflatten(&like, &sum());
                    piece.iter().zip(parts).for_each(|(&leaf, part)| sums[leaf] = Some(part));
                }
            }
        }
        sums.into_iter().map(|sum| sum.expect("each leaf belongs to a piece")).collect()
    }
}

/// The leaves in pieces, for their sizes, from the last layer to the first, as a backward pass completes them.
fn pieces(sizes: &[usize]) -> Vec<Vec<usize>> {
    let (mut pieces, mut small, mut size) = (Vec::new(), Vec::new(), 0);
    for (leaf, &elements) in sizes.iter().enumerate().rev() {
        if elements >= LARGE {
            pieces.push(vec![leaf]);
            continue;
        }
        small.push(leaf);
        size += elements;
        if size >= LARGE {
            pieces.push(std::mem::take(&mut small));
            size = 0;
        }
    }
    if !small.is_empty() {
        pieces.push(small);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::{LARGE, Sums, pieces};
    use crate::train::Ranks;
    use autodiff::prelude::*;
    use std::cell::RefCell;

    /// One rank of two with the same numbers, which notes the sizes of the sums that begin.
    #[derive(Default)]
    struct Noting(RefCell<Vec<usize>>);

    impl Ranks<f64> for Noting {
        fn rank(&self) -> usize {
            0
        }

        fn size(&self) -> usize {
            2
        }

        fn sum(&self, x: Tensor<f64>) -> Tensor<f64> {
            self.0.borrow_mut().push(x.size());
            x * 2.0
        }

        fn sum_figures(&self, figures: Vec<f64>) -> Vec<f64> {
            figures
        }
    }

    #[test]
    fn large_leaves_are_pieces_and_small_ones_are_joined_from_the_last_layer_on() {
        assert_eq!(pieces(&[LARGE, 5, LARGE + 1, 3]), [vec![2], vec![0], vec![3, 1]]);
        assert_eq!(pieces(&[1, LARGE - 3, 2, 1]), [vec![3, 2, 1], vec![0]]);
        assert_eq!(pieces(&[]), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn sums_begin_as_soon_as_their_pieces_and_those_before_are_complete() {
        let model = [LARGE, 5, LARGE + 1, 3].map(|n| Tensor::full([n], 0.0));
        let (ranks, gradient) = (Noting::default(), |leaf: usize| model[leaf].full_like(leaf as f64 + 1.0));
        let mut sums = Sums::new(&ranks, model.iter().collect());
        for (leaf, begun) in [(3, 0), (2, 1), (1, 1), (0, 3)] {
            sums.add(leaf, gradient(leaf));
            assert_eq!(ranks.0.borrow().len(), begun, "after leaf {leaf}");
        }
        assert_eq!(ranks.0.take(), [LARGE + 1, LARGE, 8]);
        assert!(sums.finish().iter().enumerate().all(|(leaf, sum)| *sum == gradient(leaf) * 2.0));
        // Another order of the leaves changes no sum.
        let mut sums = Sums::new(&ranks, model.iter().collect());
        [0, 1, 3, 2].into_iter().for_each(|leaf| sums.add(leaf, gradient(leaf)));
        assert_eq!(ranks.0.take(), [LARGE + 1, LARGE, 8]);
        assert!(sums.finish().iter().enumerate().all(|(leaf, sum)| *sum == gradient(leaf) * 2.0));
    }

    #[test]
    fn rank_with_a_fault_begins_the_same_sums() {
        let model = [LARGE, 5, LARGE + 1, 3].map(|n| Tensor::full([n], 0.0));
        let ranks = Noting::default();
        for come in [&[][..], &[3], &[3, 2], &[1], &[0, 1]] {
            let mut sums = Sums::new(&ranks, model.iter().collect());
            come.iter().for_each(|&leaf| sums.add(leaf, model[leaf].full_like(1.0)));
            sums.begin_rest();
            assert_eq!(ranks.0.take(), [LARGE + 1, LARGE, 8]);
            let first = if come.contains(&0) { model[0].full_like(2.0) } else { model[0].clone() };
            assert_eq!(sums.finish()[0], first);
        }
    }
}
