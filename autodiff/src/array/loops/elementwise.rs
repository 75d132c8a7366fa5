//! Pointwise formulas in a single loop over several arrays of one shape.

use super::runner::{Part, Runner};
use super::runs::{BLOCK, Runs, SliceFormula};
use crate::array::axes::Axes;
use crate::array::function::Function;
use crate::array::machine::{Vectorise, parallel, vectorised};
use crate::array::memory::{Storage, Tensor};
use crate::array::number::Number;
use std::marker::PhantomData;

/// The length below which starting a run costs more than copying it.
const SHORT: usize = 64;

/// A formula runner that evaluates the formula for each element of arrays.
pub(crate) struct Loop<'a, T> {
    pub(crate) x: &'a [&'a Tensor<T>],
    pub(crate) y: Option<&'a Tensor<T>>,
    pub(crate) g: Option<&'a Tensor<T>>,
}

impl<T: Number> Loop<'_, T> {
    fn part(&self, part: Part) -> &Tensor<T> {
        match part {
            Part::X(i) => self.x[i],
            Part::Y => self.y.expect("a formula for values does not read the result"),
            Part::G => self.g.expect("a formula for values does not read a cotangent"),
        }
    }
}

impl<T: Number> Runner<T> for Loop<'_, T> {
    type Output = Tensor<T>;

    fn unary(self, part: Part, formula: impl Fn(&T) -> T + Copy + Sync) -> Tensor<T> {
        zip([self.part(part)], Unary(formula))
    }

    fn binary(self, [a, b]: [Part; 2], formula: impl Fn(&T, &T) -> T + Copy + Sync) -> Tensor<T> {
        zip([self.part(a), self.part(b)], Binary(formula))
    }

    fn ternary(self, [a, b, c]: [Part; 3], formula: impl Fn(&T, &T, &T) -> T + Copy + Sync) -> Tensor<T> {
        zip([self.part(a), self.part(b), self.part(c)], Ternary(formula))
    }

    fn function<F: Function<T>>(self, _: F) -> Tensor<T> {
        map(self.x[0], F::scalar, |y, x| vectorised(Map::<T, F> { y, x, function: PhantomData }))
    }
}

/// Applies a function to each element: `scalar` to one stored element, `fill` to slices.
fn map<T: Number>(x: &Tensor<T>, scalar: fn(T) -> T, fill: fn(&mut [T], &[T])) -> Tensor<T> {
    if x.is_one_element() {
        return Tensor::full(x.shape.clone(), scalar(x.data[x.offset]));
    }
    if !x.is_contiguous() {
        return map_scattered(x, scalar, fill);
    }
    let mut y = Storage::recycled(x.size());
    parallel::pieces(&mut y, parallel::CACHE_LINE, x.size() * parallel::FUNCTION, |start, y| {
        fill(y, &x.data[x.offset + start..])
    });
    Tensor::contiguous_in(x.shape.clone(), y)
}

#[inline(never)]
fn map_scattered<T: Number>(x: &Tensor<T>, scalar: fn(T) -> T, fill: fn(&mut [T], &[T])) -> Tensor<T> {
    match x.storage_order() {
        Some(order) => map(&x.permute_view(&order), scalar, fill).permute_view(&order.inverse()),
        None => map(&x.copied(), scalar, fill),
    }
}

/// y = F(x), element by element. Each block is computed without branches; then the elements for which the vectorised
/// form is not accurate are recomputed, so a result does not depend on its neighbours.
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
                *y = F::lanes(x);
                all_fit &= F::fits(x);
            }
            if !all_fit {
                recompute_unfit::<T, F>(y, x);
            }
        }
    }
}

// Hot if all arguments are large, so not `#[cold]`.
#[inline(never)]
fn recompute_unfit<T: Copy, F: Function<T>>(y: &mut [T], x: &[T]) {
    for (y, &x) in y.iter_mut().zip(x).filter(|(_, x)| !F::fits(**x)) {
        *y = F::scalar(x);
    }
}

/// Applies a formula that takes its operands as a slice, for element types without a table of formulas.
pub(crate) fn elementwise<T: Number>(x: &[&Tensor<T>], formula: impl Fn(&[&T]) -> T + Sync) -> Tensor<T> {
    match *x {
        [a] => zip([a], Unary(|a: &T| formula(&[a]))),
        [a, b] => zip([a, b], Binary(|a: &T, b: &T| formula(&[a, b]))),
        [a, b, c] => zip([a, b, c], Ternary(|a: &T, b: &T, c: &T| formula(&[a, b, c]))),
        _ => unreachable!("pointwise operations have one to three operands"),
    }
}

pub(crate) fn zip<T: Number, B: Body<T, N> + Sync, const N: usize>(x: [&Tensor<T>; N], formula: B) -> Tensor<T> {
    let fill = |y: &mut [T], x: [&[T]; N]| vectorised(Fill { y, x, formula: &formula });
    zip_by(x, B::COST, &|x| formula.at(x), &fill)
}

/// Compiled once for each number of operands rather than for each formula.
fn zip_by<T: Number, const N: usize>(
    x: [&Tensor<T>; N],
    cost: usize,
    at: &dyn Fn([&T; N]) -> T,
    fill: SliceFormula<'_, T, N>,
) -> Tensor<T> {
    let shape = x[0].shape.clone();
    if x.iter().all(|x| x.is_one_element()) {
        return Tensor::full(shape, at(x.map(|x| &x.data[x.offset])));
    }
    if !x.iter().all(|x| x.is_contiguous()) {
        return zip_scattered(x, cost, at, fill);
    }
    let mut y = Storage::recycled(shape.known_size());
    fill_from(&mut y, x, cost, fill);
    Tensor::contiguous_in(shape, y)
}

/// As [`zip_by`], for operands that are not all contiguous. If they share one storage order, so does the result:
/// undoing the permutation later copies nothing.
#[inline(never)]
fn zip_scattered<T: Number, const N: usize>(
    x: [&Tensor<T>; N],
    cost: usize,
    at: &dyn Fn([&T; N]) -> T,
    fill: SliceFormula<'_, T, N>,
) -> Tensor<T> {
    if let Some(order) = common_order(x) {
        return zip_by(x.map(|x| x.permute_view(&order)).each_ref(), cost, at, fill).permute_view(&order.inverse());
    }
    let shape = x[0].shape.clone();
    let mut y = Storage::recycled(shape.known_size());
    fill_from_scattered(&mut y, x, cost, fill);
    Tensor::contiguous_in(shape, y)
}

/// The storage order that all operands share, unless it is row-major.
fn common_order<T: Number, const N: usize>(x: [&Tensor<T>; N]) -> Option<Axes<usize>> {
    let mut with_axes = x.into_iter().filter(|x| !x.is_one_element());
    let first = with_axes.next()?;
    let order = first.storage_order()?;
    with_axes.all(|x| x.layout == first.layout).then_some(order)
}

#[inline]
fn fill_from<T: Number, const N: usize>(y: &mut [T], x: [&Tensor<T>; N], cost: usize, fill: SliceFormula<'_, T, N>) {
    let work = y.len() * cost;
    parallel::pieces(y, parallel::CACHE_LINE, work, |start, y| {
        fill(y, x.map(|x| &x.data[x.offset + start..][..y.len()]))
    });
}

fn fill_from_scattered<T: Number, const N: usize>(
    y: &mut [T],
    x: [&Tensor<T>; N],
    cost: usize,
    fill: SliceFormula<'_, T, N>,
) {
    let whole = |y: &mut [T]| fill_from(y, x.map(Tensor::row_major).each_ref().map(|x| &**x), cost, fill);
    if y.len() < SHORT {
        return whole(y);
    }
    let (runs, work) = (Runs::new(x), y.len() * cost);
    match runs.len() < SHORT {
        true => whole(y),
        false => parallel::pieces(y, runs.unit(), work, |start, y| runs.for_each(start, y, fill)),
    }
}

/// A formula of N operands and its loop, one for each N: a generic loop would check an index into each operand, and a
/// closure in an iterator adapter would be compiled for the baseline instruction set.
pub(crate) trait Body<T, const N: usize> {
    /// The cost of an element, in elements of a cheap loop.
    const COST: usize = 1;

    fn at(&self, x: [&T; N]) -> T;
    fn fill(&self, y: &mut [T], x: [&[T]; N]);
}

// Each loop copies its formula, so that the constants stay in registers: the compiler cannot exclude that `y` overlaps them.
struct Unary<F>(F);
struct Binary<F>(F);
struct Ternary<F>(F);

impl<T, F: Fn(&T) -> T + Copy> Body<T, 1> for Unary<F> {
    fn at(&self, [a]: [&T; 1]) -> T {
        (self.0)(a)
    }

    #[inline(always)]
    fn fill(&self, y: &mut [T], [a]: [&[T]; 1]) {
        let formula = self.0;
        for (y, a) in y.iter_mut().zip(a) {
            *y = formula(a);
        }
    }
}

impl<T, F: Fn(&T, &T) -> T + Copy> Body<T, 2> for Binary<F> {
    fn at(&self, [a, b]: [&T; 2]) -> T {
        (self.0)(a, b)
    }

    #[inline(always)]
    fn fill(&self, y: &mut [T], [a, b]: [&[T]; 2]) {
        let formula = self.0;
        for ((y, a), b) in y.iter_mut().zip(a).zip(b) {
            *y = formula(a, b);
        }
    }
}

impl<T, F: Fn(&T, &T, &T) -> T + Copy> Body<T, 3> for Ternary<F> {
    fn at(&self, [a, b, c]: [&T; 3]) -> T {
        (self.0)(a, b, c)
    }

    #[inline(always)]
    fn fill(&self, y: &mut [T], [a, b, c]: [&[T]; 3]) {
        let formula = self.0;
        for (((y, a), b), c) in y.iter_mut().zip(a).zip(b).zip(c) {
            *y = formula(a, b, c);
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
