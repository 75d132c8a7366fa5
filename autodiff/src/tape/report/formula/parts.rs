//! The names of the parts of a formula.

use super::expression::Expression;
use super::notation::lowered;
use super::read::{self, Shaped};
use crate::algebra::Reading;
use crate::array::Shape;
use crate::tape::graph::{Graph, Origin};
use std::collections::{HashMap, HashSet};

/// A named part of a formula.
pub(super) struct Part {
    pub(super) name: String,
    pub(super) value: Expression,
    /// Whether the user named it. The other names are `#` and a number, until [`finish`] gives them a letter.
    by_user: bool,
}

/// A part that is longer is not written inside another one, so the depth of an expression is bounded.
const LONGEST: usize = 40;
/// A part that is used several times and is shorter is repeated.
const REPEATED: usize = 3;

/// The named parts on which a node depends, in the order of recording, and the expression of the node.
pub(super) fn parts<V: Reading>(graph: &Graph<V>, output: u32) -> (Vec<Part>, Expression) {
    let ancestors = graph.ancestors(&[output], 0);
    let ids = || ancestors.ids().filter(|&id| ancestors.get(id) == Some(&true));
    let uses = uses(graph, ids());
    let mut names = Names::new(graph, ids());
    let (mut expressions, mut parts) = (HashMap::new(), Vec::new());
    for id in ids() {
        let operands = graph.operands(id).iter().map(|x| Shaped::clone(&expressions[x])).collect();
        let Shaped { value, shape } = match read::operation(graph, id, operands) {
            Some(operation) => operation,
            None => names.leaf(graph, id),
        };
        let of_user = names.of_user.remove(&id).filter(|_| graph.op(id).is_some());
        let is_shared = uses[&id] > 1 && value.size() > REPEATED || value.size() > LONGEST;
        let name = match value {
            Expression::Number(_) => None,
            _ if id == output => None,
            _ => of_user.map(|name| (name, true)).or_else(|| is_shared.then(|| (format!("#{id}"), false))),
        };
        let value = match name {
            None => value,
            Some((name, by_user)) => {
                parts.push(Part { name: name.clone(), value, by_user });
                Expression::name(name, shape.size() == 1)
            }
        };
        expressions.insert(id, Shaped { value, shape });
    }
    let result = expressions.remove(&output).expect("the output is its own ancestor").value;
    names.finish(parts, result)
}

/// How often each node is an operand.
fn uses<V>(graph: &Graph<V>, ids: impl Iterator<Item = u32>) -> HashMap<u32, usize> {
    let mut uses = HashMap::new();
    for id in ids {
        uses.entry(id).or_insert(0);
        graph.operands(id).iter().for_each(|&x| *uses.entry(x).or_insert(0) += 1);
    }
    uses
}

struct Names {
    of_user: HashMap<u32, String>,
    taken: HashSet<String>,
    /// Whether one variable only has no name of the user's.
    one_variable: bool,
}

impl Names {
    fn new<V>(graph: &Graph<V>, ids: impl Iterator<Item = u32> + Clone) -> Self {
        let (mut of_user, mut taken) = (HashMap::new(), HashSet::new());
        let mut unnamed = 0;
        for id in ids {
            match graph.names.get(id) {
                Some(name) => {
                    let name = unique(name, name, &mut taken);
                    of_user.insert(id, name);
                }
                None => unnamed += usize::from(matches!(graph.nodes[id as usize].origin, Origin::Variable)),
            }
        }
        Self { of_user, taken, one_variable: unnamed == 1 }
    }

    /// The expression of a variable or a constant.
    fn leaf<V: Reading>(&mut self, graph: &Graph<V>, id: u32) -> Shaped {
        let is_variable = matches!(graph.nodes[id as usize].origin, Origin::Variable);
        let name = match (self.of_user.remove(&id), read::number(graph, id)) {
            (Some(name), _) => name,
            (None, Some(c)) => return Shaped { value: Expression::Number(c), shape: Shape::scalar() },
            (None, None) if is_variable && self.one_variable => unique("x", "x", &mut self.taken),
            (None, None) if is_variable => unique("x₁", "x", &mut self.taken),
            (None, None) => unique("c", "c", &mut self.taken),
        };
        let shape = graph.value(id).shape();
        Shaped { value: Expression::name(name, shape.size() == 1), shape }
    }

    /// Drops the parts that nothing uses, writes those that are used once at their place, and names the rest.
    fn finish(mut self, parts: Vec<Part>, result: Expression) -> (Vec<Part>, Expression) {
        let mut kept = vec![Part { name: String::new(), value: result, by_user: true }]; // the last one comes first
        let mut uses: HashMap<String, Use> = HashMap::new();
        count(&mut uses, &mut kept, 0);
        for part in parts.into_iter().rev() {
            let Some(Use { times, by }) = uses.remove(&part.name) else { continue };
            let user = &mut kept[by].value;
            if times == 1 && !part.by_user && user.size() + part.value.size() <= LONGEST {
                *user = std::mem::replace(user, Expression::Number(0.0)).replace(&part.name, &part.value);
                // The names in the part move with it; counting all names of the user again would count the others twice.
                let mut moved = vec![part];
                count(&mut uses, &mut moved, 0);
                moved[0].value.visit_names(&mut |name| uses.get_mut(name).expect("counted").by = by);
            } else {
                kept.push(part);
                let last = kept.len() - 1;
                count(&mut uses, &mut kept, last);
            }
        }
        kept.reverse();
        let mut letters = HashMap::new();
        for part in kept.iter_mut().filter(|part| !part.by_user) {
            let name = unique("t₁", "t", &mut self.taken);
            letters.insert(std::mem::replace(&mut part.name, name.clone()), name);
        }
        for part in &mut kept {
            part.value
                .visit_names(&mut |name| letters.get(name).into_iter().for_each(|letter| name.clone_from(letter)));
        }
        let result = kept.pop().expect("the result").value;
        (kept, result)
    }
}

/// The uses of a name: how many, and the part with the last one that was counted.
struct Use {
    times: usize,
    by: usize,
}

/// Counts the names in a part.
fn count(uses: &mut HashMap<String, Use>, parts: &mut [Part], by: usize) {
    parts[by].value.visit_names(&mut |name| {
        let found = uses.entry(name.clone()).or_insert(Use { times: 0, by });
        *found = Use { times: found.times + 1, by };
    });
}

/// `first`, or `base` with the first index that is free.
fn unique(first: &str, base: &str, taken: &mut HashSet<String>) -> String {
    let indexed = (1..).map(|i| format!("{base}{}", lowered(&i.to_string())));
    let mut names = std::iter::once(first.to_owned()).chain(indexed);
    names.find(|name| taken.insert(name.clone())).expect("an endless iterator")
}
