//! Drawings of a tape: nodes in layers, each below its operands.

use autodiff::{Reading, Tape};
use svg::node::element::{Definitions, Group, Marker, Path, Rectangle, Text, Title};
use svg::{Document, Node as _};

struct Node {
    label: String,
    shape: String,
    operands: Vec<usize>,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Variable,
    Constant,
    Operation,
}

/// The width and the height of a node.
const BOX: [f64; 2] = [108.0, 38.0];
/// The distance from one node to the next, across and down.
const STEP: [f64; 2] = [120.0, 66.0];

/// Draws all nodes of a tape, with an arrow from each operand. Suited to tapes of a few dozen nodes.
///
/// The function reads the text of the tape, which has one line per node: `%3 = exp %1 : [2]  # name`.
pub fn tape_graph<V: Reading>(tape: &Tape<V>) -> String {
    let nodes: Vec<Node> = tape.to_string().lines().map(parse_node).collect();
    let layers = layers(&nodes);
    let widest = layers.iter().map(Vec::len).max().unwrap_or(1);
    let mut positions = vec![[0.0; 2]; nodes.len()];
    for (y, layer) in layers.iter().enumerate() {
        let indent = 0.5 * (widest - layer.len()) as f64;
        for (x, &i) in layer.iter().enumerate() {
            positions[i] = [(x as f64 + indent + 0.5) * STEP[0], y as f64 * STEP[1] + 0.5 * BOX[1] + 4.0];
        }
    }
    let height = layers.len() as f64 * STEP[1] - (STEP[1] - BOX[1]) + 8.0;
    let (width, height) = (widest as f64 * STEP[0], height);
    let size = Document::new().set("viewBox", (0, 0, width, height)).set("width", width).set("height", height);
    let label = "the nodes of a tape, with an arrow from each operand";
    let mut picture = size.set("role", "img").set("aria-label", label).add(Definitions::new().add(arrow()));
    for (node, to) in nodes.iter().zip(&positions) {
        node.operands.iter().for_each(|&x| picture.append(edge(positions[x], *to)));
    }
    nodes.iter().zip(&positions).for_each(|(node, position)| picture.append(node.draw(*position)));
    picture.to_string()
}

/// The head of an arrow.
fn arrow() -> Marker {
    let head = Path::new().set("d", "M0 0L8 4L0 8z").set("fill", "currentColor");
    let marker = Marker::new().set("id", "arrow").set("viewBox", "0 0 8 8").set("refX", 7).set("refY", 4);
    marker.set("markerWidth", 7).set("markerHeight", 7).set("orient", "auto").add(head)
}

fn edge([x1, y1]: [f64; 2], [x2, y2]: [f64; 2]) -> Path {
    let (from, to) = (y1 + 0.5 * BOX[1], y2 - 0.5 * BOX[1]);
    let bend = 0.5 * (to - from).min(STEP[1]);
    let path = format!("M{x1:.0} {from:.0}C{x1:.0} {:.0} {x2:.0} {:.0} {x2:.0} {to:.0}", from + bend, to - bend);
    let line = Path::new().set("d", path).set("fill", "none").set("stroke", "currentColor");
    line.set("stroke-opacity", 0.45).set("marker-end", "url(#arrow)")
}

/// Parses a line such as `%3 = matmul[t] %1 %2 : [2]  # name`.
fn parse_node(line: &str) -> Node {
    let (line, name) = line.split_once("  # ").unwrap_or((line, ""));
    let (line, shape) = line.rsplit_once(" : ").unwrap_or((line, ""));
    let operation = line.split_once(" = ").map_or(line, |(_, operation)| operation);
    let words: Vec<&str> = operation.split(' ').collect();
    let operands = words.iter().filter_map(|word| word.strip_prefix('%')?.parse().ok()).collect();
    let label = words.iter().filter(|word| !word.starts_with('%')).copied().collect::<Vec<_>>().join(" ");
    let kind = match label.as_str() {
        "variable" => Kind::Variable,
        "constant" => Kind::Constant,
        _ => Kind::Operation,
    };
    let label = if name.is_empty() { label } else { name.to_owned() };
    Node { label, shape: shape.to_owned(), operands, kind }
}

impl Node {
    fn draw(&self, [x, y]: [f64; 2]) -> Group {
        let corner = [x - 0.5 * BOX[0], y - 0.5 * BOX[1]];
        let outline =
            Rectangle::new().set("x", corner[0]).set("y", corner[1]).set("width", BOX[0]).set("height", BOX[1]);
        let coloured = |radius, colour: &str, opacity| {
            outline.set("rx", radius).set("fill", colour).set("fill-opacity", opacity).set("stroke", colour)
        };
        let outline = match self.kind {
            Kind::Variable => coloured(3, "#3478c6", 0.25),
            Kind::Constant => coloured(3, "currentColor", 0.08).set("stroke-dasharray", "4 3"),
            Kind::Operation => coloured(18, "#e0782d", 0.15),
        };
        let label = match self.label.chars().count() {
            0..=16 => self.label.clone(),
            _ => self.label.chars().take(15).chain(['…']).collect(),
        };
        let text = |text: &str, y: f64, size: f64| {
            let text = Text::new(text).set("x", x).set("y", y).set("text-anchor", "middle");
            text.set("font-size", size).set("fill", "currentColor")
        };
        let group = Group::new().add(Title::new(&*self.label)).add(outline);
        group.add(text(&label, y - 2.0, 12.0)).add(text(&self.shape, y + 12.0, 10.5))
    }
}

/// Arranges the nodes in layers, each node just above the highest node that uses it. Within a layer, nodes are sorted
/// by the mean position of their operands.
fn layers(nodes: &[Node]) -> Vec<Vec<usize>> {
    // Heights count from the last layer upwards.
    let mut height = vec![0usize; nodes.len()];
    for (i, node) in nodes.iter().enumerate().rev() {
        node.operands.iter().for_each(|&x| height[x] = height[x].max(height[i] + 1));
    }
    let highest = height.iter().copied().max().unwrap_or(0);
    let depth: Vec<usize> = height.iter().map(|height| highest - height).collect();
    let mut layers = vec![Vec::new(); depth.iter().max().map_or(0, |deepest| deepest + 1)];
    (0..nodes.len()).for_each(|i| layers[depth[i]].push(i));
    let mut position = vec![0.0; nodes.len()];
    for layer in &mut layers {
        let mean_position = |i: usize, position: &[f64]| {
            let operands = &nodes[i].operands;
            let sum: f64 = operands.iter().map(|&x| position[x]).sum();
            if operands.is_empty() { i as f64 } else { sum / operands.len() as f64 }
        };
        layer.sort_by(|&a, &b| mean_position(a, &position).total_cmp(&mean_position(b, &position)));
        let middle = 0.5 * (layer.len() as f64 - 1.0);
        layer.iter().enumerate().for_each(|(x, &i)| position[i] = x as f64 - middle);
    }
    layers
}
