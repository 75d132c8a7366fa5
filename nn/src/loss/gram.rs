//! The squared norm of a matrix product, without the product.

use autodiff::prelude::*;

/// Σ (a·w)², the squared Frobenius norm of a product, a scalar, for a of shape \[…, h\] and w of shape \[h, d\].
///
/// With the Gram matrix G = w·wᵀ it is Σ p∘a with p = a·G. Value and gradient then take 2·h²·(m + d) multiplications
/// for the m rows of a; through the product itself they take 3·m·h·d. The cheaper way is chosen.
///
/// ```
/// use autodiff::prelude::*;
/// let a = Tensor::from([[1.0, 2.0], [0.0, 1.0], [3.0, 1.0]]);
/// let w = Tensor::from([[1.0, 0.0, 2.0, 1.0], [0.0, 3.0, 1.0, -1.0]]);
/// let y = nn::square_of_product(&a, &w);
/// assert_eq!(y.item(), a.matmul(&w).square().sum().item());
/// ```
///
/// # Panics
/// Panics if the shapes do not match.
#[track_caller]
pub fn square_of_product<V: Value>(a: &V, w: &V) -> V {
    let (rows, shape) = (a.shape(), w.shape());
    let fits = matches!((&*rows, &*shape), ([.., h], [height, _]) if h == height);
    assert!(fits, "square_of_product: {rows} × {shape}: the shapes […, h] and [h, d] are needed");
    if let ([.., h], &[height, d]) = (&*rows, &*shape)
        && *h == height
        && height > 0
    {
        let m = rows.size() / height;
        if 2 * height * (m + d) < 3 * m * d {
            let a = a.reshape([m, height]);
            let p = a.matmul(w.matmul_t(w));
            return custom(SquareByGram, &[&a, w, &p]);
        }
    }
    a.matmul(w).square().sum()
}

/// Σ p∘a of a, w and p = a·w·wᵀ. The derivative with respect to a is 2·p, which is known already. Composed of
/// operations, the backward pass would multiply by G again, and by w twice.
struct SquareByGram;

impl Primitive for SquareByGram {
    fn name(&self) -> &str {
        "square_by_gram"
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        x[0].dot(x[2])
    }

    fn pull<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        let [a, w, p] = [x[0], x[1], x[2]];
        let g = g.scale(2.0);
        vec![p * g, (a.t_matmul(a) * g).matmul(w), p.full_like(0.0)]
    }

    /// p is a function of a and w, so its derivative is counted in theirs.
    fn differentiable(&self, i: usize) -> bool {
        i < 2
    }
}
