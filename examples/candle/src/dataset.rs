//! Arrays as data sets, whose batches stay on the device.

use crate::array::{Array, Float};
use candle_core::Tensor;
use nn::data::Dataset;

/// The rows along the first axis. A batch copies them on the device; only the list of their indices comes from the host.
impl<T: Float> Dataset for Array<T> {
    fn len(&self) -> usize {
        self.tensor().dims().first().copied().unwrap_or(0)
    }

    #[track_caller]
    fn subset(&self, indices: &[usize]) -> Self {
        self.check("subset");
        if let Some(i) = indices.iter().find(|&&i| i >= self.len()) {
            panic!("subset: index {i} is out of range for {} samples", self.len());
        }
        let rows = Tensor::from_iter(indices.iter().map(|&i| i as u32), self.tensor().device());
        match rows.and_then(|rows| self.tensor().contiguous()?.index_select(&rows, 0)) {
            Ok(batch) => Self::new(batch),
            Err(error) => panic!("subset: {error}"),
        }
    }

    #[track_caller]
    fn check(&self, function: &str) {
        assert!(self.tensor().rank() > 0, "{function}: the data have shape []: samples [n, …] are needed");
    }
}
