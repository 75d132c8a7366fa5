//! The search for the first derivative that disagrees, order by order.

use super::case::{Case, Direction, Run};
use super::failure::{Failure, Finding, Report};
use super::ways::Way;
use super::{Cause, differences, ways};
use crate::algebra::{Math, Value};
use crate::tape::{Tape, Var};

/// The first that is wrong; its cause is not known yet.
pub(super) fn first<V: Value>(case: &Case<'_, V>) -> Result<Report, Box<Failure>> {
    let mut report = Report::default();
    for order in 1..=case.options.order {
        // Each input by itself too, where that is cheap: at the first order. So a small one is not lost in the sum.
        let alone = (0..case.x.len()).filter(|_| order == 1 && case.x.len() > 1).map(Some);
        let together = std::iter::repeat_n(None, case.options.directions);
        for (n, input) in alone.chain(together).enumerate() {
            let stream = (order as u64) << 16 | n as u64;
            let found = compare(case, order, input, stream, &mut report);
            found.map_err(|finding| failure(order, input.map(|i| case.paths[i].clone()), finding))?;
        }
    }
    Ok(report)
}

pub(super) fn failure(order: usize, input: Option<String>, finding: Finding) -> Box<Failure> {
    Box::new(Failure { order, input, finding, cause: Cause::Unknown })
}

/// Compares one derivative of some order, along random directions, by all ways and with differences.
fn compare<V: Value>(
    case: &Case<'_, V>,
    order: usize,
    input: Option<usize>,
    stream: u64,
    report: &mut Report,
) -> Result<(), Finding> {
    let rng = &mut case.rng(stream);
    let v: Vec<Direction<V>> = (0..order).map(|_| only(input, case.direction(rng))).collect();
    let tape = Tape::traced();
    let run = case.run(&tape, case.x);
    let y = run.projected(&mut case.weights(stream));
    finite("the value", &[y])?;
    let ways = ways::all(&run, y, &v, case.options.modes);
    if let Some(way) = ways.iter().find(|way| !way.gives.value.is_finite()) {
        let recorded = run.along_all(y, &v, &vec![case.options.modes[0]; order]);
        finite("the derivative", &[recorded])?;
        return Err(Finding::NotFinite { what: format!("the derivative ({})", way.name), site: None });
    }
    ways_agree(case, order, &ways, report)?;
    differences_agree(case, &ways[0], &v, stream, report)
}

/// A direction in which one input moves alone.
fn only<V: Value>(input: Option<usize>, v: Direction<V>) -> Direction<V> {
    let stays = |i| input.is_some_and(|input| input != i);
    v.into_iter().enumerate().map(|(i, v)| if stays(i) { v.full_like(0.0) } else { v }).collect()
}

fn finite<V: Value>(what: &str, values: &[Var<'_, V>]) -> Result<(), Finding> {
    match values.iter().find_map(|x| x.first_not_finite()) {
        Some(site) => Err(Finding::NotFinite { what: what.into(), site: Some(Box::new(site)) }),
        None => Ok(()),
    }
}

fn ways_agree<V: Value>(case: &Case<'_, V>, order: usize, ways: &[Way], report: &mut Report) -> Result<(), Finding> {
    let size = ways.iter().map(|way| way.gives.size).fold(1.0, f64::max);
    let allowed = case.options.agreement::<V::Elem>(order) * size;
    for way in &ways[1..] {
        let numbers = [ways[0].gives.value, way.gives.value];
        let apart = (numbers[0] - numbers[1]).abs();
        if apart > allowed {
            return Err(Finding::Ways { names: [ways[0].name.clone(), way.name.clone()], numbers, allowed });
        }
        report.comparisons += 1;
        report.ways = report.ways.max(apart / allowed);
    }
    Ok(())
}

fn differences_agree<V: Value>(
    case: &Case<'_, V>,
    way: &Way,
    v: &[Direction<V>],
    stream: u64,
    report: &mut Report,
) -> Result<(), Finding> {
    let difference = differences::along(case, v, stream);
    let (derivative, difference, error) = (way.gives.value, difference.value, difference.error);
    if !difference.is_finite() {
        return Err(Finding::NotFinite { what: "a value within the step".into(), site: None });
    }
    let allowed = case.options.tolerance::<V::Elem>() * derivative.abs().max(difference.abs()) + error;
    let apart = (derivative - difference).abs();
    if apart > allowed {
        return Err(Finding::Difference { derivative, difference, allowed });
    }
    report.comparisons += 1;
    report.differences = report.differences.max(apart / allowed);
    Ok(())
}

impl<V: Value> Run<'_, V> {
    /// The sum of the sizes of the output's elements.
    pub(super) fn size(&self) -> f64 {
        self.y.value().abs().primal().iter().map(crate::array::Number::to_f64).sum()
    }
}
