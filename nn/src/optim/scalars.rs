//! What an optimiser is besides its tensors.

/// The numbers that make up a state besides its tensors: settings, which schedules change, and counts of steps. Each
/// has a name that does not change, and is shown as an `f64`, which holds counts exactly up to 2⁵³.
///
/// To save an optimiser bit for bit, keep its leaves (it is a [`Tree`](autodiff::Tree)) and these; to go on, make one
/// for the same model by the same constructor, and write both back:
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Adam, Optimizer, Scalars};
/// let mut w = Tensor::from([1.0, -2.0]);
/// let mut adam = Adam::new(&w, 0.1);
/// adam.step(&mut w, &Tensor::from([0.5, 0.3]));
///
/// let (mut leaves, scalars) = (adam.leaves().into_iter(), adam.scalars()); // saved
/// let mut restored = Adam::new(&w, 1.0);
/// restored.visit_mut(&mut |_, leaf| *leaf = leaves.next().unwrap());
/// restored.set_scalars(&scalars).unwrap();
/// assert_eq!(restored, adam);
/// ```
pub trait Scalars {
    /// Shows each number with its name, to be read or written.
    fn visit_scalars(&mut self, f: &mut dyn FnMut(&str, &mut f64));

    /// The numbers with their names.
    fn scalars(&self) -> Vec<(String, f64)>
    where
        Self: Clone,
    {
        let mut scalars = Vec::new();
        self.clone().visit_scalars(&mut |name, x| scalars.push((name.to_owned(), *x)));
        scalars
    }

    /// Writes numbers back that [`scalars`](Scalars::scalars) gave, in any order; others may stand among them.
    ///
    /// # Errors
    /// The name of the first number of this state that is not there; then nothing is changed.
    fn set_scalars(&mut self, scalars: &[(String, f64)]) -> Result<(), String> {
        let find = |name: &str| scalars.iter().find(|(given, _)| given == name).map(|(_, x)| *x);
        let mut missing = None;
        self.visit_scalars(&mut |name, _| {
            if missing.is_none() && find(name).is_none() {
                missing = Some(name.to_owned());
            }
        });
        if let Some(name) = missing {
            return Err(name);
        }
        self.visit_scalars(&mut |name, x| *x = find(name).expect("all were there just now"));
        Ok(())
    }
}

/// Shows a count as a number.
pub(super) fn visit_count(name: &str, count: &mut i32, f: &mut dyn FnMut(&str, &mut f64)) {
    let mut number = f64::from(*count);
    f(name, &mut number);
    *count = number as i32;
}
