//! The times of steps, and of sums over the ranks.

use autodiff::prelude::*;
use data_parallel::Mpi;
use nn::data::{Batches, Samples};
use nn::store::ChaCha12Rng;
use nn::{Init, Means, Mlp, NotFinite, Ranks, Sgd, Trainer, Transfer, loss};
use rand::SeedableRng;
use std::error::Error;
use std::fs::{File, OpenOptions};
use std::path::Path;
use std::time::Instant;

/// The layers of the networks.
pub const NETWORKS: [&[usize]; 3] = [&[64, 32, 10], &[784, 256, 64, 10], &[784, 1024, 1024, 10]];
/// The batches of the tables: of all ranks together, and of each rank.
pub const BATCHES: [usize; 4] = [128, 512, 1024, 4096];
/// The numbers in the sums that are measured.
const SUMS: [usize; 5] = [1, 1_000, 10_000, 100_000, 2_000_000];
/// A time is the median of this many.
const REPETITIONS: usize = 9;

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A step of one process, while the other core has nothing to do.
    Alone,
    /// A step of one process, while another one takes the same step on its own.
    Apart,
    /// A step of two ranks; the batch is that of both.
    Together,
    /// The sum of single-precision numbers over two ranks.
    Sum,
}

/// The names of the kinds in a file.
pub const KINDS: [(&str, Kind); 4] =
    [("alone", Kind::Alone), ("apart", Kind::Apart), ("together", Kind::Together), ("sum", Kind::Sum)];

/// Begins the file of the figures.
pub fn begin(file: &Path) -> Result<(), Box<dyn Error>> {
    let mut table = csv::Writer::from_path(file)?;
    table.write_record(["kind", "network", "batch", "microseconds"])?;
    Ok(table.flush()?)
}

/// Measures on one rank or on two, and appends to the file.
pub fn measure(mpi: &Mpi, file: &Path) -> Result<(), Box<dyn Error>> {
    let mut figures = Figures { table: mpi.is_root().then(|| append(file)).transpose()? };
    for sizes in NETWORKS {
        let name = sizes.iter().map(usize::to_string).collect::<Vec<_>>().join("-");
        let halves = BATCHES.iter().map(|batch| batch / 2);
        let mut batches: Vec<usize> = BATCHES.into_iter().chain(halves.clone()).collect();
        match mpi.size() {
            1 => {
                batches.sort_unstable();
                batches.dedup();
                batches
                    .into_iter()
                    .try_for_each(|batch| figures.note(Kind::Alone, &name, batch, step(None, sizes, batch)))?;
            }
            _ => {
                for batch in halves {
                    Ranks::<f32>::sum_figures(mpi, vec![0.0]); // both begin at once
                    figures.note(Kind::Apart, &name, batch, step(None, sizes, batch))?;
                }
                batches = BATCHES.into_iter().chain(BATCHES.map(|batch| 2 * batch)).collect();
                batches.sort_unstable();
                batches.dedup();
                for batch in batches {
                    figures.note(Kind::Together, &name, batch, step(Some(mpi), sizes, batch))?;
                }
            }
        }
    }
    if mpi.size() > 1 {
        for n in SUMS {
            let sums = (10_000_000 / n).clamp(10, 1000);
            let mut x = Tensor::<f32>::full([n], 0.0);
            let time = median(|| (0..sums).for_each(|_| x = mpi.sum(std::mem::replace(&mut x, Tensor::scalar(0.0)))));
            figures.note(Kind::Sum, "", n, time / sums as f64)?;
        }
    }
    Ok(())
}

struct Figures {
    /// The file, on rank 0.
    table: Option<csv::Writer<File>>,
}

impl Figures {
    fn note(&mut self, kind: Kind, network: &str, batch: usize, time: f64) -> Result<(), Box<dyn Error>> {
        let Some(table) = &mut self.table else { return Ok(()) };
        let name = KINDS.iter().find(|known| known.1 == kind).expect("each kind has a name").0;
        let time = format!("{:.2}", time * 1e6);
        eprintln!("{name} {network} {batch}: {time} µs");
        table.write_record([name, network, &batch.to_string(), &time])?;
        Ok(table.flush()?)
    }
}

fn append(file: &Path) -> Result<csv::Writer<File>, Box<dyn Error>> {
    Ok(csv::Writer::from_writer(OpenOptions::new().append(true).open(file)?))
}

/// The median time of `f` in seconds, after a first call that does not count.
fn median(mut f: impl FnMut()) -> f64 {
    f();
    let time = |()| {
        let start = Instant::now();
        f();
        start.elapsed().as_secs_f64()
    };
    let mut times: Vec<f64> = [(); REPETITIONS].map(time).to_vec();
    times.sort_by(f64::total_cmp);
    times[REPETITIONS / 2]
}

/// The time of a step of this process, or of all ranks.
fn step(ranks: Option<&Mpi>, sizes: &[usize], batch: usize) -> f64 {
    let rng = &mut ChaCha12Rng::seed_from_u64(0);
    let mut trainer = Trainer::new(Mlp::new(sizes, Transfer::Relu, Init::HeNormal, rng), Sgd::new(1e-3));
    let weights: usize = sizes.windows(2).map(|layer| layer[0] * layer[1]).sum();
    let steps = (300_000_000 / (weights * batch)).clamp(1, 500); // some 10⁹ multiplications
    let n = steps * batch;
    let (x, labels) = (Tensor::uniform([n, sizes[0]], 0.0, 1.0, rng), (0..n).map(|i| i % 10).collect::<Vec<_>>());
    let data = Samples::<f32> { x, labels: labels.into() };
    let loss =
        trainer.loss(|_, mlp, batch: &Samples<f32>, _| loss::cross_entropy(&mlp.forward(&batch.x), &batch.labels));
    let finite = |means: Result<Means, NotFinite>| drop(means.expect("the loss is finite"));
    let batches = || Batches::in_order(batch);
    let time = match ranks {
        None => median(|| finite(trainer.epoch(&data, batches(), rng, loss))),
        Some(mpi) => {
            let mut trainer = trainer.on(mpi, 0);
            median(|| finite(trainer.epoch(&data, batches(), rng, loss)))
        }
    };
    time / steps as f64
}
