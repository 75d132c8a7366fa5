//! Early stopping: the best model so far, and when to stop.

/// Keeps the model with the lowest figure, usually the loss on samples held out of training (Prechelt 1998, *Early
/// Stopping – But When?*).
///
/// ```
/// use nn::Best;
/// let mut best = Best::new(2);
/// for (model, figure) in [("a", 3.0), ("b", 1.0), ("c", 2.0), ("d", 1.5), ("e", 0.5)] {
///     best.offer(figure, &model);
///     if best.is_final() {
///         break; // at "d": two in a row were no better
///     }
/// }
/// assert_eq!((best.figure(), best.into_model()), (1.0, Some("b")));
/// ```
#[derive(Clone, Debug)]
pub struct Best<M> {
    model: Option<M>,
    figure: f64,
    patience: usize,
    waited: usize,
}

impl<M: Clone> Best<M> {
    /// Starts without a model. Training should stop after `patience` figures in a row that are no improvement;
    /// `usize::MAX` never stops.
    pub fn new(patience: usize) -> Self {
        Self { model: None, figure: f64::INFINITY, patience, waited: 0 }
    }

    /// Keeps a copy of the model if its figure is lower than all figures before; returns whether it is. NaN is never
    /// lower.
    pub fn offer(&mut self, figure: f64, model: &M) -> bool {
        let better = figure < self.figure;
        if better {
            (self.model, self.figure, self.waited) = (Some(model.clone()), figure, 0);
        } else {
            self.waited += 1;
        }
        better
    }

    /// Whether training should stop: the last `patience` figures were no improvement.
    pub fn is_final(&self) -> bool {
        self.waited >= self.patience
    }

    /// The lowest figure; infinite if there is none.
    pub fn figure(&self) -> f64 {
        self.figure
    }

    /// The model with the lowest figure.
    pub fn model(&self) -> Option<&M> {
        self.model.as_ref()
    }

    /// The model with the lowest figure, by value.
    pub fn into_model(self) -> Option<M> {
        self.model
    }
}
