//! The best model so far.

/// Keeps the model with the lowest figure, usually the loss on samples held out of training, and counts the figures since
/// then, for early stopping (Prechelt 1998, *Early Stopping – But When?*).
///
/// ```
/// use nn::Best;
/// let mut best = Best::default();
/// for (model, figure) in [("a", 3.0), ("b", 1.0), ("c", 2.0), ("d", 1.5), ("e", 0.5)] {
///     best.offer(figure, &model);
///     if best.waited() >= 2 {
///         break; // at "d": two in a row were no better
///     }
/// }
/// assert_eq!((best.figure(), best.into_model()), (1.0, Some("b")));
/// ```
#[derive(Clone, Debug)]
pub struct Best<M> {
    model: Option<M>,
    figure: f64,
    waited: usize,
}

impl<M> Default for Best<M> {
    /// No model yet.
    fn default() -> Self {
        Self { model: None, figure: f64::INFINITY, waited: 0 }
    }
}

impl<M: Clone> Best<M> {
    /// The state in a file: the lowest figure, its model, and the number of figures since then.
    #[cfg(feature = "store")]
    pub(crate) fn from_parts(figure: f64, model: Option<M>, waited: usize) -> Self {
        Self { model, figure, waited }
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

    /// The number of figures since the lowest.
    pub fn waited(&self) -> usize {
        self.waited
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
