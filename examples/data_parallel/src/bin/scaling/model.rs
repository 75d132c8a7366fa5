//! A model of the time of a step on N ranks: T(N) = U + C·B/N + R(N).
//!
//! U is the time that no rank saves, above all the update; C is the time of a sample; both come from steps of one process,
//! by a straight line over the batch B. R is the time of the sums. A sum of S bytes over N ranks takes
//!
//! ```text
//! 2·⌈log₂ N⌉·α + 2·(N − 1)/N · S/β
//! ```
//!
//! by recursive halving and doubling, with a latency α and a bandwidth β (Thakur, Rabenseifner and Gropp, *Optimization of
//! Collective Communication Operations in MPICH*, 2005). A step has one sum for each large leaf, one for the small ones,
//! and one of a few figures.

use super::measure::Kind;

/// A measured time in seconds.
pub struct Figure {
    pub kind: Kind,
    pub network: String,
    pub batch: usize,
    pub time: f64,
}

/// The latency in seconds, and the bandwidth in bytes per second.
#[derive(Clone, Copy)]
pub struct Connection {
    pub latency: f64,
    pub bandwidth: f64,
}

impl Connection {
    /// That of two ranks: the latency from the smallest sum, the bandwidth from the largest.
    pub fn of(figures: &[Figure]) -> Option<Self> {
        let sums = || figures.iter().filter(|figure| figure.kind == Kind::Sum);
        let (small, large) = (sums().min_by_key(|sum| sum.batch)?, sums().max_by_key(|sum| sum.batch)?);
        Some(Self { latency: small.time / 2.0, bandwidth: 4.0 * large.batch as f64 / (large.time - small.time) })
    }
}

/// A network, as the model sees it.
#[derive(Clone, Copy)]
pub struct Network {
    /// U in seconds.
    fixed: f64,
    /// C in seconds.
    sample: f64,
    /// The gradient in bytes.
    bytes: f64,
    /// The number of sums in a step.
    sums: f64,
    connection: Connection,
}

impl Network {
    pub fn of(layers: &[usize], times: &[(usize, f64)], connection: Connection) -> Self {
        let sizes = layers.windows(2).flat_map(|layer| [layer[0] * layer[1], layer[1]]);
        // `nn` sums leaves of at least this many elements alone.
        let large = sizes.clone().filter(|&size| size >= 1 << 16).count();
        let [fixed, sample] = line(times);
        Self { fixed, sample, bytes: 4.0 * sizes.sum::<usize>() as f64, sums: large as f64 + 2.0, connection }
    }

    /// The time of a step on `ranks` with a batch of all of them.
    pub fn time(&self, ranks: f64, batch: f64) -> f64 {
        let Connection { latency, bandwidth } = self.connection;
        let reduction =
            self.sums * 2.0 * ranks.log2().ceil() * latency + 2.0 * (ranks - 1.0) / ranks * self.bytes / bandwidth;
        self.fixed + self.sample * batch / ranks + reduction
    }

    /// How many times as fast as one process the ranks take a step with this batch of all of them.
    pub fn strong(&self, ranks: f64, batch: f64) -> f64 {
        self.time(1.0, batch) / self.time(ranks, batch)
    }

    /// How many times as many samples as one process the ranks take in the same time, with this batch of each of them.
    pub fn weak(&self, ranks: f64, batch: f64) -> f64 {
        ranks * self.time(1.0, batch) / self.time(ranks, ranks * batch)
    }
}

/// The line a + b·x of the least relative squares through points (x, y).
fn line(points: &[(usize, f64)]) -> [f64; 2] {
    let [mut w, mut wx, mut wxx, mut wy, mut wxy] = [0.0; 5];
    for &(x, y) in points {
        let (x, weight) = (x as f64, 1.0 / (y * y));
        w += weight;
        wx += weight * x;
        wxx += weight * x * x;
        wy += weight * y;
        wxy += weight * x * y;
    }
    let b = (w * wxy - wx * wy) / (w * wxx - wx * wx);
    [((wy - b * wx) / w).max(0.0), b]
}
