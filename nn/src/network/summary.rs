//! A table of the parameters of a model.

use autodiff::prelude::*;
use std::fmt;

/// The layers of a model, with the shapes and the number of their parameters. Displayed, it is a table.
///
/// A layer is a group of leaves whose paths differ only in the last name.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Init, Mlp, Summary, Transfer};
/// use rand::{SeedableRng, rngs::StdRng};
/// let rng = &mut StdRng::seed_from_u64(0);
/// let mlp = Mlp::<Tensor<f32>>::new(&[64, 100, 10], Transfer::Relu, Init::HeNormal, rng);
/// let summary = Summary::of(&mlp);
/// assert_eq!(summary.parameters(), 7510);
/// assert_eq!(
///     summary.to_string(),
///     "layer     shapes                        parameters\n\
///      layers.0  weight [100, 64], bias [100]       6,500\n\
///      layers.1  weight [10, 100], bias [10]        1,010\n\
///      total     2 layers                           7,510\n"
/// );
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The layers, in order.
    pub layers: Vec<Layer>,
}

/// A layer: parameters whose paths differ only in the last name.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// The path of the layer; empty if the model is a single layer.
    pub path: String,
    /// The names and the shapes of its parameters.
    pub shapes: Vec<(String, Shape)>,
}

impl Layer {
    /// The number of its parameters.
    pub fn parameters(&self) -> usize {
        self.shapes.iter().map(|(_, shape)| shape.size()).sum()
    }

    /// `weight [100, 64], bias [100]`.
    fn text(&self) -> String {
        let part = |(name, shape): &(String, Shape)| format!("{name} {shape}").trim_start().to_owned();
        self.shapes.iter().map(part).collect::<Vec<_>>().join(", ")
    }
}

impl Summary {
    /// Summarises a model of tensors or of variables.
    pub fn of(model: &impl Tree) -> Self {
        let mut layers: Vec<Layer> = Vec::new();
        model.visit(&mut |path, leaf| {
            let text = path.to_string();
            let (path, name) = text.rsplit_once('.').unwrap_or(("", &text));
            let parameter = (name.to_owned(), leaf.shape());
            match layers.last_mut().filter(|layer| layer.path == path) {
                Some(layer) => layer.shapes.push(parameter),
                None => layers.push(Layer { path: path.to_owned(), shapes: vec![parameter] }),
            }
        });
        Self { layers }
    }

    /// The number of parameters of the whole model.
    pub fn parameters(&self) -> usize {
        self.layers.iter().map(Layer::parameters).sum()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = |layer: &Layer| [layer.path.clone(), layer.text(), thousands(layer.parameters())];
        let mut rows = vec![["layer", "shapes", "parameters"].map(str::to_owned)];
        rows.extend(self.layers.iter().map(row));
        let n = self.layers.len();
        let layers = format!("{n} layer{}", if n == 1 { "" } else { "s" });
        rows.push(["total".to_owned(), layers, thousands(self.parameters())]);
        let width = |i: usize| rows.iter().map(|row| row[i].chars().count()).max().unwrap_or(0);
        let [path, shapes, count] = [0, 1, 2].map(width);
        rows.iter().try_for_each(|row| writeln!(f, "{:path$}  {:shapes$}  {:>count$}", row[0], row[1], row[2]))
    }
}

/// `1,234,567`.
fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let comma = |i: usize| i > 0 && (digits.len() - i).is_multiple_of(3);
    digits.char_indices().flat_map(|(i, c)| comma(i).then_some(',').into_iter().chain([c])).collect()
}
