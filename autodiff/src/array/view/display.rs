//! Printing in numpy's style: columns are aligned, and large tensors are elided in the middle.

use crate::array::memory::Tensor;
use std::fmt;

/// The largest number of elements that is printed in full.
const THRESHOLD: usize = 1000;
/// The number of elements shown at either end of an elided axis.
const EDGE_ITEMS: usize = 3;
/// The number of digits after the point, unless the caller gives a precision.
const PRECISION: usize = 4;

/// Prints aligned columns with up to four digits after the point. With a precision, as in `{:.6}`, each number has that
/// many.
///
/// Without a precision, numbers are in exponential form if the largest is 10⁸ or more, or the smallest nonzero one is below
/// the last digit. A tensor of more than 1000 elements shows three elements at either end of each axis.
impl<T: fmt::Display> fmt::Display for Tensor<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts = match f.precision() {
            Some(digits) => self.texts(|x| format!("{x:.digits$}")),
            None => with_few_digits(self.texts(T::to_string)),
        };
        self.write(f, texts)
    }
}

/// Prints aligned columns in exponential form.
impl<T: fmt::LowerExp> fmt::LowerExp for Tensor<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts = match f.precision() {
            Some(digits) => self.texts(|x| format!("{x:.digits$e}")),
            None => self.texts(|x| format!("{x:e}")),
        };
        self.write(f, texts)
    }
}

impl<T: fmt::Debug> fmt::Debug for Tensor<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = Vec::new();
        self.walk(self.size() > THRESHOLD, &mut Vec::new(), &mut |index| list.push(format!("{:?}", self[index])));
        write!(f, "Tensor{} [{}]", self.shape, list.join(", "))
    }
}

impl<T> Tensor<T> {
    /// The texts of the printed elements.
    fn texts(&self, text: impl Fn(&T) -> String) -> Vec<String> {
        let mut texts = Vec::new();
        self.walk(self.size() > THRESHOLD, &mut Vec::new(), &mut |index| texts.push(text(&self[index])));
        texts
    }

    /// Writes the texts in columns of equal width, which are no narrower than the formatter asks.
    fn write(&self, f: &mut fmt::Formatter<'_>, texts: Vec<String>) -> fmt::Result {
        let width = texts.iter().map(|text| text.chars().count()).chain(f.width()).max().unwrap_or(0);
        let cells: Vec<String> = texts.iter().map(|text| format!("{text:>width$}")).collect();
        self.write_axis(f, self.size() > THRESHOLD, 0, &mut cells.iter())
    }

    /// Calls `show` with the index of each printed element.
    fn walk(&self, elide: bool, index: &mut Vec<usize>, show: &mut dyn FnMut(&[usize])) {
        if index.len() == self.shape.rank() {
            return show(index);
        }
        for i in shown(self.shape[index.len()], elide) {
            index.push(i);
            self.walk(elide, index, show);
            index.pop();
        }
    }

    fn write_axis<'a>(
        &self,
        f: &mut fmt::Formatter<'_>,
        elide: bool,
        axis: usize,
        cells: &mut impl Iterator<Item = &'a String>,
    ) -> fmt::Result {
        let Some(&size) = self.shape.get(axis) else { return f.write_str(cells.next().map_or("", |cell| cell)) };
        let last = axis + 1 == self.shape.rank();
        let separator = if last { ", ".to_owned() } else { format!(",\n{}", " ".repeat(axis + 1)) };
        f.write_str("[")?;
        for (n, i) in shown(size, elide).enumerate() {
            if n > 0 {
                f.write_str(&separator)?;
            }
            if n == EDGE_ITEMS && i > EDGE_ITEMS {
                write!(f, "…{separator}")?;
            }
            self.write_axis(f, elide, axis + 1, cells)?;
        }
        f.write_str("]")
    }
}

/// The printed indices along an axis.
fn shown(size: usize, elide: bool) -> impl Iterator<Item = usize> {
    let cut = if elide && size > 2 * EDGE_ITEMS { EDGE_ITEMS } else { size };
    (0..cut).chain(if cut < size { size - EDGE_ITEMS } else { size }..size)
}

/// If all texts are numbers, they get the same number of digits after the point.
fn with_few_digits(texts: Vec<String>) -> Vec<String> {
    let numbers: Option<Vec<f64>> = texts.iter().map(|text| text.parse().ok()).collect();
    match numbers {
        Some(numbers) if texts.iter().any(|text| text.contains('.')) => format_numbers(&numbers),
        _ => texts,
    }
}

fn format_numbers(numbers: &[f64]) -> Vec<String> {
    let sizes = || numbers.iter().map(|x| x.abs()).filter(|x| x.is_finite() && *x > 0.0);
    let digits = PRECISION;
    if sizes().fold(0.0, f64::max) >= 1e8 || sizes().fold(f64::INFINITY, f64::min) < 10f64.powi(-(digits as i32)) {
        return numbers.iter().map(|x| format!("{x:.digits$e}")).collect();
    }
    let mut cells: Vec<String> = numbers.iter().map(|x| format!("{x:.digits$}")).collect();
    let zeros =
        |cell: &String| if cell.contains('.') { cell.len() - cell.trim_end_matches('0').len() } else { usize::MAX };
    let spare = cells.iter().map(zeros).min().unwrap_or(0).min(digits);
    for cell in cells.iter_mut().filter(|cell| cell.contains('.')) {
        cell.truncate(cell.len() - spare);
        cell.truncate(cell.trim_end_matches('.').len());
    }
    cells
}
