//! Groups of leaves with optimisers of their own.

use super::optimizer::{Optimizer, check, leaves};
use super::part::Part;
use super::state::{Domain, Scalars, State};
use autodiff::prelude::*;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

/// An optimiser that treats parts of a model differently: with another rate, without weight decay, or not at all.
///
/// A part is given by a predicate on the [paths](Tree::paths) of leaves, such as `encoder.layers.0.weight`. A leaf that
/// several predicates match belongs to the last of them; all others belong to the optimiser given first.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Adam, Groups, Init, Mlp, Trainer, Transfer};
/// use rand::{SeedableRng, rngs::StdRng};
/// let mlp = Mlp::new(&[4, 8, 8, 2], Transfer::Tanh, Init::GlorotUniform, &mut StdRng::seed_from_u64(0));
/// let before = mlp.clone();
/// let optimizer = Groups::new(Adam::new(1e-3).decay(1e-2))
///     .group(|path| path.ends_with("bias"), Adam::new(1e-3)) // no decay of biases
///     .group(|path| path.starts_with("layers.2."), Adam::new(1e-2)) // a faster last layer
///     .freeze(|path| path.starts_with("layers.0."));
/// let mut trainer = Trainer::new(mlp, optimizer);
/// let x = Tensor::<f64>::ones([3, 4]);
/// trainer.step(&x, &mut (), |_, mlp, x, _| mlp.forward(x).square().sum())?;
/// assert_eq!(trainer.model.layers[0], before.layers[0]);
/// assert_ne!(trainer.model.layers[1], before.layers[1]);
/// # Ok::<(), nn::NotFinite>(())
/// ```
///
/// [`rate`](Optimizer::rate) returns the rate of the first optimiser. [`set_rate`](Optimizer::set_rate), which
/// schedules call, scales all other rates by the same factor. The state holds all settings, ratios and tensors, and the
/// paths of the leaves of each group. The predicates are code, so the program must give the same ones again when it
/// restores a state; a file with other leaves in a group is refused.
///
/// A frozen part does not count in the norm of [`Trainer::clip_norm`](crate::Trainer::clip_norm). Its gradient is
/// computed nevertheless; a loss that uses `detach` saves that.
#[derive(Clone)]
pub struct Groups<O> {
    rest: O,
    groups: Vec<Group<O>>,
    /// For each leaf, the index of its group, or the number of groups if it has none. Empty before the first step.
    members: Vec<usize>,
}

#[derive(Clone)]
struct Group<O> {
    takes: Arc<dyn Fn(&str) -> bool + Send + Sync>,
    made_at: &'static Location<'static>,
    /// The optimiser, and its rate divided by the rate of `rest`. A frozen part has none.
    moves: Option<(O, f64)>,
}

impl<O> Groups<O> {
    /// One group of all leaves, which belong to this optimiser unless another part takes them.
    pub fn new(optimizer: O) -> Self {
        Self { rest: optimizer, groups: Vec::new(), members: Vec::new() }
    }

    /// The same with another optimiser, at its own rate, for the leaves whose path the predicate matches.
    ///
    /// # Panics
    /// Panics if the rate of the optimiser given first is 0 and this one is not, since the ratio is then not defined.
    /// The first step panics if the predicate matches no leaf.
    #[must_use]
    #[track_caller]
    pub fn group<V: Value>(self, takes: impl Fn(&str) -> bool + Send + Sync + 'static, optimizer: O) -> Self
    where
        O: Optimizer<V>,
    {
        let (rate, rest) = (optimizer.rate(), self.rest.rate());
        let ratio = if rate == rest { 1.0 } else { rate / rest };
        assert!(ratio.is_finite(), "Groups::group: the rate is {rate}, but that of the first optimiser is {rest}");
        self.with(takes, Some((optimizer, ratio)))
    }

    /// The same, but no step moves the leaves whose path the predicate matches.
    ///
    /// # Panics
    /// The first step panics if the predicate matches no leaf.
    #[must_use]
    #[track_caller]
    pub fn freeze(self, takes: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        self.with(takes, None)
    }

    #[track_caller]
    fn with(mut self, takes: impl Fn(&str) -> bool + Send + Sync + 'static, moves: Option<(O, f64)>) -> Self {
        self.groups.push(Group { takes: Arc::new(takes), made_at: Location::caller(), moves });
        self.members.clear();
        self
    }

    /// Finds the group of each leaf, unless it is known.
    #[track_caller]
    fn assign<V: Value>(&mut self, model: &impl Tree<Leaf = V>) {
        if self.members.len() == leaves(model).len() {
            return;
        }
        let paths = model.paths();
        for group in &self.groups {
            let (found, all) = (paths.iter().any(|path| (group.takes)(path)), paths.join(", "));
            assert!(found, "Groups: the predicate given at {} takes none of the leaves {all}", group.made_at);
        }
        let group = |path: &String| self.groups.iter().rposition(|group| (group.takes)(path));
        self.members = paths.iter().map(|path| group(path).unwrap_or(self.groups.len())).collect();
    }

    /// The optimisers with the names and the indices of their groups.
    fn optimizers(&mut self) -> impl Iterator<Item = (String, usize, &mut O)> {
        let rest = ("rest".to_owned(), self.groups.len(), &mut self.rest);
        let groups = self.groups.iter_mut().enumerate();
        let moving = groups.filter_map(|(i, group)| Some((i.to_string(), i, &mut group.moves.as_mut()?.0)));
        std::iter::once(rest).chain(moving)
    }
}

/// The leaves of a group.
fn members<V: Value>(tree: &impl Tree<Leaf = V>, members: &[usize], group: usize) -> Vec<V> {
    let own = leaves(tree).into_iter().zip(members).filter(|(_, member)| **member == group);
    own.map(|(leaf, _)| leaf.clone()).collect()
}

impl<V: Value, O: Optimizer<V>> Optimizer<V> for Groups<O> {
    #[track_caller]
    fn step(&mut self, model: &mut impl Tree<Leaf = V>, gradient: &impl Tree<Leaf = V>) {
        check("the gradient", model, &leaves(gradient));
        self.assign(model);
        let all = std::mem::take(&mut self.members);
        for (_, group, optimizer) in self.optimizers() {
            optimizer.step(&mut Part { tree: model, members: &all, group }, &members(gradient, &all, group));
        }
        self.members = all;
    }

    fn rate(&self) -> f64 {
        self.rest.rate()
    }

    #[track_caller]
    fn set_rate(&mut self, rate: f64) {
        self.rest.set_rate(rate);
        for (optimizer, ratio) in self.groups.iter_mut().filter_map(|group| group.moves.as_mut()) {
            optimizer.set_rate(rate * *ratio);
        }
    }

    #[track_caller]
    fn clear_frozen(&mut self, gradient: &mut impl Tree<Leaf = V>) {
        self.assign(gradient);
        let frozen = |group: &usize| self.groups.get(*group).is_some_and(|group| group.moves.is_none());
        let mut members = self.members.iter();
        gradient.visit_mut(&mut |_, leaf| {
            if members.next().is_some_and(frozen) {
                *leaf = leaf.full_like(0.0);
            }
        });
    }
}

/// The numbers of each optimiser under the name of its group: `rest` or its index.
impl<O: Scalars> Scalars for Groups<O> {
    fn visit_scalars(&mut self, f: &mut dyn FnMut(&str, Domain, &mut f64)) {
        for (name, _, optimizer) in self.optimizers() {
            optimizer.visit_scalars(&mut |scalar, domain, number| f(&format!("{name}.{scalar}"), domain, number));
        }
        for (i, group) in self.groups.iter_mut().enumerate() {
            if let Some((_, ratio)) = &mut group.moves {
                f(&format!("{i}.ratio"), Domain::NotNegative, ratio);
            }
        }
    }
}

impl<V: Value, O: Optimizer<V> + State<V>> State<V> for Groups<O> {
    #[track_caller]
    fn prepare(&mut self, model: &impl Tree<Leaf = V>) {
        self.assign(model);
        let all = std::mem::take(&mut self.members);
        self.optimizers().for_each(|(_, group, optimizer)| optimizer.prepare(&members(model, &all, group)));
        self.members = all;
    }

    /// The paths of the leaves of each group: leaves of the same shapes in another group would get wrong tensors.
    #[track_caller]
    fn visit_settings(&mut self, model: &impl Tree<Leaf = V>, f: &mut dyn FnMut(&str, String)) {
        self.assign(model);
        let paths = model.paths();
        let held = |group: usize| {
            let own = paths.iter().zip(&self.members).filter(|(_, member)| **member == group);
            format!("[{}]", own.map(|(path, _)| path.as_str()).collect::<Vec<_>>().join(", "))
        };
        f("rest.leaves", held(self.groups.len()));
        for (i, group) in self.groups.iter().enumerate() {
            let state = if group.moves.is_none() { "frozen " } else { "" };
            f(&format!("{i}.leaves"), format!("{state}{}", held(i)));
        }
    }

    fn visit_tensors(&mut self, f: &mut dyn FnMut(&str, Domain, &mut V)) {
        for (name, _, optimizer) in self.optimizers() {
            optimizer.visit_tensors(&mut |tensor, domain, x| f(&format!("{name}.{tensor}"), domain, x));
        }
    }
}

impl<O: fmt::Debug> fmt::Debug for Groups<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups: Vec<_> = self.groups.iter().map(|group| (group.made_at.to_string(), &group.moves)).collect();
        f.debug_struct("Groups").field("rest", &self.rest).field("groups", &groups).finish()
    }
}

/// The same settings and state, with predicates from the same lines.
impl<O: PartialEq> PartialEq for Groups<O> {
    fn eq(&self, other: &Self) -> bool {
        let groups = |groups: &Self| groups.groups.iter().map(|group| group.made_at).collect::<Vec<_>>();
        let moves = self.groups.iter().map(|group| &group.moves).eq(other.groups.iter().map(|group| &group.moves));
        self.rest == other.rest && moves && groups(self) == groups(other)
    }
}
