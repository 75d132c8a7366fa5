//! The loops of the hand-written steps, vectorised as the loops of the tensors are.

use super::Activation;
use gemmkit::GemmScalar;

/// `f32` or `f64`.
pub(crate) trait Number:
    GemmScalar
    + Copy
    + PartialOrd
    + std::ops::Add<Output = Self>
    + std::ops::Sub<Output = Self>
    + std::ops::Mul<Output = Self>
    + std::ops::Div<Output = Self>
    + std::ops::AddAssign
    + std::ops::SubAssign
    + std::ops::MulAssign
    + 'static
{
    fn of(x: f64) -> Self;
    fn to_f64(self) -> f64;
    fn sqrt(self) -> Self;
    /// eˣ without branches, so that loops over it are vectorised.
    fn exp(self) -> Self;
}

macro_rules! number {
    ($type:ident, $bits:ident, $digits:expr, $bias:expr, $lowest:expr, $highest:expr, [$($term:expr),*]) => {
        impl Number for $type {
            #[inline(always)]
            fn of(x: f64) -> Self {
                x as $type
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                self.into()
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                self.sqrt()
            }
            #[inline(always)]
            fn exp(self) -> Self {
                const ROUND: $type = 1.5 * (1u64 << $digits) as $type;
                let x = if self > $highest { $highest } else { self };
                let x = if x < $lowest { $lowest } else { x };
                let rounded = x.mul_add(std::$type::consts::LOG2_E, ROUND);
                let r = (rounded - ROUND).mul_add(-std::$type::consts::LN_2, x);
                let mut sum = 0.0;
                $(sum = $type::mul_add(sum, r, 1.0 / $term);)*
                sum * $type::from_bits((rounded.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add($bias)) << $digits)
            }
        }
    };
}

number!(f32, u32, 23, 127, -87.0, 88.0, [720.0, 120.0, 24.0, 6.0, 2.0, 1.0, 1.0]);
number!(
    f64,
    u64,
    52,
    1023,
    -708.0,
    709.0,
    [479_001_600.0, 39_916_800.0, 3_628_800.0, 362_880.0, 40_320.0, 5_040.0, 720.0, 120.0, 24.0, 6.0, 2.0, 1.0, 1.0]
);

/// Defines a function that runs its loop with the widest vector instructions of the machine. An `each` loop treats
/// elements independently, so two threads share it if it is large; `$work` is its cost per element.
macro_rules! vectorised {
    ($(#[$doc:meta])* fn $name:ident($($arg:ident: $type:ty),*) $body:block) => {
        $(#[$doc])*
        pub(crate) fn $name<'a, T: Number>($($arg: $type),*) {
            struct Loop<'a, T>($($type),*, std::marker::PhantomData<&'a T>);
            impl<'a, T: Number> pulp::NullaryFnOnce for Loop<'a, T> {
                type Output = ();
                #[inline(always)]
                fn call(self) {
                    let Loop($($arg),*, _) = self;
                    $body
                }
            }
            pulp::Arch::new().dispatch(Loop::<'a, T>($($arg),*, std::marker::PhantomData));
        }
    };
    ($(#[$doc:meta])* each($work:expr) fn $name:ident($first:ident: $first_type:ty $(, $arg:ident: $type:ty)*) $body:block) => {
        $(#[$doc])*
        pub(crate) fn $name<'a, T: Number>($first: $first_type $(, $arg: $type)*) {
            vectorised! { fn whole($first: $first_type $(, $arg: $type)*) $body }
            let n = $first.len();
            if n * $work < SHARED {
                return whole($first $(, $arg)*);
            }
            let $first = $first.halves(n / 2);
            $(let $arg = $arg.halves(n / 2);)*
            rayon_core::join(move || whole($first.0 $(, $arg.0)*), move || whole($first.1 $(, $arg.1)*));
        }
    };
}

/// The least work that two threads share, in elements of a cheap loop.
const SHARED: usize = 1 << 16;

/// An argument of a loop that can be split into two halves.
trait Halves: Sized {
    fn halves(self, middle: usize) -> (Self, Self);
}

impl<T> Halves for &[T] {
    fn halves(self, middle: usize) -> (Self, Self) {
        self.split_at(middle)
    }
}

impl<T> Halves for &mut [T] {
    fn halves(self, middle: usize) -> (Self, Self) {
        self.split_at_mut(middle)
    }
}

impl<T: Number> Halves for T {
    fn halves(self, _: usize) -> (T, T) {
        (self, self)
    }
}

vectorised! {
    each(1) fn relu(y: &'a mut [T]) {
        for y in y {
            *y = if *y > T::ZERO { *y } else { T::ZERO };
        }
    }
}

vectorised! {
    each(4) fn sigmoid(y: &'a mut [T]) {
        for y in y {
            *y = T::ONE / (T::ONE + (T::ZERO - *y).exp());
        }
    }
}

vectorised! {
    each(4) fn tanh(y: &'a mut [T]) {
        for y in y {
            *y = T::ONE - T::of(2.0) / (T::ONE + (*y + *y).exp());
        }
    }
}

pub(crate) fn activate<T: Number>(activation: Activation, y: &mut [T]) {
    match activation {
        Activation::Linear => {}
        Activation::Relu => relu(y),
        Activation::Sigmoid => sigmoid(y),
    }
}

vectorised! {
    each(1) fn relu_backward(y: &'a [T], delta: &'a mut [T]) {
        for (delta, &y) in delta.iter_mut().zip(y) {
            *delta = if y > T::ZERO { *delta } else { T::ZERO };
        }
    }
}

vectorised! {
    each(1) fn sigmoid_backward(y: &'a [T], delta: &'a mut [T]) {
        for (delta, &y) in delta.iter_mut().zip(y) {
            *delta *= y * (T::ONE - y);
        }
    }
}

/// δ ← δ ∘ f′, where f′ is computed from y = f(z).
pub(crate) fn activate_backward<T: Number>(activation: Activation, y: &[T], delta: &mut [T]) {
    match activation {
        Activation::Linear => {}
        Activation::Relu => relu_backward(y, delta),
        Activation::Sigmoid => sigmoid_backward(y, delta),
    }
}

vectorised! {
    /// The sums of the columns.
    fn sum_rows(x: &'a [T], total: &'a mut [T]) {
        total.fill(T::ZERO);
        for row in x.chunks_exact(total.len()) {
            for (total, &x) in total.iter_mut().zip(row) {
                *total += x;
            }
        }
    }
}

vectorised! {
    /// w ← w − η·g
    each(1) fn descend(w: &'a mut [T], g: &'a [T], rate: T) {
        for (w, &g) in w.iter_mut().zip(g) {
            *w -= rate * g;
        }
    }
}

vectorised! {
    /// One step of Adam in one pass. `rate` and `correction` include the bias corrections.
    each(3) fn adam(w: &'a mut [T], g: &'a [T], m: &'a mut [T], v: &'a mut [T], rate: T, correction: T) {
        for (((w, &g), m), v) in w.iter_mut().zip(g).zip(m).zip(v) {
            *m = T::of(0.9) * *m + T::of(0.1) * g;
            *v = T::of(0.999) * *v + T::of(0.001) * g * g;
            *w -= rate * *m / ((*v * correction).sqrt() + T::of(1e-8));
        }
    }
}

/// Returns the mean cross-entropy of the rows, and writes its derivative times `scale` to `delta`. The exponentials are
/// one loop over all rows, because a row may be shorter than a vector register.
pub(crate) fn softmax_cross_entropy<T: Number>(z: &[T], classes: &[usize], delta: &mut [T], scale: T) -> f64 {
    let width = z.len() / classes.len();
    for (z, delta) in z.chunks_exact(width).zip(delta.chunks_exact_mut(width)) {
        let peak = z.iter().fold(z[0], |peak, &z| if z > peak { z } else { peak });
        delta.iter_mut().zip(z).for_each(|(delta, &z)| *delta = z - peak);
    }
    let mut loss: f64 = delta.chunks_exact(width).zip(classes).map(|(delta, &class)| -delta[class].to_f64()).sum();
    exponentials(delta);
    for (delta, &class) in delta.chunks_exact_mut(width).zip(classes) {
        let total = delta.iter().fold(T::ZERO, |total, &e| total + e);
        loss += total.to_f64().ln();
        let normaliser = scale / total;
        delta.iter_mut().for_each(|delta| *delta *= normaliser);
        delta[class] -= scale;
    }
    loss / classes.len() as f64
}

vectorised! {
    fn exponentials(x: &'a mut [T]) {
        for x in x {
            *x = x.exp();
        }
    }
}

/// Returns Σ (softplus(z) − t·z) times `scale`, and writes its derivative to `delta`. One logarithm serves many
/// elements: it is taken of the product of their 1 + e^(−|z|), which are between 1 and 2.
pub(crate) fn bernoulli<T: Number>(z: &[T], target: &[T], delta: &mut [T], scale: T) -> T {
    let middle = z.len() / 2;
    let (left, right) = delta.split_at_mut(middle);
    let half = |z: &[T], target: &[T], delta: &mut [T]| {
        let mut nats = [T::ZERO];
        bernoulli_half(delta, z, target, scale, &mut nats);
        nats[0]
    };
    let (left, right) = rayon_core::join(
        || half(&z[..middle], &target[..middle], left),
        || half(&z[middle..], &target[middle..], right),
    );
    (left + right) * scale
}

vectorised! {
    fn bernoulli_half(delta: &'a mut [T], z: &'a [T], target: &'a [T], scale: T, nats: &'a mut [T]) {
        let mut sums = [T::ZERO; 16];
        for ((delta, z), target) in delta.chunks_mut(256).zip(z.chunks(256)).zip(target.chunks(256)) {
            let mut products = [T::ONE; 16];
            let blocks = delta.chunks_mut(16).zip(z.chunks(16)).zip(target.chunks(16));
            for ((delta, z), target) in blocks {
                let lanes = sums.iter_mut().zip(&mut products);
                for ((((sum, product), delta), &z), &target) in lanes.zip(delta).zip(z).zip(target) {
                    let size = if z > T::ZERO { z } else { T::ZERO - z };
                    let small = (T::ZERO - size).exp();
                    let inverse = T::ONE / (T::ONE + small);
                    *product *= T::ONE + small;
                    *sum += (if z > T::ZERO { z } else { T::ZERO }) - target * z;
                    *delta = scale * ((if z > T::ZERO { inverse } else { small * inverse }) - target);
                }
            }
            let logarithms = products.iter().map(|product| product.to_f64().ln()).sum::<f64>();
            sums[0] += T::of(logarithms);
        }
        nats[0] = sums.iter().fold(T::ZERO, |total, &sum| total + sum);
    }
}

/// Returns the squared error times `scale`, and writes its derivative to `delta`.
pub(crate) fn squared_error<T: Number>(y: &[T], target: &[T], delta: &mut [T], scale: T) -> f64 {
    let mut lanes = [T::ZERO; 32];
    let rows = delta.chunks_mut(32).zip(y.chunks(32)).zip(target.chunks(32));
    for ((delta, y), target) in rows {
        for (((lane, delta), &y), &target) in lanes.iter_mut().zip(delta).zip(y).zip(target) {
            let difference = y - target;
            *lane += difference * difference;
            *delta = T::of(2.0) * scale * difference;
        }
    }
    lanes.iter().map(|lane| lane.to_f64()).sum::<f64>() * scale.to_f64()
}
