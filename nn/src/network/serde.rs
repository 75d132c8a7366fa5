//! Networks in the formats of `serde`.

use super::{Linear, Mlp};

/// A network that is read, before it is checked. The shapes are checked when the network is used: to check them here,
/// it would need bounds on `V`, which every derive for a struct that holds a network would have to repeat.
#[derive(serde::Deserialize)]
#[serde(rename = "Mlp", deny_unknown_fields)]
pub(super) struct Parts<V, F> {
    layers: Vec<Linear<V>>,
    transfers: Vec<F>,
}

impl<V, F> TryFrom<Parts<V, F>> for Mlp<V, F> {
    type Error = String;

    fn try_from(Parts { layers, transfers }: Parts<V, F>) -> Result<Self, String> {
        match (layers.len(), transfers.len()) {
            (l, f) if l == f => Ok(Self { layers, transfers }),
            (l, f) => Err(format!("Mlp: there are {l} layers, but {f} transfer functions")),
        }
    }
}
