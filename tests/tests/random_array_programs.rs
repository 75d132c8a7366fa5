//! Random programs of array operations, compared after each operation with a naive array, which knows neither strides nor
//! shared storage. All numbers are whole and small, so results are exact.

use autodiff::prelude::*;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

type Numbers = Tensor<f64>;

/// The largest number of elements, and of axes.
const MAX_SIZE: usize = 300;
const MAX_RANK: usize = 5;

/// An array as its shape and its elements in row-major order.
#[derive(Clone, Debug, PartialEq)]
struct Naive {
    shape: Vec<usize>,
    data: Vec<f64>,
}

impl Naive {
    fn from_fn(shape: &[usize], mut f: impl FnMut(&[usize]) -> f64) -> Self {
        let size: usize = shape.iter().product();
        let index = |mut place: usize| {
            let mut index = vec![0; shape.len()];
            for (i, size) in index.iter_mut().zip(shape).rev() {
                (*i, place) = (place % size, place / size);
            }
            index
        };
        Self { shape: shape.to_vec(), data: (0..size).map(|place| f(&index(place))).collect() }
    }

    fn at(&self, index: &[usize]) -> f64 {
        self.data[index.iter().zip(&self.shape).fold(0, |place, (i, size)| place * size + i)]
    }

    /// The element at an index whose entry for `axis` is replaced by `place`.
    fn with(&self, index: &[usize], axis: usize, place: usize) -> f64 {
        self.at(&replaced(index, axis, place))
    }

    /// The elements of a lane along an axis.
    fn lane(&self, index: &[usize], axis: usize) -> Vec<f64> {
        (0..self.shape[axis]).map(|place| self.with(index, axis, place)).collect()
    }

    /// The same array with another size of one axis.
    fn resized(&self, axis: usize, size: usize, f: impl FnMut(&[usize]) -> f64) -> Self {
        Self::from_fn(&replaced(&self.shape, axis, size), f)
    }

    fn reshaped(self, shape: &[usize]) -> Self {
        Self { shape: shape.to_vec(), ..self }
    }

    fn map(&self, f: impl Fn(f64) -> f64) -> Self {
        Self { data: self.data.iter().map(|&x| f(x)).collect(), ..self.clone() }
    }

    /// Combines two arrays, each element of the first with the one of the second that numpy's rule broadcasts to it.
    fn zip(&self, other: &Self, f: impl Fn(f64, f64) -> f64) -> Self {
        let skip = self.shape.len() - other.shape.len();
        let place = |i: &[usize]| -> Vec<usize> {
            i[skip..].iter().zip(&other.shape).map(|(&i, &size)| if size == 1 { 0 } else { i }).collect()
        };
        Self::from_fn(&self.shape, |i| f(self.at(i), other.at(&place(i))))
    }
}

fn replaced(index: &[usize], axis: usize, place: usize) -> Vec<usize> {
    let mut index = index.to_vec();
    index[axis] = place;
    index
}

fn without(index: &[usize], axis: usize) -> Vec<usize> {
    [&index[..axis], &index[axis + 1..]].concat()
}

fn inserted(index: &[usize], axis: usize, place: usize) -> Vec<usize> {
    [&index[..axis], &[place], &index[axis..]].concat()
}

/// An array and its reference.
type Pair = (Numbers, Naive);

struct Program {
    rng: StdRng,
    current: Pair,
    /// An earlier array, which may share storage with the current one and must never change.
    earlier: Pair,
}

impl Program {
    fn new(seed: u64) -> Self {
        let x = (Tensor::scalar(1.0), Naive { shape: vec![], data: vec![1.0] });
        Self { rng: StdRng::seed_from_u64(seed), current: x.clone(), earlier: x }
    }

    fn below(&mut self, n: usize) -> usize {
        self.rng.random_range(0..n)
    }

    fn fresh(&mut self) -> Pair {
        let sizes = [0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 7];
        let shape: Vec<usize> = (0..1 + self.below(4)).map(|_| *sizes.choose(&mut self.rng).expect("a size")).collect();
        let naive = Naive::from_fn(&shape, |_| f64::from(self.rng.random_range(-5..6)));
        (Tensor::from_vec(&shape[..], naive.data.clone()), naive)
    }

    /// Applies a random operation, and compares all elements.
    fn step(&mut self) {
        let is_small = self.current.1.data.len() < 6;
        let (name, (x, naive)) = match self.below(30) {
            0 => ("a new array", self.fresh()),
            // So that a program does not stay with the few elements that sums and slices leave.
            _ if is_small && self.below(2) == 0 => ("a new array", self.fresh()),
            1 => ("the earlier array", self.earlier.clone()),
            2..5 if !self.current.1.shape.is_empty() => self.view(),
            5..10 if !self.current.1.shape.is_empty() => self.along_axis(),
            10..14 if !self.current.1.shape.is_empty() => self.by_index(),
            14..18 => self.reshape(),
            18..24 => self.pointwise(),
            24..27 => self.write(),
            27..30 if self.current.1.shape.len() >= 2 => self.of_matrices(),
            _ => return,
        };
        let before = &self.current.1;
        assert_eq!(&**x.shape(), &naive.shape[..], "{name} of {before:?}");
        assert_eq!(x.to_vec(), naive.data, "{name} of {before:?}");
        assert!(x.iter().eq(naive.data.iter().copied()), "{name} of {before:?}, by the iterator");
        assert_eq!(self.earlier.0.to_vec(), self.earlier.1.data, "{name} changes an earlier array");
        if naive.data.len() > MAX_SIZE || naive.shape.len() > MAX_RANK {
            return;
        }
        if self.below(4) == 0 {
            self.earlier = self.current.clone();
        }
        self.current = match naive.data.iter().any(|x| x.abs() > 1e6) {
            true => (x.rem(Tensor::scalar(97.0)), naive.map(|x| x % 97.0)),
            false => (x, naive),
        };
    }

    fn axis(&mut self) -> usize {
        self.below(self.current.1.shape.len())
    }

    fn view(&mut self) -> (&'static str, Pair) {
        let (axis, (x, naive)) = (self.axis(), self.current.clone());
        let (a, size) = (axis as isize, naive.shape[axis]);
        match self.below(4) {
            0 => ("flip", (x.flip(a), naive.resized(axis, size, |i| naive.with(i, axis, size - 1 - i[axis])))),
            1 => {
                let mut axes: Vec<usize> = (0..naive.shape.len()).collect();
                axes.rotate_left(axis);
                axes.swap(0, self.below(naive.shape.len()));
                let shape: Vec<usize> = axes.iter().map(|&axis| naive.shape[axis]).collect();
                let moved = Naive::from_fn(&shape, |i| {
                    let mut from = vec![0; i.len()];
                    axes.iter().zip(i).for_each(|(&axis, &i)| from[axis] = i);
                    naive.at(&from)
                });
                ("permute", (x.permute(&axes), moved))
            }
            2 if size > 0 => {
                let place = self.below(size);
                let slice = Naive::from_fn(&without(&naive.shape, axis), |i| naive.at(&inserted(i, axis, place)));
                ("index_axis", (x.index_axis(a - naive.shape.len() as isize, place), slice))
            }
            _ => {
                let (start, step) = (self.below(size + 1), 1 + self.below(3));
                let end = start + self.below(size - start + 1);
                let len = (end - start).div_ceil(step);
                let slice = naive.resized(axis, len, |i| naive.with(i, axis, start + i[axis] * step));
                ("slice_by", (x.slice_by(a, start, end, step), slice))
            }
        }
    }

    fn along_axis(&mut self) -> (&'static str, Pair) {
        let (axis, (x, naive)) = (self.axis(), self.current.clone());
        let (a, size) = (axis as isize, naive.shape[axis]);
        let kept = |f: &dyn Fn(Vec<f64>) -> f64| naive.resized(axis, 1, |i| f(naive.lane(i, axis)));
        let removed = |f: &dyn Fn(Vec<f64>) -> f64| kept(f).reshaped(&without(&naive.shape, axis));
        let sum = |lane: Vec<f64>| lane.iter().sum();
        let by_order = |mut lane: Vec<f64>| {
            lane.sort_by(f64::total_cmp);
            lane
        };
        match self.below(9) {
            0 => ("sum_axis", (x.sum_axis(a), removed(&sum))),
            1 => ("sum_keep", (x.sum_keep(a), kept(&sum))),
            2 => {
                let sums = naive.resized(axis, size, |i| naive.lane(i, axis)[..=i[axis]].iter().sum());
                ("cumsum", (x.cumsum(a), sums))
            }
            3 => ("sort", (x.sort(a), naive.resized(axis, size, |i| by_order(naive.lane(i, axis))[i[axis]]))),
            4 if size > 0 => ("max_axis", (x.max_axis(a), removed(&|lane| by_order(lane)[size - 1]))),
            5 if size > 0 => ("min_axis", (x.min_axis(a), removed(&|lane| by_order(lane)[0]))),
            6 => {
                let total = naive.data.iter().sum();
                ("sum", (x.sum(), Naive { shape: vec![], data: vec![total] }))
            }
            7 => {
                let small = (x.rem(Tensor::scalar(3.0)), naive.map(|x| x % 3.0));
                let product = |i: &[usize]| small.1.lane(i, axis).iter().product();
                let products = small.1.resized(axis, 1, product).reshaped(&without(&naive.shape, axis));
                ("prod_axis", (small.0.prod_axis(a), products))
            }
            _ => {
                let (before, after) = (self.below(3), self.below(3));
                let padded = naive.resized(axis, before + size + after, |i| {
                    match i[axis].checked_sub(before).filter(|&place| place < size) {
                        Some(place) => naive.with(i, axis, place),
                        None => 0.0,
                    }
                });
                ("pad", (x.pad(a, before, after), padded))
            }
        }
    }

    fn by_index(&mut self) -> (&'static str, Pair) {
        let (axis, (x, naive)) = (self.axis(), self.current.clone());
        let (a, size) = (axis as isize, naive.shape[axis]);
        let count = if size == 0 { 0 } else { self.below(6) };
        match self.below(5) {
            0 => {
                let list: Vec<usize> = (0..count).map(|_| self.below(size)).collect();
                ("take", (x.take(a, &list), naive.resized(axis, count, |i| naive.with(i, axis, list[i[axis]]))))
            }
            1 => {
                let index = Tensor::from_fn(&replaced(&naive.shape, axis, count)[..], |_| self.below(size));
                ("gather", (x.gather(a, &index), naive.resized(axis, count, |i| naive.with(i, axis, index[i]))))
            }
            2 => {
                let to = 1 + self.below(4);
                let index = Tensor::from_fn(&naive.shape[..], |_| self.below(to));
                let added = naive.resized(axis, to, |i| {
                    let at_this_place = |&j: &usize| index[&replaced(i, axis, j)[..]] == i[axis];
                    (0..size).filter(at_this_place).map(|j| naive.with(i, axis, j)).sum()
                });
                ("scatter_add", (x.scatter_add(a, &index, to), added))
            }
            3 => {
                let cut = self.below(size + 1);
                let parts = x.split(a, &[cut, size - cut]);
                let exchanged = naive.resized(axis, size, |i| naive.with(i, axis, (i[axis] + cut) % size));
                ("split and concat", (Tensor::concat(a, &[&parts[1], &parts[0]]), exchanged))
            }
            _ => {
                let flipped = x.flip(a);
                let stacked = Naive::from_fn(&inserted(&naive.shape, axis, 2), |i| {
                    let rest = without(i, axis);
                    if i[axis] == 0 { naive.at(&rest) } else { naive.with(&rest, axis, size - 1 - rest[axis]) }
                });
                ("stack", (Tensor::stack(a, &[&x, &flipped]), stacked))
            }
        }
    }

    fn reshape(&mut self) -> (&'static str, Pair) {
        let (x, naive) = self.current.clone();
        let (size, rank) = (naive.data.len(), naive.shape.len());
        let reshaped = |name, shape: &[usize]| (name, (x.reshape(shape), naive.clone().reshaped(shape)));
        match self.below(5) {
            0 => reshaped("flatten", &[size]),
            1 => {
                let factors: Vec<usize> = (1..=size).filter(|factor| size.is_multiple_of(*factor)).collect();
                let Some(&factor) = factors.choose(&mut self.rng) else { return reshaped("reshape", &[0, 3]) };
                reshaped("reshape", &[size / factor, factor])
            }
            2 => {
                let axis = self.below(rank + 1);
                let shape = inserted(&naive.shape, axis, 1);
                ("unsqueeze", (x.unsqueeze(axis as isize), naive.reshaped(&shape)))
            }
            3 if naive.shape.contains(&1) => {
                let axis = naive.shape.iter().position(|&size| size == 1).expect("an axis of size 1");
                let shape = without(&naive.shape, axis);
                ("squeeze", (x.squeeze(axis as isize), naive.reshaped(&shape)))
            }
            _ => {
                let wide = |&size: &usize| if size == 1 { 3 } else { size };
                let shape: Vec<usize> = [1 + self.below(3)].into_iter().chain(naive.shape.iter().map(wide)).collect();
                let y = Naive { data: vec![0.0; shape.iter().product()], shape };
                ("broadcast_to", (x.broadcast_to(&y.shape[..]), y.zip(&naive, |_, x| x)))
            }
        }
    }

    fn pointwise(&mut self) -> (&'static str, Pair) {
        let (x, naive) = self.current.clone();
        // An operand that broadcasts: a part of the array in which some axes have size 1, without some leading axes.
        let mut part = (x.clone(), naive.clone());
        for axis in (0..naive.shape.len()).filter(|_| self.below(2) == 0).collect::<Vec<_>>() {
            let sum = |i: &[usize]| part.1.lane(i, axis).iter().sum();
            part = (part.0.sum_keep(axis as isize), part.1.resized(axis, 1, sum));
        }
        while part.1.shape.first() == Some(&1) && self.below(2) == 0 {
            let shape = part.1.shape[1..].to_vec();
            part = (part.0.squeeze(0), part.1.reshaped(&shape));
        }
        let (y, other) = part;
        match self.below(8) {
            0 => ("neg", (-&x, naive.map(|x| -x))),
            1 => ("scale and shift", (&x * 2.0 + 1.0, naive.map(|x| x * 2.0 + 1.0))),
            2 => ("relu", (x.relu(), naive.map(|x| x.max(0.0)))),
            3 => ("add", (&x + &y, naive.zip(&other, |x, y| x + y))),
            4 => ("mul", (&y * &x, naive.zip(&other, |x, y| x * y))),
            5 => ("maximum", (x.maximum(&y), naive.zip(&other, f64::max))),
            6 => {
                let greater = naive.zip(&other, |x, y| if x > y { 1.0 } else { 0.0 });
                ("greater", (x.greater(&y), greater))
            }
            _ => {
                let chosen = naive.zip(&other, |x, y| if x != 0.0 { y } else { x });
                ("select", (x.select(&y, &x), chosen))
            }
        }
    }

    /// Writes in place to a clone, which shares its storage with the current array.
    fn write(&mut self) -> (&'static str, Pair) {
        let (mut x, naive) = self.current.clone();
        match self.below(4) {
            0 => {
                x.update(|x| x + 1.0);
                ("update", (x, naive.map(|x| x + 1.0)))
            }
            1 => {
                x.as_mut_slice().iter_mut().for_each(|x| *x = -*x);
                ("as_mut_slice", (x, naive.map(|x| -x)))
            }
            2 => {
                let g = self.current.0.clone();
                x.accumulate(g);
                ("accumulate", (x, naive.map(|x| x + x)))
            }
            _ => {
                let g = self.current.0.clone();
                Tensor::update_together([&mut x], &g, Reflection);
                ("update_together", (x, naive))
            }
        }
    }

    fn of_matrices(&mut self) -> (&'static str, Pair) {
        let (x, naive) = self.current.clone();
        let (x, naive) = (x.rem(Tensor::scalar(11.0)), naive.map(|x| x % 11.0));
        let rank = naive.shape.len();
        let (batch, [m, k]) = (&naive.shape[..rank - 2], [naive.shape[rank - 2], naive.shape[rank - 1]]);
        let product = |rows: usize, columns: usize, inner: usize, term: &dyn Fn(&[usize], usize) -> f64| {
            let shape = [batch, &[rows, columns]].concat();
            Naive::from_fn(&shape, |i| (0..inner).map(|j| term(i, j)).sum())
        };
        let element = |i: &[usize], row: usize, column: usize| naive.at(&[&i[..rank - 2], &[row, column]].concat());
        match self.below(6) {
            0 => {
                let y = product(m, m, k, &|i, j| element(i, i[rank - 2], j) * element(i, i[rank - 1], j));
                ("matmul_t", (x.matmul_t(&x), y))
            }
            1 => {
                let y = product(k, k, m, &|i, j| element(i, j, i[rank - 2]) * element(i, j, i[rank - 1]));
                ("t_matmul", (x.t_matmul(&x), y))
            }
            2 => {
                let y = product(m, m, k, &|i, j| element(i, i[rank - 2], j) * element(i, i[rank - 1], k - 1 - j));
                ("matmul", (x.matmul(x.flip(-1).t()), y))
            }
            3 => {
                let shape = [batch, &[m.min(k)]].concat();
                ("diagonal", (x.diagonal(), Naive::from_fn(&shape, |i| element(i, i[rank - 2], i[rank - 2]))))
            }
            4 => {
                let offset = self.below(5) as isize - 2;
                let inside = |i: &[usize]| i[rank - 1] as isize <= i[rank - 2] as isize + offset;
                let y = Naive::from_fn(&naive.shape, |i| if inside(i) { naive.at(i) } else { 0.0 });
                ("tril", (x.tril(offset), y))
            }
            _ => {
                let shape = inserted(&naive.shape, rank, k);
                let y = Naive::from_fn(&shape, |i| if i[rank - 1] == i[rank] { naive.at(&i[..rank]) } else { 0.0 });
                ("diagonal_matrix", (x.diagonal_matrix(), y))
            }
        }
    }
}

fn run(programs: u64, steps: usize) {
    for seed in 0..programs {
        let mut program = Program::new(seed);
        (0..steps).for_each(|_| program.step());
    }
}

#[test]
fn random_programs_agree_with_naive_arrays() {
    run(100, 60);
}

/// `cargo test --release -p tests --test random_array_programs -- --ignored`
#[test]
#[ignore = "long"]
fn a_million_random_operations_agree_with_naive_arrays() {
    run(20_000, 60);
}

/// 2·x − g: x again, for g = x.
#[derive(Clone, Copy)]
struct Reflection;

impl autodiff::Update<1> for Reflection {
    fn apply<V: Reading>(&self, [x]: [V; 1], g: V) -> [V; 1] {
        [x.scale(2.0) - g]
    }
}
