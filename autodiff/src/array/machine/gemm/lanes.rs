//! Vectors of `f32` and `f64` on the vector unit of this machine.

use pulp::Simd;
use std::cell::RefCell;
use std::ops::Add;

/// A number type that the vector unit `S` processes several at a time.
pub(crate) trait Lanes<S: Simd>: Copy + Default + Add<Output = Self> {
    type Vector: Copy;
    const LANES: usize;

    fn splat(simd: S, x: Self) -> Self::Vector;

    /// The first `LANES` elements, or all if there are fewer; the other lanes are 0.
    fn load(simd: S, x: &[Self]) -> Self::Vector;

    /// Writes the first `LANES` elements, or all if there are fewer.
    fn store(simd: S, x: &mut [Self], vector: Self::Vector);

    fn add_lanes(simd: S, a: Self::Vector, b: Self::Vector) -> Self::Vector;

    /// a·b + c, rounded once if the machine has such an instruction.
    fn mul_add(simd: S, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;

    fn sum(simd: S, x: Self::Vector) -> Self;
}

/// A number with a buffer for each thread, for the rearranged operand of a product.
pub(crate) trait Buffered: Sized {
    /// Calls `f` with `n` arbitrary elements.
    fn with_buffer<R>(n: usize, f: impl FnOnce(&mut [Self]) -> R) -> R;
}

macro_rules! lanes {
    ($($type:ident $vector:ident $lanes:ident $split:ident $split_mut:ident
       $splat:ident $load:ident $store:ident $add:ident $mul_add:ident $sum:ident)*) => {$(
        impl<S: Simd> Lanes<S> for $type {
            type Vector = S::$vector;
            const LANES: usize = S::$lanes;

            #[inline(always)]
            fn splat(simd: S, x: Self) -> Self::Vector {
                simd.$splat(x)
            }

            #[inline(always)]
            fn load(simd: S, x: &[Self]) -> Self::Vector {
                match S::$split(x).0 {
                    [vector, ..] => *vector,
                    [] => simd.$load(x),
                }
            }

            #[inline(always)]
            fn store(simd: S, x: &mut [Self], vector: Self::Vector) {
                match S::$split_mut(x) {
                    ([place, ..], _) => *place = vector,
                    ([], few) => simd.$store(few, vector),
                }
            }

            #[inline(always)]
            fn add_lanes(simd: S, a: Self::Vector, b: Self::Vector) -> Self::Vector {
                simd.$add(a, b)
            }

            #[inline(always)]
            fn mul_add(simd: S, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector {
                simd.$mul_add(a, b, c)
            }

            #[inline(always)]
            fn sum(simd: S, x: Self::Vector) -> Self {
                simd.$sum(x)
            }
        }

        impl Buffered for $type {
            fn with_buffer<R>(n: usize, f: impl FnOnce(&mut [Self]) -> R) -> R {
                thread_local! {
                    static BUFFER: RefCell<Vec<$type>> = const { RefCell::new(Vec::new()) };
                }
                let mut buffer = BUFFER.try_with(RefCell::take).unwrap_or_default();
                if buffer.len() < n {
                    buffer.resize(n, 0.0);
                }
                let result = f(&mut buffer[..n]);
                let _ = BUFFER.try_with(|place| place.replace(buffer)); // fails if the thread is ending
                result
            }
        }
    )*};
}

lanes! {
    f32 f32s F32_LANES as_simd_f32s as_mut_simd_f32s
    splat_f32s partial_load_f32s partial_store_f32s add_f32s mul_add_e_f32s reduce_sum_f32s
    f64 f64s F64_LANES as_simd_f64s as_mut_simd_f64s
    splat_f64s partial_load_f64s partial_store_f64s add_f64s mul_add_e_f64s reduce_sum_f64s
}
