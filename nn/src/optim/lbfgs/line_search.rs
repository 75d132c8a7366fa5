//! The line search for L-BFGS (Moré and Thuente 1994, *Line Search Algorithms with Guaranteed Sufficient Decrease*).

/// A point along a direction: its distance, the value there, and the derivative along the direction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub(super) at: f64,
    pub(super) value: f64,
    pub(super) slope: f64,
}

/// The required share of the decrease that the slope predicts, and the share of the slope that may be left: the usual
/// c₁ and c₂ for quasi-Newton directions (Nocedal and Wright 2006, section 3.1).
const DECREASE: f64 = 1e-4;
const CURVATURE: f64 = 0.9;
/// The largest number of evaluations in one search.
const TRIALS: usize = 25;
/// The share of its width that an interval must lose in two trials, and the share of the way to its far end that a trial
/// may go (sections 3 and 4 of the paper).
const SHRINKAGE: f64 = 0.66;

/// Finds a step that satisfies the strong Wolfe conditions φ(t) ≤ φ(0) + c₁·t·φ′(0) and |φ′(t)| ≤ c₂·|φ′(0)|. `f` returns
/// the value and the slope at t; `first` is the first trial.
///
/// If 25 trials find none, returns the lowest point that decreases φ enough, or `None` if there was none. Multiplying φ
/// by a positive number changes nothing.
pub(super) fn strong_wolfe(start: Point, first: f64, mut f: impl FnMut(f64) -> (f64, f64)) -> Option<Point> {
    let mut interval = Interval { low: start, high: start, bracketed: false };
    let (mut at, mut limit, mut widths) = (first, f64::INFINITY, [f64::INFINITY; 2]);
    let (mut best, mut tilted): (Option<Point>, bool) = (None, true);
    for _ in 0..TRIALS {
        let (value, slope) = f(at);
        let point = Point { at, value, slope };
        if !(value.is_finite() && slope.is_finite()) {
            // Too far: a pole, or an overflow.
            limit = at;
            at = interval.low.at + 0.25 * (at - interval.low.at);
            continue;
        }
        if enough(start, point) {
            if flat(start, point) {
                return Some(point);
            }
            if best.is_none_or(|best| value < best.value) {
                best = Some(point);
            }
            tilted &= slope < 0.0;
        }
        // Until a point is low enough with a slope upwards, look for a minimum of φ(t) − c₁·t·φ′(0) instead: it satisfies
        // both conditions (section 2).
        let tilt = if tilted && value <= interval.low.value { DECREASE * start.slope } else { 0.0 };
        at = interval.advance(point, tilt);
        if interval.bracketed {
            let width = (interval.high.at - interval.low.at).abs();
            if width >= SHRINKAGE * widths[0] {
                at = interval.low.at + 0.5 * (interval.high.at - interval.low.at);
            }
            widths = [widths[1], width];
            if width <= f64::EPSILON * interval.low.at.abs() {
                break;
            }
        }
        if at >= limit {
            at = 0.5 * (interval.low.at + limit);
        }
    }
    best
}

/// An interval of distances. Once it is bracketed, it holds a suitable point.
struct Interval {
    /// The end with the lowest value so far.
    low: Point,
    high: Point,
    bracketed: bool,
}

impl Interval {
    /// Narrows or moves the interval by a trial; returns the next one (section 4). The values are those of φ minus a line
    /// with the slope `tilt`.
    fn advance(&mut self, trial: Point, tilt: f64) -> f64 {
        let (low, high, point) = (self.low.minus(tilt), self.high.minus(tilt), trial.minus(tilt));
        let step = point.at - low.at;
        let cubic = cubic_minimum(low, point);
        // The minimum of the parabola through both slopes.
        let secant = point.at - point.slope / (point.slope - low.slope) * step;
        // How far an extrapolation goes.
        let far = point.at + 4.0 * step;
        let turned = point.slope * low.slope < 0.0;
        let next = if point.value > low.value {
            // Case 1: a higher value. The parabola has both values and the slope at the lower end.
            let parabola = low.at + 0.5 * step * low.slope / ((low.value - point.value) / step + low.slope);
            let cubic = cubic.unwrap_or(parabola);
            let closer = (cubic - low.at).abs() < (parabola - low.at).abs();
            if closer { cubic } else { cubic + 0.5 * (parabola - cubic) }
        } else if turned {
            // Case 2: a lower value with a slope of the other sign.
            farther(point.at, cubic.unwrap_or(secant), secant)
        } else if point.slope.abs() < low.slope.abs() {
            // Case 3: a lower value and a smaller slope. The cubic may have its minimum behind, or none.
            let cubic = cubic.filter(|cubic| (cubic - point.at) * step > 0.0).unwrap_or(far);
            match self.bracketed {
                true => {
                    let end = point.at + SHRINKAGE * (high.at - point.at);
                    let next = closer(point.at, cubic, secant);
                    if step > 0.0 { next.min(end) } else { next.max(end) }
                }
                false => farther(point.at, cubic, secant).clamp(point.at + 1.1 * step, far),
            }
        } else if self.bracketed {
            // Case 4: a lower value and a slope that is not smaller.
            cubic_minimum(point, high).unwrap_or(0.5 * (point.at + high.at))
        } else {
            far
        };
        if point.value > low.value {
            self.high = trial;
        } else {
            if turned {
                self.high = self.low;
            }
            self.low = trial;
        }
        self.bracketed |= turned || point.value > low.value;
        match self.bracketed {
            true => next.clamp(self.low.at.min(self.high.at), self.low.at.max(self.high.at)),
            false => next,
        }
    }
}

impl Point {
    fn minus(self, slope: f64) -> Self {
        Self { value: self.value - self.at * slope, slope: self.slope - slope, ..self }
    }
}

/// The minimum of the cubic with the values and the slopes of two points, if it has one (Nocedal and Wright 2006, equation
/// 3.59).
fn cubic_minimum(a: Point, b: Point) -> Option<f64> {
    let width = b.at - a.at;
    let mean = a.slope + b.slope - 3.0 * (b.value - a.value) / width;
    // Scaled, so that squares neither overflow nor vanish.
    let scale = mean.abs().max(a.slope.abs()).max(b.slope.abs());
    let square = (mean / scale).powi(2) - a.slope / scale * (b.slope / scale);
    let root = (square >= 0.0).then(|| scale * square.sqrt() * width.signum())?;
    let minimum = b.at - width * (b.slope + root - mean) / (b.slope - a.slope + 2.0 * root);
    minimum.is_finite().then_some(minimum)
}

fn closer(to: f64, a: f64, b: f64) -> f64 {
    if (a - to).abs() < (b - to).abs() { a } else { b }
}

fn farther(from: f64, a: f64, b: f64) -> f64 {
    if (a - from).abs() > (b - from).abs() { a } else { b }
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

    type Curve = fn(f64) -> (f64, f64);

    /// A parabola, a hill, a pole beyond which there are no numbers, and the functions 1 to 3 of section 5 of the paper.
    const CURVES: [Curve; 6] = [
        |t| ((t - 3.0).powi(2), 2.0 * (t - 3.0)),
        |t| (-(5.0 * t).sin() + 0.1 * t, -5.0 * (5.0 * t).cos() + 0.1),
        |t| (-t - (1.0 - t / 4.0).ln(), -1.0 + 0.25 / (1.0 - t / 4.0)),
        |t| (-t / (t * t + 2.0), (t * t - 2.0) / (t * t + 2.0).powi(2)),
        |t| ((t + 0.004).powi(5) - 2.0 * (t + 0.004).powi(4), 5.0 * (t + 0.004).powi(4) - 8.0 * (t + 0.004).powi(3)),
        |t| {
            let (phase, steep) = (39.0 * std::f64::consts::FRAC_PI_2 * t, 0.99);
            let bend = match t {
                _ if t <= 0.99 => (1.0 - t, -1.0),
                _ if t >= 1.01 => (t - 1.0, 1.0),
                _ => ((t - 1.0).powi(2) / 0.02 + 0.005, (t - 1.0) / 0.01),
            };
            let wave = 2.0 * (1.0 - steep) / (39.0 * std::f64::consts::PI);
            (bend.0 + wave * phase.sin(), bend.1 + (1.0 - steep) * phase.cos())
        },
    ];

    /// First steps that are far too short or far too long.
    #[test]
    fn line_search_satisfies_both_wolfe_conditions() {
        for (i, f) in CURVES.into_iter().enumerate() {
            let start = Point { at: 0.0, value: f(0.0).0, slope: f(0.0).1 };
            for first in [1e-3, 0.1, 0.3, 1.0, 10.0, 50.0, 1e3] {
                let point = search(first, f).unwrap_or_else(|| panic!("curve {i} from {first}: no step"));
                assert!(enough(start, point) && flat(start, point), "curve {i} from {first}: {point:?}");
                assert_eq!((point.value, point.slope), f(point.at));
            }
        }
    }

    /// Powers of two change no digit.
    #[test]
    fn line_search_does_not_depend_on_the_scale() {
        for f in CURVES {
            for first in [1e-3, 1.0, 50.0] {
                let [small, large] = [-300, 200].map(|power| {
                    let scale = 2f64.powi(power);
                    search(first, |t| (scale * f(t).0, scale * f(t).1)).map(|point| point.at)
                });
                assert_eq!((small, large), (search(first, f).map(|point| point.at), small));
            }
        }
    }

    #[test]
    fn cubic_has_its_minimum_where_a_cubic_has_it() {
        let f = |t: f64| Point { at: t, value: t * (t - 1.0) * (t + 2.0), slope: 3.0 * t * t + 2.0 * t - 2.0 };
        let minimum = (7f64.sqrt() - 1.0) / 3.0;
        for (a, b) in [(0.0, 2.0), (2.0, 0.0), (-3.0, 0.1), (0.5, 0.6)] {
            assert!((cubic_minimum(f(a), f(b)).expect("a minimum") - minimum).abs() < 1e-13);
        }
        let rising = |t: f64| Point { at: t, value: t + t * t * t, slope: 1.0 + 3.0 * t * t };
        assert_eq!(cubic_minimum(rising(0.0), rising(1.0)), None);
    }

    #[test]
    fn line_search_gives_up_on_a_direction_that_does_not_descend() {
        assert!(search(1.0, |t| (t, -1.0)).is_none());
        assert!(search(1.0, |t| (if t > 0.0 { f64::NAN } else { 0.0 }, -1.0)).is_none());
    }
}
