//! Libraries that differentiate tensor programs.

mod autograd;
mod burn;
mod candle;
mod dfdx;
mod ours;

use crate::contender::{Contender, Peer};
use crate::task::Task;

pub(crate) const NAMES: [&str; 5] =
    [ours::Ours::NAME, burn::Burn::NAME, candle::Candle::NAME, dfdx::Dfdx::NAME, autograd::Autograd::NAME];

pub(crate) fn contenders(task: Task) -> Vec<Option<Contender>> {
    vec![
        Contender::new::<ours::Ours>(task),
        Contender::new::<burn::Burn>(task),
        Contender::new::<candle::Candle>(task),
        Contender::new::<dfdx::Dfdx>(task),
        Contender::new::<autograd::Autograd>(task),
    ]
}
