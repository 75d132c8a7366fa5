//! One fused loop for a pointwise formula over several arrays of one shape.

use super::Tensor;
use super::layout::Run;
use super::parallel::{self, FUNCTION};
use super::read::Starts;
use super::simd::{Vectorise, vectorised};
use super::storage::Storage;
use crate::axes::Axes;
use crate::element::Element;
use crate::kernel::{Function, Kernel, Part};
use std::array::from_fn;
use std::borrow::Cow;
use std::marker::PhantomData;

/// Elements that are never written by two threads: more than a line of the cache.
pub(super) const LINE: usize = 64;

/// Runs shorter than this take more time to begin than to copy.
const SHORT: usize = 64;

/// So many elements of a long run are worked on at a time.
const BLOCK: usize = 4096;

/// The formula run for each element.
pub(crate) struct Loop<'a, T> {
    pub(crate) x: &'a [&'a Tensor<T>],
    pub(crate) y: Option<&'a Tensor<T>>,
    pub(crate) g: Option<&'a Tensor<T>>,
}

impl<T: Element> Loop<'_, T> {
    fn part(&self, part: Part) -> &Tensor<T> {
        match part {
            Part::X(i) => self.x[i],
            Part::Y => self.y.expect("a formula for values has no result to read"),
            Part::G => self.g.expect("a formula for values has no cotangent to read"),
        }
    }
}

impl<T: Element> Kernel<T> for Loop<'_, T> {
    type Output = Tensor<T>;

    fn one(self, part: Part, formula: impl Fn(&T) -> T + Sync) -> Tensor<T> {
        zip([self.part(part)], One(formula))
    }

    fn two(self, [a, b]: [Part; 2], formula: impl Fn(&T, &T) -> T + Sync) -> Tensor<T> {
        zip([self.part(a), self.part(b)], Two(formula))
    }

    fn three(self, [a, b, c]: [Part; 3], formula: impl Fn(&T, &T, &T) -> T + Sync) -> Tensor<T> {
        zip([self.part(a), self.part(b), self.part(c)], Three(formula))
    }

    fn function<F: Function<T>>(self, _: F) -> Tensor<T> {
        map(self.x[0], F::one, |y, x| vectorised(Map::<T, F> { y, x, function: PhantomData }))
    }
}

/// A function of each element: of a single one, or of all in a loop.
fn map<T: Element>(x: &Tensor<T>, one: fn(T) -> T, fill: fn(&mut [T], &[T])) -> Tensor<T> {
    if x.is_one_element() {
        return Tensor::full(x.shape.clone(), one(x.data[x.offset]));
    }
    let x = x.contiguous();
    let mut y = Storage::recycled(x.size());
    parallel::pieces(&mut y, LINE, x.size() * FUNCTION, |start, y| fill(y, &x.data[x.offset + start..]));
    Tensor::contiguous_in(x.shape.clone(), y)
}

/// y = F(x), element by element. Each block is computed without branches, and what does not fit is mended afterwards: an
/// element's result does not depend on those beside it.
struct Map<'a, T, F> {
    y: &'a mut [T],
    x: &'a [T],
    function: PhantomData<F>,
}

impl<T: Copy, F: Function<T>> Vectorise for Map<'_, T, F> {
    #[inline(always)]
    fn run(self) {
        for (y, x) in self.y.chunks_mut(BLOCK).zip(self.x.chunks(BLOCK)) {
            let mut all_fit = true;
            for (y, &x) in y.iter_mut().zip(x) {
                *y = F::many(x);
                all_fit &= F::fits(x);
            }
            if !all_fit {
                mend::<T, F>(y, x);
            }
        }
    }
}

/// Out of the vectorised loop, but not `#[cold]`: where all arguments are large, it is what takes the time.
#[inline(never)]
fn mend<T: Copy, F: Function<T>>(y: &mut [T], x: &[T]) {
    for (y, &x) in y.iter_mut().zip(x).filter(|(_, x)| !F::fits(**x)) {
        *y = F::one(x);
    }
}

/// The formula on operands in a slice, whatever their number: for element types without a table of their own.
pub(crate) fn elementwise<T: Element>(x: &[&Tensor<T>], formula: impl Fn(&[&T]) -> T + Sync) -> Tensor<T> {
    match *x {
        [a] => zip([a], One(|a: &T| formula(&[a]))),
        [a, b] => zip([a, b], Two(|a: &T, b: &T| formula(&[a, b]))),
        [a, b, c] => zip([a, b, c], Three(|a: &T, b: &T, c: &T| formula(&[a, b, c]))),
        _ => unreachable!("pointwise operations have one to three operands"),
    }
}

pub(super) fn zip<T: Element, B: Body<T, N> + Sync, const N: usize>(x: [&Tensor<T>; N], formula: B) -> Tensor<T> {
    let fill = |y: &mut [T], x: [&[T]; N]| vectorised(Fill { y, x, formula: &formula });
    zip_by(x, B::COST, &|x| formula.at(x), &fill)
}

/// What computes the elements of a slice from those of N others.
type Fills<'f, T, const N: usize> = &'f (dyn Fn(&mut [T], [&[T]; N]) + Sync);

/// Compiled once for a number of operands, and not for each formula.
fn zip_by<T: Element, const N: usize>(
    x: [&Tensor<T>; N],
    cost: usize,
    at: &dyn Fn([&T; N]) -> T,
    fill: Fills<'_, T, N>,
) -> Tensor<T> {
    let shape = x[0].shape.clone();
    if x.iter().all(|x| x.is_one_element()) {
        return Tensor::full(shape, at(x.map(|x| &x.data[x.offset])));
    }
    let mut y = Storage::recycled(shape.size());
    match x.iter().all(|x| x.is_contiguous()) {
        true => fill_from(&mut y, x, cost, fill),
        false => fill_from_scattered(&mut y, x, cost, fill),
    }
    Tensor::contiguous_in(shape, y)
}

#[inline]
fn fill_from<T: Element, const N: usize>(y: &mut [T], x: [&Tensor<T>; N], cost: usize, fill: Fills<'_, T, N>) {
    let work = y.len() * cost;
    parallel::pieces(y, LINE, work, |start, y| fill(y, x.map(|x| &x.data[x.offset + start..][..y.len()])));
}

/// Operands of which some are broadcast, or lie in another order.
#[inline(never)]
fn fill_from_scattered<T: Element, const N: usize>(
    y: &mut [T],
    x: [&Tensor<T>; N],
    cost: usize,
    fill: Fills<'_, T, N>,
) {
    let whole = |y: &mut [T]| fill_from(y, x.map(Tensor::contiguous).each_ref(), cost, fill);
    if y.len() < SHORT {
        return whole(y);
    }
    let (runs, work) = (Runs::new(x), y.len() * cost);
    match runs.len < SHORT {
        true => whole(y),
        false => parallel::pieces(y, runs.unit(), work, |start, y| runs.for_each(start, y, fill)),
    }
}

/// A formula of N operands, and the loop over it. One type a number of operands, with the loop written out: an index
/// into each operand would be checked inside of it, and a closure of an iterator adapter would be a function of its
/// own, compiled for the baseline.
pub(super) trait Body<T, const N: usize> {
    /// What an element costs, in elements of a cheap loop.
    const COST: usize = 1;

    fn at(&self, x: [&T; N]) -> T;
    fn fill(&self, y: &mut [T], x: [&[T]; N]);
}

struct One<F>(F);
struct Two<F>(F);
struct Three<F>(F);

impl<T, F: Fn(&T) -> T> Body<T, 1> for One<F> {
    fn at(&self, [a]: [&T; 1]) -> T {
        (self.0)(a)
    }

    #[inline(always)]
    fn fill(&self, y: &mut [T], [a]: [&[T]; 1]) {
        for (y, a) in y.iter_mut().zip(a) {
            *y = (self.0)(a);
        }
    }
}

impl<T, F: Fn(&T, &T) -> T> Body<T, 2> for Two<F> {
    fn at(&self, [a, b]: [&T; 2]) -> T {
        (self.0)(a, b)
    }

    #[inline(always)]
    fn fill(&self, y: &mut [T], [a, b]: [&[T]; 2]) {
        for ((y, a), b) in y.iter_mut().zip(a).zip(b) {
            *y = (self.0)(a, b);
        }
    }
}

impl<T, F: Fn(&T, &T, &T) -> T> Body<T, 3> for Three<F> {
    fn at(&self, [a, b, c]: [&T; 3]) -> T {
        (self.0)(a, b, c)
    }

    #[inline(always)]
    fn fill(&self, y: &mut [T], [a, b, c]: [&[T]; 3]) {
        for (((y, a), b), c) in y.iter_mut().zip(a).zip(b).zip(c) {
            *y = (self.0)(a, b, c);
        }
    }
}

/// y = formula(x₀, x₁, …), element by element.
struct Fill<'a, T, F, const N: usize> {
    y: &'a mut [T],
    x: [&'a [T]; N],
    formula: &'a F,
}

impl<T, F: Body<T, N>, const N: usize> Vectorise for Fill<'_, T, F, N> {
    #[inline(always)]
    fn run(self) {
        self.formula.fill(self.y, self.x);
    }
}

/// Operands cut into runs along their last axes, as long as each of them either lies there in one piece or repeats one
/// element. (A bias in a batch is a run that is read for each row.)
struct Runs<'a, T: Clone, const N: usize> {
    operands: [Cow<'a, Tensor<T>>; N],
    strides: [Axes<isize>; N],
    outer: usize,
    len: usize,
}

impl<'a, T: Element, const N: usize> Runs<'a, T, N> {
    fn new(x: [&'a Tensor<T>; N]) -> Self {
        let shape = &x[0].shape;
        let rank = shape.rank();
        // What is scattered along the last axis is copied: its elements would be fetched one by one otherwise.
        let mut strides = x.map(|x| x.strides());
        let operands = from_fn(|j| match Run::along(&shape[rank - 1..], &strides[j][rank - 1..]) {
            Some(_) => Cow::Borrowed(x[j]),
            None => {
                strides[j] = shape.strides();
                Cow::Owned(x[j].contiguous())
            }
        });
        let whole = |&outer: &usize| strides.iter().all(|x| Run::along(&shape[outer..], &x[outer..]).is_some());
        let outer = (0..rank).find(whole).unwrap_or(rank - 1);
        Self { outer, len: shape[outer..].iter().product(), operands, strides }
    }

    /// What a piece of work is a multiple of: a single run can be cut anywhere.
    fn unit(&self) -> usize {
        if self.outer == 0 { LINE } else { self.len }
    }

    /// Shows the runs for the rows in `y`, whose first element is the one at `start` of all; long ones block by block,
    /// so that what is repeated stays in the cache.
    fn for_each(&self, start: usize, y: &mut [T], fill: Fills<'_, T, N>) {
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
