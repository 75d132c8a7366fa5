//! Pointwise operations as loops on the CPU, for which candle has no kernel. An element is computed by the reading of plain
//! numbers, so it is what a tensor of `autodiff` would hold.

use crate::array::Float;
use autodiff::Pointwise;
use candle_core::{CpuStorage, CustomOp1, CustomOp2, CustomOp3, Layout, NdIter, Result, Shape, Tensor};
use std::array::from_fn;
use std::marker::PhantomData;

pub(super) fn pointwise<T: Float>(op: Pointwise, x: &[&Tensor]) -> Result<Tensor> {
    let elements = Loop::<T>(op, PhantomData);
    match x {
        [a] => a.apply_op1_no_bwd(&elements),
        [a, b] => a.apply_op2_no_bwd(b, &elements),
        [a, b, c] => a.apply_op3_no_bwd(b, c, &elements),
        _ => unreachable!("an operation has one to three operands"),
    }
}

/// A pointwise operation as a custom operation of candle.
struct Loop<T>(Pointwise, PhantomData<T>);

impl<T: Float> Loop<T> {
    fn run<const N: usize>(&self, x: [(&CpuStorage, &Layout); N]) -> Result<(CpuStorage, Shape)> {
        use Pointwise::{MulStrongZero, Relu, Sign};
        match self.0 {
            // Each has a loop of its own, which the compiler vectorises.
            Relu => each(x, |x| T::apply_pointwise(Relu, &x)),
            Sign => each(x, |x| T::apply_pointwise(Sign, &x)),
            MulStrongZero => each(x, |x| T::apply_pointwise(MulStrongZero, &x)),
            op => each(x, |x| T::apply_pointwise(op, &x)),
        }
    }
}

/// The results of `f` for the elements of all operands, block by block.
fn each<T: Float, const N: usize>(
    x: [(&CpuStorage, &Layout); N],
    f: impl Fn([&T; N]) -> T,
) -> Result<(CpuStorage, Shape)> {
    let mut elements: [&[T]; N] = [&[]; N];
    for (elements, (storage, _)) in elements.iter_mut().zip(x) {
        *elements = T::cpu_storage_as_slice(storage)?;
    }
    let shape = x[0].1.shape();
    let mut y = Vec::with_capacity(shape.elem_count());
    let blocks = NdIter::new(x.map(|(_, layout)| layout));
    let (size, strides) = (blocks.inner_size, blocks.inner_strides);
    for starts in blocks {
        match strides == [1; N] {
            true => {
                let rows: [&[T]; N] = from_fn(|k| &elements[k][starts[k]..][..size]);
                y.extend((0..size).map(|i| f(from_fn(|k| &rows[k][i]))));
            }
            false => y.extend((0..size).map(|i| f(from_fn(|k| &elements[k][starts[k] + i * strides[k]])))),
        }
    }
    Ok((T::to_cpu_storage_owned(y), shape.clone()))
}

type Storage = CpuStorage;

impl<T: Float> CustomOp1 for Loop<T> {
    fn name(&self) -> &'static str {
        "loop over one operand"
    }

    fn cpu_fwd(&self, a: &Storage, la: &Layout) -> Result<(Storage, Shape)> {
        self.run([(a, la)])
    }
}

impl<T: Float> CustomOp2 for Loop<T> {
    fn name(&self) -> &'static str {
        "loop over two operands"
    }

    fn cpu_fwd(&self, a: &Storage, la: &Layout, b: &Storage, lb: &Layout) -> Result<(Storage, Shape)> {
        self.run([(a, la), (b, lb)])
    }
}

impl<T: Float> CustomOp3 for Loop<T> {
    fn name(&self) -> &'static str {
        "loop over three operands"
    }

    fn cpu_fwd(
        &self,
        a: &Storage,
        la: &Layout,
        b: &Storage,
        lb: &Layout,
        c: &Storage,
        lc: &Layout,
    ) -> Result<(Storage, Shape)> {
        self.run([(a, la), (b, lb), (c, lc)])
    }
}
