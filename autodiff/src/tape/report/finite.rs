//! The search for the first result that is not finite.

use super::site::Site;
use crate::algebra::{Element, Math, Reading};
use crate::array::{Number, Tensor};
use crate::tape::graph::{Graph, Origin};
use crate::tape::var::Var;

impl<V: Reading> Var<'_, V> {
    /// Finds the first operation responsible for an infinity or a NaN in this value: one with finite operands, or an
    /// input that is not finite itself. Returns `None` if the value is finite. Operands without influence, such as the
    /// branch that a [`select`](crate::Math::select) does not take, are not blamed. An infinite constant may be meant,
    /// as the −∞ of a mask is. If it leads to a NaN, the operation that made the NaN is blamed.
    ///
    /// A recorded derivative, of any order, is searched like any other value. The search costs nothing while the
    /// program runs. On a [traced](crate::Tape::traced) tape it also finds the source line.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let tape = Tape::traced();
    /// let x = tape.variable(Tensor::from([1.0, 0.0])).named("x");
    /// let y = x.sqrt().sum();
    /// assert!(y.first_not_finite().is_none());
    /// let [slope] = y.grad([x]); // infinite at 0
    /// let fault = slope.first_not_finite().unwrap();
    /// assert_eq!(fault.derivative_of.unwrap(), "%1 = sqrt %0 : [2]");
    /// assert_eq!(fault.location.unwrap().file(), file!());
    /// ```
    pub fn first_not_finite(self) -> Option<Site> {
        let graph = self.tape.graph();
        if is_finite(graph.value(self.id())) {
            return None;
        }
        let mut responsible = vec![false; self.id() as usize + 1];
        responsible[self.id() as usize] = true;
        // The first responsible node so far: any, one that holds a NaN, and one that is no infinite constant.
        let (mut any, mut nan, mut unmeant) = (self.id(), None, None);
        for id in (0..=self.id()).rev() {
            if !responsible[id as usize] {
                continue;
            }
            let operands = responsible_operands(&graph, id);
            operands.iter().for_each(|&x| responsible[x as usize] = true);
            let has_nan = has_nan(graph.value(id));
            nan = if has_nan { Some(id) } else { nan };
            if operands.is_empty() {
                any = id;
                let is_constant = matches!(graph.nodes[id as usize].origin, Origin::Constant);
                unmeant = if has_nan || !is_constant { Some(id) } else { unmeant };
            }
        }
        let first = unmeant.or(nan).unwrap_or(any);
        Some(Site::new(&graph, first))
    }
}

fn is_finite<V: Reading>(x: &V) -> bool {
    x.primal().iter().all(|x| x.to_f64().is_finite())
}

fn has_nan<V: Reading>(x: &V) -> bool {
    x.primal().iter().any(|x| x.to_f64().is_nan())
}

/// The operands responsible for a result that is not finite: those whose replacement by finite numbers would change the
/// result. If no single replacement does, as in ∞ + ∞, all operands that are not finite are responsible.
fn responsible_operands<V: Reading>(graph: &Graph<V>, id: u32) -> Vec<u32> {
    let Some(op) = graph.op(id) else { return Vec::new() };
    let operands = graph.operands(id);
    let suspects: Vec<usize> = (0..operands.len()).filter(|&i| !is_finite(graph.value(operands[i]))).collect();
    let result = bits(&graph.value(id).primal());
    let changes = |i: usize| {
        let finite = make_finite(graph.value(operands[i]));
        let x: Vec<&V> = (0..operands.len()).map(|j| if i == j { &finite } else { graph.value(operands[j]) }).collect();
        bits(&V::apply(&op, &x).primal()) != result
    };
    let responsible: Vec<u32> = suspects.iter().filter(|&&i| changes(i)).map(|&i| operands[i]).collect();
    match responsible.is_empty() {
        true => suspects.iter().map(|&i| operands[i]).collect(),
        false => responsible,
    }
}

/// Replaces each element that is not finite by 1.
fn make_finite<V: Reading>(x: &V) -> V {
    let is_finite = (x.clone() - x).equal(&x.full_like(0.0)); // ∞ − ∞ is NaN
    is_finite.select(x, &x.full_like(1.0))
}

/// The bits of the elements. They distinguish −0 from 0, and compare NaN as equal.
pub(crate) fn bits<T: Element>(x: &Tensor<T>) -> Vec<u64> {
    x.iter().map(|x| x.to_f64().to_bits()).collect()
}
