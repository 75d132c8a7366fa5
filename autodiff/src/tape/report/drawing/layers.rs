//! The layout of a picture: nodes in layers, so that every arrow runs down.
//!
//! A simple form of the layered layout of Sugiyama, Tagawa and Toda (1981). The longest path to a node gives its layer. A
//! long arrow bends in each layer that it crosses, so it does not run behind a node. The mean places of the neighbours give
//! the order inside a layer.

use super::card::{Card, Kind};
use std::collections::HashMap;

/// Passes over the layers. Later ones rarely change the order.
const SWEEPS: usize = 12;

/// The nodes and the bends of a picture. Nodes have the numbers of their cards, and bends the numbers after them.
pub(super) struct Layout {
    /// From the top down, and in each layer from left to right.
    pub(super) layers: Vec<Vec<usize>>,
    pub(super) arrows: Vec<Arrow>,
}

pub(super) struct Arrow {
    /// The operand, the bends, and the user.
    pub(super) path: Vec<usize>,
    /// Where the arrow ends, as a part of the user's width.
    pub(super) port: f64,
}

pub(super) fn layout(cards: &[Card]) -> Layout {
    let mut arrows = arrows(cards);
    let mut depth = depths(cards, &arrows);
    for Arrow { path, .. } in &mut arrows {
        let (from, to) = (path[0], path[1]);
        for between in depth[from] + 1..depth[to] {
            path.insert(path.len() - 1, depth.len());
            depth.push(between);
        }
    }
    let mut layers = vec![Vec::new(); depth.iter().max().map_or(0, |deepest| deepest + 1)];
    for (place, &depth) in depth.iter().enumerate() {
        layers[depth].push(place);
    }
    order(&mut layers, &arrows, depth.len());
    Layout { layers, arrows }
}

/// An arrow from each operand that has a card.
fn arrows(cards: &[Card]) -> Vec<Arrow> {
    let places: HashMap<u32, usize> = cards.iter().enumerate().map(|(place, card)| (card.id, place)).collect();
    let mut arrows = Vec::new();
    for (to, card) in cards.iter().enumerate() {
        let ports = card.operands.len() as f64 + 1.0;
        for (i, from) in card.operands.iter().enumerate().filter_map(|(i, x)| Some((i, *places.get(x)?))) {
            arrows.push(Arrow { path: vec![from, to], port: (i as f64 + 1.0) / ports });
        }
    }
    arrows
}

/// The layer of each card: below all its operands. A leaf stands right above its first user.
fn depths(cards: &[Card], arrows: &[Arrow]) -> Vec<usize> {
    let mut depth = vec![0_usize; cards.len()];
    for arrow in arrows {
        let (from, to) = (arrow.path[0], arrow.path[1]); // the arrows to a card precede those from it
        depth[to] = depth[to].max(depth[from] + 1);
    }
    for place in (0..cards.len()).filter(|&place| cards[place].kind != Kind::Operation) {
        let users = arrows.iter().filter(|arrow| arrow.path[0] == place).map(|arrow| depth[arrow.path[1]]);
        depth[place] = users.min().unwrap_or(1).saturating_sub(1);
    }
    depth
}

/// Orders each layer by the mean places of the neighbours, above and below in turn.
fn order(layers: &mut [Vec<usize>], arrows: &[Arrow], places: usize) {
    let mut above = vec![Vec::new(); places];
    let mut below = vec![Vec::new(); places];
    for arrow in arrows {
        for (i, pair) in arrow.path.windows(2).enumerate() {
            above[pair[1]].push((pair[0], 0.0));
            let last = i + 2 == arrow.path.len();
            below[pair[0]].push((pair[1], if last { arrow.port - 0.5 } else { 0.0 }));
        }
    }
    let mut x = vec![0.0; places];
    layers.iter().for_each(|layer| spread(layer, &mut x));
    for sweep in 0..SWEEPS {
        let neighbours = if sweep % 2 == 0 { &below } else { &above };
        let mut sort = |layer: &mut Vec<usize>| {
            let mean = |&place: &usize| match &neighbours[place][..] {
                [] => x[place],
                some => some.iter().map(|&(other, port)| x[other] + port).sum::<f64>() / some.len() as f64,
            };
            layer.sort_by(|a, b| mean(a).total_cmp(&mean(b)));
            spread(layer, &mut x);
        };
        match sweep % 2 {
            0 => layers.iter_mut().rev().for_each(&mut sort),
            _ => layers.iter_mut().for_each(&mut sort),
        }
    }
}

/// Spreads a layer evenly around 0.
fn spread(layer: &[usize], x: &mut [f64]) {
    for (i, &place) in layer.iter().enumerate() {
        x[place] = i as f64 - 0.5 * (layer.len() as f64 - 1.0);
    }
}
