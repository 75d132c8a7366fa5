//! The macro that defines a fused function.

/// Defines a function whose pointwise operations are fused into one loop over the elements, in each direction.
///
/// Use it for formulas on large arrays, which are bound by memory. The operands come first, and constants follow a
/// semicolon. The body calls methods of [`Math`](crate::Math) on references to the operands.
///
/// These are vectorised: arithmetic, comparisons, `select`, `abs`, `sign`, `floor`, `clamp`, `maximum`, `minimum`,
/// `mul_add`, `powi` up to the fourth power, `sqrt`, `exp`, `expm1`, `ln`, `ln1p`, `sinh`, `cosh`, `tanh`,
/// `sech_squared`, `sigmoid`, `softplus`, `erf`, `erfc`, and what is made of them, such as the activations. Any other
/// function is called for each element, so a formula with it may be slower than the same operations one by one.
///
/// The derivatives with respect to up to eight operands are computed together with the value. For each further operand the
/// formula is computed again, so it is then slower than its operations one by one.
///
/// ```
/// use autodiff::prelude::*;
/// autodiff::fuse! {
///     /// tanh(a·x + b)²·e⁻ˣ
///     pub fn bump(x; a: f64, b: f64) { x.scale(a).shift(b).tanh().square() * x.neg().exp() }
/// }
/// let x = Tensor::<f64>::linspace(-1.0, 1.0, 1000);
/// let gradient = grad(&x, |x| bump(&x, 0.5, 0.1).sum());
/// let composed = grad(&x, |x| ((x * 0.5 + 0.1).tanh().square() * (-x).exp()).sum());
/// assert!(gradient.approx(&composed, 1e-14).is_ok());
/// ```
///
/// With `-> sum` the function returns the sum over all elements, computed in the same loop, as most losses need.
///
/// ```
/// use autodiff::prelude::*;
/// autodiff::fuse! {
///     /// Σ ln cosh(y − t), a loss that is square near 0 and linear far from it.
///     fn log_cosh(y, t) -> sum { let d = y.clone() - t; d.abs() + d.abs().scale(-2.0).exp().ln1p().shift(-2f64.ln()) }
/// }
/// let (y, t) = (Tensor::<f64>::from([0.0, 3.0]), Tensor::from([0.0, 1.0]));
/// assert!((log_cosh(&y, &t).item() - 2f64.cosh().ln()).abs() < 1e-15);
/// ```
///
/// The function is one node on the tape, and its derivatives nest as those of every operation. A formula that depends
/// on other elements panics:
///
/// ```should_panic
/// use autodiff::prelude::*;
/// autodiff::fuse! { fn unit(x) { x.clone() / x.norm() } }
/// unit(&Tensor::from([3.0, 4.0]));
/// ```
#[macro_export]
macro_rules! fuse {
    ($(#[$doc:meta])* $visibility:vis fn $name:ident($($arguments:tt)*) -> sum $body:block) => {
        $crate::fuse!(@sum true, $(#[$doc])* $visibility fn $name($($arguments)*) $body);
    };
    ($(#[$doc:meta])* $visibility:vis fn $name:ident($($arguments:tt)*) $body:block) => {
        $crate::fuse!(@sum false, $(#[$doc])* $visibility fn $name($($arguments)*) $body);
    };
    (
        @sum $is_sum:literal, $(#[$doc:meta])*
        $visibility:vis fn $name:ident($($x:ident),+ $(; $($c:ident: $type:ty),+)?) $body:block
    ) => {
        $(#[$doc])*
        #[allow(clippy::too_many_arguments)]
        #[track_caller]
        $visibility fn $name<V: $crate::Reading>($($x: &V),+ $(, $($c: $type),+)?) -> V {
            #[derive(Clone, Copy)]
            struct Body { $($($c: $type),+)? }

            impl $crate::Formula<{ [$(stringify!($x)),+].len() }> for Body {
                const NAME: &'static str = stringify!($name);

                #[inline(always)]
                fn eval<S: $crate::Value>(&self, [$($x),+]: [&S; [$(stringify!($x)),+].len()]) -> S {
                    #[allow(unused_imports)]
                    use $crate::{Composite as _, Math as _};
                    $(let Self { $($c),+ } = *self;)?
                    $body
                }
            }

            // Not generic, so that the loops are compiled once, in the crate that defines the formula, and not in each
            // crate that calls it.
            fn op(body: Body, records: bool) -> $crate::Op {
                $crate::__fuse::op(body, $is_sum, records)
            }

            $crate::__fuse::apply(stringify!($name), op(Body { $($($c),+)? }, V::RECORDS), [$($x),+])
        }
    };
}
