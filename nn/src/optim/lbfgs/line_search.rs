//! The line search for L-BFGS.

/// A point along a direction: its distance, the value there, and the derivative along the direction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub(super) at: f64,
    pub(super) value: f64,
    pub(super) slope: f64,
}

/// The required share of the decrease that the slope predicts, and the share of the slope that may be left.
const DECREASE: f64 = 1e-4;
const CURVATURE: f64 = 0.9;
/// The largest number of evaluations in one search.
const TRIALS: usize = 25;

/// Finds a step that satisfies the strong Wolfe conditions φ(t) ≤ φ(0) + c₁·t·φ′(0) and |φ′(t)| ≤ c₂·|φ′(0)|, with the
/// usual c₁ = 10⁻⁴ and c₂ = 0.9 for quasi-Newton directions (Nocedal and Wright 2006, algorithms 3.5 and 3.6). `f`
/// returns the value and the slope at t; `first` is the first trial.
///
/// If 25 trials find none, returns the lowest point that decreases φ enough, or `None` if there was none.
pub(super) fn strong_wolfe(start: Point, first: f64, mut f: impl FnMut(f64) -> (f64, f64)) -> Option<Point> {
    let mut best = None;
    let mut trial = |at: f64| {
        let (value, slope) = f(at);
        let point = Point { at, value, slope };
        if enough(start, point) && best.is_none_or(|best: Point| value < best.value) {
            best = Some(point);
        }
        point
    };
    let (mut behind, mut at) = (start, first);
    for i in 0..TRIALS {
        let point = trial(at);
        if !enough(start, point) || (i > 0 && point.value >= behind.value) {
            zoom(start, [behind, point], TRIALS - i - 1, &mut trial);
            break;
        }
        if flat(start, point) {
            break;
        }
        if point.slope >= 0.0 {
            zoom(start, [point, behind], TRIALS - i - 1, &mut trial);
            break;
        }
        (behind, at) = (point, 2.0 * at);
    }
    best
}

/// Narrows an interval that holds a suitable point; its first end is the lower one (algorithm 3.6). `trial` notes each
/// point.
fn zoom(start: Point, [mut low, mut high]: [Point; 2], trials: usize, trial: &mut impl FnMut(f64) -> Point) {
    for _ in 0..trials {
        let point = trial(between(low, high));
        if !enough(start, point) || point.value >= low.value {
            high = point;
        } else if flat(start, point) {
            return;
        } else {
            if point.slope * (high.at - low.at) >= 0.0 {
                high = low;
            }
            low = point;
        }
        if (high.at - low.at).abs() <= f64::EPSILON * low.at.abs() {
            return;
        }
    }
}

/// The minimum of the parabola through both values with the slope of the lower end; the middle if the minimum is close
/// to an end or does not exist.
fn between(low: Point, high: Point) -> f64 {
    let width = high.at - low.at;
    let bend = (high.value - low.value) / width - low.slope;
    let share = -0.5 * low.slope / bend;
    low.at + width * if (0.1..=0.9).contains(&share) { share } else { 0.5 }
}

/// The first condition. NaN does not satisfy it.
fn enough(start: Point, point: Point) -> bool {
    point.value <= start.value + DECREASE * point.at * start.slope
}

/// The second condition.
fn flat(start: Point, point: Point) -> bool {
    point.slope.abs() <= CURVATURE * start.slope.abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(first: f64, f: impl Fn(f64) -> (f64, f64)) -> Option<Point> {
        let (value, slope) = f(0.0);
        strong_wolfe(Point { at: 0.0, value, slope }, first, f)
    }

    /// First steps that are far too short or far too long, a pole, and a hill.
    #[test]
    fn line_search_satisfies_both_wolfe_conditions() {
        type Curve = fn(f64) -> (f64, f64);
        let curves: [Curve; 3] = [
            |t| ((t - 3.0).powi(2), 2.0 * (t - 3.0)),
            |t| (-(5.0 * t).sin() + 0.1 * t, -5.0 * (5.0 * t).cos() + 0.1),
            |t| (-t - (1.0 - t / 4.0).ln(), -1.0 + 0.25 / (1.0 - t / 4.0)), // not a number beyond 4
        ];
        for f in curves {
            let start = Point { at: 0.0, value: f(0.0).0, slope: f(0.0).1 };
            for first in [1e-3, 0.3, 1.0, 50.0] {
                let point = search(first, f).expect("there is such a step");
                assert!(enough(start, point) && flat(start, point), "{point:?} from {first}");
                assert_eq!((point.value, point.slope), f(point.at));
            }
        }
    }

    #[test]
    fn line_search_gives_up_on_a_direction_that_does_not_descend() {
        assert!(search(1.0, |t| (t, -1.0)).is_none());
        assert!(search(1.0, |_| (f64::NAN, -1.0)).is_none());
    }
}
