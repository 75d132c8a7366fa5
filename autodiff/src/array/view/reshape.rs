//! Reshaping.

use crate::array::axes::Axes;
use crate::array::memory::Tensor;
use crate::array::shape::Shape;

impl<T: Copy + Default + Send + Sync + 'static> Tensor<T> {
    /// This tensor with another shape of the same size; copies only if the elements are not contiguous.
    pub(crate) fn reshape_view(&self, shape: &Shape) -> Self {
        if self.shape == *shape {
            return self.clone();
        }
        if self.is_one_element() {
            return self.view(0, shape.clone(), Axes::repeat(0, shape.rank()));
        }
        match self.unit_axes(shape) {
            Some(strides) => self.view(0, shape.clone(), strides),
            None => {
                let whole = self.contiguous();
                whole.view(0, shape.clone(), shape.strides())
            }
        }
    }

    /// The strides of the new shape if it only adds or drops axes of size 1; such a reshape never copies.
    fn unit_axes(&self, shape: &Shape) -> Option<Axes<isize>> {
        let own = self.strides();
        let mut left = self.shape.iter().zip(&own).filter(|(size, _)| **size != 1);
        let strides = shape.iter().map(|&size| match size {
            1 => Some(0),
            _ => left.next().filter(|(old, _)| **old == size).map(|(_, &stride)| stride),
        });
        let strides = strides.collect::<Option<Axes<isize>>>()?;
        left.next().is_none().then_some(strides)
    }
}
