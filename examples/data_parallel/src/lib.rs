//! Training on several processes, connected by MPI.
//!
//! A program for one process becomes one for several by three lines: [`run`] around it, [`Trainer::on`](nn::Trainer::on) before
//! `fit`, and `if mpi.is_root()` before a file is written. It is started by `mpirun -n 4 program`.
//!
//! ```no_run
//! use autodiff::prelude::*;
//! use nn::{Adam, Init, Mlp, Plan, Trainer, Transfer, data::Digits, loss, store::ChaCha12Rng};
//! use rand::SeedableRng;
//! fn main() -> std::process::ExitCode {
//!     data_parallel::run(|mpi| { // 1
//!         let rng = &mut ChaCha12Rng::seed_from_u64(0);
//!         let Digits { train, test } = Digits::<f32>::load();
//!         let mlp = Mlp::new(&[64, 32, 10], Transfer::Relu, Init::HeNormal, rng);
//!         let mut trainer = Trainer::new(mlp, Adam::new(1e-2));
//!         trainer.on(mpi, 7).fit(&Plan::new(10, 64), &train, Some(&test), rng, |_, mlp, batch, _| { // 2
//!             loss::cross_entropy(&mlp.forward(&batch.x), &batch.labels)
//!         }, |trainer, status, rng| {
//!             if mpi.is_root() { // 3
//!                 println!("{status}");
//!                 trainer.save("digits.safetensors", rng)?;
//!             }
//!             Ok::<(), Box<dyn std::error::Error>>(())
//!         })?;
//!         Ok(())
//!     })
//! }
//! ```
//!
//! # Faults
//!
//! A process that waits in a sum for another one that has died would wait for ever. So every way out of a rank ends the whole
//! job:
//!
//! - an error that the program returns, and a panic, are printed with the rank and abort the job;
//! - a process that exits or is killed ends the job by `mpirun`, which names the rank;
//! - a number that is not finite, another model or data set, or an end before the others is noticed by the
//!   next sum, on all ranks (see [`Trainer::on`](nn::Trainer::on)).
//!
//! Files are written in one step, so the last checkpoint stays whole. A training that is restored goes on with any number of
//! ranks.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

use autodiff::prelude::*;
use mpi::collective::SystemOperation;
use mpi::topology::SimpleCommunicator;
use mpi::traits::{Communicator, CommunicatorCollectives, Equivalence};
use nn::Ranks;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

/// The processes that `mpirun` has started.
pub struct Mpi(SimpleCommunicator);

impl Mpi {
    /// The number of this process, from 0.
    pub fn rank(&self) -> usize {
        self.0.rank() as usize
    }

    /// The number of processes.
    pub fn size(&self) -> usize {
        self.0.size() as usize
    }

    /// Whether this is rank 0, which prints and writes files.
    pub fn is_root(&self) -> bool {
        self.rank() == 0
    }

    /// Replaces numbers by their sums over all ranks.
    fn add<T: Equivalence + Copy>(&self, numbers: &mut [T]) {
        let mut own = Vec::with_capacity(numbers.len().min(PIECE));
        for sums in numbers.chunks_mut(PIECE) {
            own.clear();
            own.extend_from_slice(sums);
            self.0.all_reduce_into(&own[..], sums, SystemOperation::sum());
        }
    }
}

/// The number of elements that are summed at once. In pieces that stay in the cache, 2·10⁶ numbers take a fifth of the time.
const PIECE: usize = 1 << 17;

impl<T: Element + Equivalence> Ranks<T> for Mpi {
    fn rank(&self) -> usize {
        Mpi::rank(self)
    }

    fn size(&self) -> usize {
        Mpi::size(self)
    }

    fn sum(&self, mut x: Tensor<T>) -> Tensor<T> {
        self.add(x.as_mut_slice());
        x
    }

    fn sum_figures(&self, mut figures: Vec<f64>) -> Vec<f64> {
        self.add(&mut figures);
        figures
    }
}

/// Runs a program on this rank, between the start and the end of MPI. If it panics or returns an error on any rank, all
/// ranks end, and the message names the rank.
///
/// Each rank computes on one thread, unless the program calls [`autodiff::set_threads`].
///
/// # Panics
/// Panics if MPI has been started already.
pub fn run(program: impl FnOnce(&Mpi) -> Result<(), Box<dyn Error>>) -> ExitCode {
    let _universe = mpi::initialize().expect("MPI is started once");
    let mpi = Mpi(SimpleCommunicator::world());
    let rank = mpi.rank();
    std::panic::set_hook(Box::new(move |panic| {
        let backtrace = Backtrace::capture();
        let trace = (backtrace.status() == BacktraceStatus::Captured).then(|| backtrace.to_string());
        report(&format!("rank {rank}: {panic}\n{}", trace.unwrap_or_default()));
        SimpleCommunicator::world().abort(101);
    }));
    autodiff::set_threads(1);
    if let Err(error) = program(&mpi) {
        report(&format!("rank {rank}: {error}\n"));
        SimpleCommunicator::world().abort(1);
    }
    match Ranks::<f64>::leave(&mpi) {
        Ok(()) => ExitCode::SUCCESS,
        Err(other) => {
            report(&format!("rank {rank} has ended its training, but rank {other} has not\n"));
            SimpleCommunicator::world().abort(1);
        }
    }
}

/// Writes a message in one piece, so that those of several ranks do not mix.
fn report(message: &str) {
    // An error of the write has nowhere to go: the job ends next.
    let _ = std::io::stderr().write_all(message.as_bytes());
}
