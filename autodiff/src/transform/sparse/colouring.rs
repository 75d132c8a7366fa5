//! Colourings: which columns, or rows, of a sparse matrix can share a direction.
//!
//! One directional derivative yields the sum of all columns in its direction. Columns without a common row do not mix in the
//! sum (Curtis, Powell and Reid, *On the estimation of sparse Jacobian matrices*, 1974). The columns of one colour form a
//! direction. Colours are given greedily, to vertices with many neighbours first, by the algorithms of Gebremedhin, Manne
//! and Pothen, *What color is your Jacobian?* (SIAM Review, 2005).

use super::pattern::Sparsity;

/// A colour for each vertex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Colouring {
    pub(super) colours: Vec<usize>,
    pub(super) count: usize,
}

impl Colouring {
    /// Colours vertices in descending order of their degree. `forbid(vertex, colours, forbid)` calls `forbid` with each
    /// colour that the vertex may not have.
    fn greedy(degrees: &[usize], mut forbid: impl FnMut(usize, &[Option<usize>], &mut dyn FnMut(usize))) -> Self {
        let n = degrees.len();
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by_key(|&v| std::cmp::Reverse(degrees[v]));
        let mut colours: Vec<Option<usize>> = vec![None; n];
        let (mut forbidden_for, mut count) = (vec![usize::MAX; n], 0);
        for v in order {
            forbid(v, &colours, &mut |colour| forbidden_for[colour] = v);
            let colour = (0..count).find(|&colour| forbidden_for[colour] != v).unwrap_or(count);
            count = count.max(colour + 1);
            colours[v] = Some(colour);
        }
        Self { colours: colours.into_iter().map(|colour| colour.unwrap_or(0)).collect(), count }
    }

    /// Columns of one colour have no common row: a distance-2 colouring of the columns (algorithm 3.1 of 2005).
    pub(super) fn of_columns(rows: &Sparsity) -> Self {
        let columns = rows.transposed();
        let degrees: Vec<usize> = (0..rows.shape()[1]).map(|j| columns.row(j).len()).collect();
        Self::greedy(&degrees, |j, colours, forbid| {
            let neighbours = columns.row(j).iter().flat_map(|&i| rows.row(i));
            neighbours.filter_map(|&k| colours[k]).for_each(forbid);
        })
    }

    /// A star colouring of the graph of a symmetric matrix: neighbours differ, and each path of four vertices has at least
    /// three colours (algorithm 4.1 of 2005). An entry (i, j) is then alone in row i of its colour, or alone in row j, so
    /// it is read and not solved for. An arrowhead needs two colours, where columns without a common row need n.
    ///
    /// Takes time in proportion to the number of paths of three edges.
    pub(super) fn star(matrix: &Sparsity) -> Self {
        let neighbours = |v: usize| matrix.row(v).iter().copied().filter(move |&w| w != v);
        let degrees: Vec<usize> = (0..matrix.shape()[0]).map(|v| neighbours(v).count()).collect();
        Self::greedy(&degrees, |v, colours, forbid| {
            for w in neighbours(v) {
                let of_w = colours[w];
                of_w.into_iter().for_each(&mut *forbid);
                for x in neighbours(w).filter(|&x| x != v) {
                    let Some(of_x) = colours[x] else { continue };
                    // The path v-w-x-y would have two colours if v had that of x.
                    let second = |of_w| neighbours(x).any(|y| y != w && colours[y] == Some(of_w));
                    if of_w.is_none_or(second) {
                        forbid(of_x);
                    }
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrowhead(n: usize) -> Sparsity {
        Sparsity::new([n, n], (0..n).flat_map(|i| [[i, i], [i, n - 1], [n - 1, i]]))
    }

    #[test]
    fn arrowhead_needs_two_colours_as_a_star_and_all_as_columns() {
        assert_eq!(Colouring::star(&arrowhead(50)).count, 2);
        assert_eq!(Colouring::of_columns(&arrowhead(50)).count, 50);
    }

    #[test]
    fn band_needs_as_many_colours_as_it_is_wide() {
        let band = Sparsity::new(
            [60, 60],
            (0..60).flat_map(|i: usize| (i.saturating_sub(1)..60.min(i + 2)).map(move |j| [i, j])),
        );
        assert_eq!(Colouring::of_columns(&band).count, 3);
        assert!(Colouring::star(&band).count <= 3);
    }

    #[test]
    fn empty_matrix_needs_one_colour() {
        assert_eq!(Colouring::of_columns(&Sparsity::new([3, 4], [])).count, 1);
        assert_eq!(Colouring::of_columns(&Sparsity::new([3, 0], [])).count, 0);
    }
}
