//! The signature of a loss in training.

use super::recorder::Recorder;
use autodiff::prelude::*;

/// A loss: a closure or a function `|tape, model, batch, rng|` that returns a scalar on the tape.
///
/// - `tape` is the [`Recorder`]: a tape that also notes named terms.
/// - `model` is the model of the trainer, with variables in place of its tensors.
/// - `batch` refers to the batch, which has the type of the data; `()` if there are none.
/// - `rng` is the generator that the caller passed in. If a loss draws all its random numbers there, they depend on one
///   seed, and a training that was saved goes on with the same numbers.
///
/// [`step`](super::Trainer::step), [`epoch`](super::Trainer::epoch), [`evaluate`](super::Trainer::evaluate) and
/// [`fit`](super::Trainer::fit) take the same loss. Written where it is used, a closure needs no types. For a closure with a
/// name, see [`Trainer::loss`](super::Trainer::loss). A function has the signature
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Mlp, Recorder, data::Samples, loss};
/// fn entropy<'t, R>(
///     tape: &Recorder<'t, Tensor<f32>>,
///     mlp: Mlp<Var<'t, Tensor<f32>>>,
///     batch: &Samples<f32>,
///     _: &mut R,
/// ) -> Var<'t, Tensor<f32>> {
///     loss::cross_entropy(&mlp.forward(&batch.x), &batch.labels)
/// }
/// # use nn::{Init, Sgd, Trainer, Transfer, data::Digits};
/// # let rng = &mut rand::SeedableRng::seed_from_u64(0);
/// # let mlp = Mlp::new(&[64, 10], Transfer::Linear, Init::GlorotUniform, rng);
/// let mut trainer = Trainer::new(mlp, Sgd::new(0.1));
/// let Digits { train, test } = Digits::load();
/// let before = trainer.evaluate(&test, 64, rng, entropy).total;
/// trainer.epoch(&train, 64, rng, entropy)?;
/// assert!(trainer.evaluate(&test, 64, rng, entropy).total < before);
/// # let _: &mut rand::rngs::StdRng = rng;
/// # Ok::<(), nn::NotFinite>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a loss of this trainer",
    label = "not a loss",
    note = "a loss is a closure `|_, model, batch, rng|` that returns a scalar variable; `Trainer::loss` gives it a name"
)]
pub trait Loss<M: Tree, B: ?Sized, R: ?Sized>:
    for<'t> FnMut(&Recorder<'t, M::Leaf>, OnTape<'t, M>, &B, &mut R) -> Var<'t, M::Leaf>
{
}

impl<M, B, R, F> Loss<M, B, R> for F
where
    M: Tree,
    B: ?Sized,
    R: ?Sized,
    F: for<'t> FnMut(&Recorder<'t, M::Leaf>, OnTape<'t, M>, &B, &mut R) -> Var<'t, M::Leaf>,
{
}
