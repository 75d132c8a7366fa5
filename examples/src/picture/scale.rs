//! Axes: the map from figures to positions, and the ticks.

/// An axis that maps figures from `low` to `high` to positions from `start` to `end`.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) start: f64,
    pub(super) end: f64,
    pub(super) log: bool,
}

impl Scale {
    /// An axis that shows all finite figures; if it is logarithmic, all positive ones.
    pub(super) fn of(figures: impl Iterator<Item = f64>, log: bool, [start, end]: [f64; 2]) -> Self {
        let shown = figures.filter(|x| x.is_finite() && (!log || *x > 0.0));
        let (low, high) = shown.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        let (low, high) = match (low < high, low == high) {
            (true, _) => (low, high),
            (_, true) if log => (low / 2.0, high * 2.0),
            (_, true) => (low - 0.5, high + 0.5),
            _ => (if log { 0.1 } else { 0.0 }, 1.0),
        };
        Self { low, high, start, end, log }
    }

    /// The position of a figure.
    pub(super) fn position(&self, x: f64) -> f64 {
        let f = |x: f64| if self.log { x.log10() } else { x };
        let share = (f(x) - f(self.low)) / (f(self.high) - f(self.low));
        self.start + share.clamp(-0.05, 1.05) * (self.end - self.start)
    }

    /// Round figures along the axis, and their labels.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        if !self.log {
            return self.linear_ticks();
        }
        let (low, high) = (self.low.log10().floor() as i32, self.high.log10().ceil() as i32);
        let step = ((high - low) as usize).div_ceil(6).max(1);
        // A short axis needs more ticks than the powers of ten.
        let within: &[u32] = if self.high < 300.0 * self.low { &[1, 2, 5] } else { &[1] };
        let figures = (low..=high).step_by(step).flat_map(|power| within.iter().map(move |&m| (m, power)));
        let ticks = figures.map(|(m, power)| (f64::from(m) * 10f64.powi(power), label(m, power)));
        let shown = ticks.filter(|&(x, _)| x >= self.low * 0.999 && x <= self.high * 1.001).collect::<Vec<_>>();
        if shown.len() < 2 { self.linear_ticks() } else { shown }
    }

    fn linear_ticks(&self) -> Vec<(f64, String)> {
        let rough = (self.high - self.low) / 5.0;
        let unit = 10f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * unit).find(|&step| step >= rough).unwrap_or(rough);
        let decimals = (-step.log10().floor()).max(0.0) as usize;
        let first = (self.low / step).ceil() as i64;
        let last = (self.high / step + 1e-9).floor() as i64;
        (first..=last).map(|i| (i as f64 * step, format!("{:.decimals$}", i as f64 * step))).collect()
    }
}

/// The label m·10ᵖ, where p is `power`.
fn label(m: u32, power: i32) -> String {
    match power {
        0..=3 => (m * 10u32.pow(power as u32)).to_string(),
        -2..0 => format!("{:.*}", -power as usize, f64::from(m) * 10f64.powi(power)),
        _ => {
            let digit = |c| char::from_u32(c as u32).unwrap_or('?');
            let raised = |c| match c {
                '-' => '⁻',
                '1' => '¹',
                '2' => '²',
                '3' => '³',
                c => digit('⁰' as usize + (c as usize - '0' as usize)),
            };
            let times = if m == 1 { String::new() } else { format!("{m}·") };
            format!("{times}10{}", power.to_string().chars().map(raised).collect::<String>())
        }
    }
}
