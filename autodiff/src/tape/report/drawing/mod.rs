//! A tape as a picture: in the DOT language, or as SVG.

mod card;
mod dot;
mod layers;
mod svg;

use super::text::line;
use crate::algebra::Reading;
use crate::tape::derivative::Gradients;
use crate::tape::record::Tape;
use crate::tape::var::Var;
use card::Card;
use std::fmt;

/// A picture of a tape: a card for each node, with arrows from its operands, in their order from left to right.
///
/// A card shows the number of the node, its [name](Var::named), its operation and its shape. Further methods add values
/// and gradients, or leave out nodes. On a [traced](Tape::traced) tape, the nodes of recorded derivatives have another
/// colour for each order, and bear the sign ∂.
///
/// ```
/// use autodiff::prelude::*;
/// let tape = Tape::traced();
/// let (w, x, b) = (tape.variable(0.5).named("w"), tape.constant(2.0).named("x"), tape.variable(-1.0).named("b"));
/// let y = (w * x + b).tanh().named("y");
/// let drawing = tape.drawing().values().gradients(y);
/// # let svg = drawing.to_svg();
/// # assert!(svg.starts_with("<svg") && svg.contains("w·x") && svg.contains("gradient 2"));
/// std::fs::write(std::env::temp_dir().join("neuron.svg"), drawing.to_svg()).unwrap();
/// ```
pub struct Drawing<'t, V> {
    tape: &'t Tape<V>,
    /// The shown nodes, in ascending order.
    ids: Vec<u32>,
    values: bool,
    /// An output, and its derivatives with respect to all nodes up to it.
    gradients: Option<(Var<'t, V>, Gradients<'t, V>)>,
}

impl<V: Reading> Tape<V> {
    /// A picture of all nodes.
    pub fn drawing(&self) -> Drawing<'_, V> {
        Drawing { tape: self, ids: (0..self.len() as u32).collect(), values: false, gradients: None }
    }
}

impl<'t, V: Reading> Drawing<'t, V> {
    /// Leaves out all nodes on which none of the outputs depends.
    ///
    /// # Panics
    /// Panics if an output is on another tape.
    #[track_caller]
    pub fn of(mut self, outputs: &[Var<'t, V>]) -> Self {
        self.check_tape("of", outputs);
        let ids: Vec<u32> = outputs.iter().map(|x| x.id()).collect();
        let ancestors = self.tape.graph().ancestors(&ids, 0);
        self.ids.retain(|&id| ancestors.get(id) == Some(&true));
        self
    }

    /// Shows the value of each node: a few numbers, or the range of many.
    pub fn values(mut self) -> Self {
        self.values = true;
        self
    }

    /// Shows the derivative of a scalar by each node. A node on which it does not depend has none.
    ///
    /// # Panics
    /// Panics unless the output has exactly one element, or if it is on another tape.
    #[track_caller]
    pub fn gradients(mut self, output: Var<'t, V>) -> Self {
        self.check_tape("gradients", &[output]);
        output.check_scalar("Drawing::gradients");
        let nodes: Vec<Var<'t, V>> = (0..=output.id()).map(|id| Var::at(self.tape, id)).collect();
        self.gradients = Some((output, output.backward_wrt(&nodes)));
        self
    }

    /// The picture in the DOT language, which `dot -Tsvg` of Graphviz draws. Better than
    /// [`to_svg`](Drawing::to_svg) for large tapes.
    pub fn to_dot(&self) -> String {
        dot::write(&self.cards())
    }

    /// The picture as SVG, dark on white. The layout is simple and meant for tapes of up to some fifty nodes.
    pub fn to_svg(&self) -> String {
        svg::write(&self.cards())
    }

    fn cards(&self) -> Vec<Card> {
        let graph = self.tape.graph();
        let card = |&id: &u32| {
            let value = self.values.then(|| graph.value(id));
            Card::new(&graph, id, value, self.gradient(id).as_ref())
        };
        self.ids.iter().map(card).collect()
    }

    fn gradient(&self, id: u32) -> Option<V> {
        let (output, gradients) = self.gradients.as_ref()?;
        if id <= output.id() { gradients.try_of(Var::at(self.tape, id)).ok() } else { None }
    }

    #[track_caller]
    fn check_tape(&self, name: &str, outputs: &[Var<'t, V>]) {
        let same = outputs.iter().all(|output| std::ptr::eq(output.tape, self.tape));
        assert!(same, "Drawing::{name}: the variable is on another tape");
    }
}

/// Writes the lines of the tape's text, with the values and the gradients that were asked for.
///
/// ```
/// use autodiff::prelude::*;
/// let tape = Tape::new();
/// let x = tape.variable(3.0).named("x");
/// let y = x.square();
/// assert_eq!(
///     tape.drawing().values().gradients(y).to_string(),
///     "%0 = variable : []  # x\n    value 3, gradient 6\n%1 = square %0 : []\n    value 9, gradient 1\n"
/// );
/// ```
impl<V: Reading> fmt::Display for Drawing<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let graph = self.tape.graph();
        for &id in &self.ids {
            writeln!(f, "{}", line(&graph, id))?;
            let value = self.values.then(|| format!("value {}", card::numbers(graph.value(id))));
            let gradient = self.gradient(id).map(|gradient| format!("gradient {}", card::numbers(&gradient)));
            let both: Vec<String> = value.into_iter().chain(gradient).collect();
            if !both.is_empty() {
                writeln!(f, "    {}", both.join(", "))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algebra::Math;

    #[test]
    fn a_card_has_the_operation_in_words_of_the_user_and_its_numbers() {
        let tape = Tape::traced();
        let (w, x) = (tape.variable(0.5).named("w"), tape.constant(2.0).named("x"));
        let y = (w * x).square();
        y.grad([w]);
        let cards = tape.drawing().values().gradients(y).cards();
        assert_eq!(cards[2].lines, ["%2", "w·x", "1", "gradient 2"]);
        assert_eq!((cards[2].order, &cards[2].operands[..]), (0, &[0, 1][..]));
        assert!(cards.iter().any(|card| card.order == 1 && card.lines[0].ends_with('∂')));
        let of = tape.drawing().of(&[y]).cards();
        assert_eq!(of.len(), 4, "the nodes of the derivative are left out");
    }

    #[test]
    fn arrows_end_at_frames_and_run_down() {
        let tape = Tape::new();
        let x = tape.variable(0.5);
        let y = (0..20).fold(x.sin(), |y, i| if i % 3 == 0 { y * x } else { y.exp() });
        let cards = tape.drawing().of(&[y]).cards();
        let layout = layers::layout(&cards);
        let layer = |place: usize| layout.layers.iter().position(|layer| layer.contains(&place)).expect("a layer");
        for arrow in &layout.arrows {
            assert!(arrow.path.windows(2).all(|pair| layer(pair[0]) + 1 == layer(pair[1])));
        }
        assert_eq!(layout.arrows.len(), cards.iter().map(|card| card.operands.len()).sum::<usize>());
    }

    #[test]
    #[should_panic(expected = "Drawing::gradients: the output must have one element, but its shape is [2]")]
    fn gradients_of_an_array_are_rejected() {
        let tape = Tape::new();
        let x = tape.variable(crate::array::Tensor::from([1.0, 2.0]));
        tape.drawing().gradients(x);
    }
}
