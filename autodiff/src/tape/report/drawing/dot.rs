//! A picture in the DOT language of Graphviz.

use super::card::{Card, Kind};
use super::svg::COLOURS;

pub(super) fn write(cards: &[Card]) -> String {
    let mut dot = String::from("digraph tape {\n  node [fontname=\"sans-serif\", style=filled];\n");
    for card in cards {
        let (shape, style) = match card.kind {
            Kind::Variable => ("box", "filled"),
            Kind::Constant => ("box", "\"filled,dashed\""),
            Kind::Operation => ("box", "\"filled,rounded\""),
        };
        let (label, colour) = (escape(&card.lines.join("\n")), COLOURS[card.order.min(COLOURS.len() - 1)]);
        dot += &format!("  n{} [label=\"{label}\", shape={shape}, style={style}, fillcolor=\"{colour}\"];\n", card.id);
        let shown = |x: &&u32| cards.binary_search_by_key(x, |card| &card.id).is_ok();
        dot.extend(card.operands.iter().filter(shown).map(|x| format!("  n{x} -> n{};\n", card.id)));
    }
    dot + "  ordering=in;\n}\n"
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
