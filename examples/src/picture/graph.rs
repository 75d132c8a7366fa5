//! Drawings of a tape: nodes in layers, each below its operands.

use super::{Svg, escape};
use autodiff::{Tape, Value};

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
pub fn tape_graph<V: Value>(tape: &Tape<V>) -> String {
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
    let mut svg = Svg::new(widest as f64 * STEP[0], height);
    svg.raw(ARROW);
    for (node, to) in nodes.iter().zip(&positions) {
        node.operands.iter().for_each(|&x| edge(&mut svg, positions[x], *to));
    }
    nodes.iter().zip(&positions).for_each(|(node, position)| node.draw(&mut svg, *position));
    svg.finish("the nodes of a tape, with an arrow from each operand")
}

const ARROW: &str = "<defs><marker id='arrow' viewBox='0 0 8 8' refX='7' refY='4' markerWidth='7' markerHeight='7' \
    orient='auto'><path d='M0 0L8 4L0 8z' fill='currentColor'/></marker></defs>";

fn edge(svg: &mut Svg, [x1, y1]: [f64; 2], [x2, y2]: [f64; 2]) {
    let (from, to) = (y1 + 0.5 * BOX[1], y2 - 0.5 * BOX[1]);
    let bend = 0.5 * (to - from).min(STEP[1]);
    let path = format!("M{x1:.0} {from:.0}C{x1:.0} {:.0} {x2:.0} {:.0} {x2:.0} {to:.0}", from + bend, to - bend);
    let style = "fill='none' stroke='currentColor' stroke-opacity='.45' marker-end='url(#arrow)'";
    svg.raw(&format!("<path d='{path}' {style}/>"));
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
    fn draw(&self, svg: &mut Svg, [x, y]: [f64; 2]) {
        let style = match self.kind {
            Kind::Variable => "rx='3' fill='#3478c6' fill-opacity='.25' stroke='#3478c6'",
            Kind::Constant => {
                "rx='3' fill='currentColor' fill-opacity='.08' stroke='currentColor' stroke-dasharray='4 3'"
            }
            Kind::Operation => "rx='18' fill='#e0782d' fill-opacity='.15' stroke='#e0782d'",
        };
        svg.rect([x - 0.5 * BOX[0], y - 0.5 * BOX[1]], BOX, style);
        let label = match self.label.chars().count() {
            0..=16 => self.label.clone(),
            _ => self.label.chars().take(15).chain(['…']).collect(),
        };
        svg.raw(&format!("<g><title>{}</title>", escape(&self.label)));
        svg.text([x, y - 2.0], "middle", 12.0, &label);
        svg.text([x, y + 12.0], "middle", 10.5, &self.shape);
        svg.raw("</g>");
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
