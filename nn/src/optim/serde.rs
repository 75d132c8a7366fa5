//! Optimisers in the formats of `serde`: their [`State`], which is checked as that of a checkpoint is.

use super::state::{Domain, State};
use super::{Adagrad, Adam, RmsProp, Sgd};
use autodiff::prelude::*;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

macro_rules! optimizers {
    ($($name:ident),*) => {$(
        impl<T: Element> Serialize for $name<Tensor<T>>
        where
            Tensor<T>: Serialize,
        {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Parts::of(self.clone()).serialize(serializer)
            }
        }

        impl<'de, T: Element> Deserialize<'de> for $name<Tensor<T>>
        where
            Tensor<T>: Deserialize<'de>,
        {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let restored = Parts::deserialize(deserializer)?.restore(Self::new(0.0));
                restored.map_err(|fault| D::Error::custom(format!("{}: {fault}", stringify!($name))))
            }
        }
    )*};
}

optimizers!(Adagrad, Adam, RmsProp, Sgd);

/// A state: its scalars and its tensors by name. A tensor's name holds one tensor for each leaf of the model.
#[derive(Serialize, Deserialize)]
#[serde(rename = "State", deny_unknown_fields)]
#[serde(bound(serialize = "Tensor<T>: Serialize", deserialize = "Tensor<T>: Deserialize<'de>"))]
struct Parts<T> {
    scalars: BTreeMap<String, f64>,
    tensors: BTreeMap<String, Vec<Tensor<T>>>,
}

impl<T: Element> Parts<T> {
    fn of(mut state: impl State<Tensor<T>>) -> Self {
        let (mut scalars, mut tensors) = (BTreeMap::new(), BTreeMap::<_, Vec<_>>::new());
        state.visit_scalars(&mut |name, _, number| _ = scalars.insert(name.to_owned(), *number));
        state.visit_tensors(&mut |name, _, tensor| {
            tensors.entry(list_of(name).to_owned()).or_default().push(tensor.clone());
        });
        Self { scalars, tensors }
    }

    /// Writes the parts into a new state, or returns what does not fit.
    fn restore<S: State<Tensor<T>>>(mut self, mut state: S) -> Result<S, String> {
        let mut faults = Vec::new();
        state.visit_scalars(&mut |name, domain, number| match self.scalars.remove(name) {
            Some(x) => {
                *number = x;
                faults.extend(impossible(name, domain, x));
            }
            None => faults.push(format!("{name} is missing")),
        });
        faults.extend(self.scalars.keys().map(|name| format!("there is no number {name}")));
        if let Some(list) = self.tensors.values().find(|list| !list.is_empty()) {
            state.prepare(&list.iter().map(|tensor| Tensor::zeros(tensor.shape())).collect::<Vec<_>>());
        }
        let numbered = |(name, list): (String, Vec<_>)| (name, list.into_iter().enumerate());
        let mut lists: BTreeMap<_, _> = self.tensors.into_iter().map(numbered).collect();
        state.visit_tensors(&mut |name, domain, tensor| match lists.get_mut(list_of(name)).and_then(Iterator::next) {
            Some((_, found)) if found.shape() == tensor.shape() => {
                faults.extend(found.iter().find_map(|x| impossible(name, domain, x.to_f64())));
                *tensor = found;
            }
            Some((_, found)) => {
                faults.push(format!("{name} has shape {}, but {} was expected", found.shape(), tensor.shape()));
            }
            None => faults.push(format!("{name} is missing")),
        });
        let unread = lists.into_iter().filter_map(|(name, mut rest)| Some((name, rest.next()?.0)));
        faults.extend(unread.map(|(name, i)| format!("there is no tensor {name}.{i}")));
        faults.into_iter().next().map_or(Ok(state), Err)
    }
}

/// The name of the list to which a tensor belongs: `mean` for `mean.0`.
fn list_of(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

fn impossible(name: &str, domain: Domain, x: f64) -> Option<String> {
    (!domain.contains(x)).then(|| format!("{name} is {x}, but must be {domain}"))
}
