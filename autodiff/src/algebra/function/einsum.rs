//! Sums of products in numpy's notation, by contraction to matrix products.

use super::linear_algebra::LinearAlgebra;
use super::structural::Structural;
use crate::algebra::value::Reading;
use crate::array::{Shape, ShapeError};

/// A value whose axes bear labels, each of them once.
struct Labelled<V> {
    value: V,
    labels: Vec<char>,
}

impl<V: Reading> Labelled<V> {
    fn size_of(&self, label: char) -> Option<usize> {
        Some(self.value.shape()[self.labels.iter().position(|&own| own == label)?])
    }

    /// The value with its axes in the order of `labels`, which are its own.
    #[track_caller]
    fn in_order(&self, labels: &[char]) -> V {
        let place = |label: &char| self.labels.iter().position(|own| own == label).expect("a label of the value");
        let axes: Vec<usize> = labels.iter().map(place).collect();
        match axes.iter().copied().eq(0..axes.len()) {
            true => self.value.clone(),
            false => self.value.permute(&axes),
        }
    }

    /// Sums along each axis whose label is not among `kept`.
    #[track_caller]
    fn summed_to(mut self, kept: impl Fn(char) -> bool) -> Self {
        for axis in (0..self.labels.len()).rev() {
            if !kept(self.labels[axis]) {
                self.value = self.value.sum_axis(axis as isize);
                self.labels.remove(axis);
            }
        }
        self
    }

    /// Takes the diagonal along two axes of the same label, until each label is there once.
    #[track_caller]
    fn without_repetitions(mut self) -> Self {
        while let Some((first, second)) = repeated(&self.labels) {
            let rank = self.labels.len();
            let rest: Vec<usize> = (0..rank).filter(|&axis| axis != first && axis != second).collect();
            let axes: Vec<usize> = rest.iter().copied().chain([first, second]).collect();
            self.value = self.value.permute(&axes).diagonal();
            self.labels = axes[..rank - 1].iter().map(|&axis| self.labels[axis]).collect();
        }
        self
    }
}

fn repeated(labels: &[char]) -> Option<(usize, usize)> {
    (0..labels.len()).find_map(|i| Some((i, i + 1 + labels[i + 1..].iter().position(|label| *label == labels[i])?)))
}

/// The labels of the operands and of the result.
struct Subscripts {
    operands: Vec<Vec<char>>,
    result: Vec<char>,
}

impl Subscripts {
    /// Reads subscripts such as `ij,jk->ik`. Without an arrow, the result has the labels that occur once, in alphabetical
    /// order.
    fn parse(text: &str) -> Result<Self, String> {
        let (operands, result) = match text.split_once("->") {
            Some((operands, result)) => (operands, Some(labels(result)?)),
            None => (text, None),
        };
        let operands = operands.split(',').map(labels).collect::<Result<Vec<_>, _>>()?;
        let all: Vec<char> = operands.iter().flatten().copied().collect();
        let result = result.unwrap_or_else(|| {
            let mut once: Vec<char> =
                all.iter().copied().filter(|label| all.iter().filter(|other| *other == label).count() == 1).collect();
            once.sort_unstable();
            once
        });
        if let Some((first, _)) = repeated(&result) {
            return Err(format!("the result has the label '{}' twice", result[first]));
        }
        match result.iter().find(|label| !all.contains(label)) {
            Some(label) => Err(format!("the label '{label}' of the result is that of no operand")),
            None => Ok(Self { operands, result }),
        }
    }

    /// Checks that the labels fit the shapes.
    fn check(&self, shapes: &[Shape]) -> Result<(), String> {
        if self.operands.len() != shapes.len() {
            return Err(format!("the subscripts name {} operands, not {}", self.operands.len(), shapes.len()));
        }
        let mut sizes: Vec<(char, usize)> = Vec::new();
        for (i, (labels, shape)) in self.operands.iter().zip(shapes).enumerate() {
            if labels.len() != shape.rank() {
                return Err(format!("operand {i} has {} labels and {} axes", labels.len(), shape.rank()));
            }
            for (&label, &size) in labels.iter().zip(&**shape) {
                match sizes.iter().find(|(other, _)| *other == label) {
                    Some((_, other)) if *other != size => {
                        return Err(format!("the label '{label}' has the sizes {other} and {size}"));
                    }
                    Some(_) => {}
                    None => sizes.push((label, size)),
                }
            }
        }
        Ok(())
    }
}

fn labels(text: &str) -> Result<Vec<char>, String> {
    let letters = text.chars().filter(|c| *c != ' ');
    let read =
        |c: char| if c.is_ascii_alphabetic() { Ok(c) } else { Err(format!("'{c}' is no label, which is a letter")) };
    letters.map(read).collect()
}

/// The sum of products that the subscripts describe. See [`Composite::einsum`](super::Composite::einsum).
#[track_caller]
pub(super) fn einsum<V: Reading>(subscripts: &str, x: &[&V]) -> Result<V, ShapeError> {
    let shapes: Vec<Shape> = x.iter().map(|x| x.shape()).collect();
    let error = |reason: String| ShapeError::new(format!("einsum \"{subscripts}\""), &shapes, reason);
    let Subscripts { operands, result } = Subscripts::parse(subscripts)
        .and_then(|subscripts| subscripts.check(&shapes).map(|()| subscripts))
        .map_err(error)?;
    let mut values = Vec::with_capacity(x.len());
    for (x, labels) in x.iter().zip(operands) {
        values.push(Labelled { value: (*x).clone(), labels }.without_repetitions());
    }
    while values.len() > 1 {
        let (i, j) = cheapest_pair(&values, &result);
        let (b, a) = (values.remove(j), values.remove(i));
        let is_kept = |label: char| result.contains(&label) || values.iter().any(|x| x.labels.contains(&label));
        let product = contract(a, b, is_kept);
        values.push(product);
    }
    let last = values.pop().ok_or_else(|| error("at least one operand is needed".into()))?;
    Ok(last.summed_to(|label| result.contains(&label)).in_order(&result))
}

/// The pair whose product adds the fewest elements, or removes the most: the greedy order of opt_einsum (Smith and Gray
/// 2018). Among equal ones, the pair with the fewest multiplications. The first index is the smaller one.
fn cheapest_pair<V: Reading>(values: &[Labelled<V>], result: &[char]) -> (usize, usize) {
    let cost = |i: usize, j: usize| {
        let (a, b) = (&values[i], &values[j]);
        let others = || values.iter().enumerate().filter(|&(k, _)| k != i && k != j);
        let is_kept = |label: char| result.contains(&label) || others().any(|(_, x)| x.labels.contains(&label));
        let of_a = a.labels.iter().map(|&label| (label, a.size_of(label)));
        let of_b = b.labels.iter().filter(|label| !a.labels.contains(label)).map(|&label| (label, b.size_of(label)));
        let (mut elements, mut products) = (1.0, 1.0);
        for (label, size) in of_a.chain(of_b) {
            let size = size.expect("a label of the value") as f64;
            products *= size;
            elements *= if is_kept(label) { size } else { 1.0 };
        }
        (elements - a.value.shape().size() as f64 - b.value.shape().size() as f64, products)
    };
    let pairs = (0..values.len()).flat_map(|j| (0..j).map(move |i| (i, j)));
    let order = |(growth, products): (f64, f64), (other, others): (f64, f64)| {
        growth.total_cmp(&other).then(products.total_cmp(&others))
    };
    pairs.min_by(|&(i, j), &(k, l)| order(cost(i, j), cost(k, l))).expect("at least two values")
}

/// The sum of products of two values along the labels that are not kept: one batched matrix product, or a product of
/// elements if there is no such label.
#[track_caller]
fn contract<V: Reading>(a: Labelled<V>, b: Labelled<V>, is_kept: impl Fn(char) -> bool) -> Labelled<V> {
    let a = a.summed_to(|label| is_kept(label) || b.labels.contains(&label));
    let b = b.summed_to(|label| is_kept(label) || a.labels.contains(&label));
    let shared = |label: &char| b.labels.contains(label);
    let pick =
        |from: &[char], f: &dyn Fn(&char) -> bool| from.iter().copied().filter(|label| f(label)).collect::<Vec<_>>();
    let batch = pick(&a.labels, &|label| shared(label) && is_kept(*label));
    let inner = pick(&a.labels, &|label| shared(label) && !is_kept(*label));
    let rows = pick(&a.labels, &|label| !shared(label));
    let columns = pick(&b.labels, &|label| !a.labels.contains(label));
    let sizes = |x: &Labelled<V>, labels: &[char]| {
        labels.iter().map(|&label| x.size_of(label).expect("a label of the value")).collect::<Vec<_>>()
    };
    let (of_batch, of_inner) = (sizes(&a, &batch), sizes(&a, &inner));
    let (of_rows, of_columns) = (sizes(&a, &rows), sizes(&b, &columns));
    let shape = |parts: [usize; 2]| of_batch.iter().copied().chain(parts).collect::<Shape>();
    let size = |sizes: &[usize]| sizes.iter().product::<usize>();
    let (a, b) =
        (a.in_order(&[&batch[..], &rows, &inner].concat()), b.in_order(&[&batch[..], &columns, &inner].concat()));
    let value = match (rows.is_empty() && columns.is_empty(), inner.is_empty()) {
        (true, true) => a * &b,
        (_, true) => a.reshape(shape([size(&of_rows), 1])) * &b.reshape(shape([1, size(&of_columns)])),
        _ => {
            let [lhs, rhs] = [&of_rows, &of_columns].map(|sizes| shape([size(sizes), size(&of_inner)]));
            a.reshape(lhs).matmul_t(&b.reshape(rhs))
        }
    };
    let value = value.reshape([&of_batch[..], &of_rows, &of_columns].concat().as_slice());
    Labelled { value, labels: [batch, rows, columns].concat() }
}
