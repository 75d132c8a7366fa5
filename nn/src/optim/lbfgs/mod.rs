//! L-BFGS.

mod line_search;

use crate::optim::optimizer::{check, leaves};
use crate::optim::scalars::{Scalars, visit_count};
use autodiff::prelude::*;
use line_search::{Point, strong_wolfe};

/// The limited-memory quasi-Newton method, for losses of a full batch. The last m changes of the weights, s = w′ − w,
/// and of the gradient, y = g′ − g, stand for the second derivatives. Each step goes along −H·g by the two-loop
/// recursion from H₀ = (sᵀy/yᵀy)·I, up to a point that satisfies the strong Wolfe conditions (Nocedal and Wright 2006,
/// algorithms 7.4, 7.5, 3.5 and 3.6; Liu and Nocedal 1989).
///
/// A step needs the loss at several points, so it takes a function in place of a gradient:
///
/// ```
/// use autodiff::prelude::*;
/// use nn::Lbfgs;
/// let mut w = Tensor::from([-1.2, 1.0]);
/// let mut lbfgs = Lbfgs::new(&w, 10);
/// for _ in 0..40 {
///     lbfgs.step(&mut w, |w| {
///         value_and_grad(w, |_, w| { // Rosenbrock's valley
///             let (x, y) = (w.index_axis(0, 0), w.index_axis(0, 1));
///             (1.0 - x).square() + (y - x.square()).square().scale(100.0)
///         })
///     });
/// }
/// assert!(w.approx(&Tensor::from([1.0, 1.0]), 1e-8).is_ok());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Lbfgs<V> {
    /// s, \[m, weights\]: a ring, with the newest in row (`pairs` − 1) mod m.
    changes: V,
    /// y, \[m, weights\].
    gradient_changes: V,
    /// The number of pairs stored so far.
    pairs: i32,
}

autodiff::tree!(Lbfgs { changes, gradient_changes | pairs });

impl<V> Scalars for Lbfgs<V> {
    fn visit_scalars(&mut self, f: &mut dyn FnMut(&str, &mut f64)) {
        visit_count("pairs", &mut self.pairs, f);
    }
}

impl<T: Element> Lbfgs<Tensor<T>> {
    /// L-BFGS for a model, with a memory of `memory` changes; 5 to 20 are usual.
    ///
    /// # Panics
    /// Panics if the memory is 0.
    #[track_caller]
    pub fn new(model: &impl Tree<Leaf = Tensor<T>>, memory: usize) -> Self {
        assert!(memory > 0, "Lbfgs: a memory of at least one change is needed");
        let empty = Tensor::zeros([memory, flat(model).size()]);
        Self { changes: empty.clone(), gradient_changes: empty, pairs: 0 }
    }

    /// Takes one step to a lower loss; returns the loss there. The function returns the loss at a model and its
    /// gradient. It must be the same function in all steps, without noise. It is called at the current model and about
    /// once more.
    ///
    /// If no lower point is found along the direction, the memory is cleared. If it was empty already, the model is at
    /// a minimum up to rounding, and stays as it is.
    ///
    /// # Panics
    /// Panics if the model or the gradient has other shapes than the optimiser was made for, or if the loss is not a
    /// scalar.
    #[track_caller]
    pub fn step<M, G>(&mut self, model: &mut M, mut f: impl FnMut(&M) -> (Tensor<T>, G)) -> f64
    where
        M: Tree<Leaf = Tensor<T>>,
        G: Tree<Leaf = Tensor<T>>,
    {
        let w = flat(model);
        let (n, expected) = (w.size(), self.changes.shape()[1]);
        assert!(n == expected, "Lbfgs::step: the model has {n} weights, but the optimiser was made for {expected}");
        let (value, gradient) = f(model);
        check("the gradient", model, &leaves(&gradient));
        let (value, g) = (value.item().to_f64(), flat(&gradient));
        let direction = self.direction(&g);
        let start = Point { at: 0.0, value, slope: number(&direction.dot(&g)) };
        // Without a memory, the length of −g says nothing about the length of a step.
        let first = if self.pairs > 0 { 1.0 } else { 1.0 / number(&g.norm_l1()).max(1.0) };
        let mut tried: Vec<(f64, Tensor<T>)> = Vec::new();
        let found = strong_wolfe(start, first, |t| {
            write(model, &(&w + &direction * t));
            let (value, gradient) = f(model);
            let g = flat(&gradient);
            let slope = number(&direction.dot(&g));
            tried.push((t, g));
            (value.item().to_f64(), slope)
        });
        let Some(point) = found else {
            write(model, &w);
            self.pairs = 0;
            return value;
        };
        let to = &w + &direction * point.at;
        write(model, &to);
        let (_, g_to) = tried.into_iter().find(|(t, _)| *t == point.at).expect("what was found was tried");
        self.remember(&to - &w, g_to - g);
        point.value
    }

    /// −H·g by the two-loop recursion (algorithm 7.4).
    fn direction(&self, g: &Tensor<T>) -> Tensor<T> {
        let memory = self.changes.shape()[0] as i32;
        let row = |x: &Tensor<T>, pair: i32| x.index_axis(0, (pair % memory) as usize);
        let kept = (self.pairs - memory).max(0)..self.pairs;
        let pairs: Vec<_> = kept.map(|k| (row(&self.changes, k), row(&self.gradient_changes, k))).collect();
        let mut q = g.clone();
        let mut shares = Vec::with_capacity(pairs.len());
        for (s, y) in pairs.iter().rev() {
            let share = s.dot(&q) / s.dot(y);
            q = q - y * &share;
            shares.push(share);
        }
        if let Some((s, y)) = pairs.last() {
            q = q * (s.dot(y) / y.dot(y));
        }
        for ((s, y), share) in pairs.iter().zip(shares.into_iter().rev()) {
            let back = y.dot(&q) / s.dot(y);
            q = q + s * (share - back);
        }
        -q
    }

    /// Stores a pair of changes in place of the oldest, if the curvature along it is above 0; otherwise H would not be
    /// positive. The Wolfe conditions ensure this except for rounding.
    fn remember(&mut self, s: Tensor<T>, y: Tensor<T>) {
        let curvature = s.dot(&y).item().to_f64();
        if curvature <= 1e-12 * y.dot(&y).item().to_f64() || !curvature.is_finite() {
            return;
        }
        let [memory, n] = [self.changes.shape()[0], self.changes.shape()[1]];
        let start = (self.pairs as usize % memory) * n;
        self.changes.as_mut_slice()[start..][..n].copy_from_slice(&s.to_vec());
        self.gradient_changes.as_mut_slice()[start..][..n].copy_from_slice(&y.to_vec());
        self.pairs += 1;
    }
}

/// All elements of all leaves, as a vector.
fn flat<T: Element>(tree: &impl Tree<Leaf = Tensor<T>>) -> Tensor<T> {
    leaves(tree).into_iter().flat_map(Tensor::to_vec).collect::<Vec<_>>().into()
}

/// Writes a vector into the leaves.
fn write<T: Element>(tree: &mut impl Tree<Leaf = Tensor<T>>, w: &Tensor<T>) {
    let (w, mut start) = (w.to_vec(), 0);
    tree.visit_mut(&mut |_, leaf| {
        let n = leaf.size();
        leaf.as_mut_slice().copy_from_slice(&w[start..][..n]);
        start += n;
    });
}

fn number<T: Element>(x: &Tensor<T>) -> f64 {
    x.item().to_f64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{SeedableRng, rngs::StdRng};

    /// The recursion agrees with the matrix that it stands for: H ← VᵀHV + ρssᵀ with V = I − ρysᵀ (equations 7.16 to
    /// 7.18).
    #[test]
    fn two_loop_recursion_agrees_with_the_explicit_matrix() {
        let rng = &mut StdRng::seed_from_u64(0);
        let mut random = |shape: &[usize]| Tensor::<f64>::normal(shape, 0.0, 1.0, rng);
        let root = random(&[4, 4]);
        let curvature = root.t_matmul(&root) + Tensor::eye(4);
        let mut lbfgs = Lbfgs::new(&Tensor::zeros([4]), 3);
        let mut pairs = Vec::new();
        for _ in 0..5 {
            let s = random(&[4]);
            let y = curvature.matmul(&s);
            lbfgs.remember(s.clone(), y.clone());
            pairs.push((s, y));
            let kept = &pairs[pairs.len().saturating_sub(3)..];
            let (s, y) = &kept[kept.len() - 1];
            let mut h = Tensor::eye(4) * (s.dot(y) / y.dot(y));
            for (s, y) in kept {
                let rho = s.dot(y).recip();
                let v = Tensor::eye(4) - y.outer(s) * &rho;
                h = v.t_matmul(&h).matmul(&v) + s.outer(s) * &rho;
            }
            let g = random(&[4]);
            autodiff::assert_close(&lbfgs.direction(&g), &-h.matmul(&g), 1e-12);
        }
    }

    #[test]
    fn without_memory_the_direction_is_steepest_descent() {
        let g = Tensor::from([1.0, -2.0]);
        assert_eq!(Lbfgs::new(&g, 5).direction(&g), -&g);
    }
}
