//! The state of an optimiser besides its tensors.

/// The numbers of a state besides its tensors: settings, which schedules change, and counts of steps. Each has a fixed
/// name and is shown as an `f64`, which holds counts exactly up to 2⁵³.
///
/// To save an optimiser bit for bit, save its leaves (it is a [`Tree`](autodiff::Tree)) and these numbers. To restore
/// it, make an optimiser for the same model by the same constructor, and write both back:
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
    /// Shows each number with its name, to be read or changed.
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

    /// Writes back the numbers of [`scalars`](Scalars::scalars), in any order; other names among them are ignored.
    ///
    /// # Errors
    /// Returns the name of the first number of this state that is missing. Nothing is changed then.
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
