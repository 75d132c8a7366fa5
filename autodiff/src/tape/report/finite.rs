//! Where a number that is not finite comes from.

use super::site::Site;
use crate::algebra::{Element, Value};
use crate::array::{Number, Tensor};
use crate::tape::graph::Graph;
use crate::tape::var::Var;

impl<V: Value> Var<'_, V> {
    /// If this is not finite: the first operation, of those that it depends on, that made an infinity or a NaN out of
    /// finite numbers, or the input that had one. What has no influence, such as the branch that a
    /// [`select`](crate::Math::select) does not take, is passed over.
    ///
    /// Derivatives are on the tape as the values are, so asked of a recorded gradient of any order it finds the step
    /// of the walk. Nothing is kept for it while a program runs; on a [traced](crate::Tape::traced) tape it knows the
    /// source line.
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
        let mut guilty = vec![false; self.id() as usize + 1];
        guilty[self.id() as usize] = true;
        let mut first = self.id();
        for id in (0..=self.id()).rev() {
            if guilty[id as usize] {
                let from = guilty_operands(&graph, id);
                first = if from.is_empty() { id } else { first };
                from.iter().for_each(|&x| guilty[x as usize] = true);
            }
        }
        Some(Site::new(&graph, first))
    }
}

fn is_finite<V: Value>(x: &V) -> bool {
    x.primal().iter().all(|x| x.to_f64().is_finite())
}

/// The operands to which it is due that a node is not finite: those that would change the result if they were finite.
/// Where none does by itself (∞ + ∞), all that are not finite.
fn guilty_operands<V: Value>(graph: &Graph<V>, id: u32) -> Vec<u32> {
    let Some(op) = graph.op(id) else { return Vec::new() };
    let operands = graph.operands(id);
    let suspects: Vec<usize> = (0..operands.len()).filter(|&i| !is_finite(graph.value(operands[i]))).collect();
    let result = bits(&graph.value(id).primal());
    let changes = |i: usize| {
        let cured = cure(graph.value(operands[i]));
        let x: Vec<&V> = (0..operands.len()).map(|j| if i == j { &cured } else { graph.value(operands[j]) }).collect();
        bits(&V::apply(&op, &x).primal()) != result
    };
    let guilty: Vec<u32> = suspects.iter().filter(|&&i| changes(i)).map(|&i| operands[i]).collect();
    match guilty.is_empty() {
        true => suspects.iter().map(|&i| operands[i]).collect(),
        false => guilty,
    }
}

/// The same numbers, with 1 for what is not finite.
fn cure<V: Value>(x: &V) -> V {
    let finite = |x: &V::Elem| if x.to_f64().is_finite() { *x } else { V::Elem::from_f64(1.0) };
    x.lift(&x.primal().map(finite))
}

pub(crate) fn bits<T: Element>(x: &Tensor<T>) -> Vec<u64> {
    x.iter().map(|x| x.to_f64().to_bits()).collect()
}
