//! A picture as SVG.

use super::card::{Card, Kind};
use super::layers::{Arrow, layout};

/// The colours of the program and of its derivatives of order 1, 2, and more.
pub(super) const COLOURS: [&str; 4] = ["#e8f0fa", "#fdeedd", "#e4f4e4", "#f3e6f5"];

const FONT_SIZE: f64 = 13.0;
/// An upper bound of the mean width of a letter.
const LETTER: f64 = 7.2;
const LINE: f64 = 17.0;
const PADDING: f64 = 8.0;
/// The distance between neighbours and between layers.
const GAP: [f64; 2] = [18.0, 34.0];

struct Frame {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

pub(super) fn write(cards: &[Card]) -> String {
    let layout = layout(cards);
    let (frames, [width, height]) = frames(cards, &layout.layers);
    let mut body: String = layout.arrows.iter().map(|arrow| drawn_arrow(arrow, &frames)).collect();
    cards.iter().zip(&frames).for_each(|(card, frame)| body += &drawn(card, frame));
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width:.0} {height:.0}' width='{width:.0}' \
         height='{height:.0}' role='img' aria-label='{} nodes of a tape' font-family='sans-serif' \
         font-size='{FONT_SIZE}' fill='#222'>\n<defs><marker id='arrow' viewBox='0 0 8 8' refX='7' refY='4' \
         markerWidth='7' markerHeight='7' orient='auto'><path d='M0 0L8 4L0 8z' fill='#555'/></marker></defs>\n\
         <rect width='100%' height='100%' fill='#fff'/>\n{body}</svg>\n",
        cards.len()
    )
}

/// The frames of the cards and of the bends, and the size of the picture.
fn frames(cards: &[Card], layers: &[Vec<usize>]) -> (Vec<Frame>, [f64; 2]) {
    let size = |place: usize| match cards.get(place) {
        None => [0.0, 0.0],
        Some(card) => {
            let letters = card.lines.iter().map(|line| line.chars().count()).max().unwrap_or(0) as f64;
            [letters * LETTER + 2.0 * PADDING, card.lines.len() as f64 * LINE + PADDING]
        }
    };
    let row = |layer: &Vec<usize>| layer.iter().map(|&place| size(place)[0] + GAP[0]).sum::<f64>() - GAP[0];
    let width = layers.iter().map(row).fold(0.0, f64::max) + 2.0 * GAP[0];
    let places = layers.iter().map(Vec::len).sum();
    let mut frames: Vec<Frame> = (0..places).map(|_| Frame { x: 0.0, y: 0.0, width: 0.0, height: 0.0 }).collect();
    let mut y = GAP[0];
    for layer in layers {
        let height = layer.iter().map(|&place| size(place)[1]).fold(0.0, f64::max);
        let mut x = 0.5 * (width - row(layer));
        for &place in layer {
            let [width, own] = size(place);
            frames[place] = Frame { x, y, width, height: if place < cards.len() { own } else { height } };
            x += width + GAP[0];
        }
        y += height + GAP[1];
    }
    (frames, [width, y - GAP[1] + GAP[0]])
}

/// A curve from the bottom of the operand, down through the bends, to the port of the user.
fn drawn_arrow(arrow: &Arrow, frames: &[Frame]) -> String {
    let frame = |place: usize| &frames[place];
    let start = frame(arrow.path[0]);
    let [mut x, mut y] = [start.x + 0.5 * start.width, start.y + start.height];
    let mut path = format!("M{x:.1} {y:.1}");
    for (i, &place) in arrow.path.iter().enumerate().skip(1) {
        let next = frame(place);
        let port = if i + 1 == arrow.path.len() { arrow.port } else { 0.5 };
        let (to, middle) = (next.x + port * next.width, 0.5 * (y + next.y));
        path += &format!("C{x:.1} {middle:.1} {to:.1} {middle:.1} {to:.1} {:.1}", next.y);
        (x, y) = (to, next.y);
        if i + 1 < arrow.path.len() {
            y += next.height;
            path += &format!("V{y:.1}");
        }
    }
    format!("<path d='{path}' fill='none' stroke='#555' marker-end='url(#arrow)'/>\n")
}

fn drawn(card: &Card, frame: &Frame) -> String {
    let Frame { x, y, width, height } = frame;
    let dashes = if card.kind == Kind::Constant { " stroke-dasharray='4 3'" } else { "" };
    let (radius, stroke) = if card.kind == Kind::Operation { (8, 1.0) } else { (0, 1.5) };
    let colour = COLOURS[card.order.min(COLOURS.len() - 1)];
    let mut text = format!(
        "<rect x='{x:.1}' y='{y:.1}' width='{width:.1}' height='{height:.1}' rx='{radius}' fill='{colour}' \
         stroke='#444' stroke-width='{stroke}'{dashes}/>\n"
    );
    for (i, line) in card.lines.iter().enumerate() {
        let (x, y) = (x + 0.5 * width, y + (i as f64 + 1.0) * LINE);
        let weight = if i == 0 { " font-weight='bold'" } else { "" };
        text += &format!("<text x='{x:.1}' y='{y:.1}' text-anchor='middle'{weight}>{}</text>\n", escape(line));
    }
    text
}

/// Escapes the signs that XML reads as markup.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
