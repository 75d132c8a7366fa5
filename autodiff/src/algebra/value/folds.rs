//! Sums and products of iterators.

/// Implements sums and products of iterators of values and of references. The two expressions are the results without
/// any items.
macro_rules! folds {
    ([$($generics:tt)*] $type:ty, $zero:expr, $one:expr) => {
        $crate::algebra::folds!(@values [$($generics)*] $type, Sum sum Add::add, $zero);
        $crate::algebra::folds!(@references [$($generics)*] $type, Sum sum);
        $crate::algebra::folds!(@values [$($generics)*] $type, Product product Mul::mul, $one);
        $crate::algebra::folds!(@references [$($generics)*] $type, Product product);
    };
    // The fold starts from the first item, so that an initial 0 or 1 is not recorded as an operand.
    (@values [$($generics:tt)*] $type:ty, $fold:ident $method:ident $trait:ident::$operator:ident, $empty:expr) => {
        impl<$($generics)*> std::iter::$fold for $type {
            // A loop, because `reduce` would not inline the operation, which takes only a few instructions.
            #[inline]
            #[track_caller]
            fn $method<I: Iterator<Item = Self>>(mut items: I) -> Self {
                match items.next() {
                    None => $empty,
                    Some(mut total) => {
                        for item in items {
                            total = std::ops::$trait::$operator(total, item);
                        }
                        total
                    }
                }
            }
        }
    };
    (@references [$($generics:tt)*] $type:ty, $fold:ident $method:ident) => {
        impl<'a, $($generics)*> std::iter::$fold<&'a Self> for $type {
            #[inline]
            #[track_caller]
            fn $method<I: Iterator<Item = &'a Self>>(items: I) -> Self {
                items.cloned().$method()
            }
        }
    };
}

pub(crate) use folds;
