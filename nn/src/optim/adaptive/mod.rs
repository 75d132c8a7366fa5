//! Optimisers that divide each gradient by the size of the gradients before it.

mod adagrad;
mod adam;
mod range;
mod rms_prop;

pub use adagrad::Adagrad;
pub use adam::Adam;
pub use rms_prop::RmsProp;
