//! Convolutions and pooling, on one thread: the value alone, and the gradient of the sum of the squared result.
//! `nn/benches/peers/jax_torch.py convolution` is the twin in PyTorch.
//!
//!     cargo bench -p autodiff --bench convolution
#![allow(missing_docs)]

use autodiff::prelude::*;
use criterion::{Criterion, criterion_group, criterion_main};
use rand::{SeedableRng, rngs::StdRng};
use std::hint::black_box;

/// Benches a function of operands of the given shapes.
macro_rules! task {
    ($c:ident, $name:literal, $type:ident, [$($x:ident: $shape:expr),+], $y:expr) => {{
        let rng = &mut StdRng::seed_from_u64(0);
        $(let $x = Tensor::<$type>::normal($shape, 0.0, 1.0, rng);)+
        let name = concat!($name, " ", stringify!($type));
        $c.bench_function(&format!("{name} value"), |bencher| {
            bencher.iter(|| {
                $(let $x = black_box(&$x);)+
                $y
            })
        });
        $c.bench_function(&format!("{name} gradient"), |bencher| {
            bencher.iter(|| {
                let tape = Tape::new();
                $(let $x = tape.variable(black_box(&$x).clone());)+
                $y.square().sum().backward().of(&[$($x),+])
            })
        });
    }};
}

macro_rules! tasks {
    ($c:ident, $type:ident) => {
        task!($c, "conv2d", $type, [x: [32, 16, 28, 28], k: [32, 16, 5, 5]], x.conv2d(&k, Window::default()));
        task!($c, "conv2d_by_2", $type, [x: [32, 16, 28, 28], k: [32, 16, 3, 3]], x.conv2d(&k, Window::stride(2).padding(1)));
        task!($c, "conv1d", $type, [x: [32, 16, 784], k: [32, 16, 5]], x.conv1d(&k, Window::default()));
        task!($c, "max_pool2d", $type, [x: [32, 16, 28, 28]], x.max_pool2d([2, 2], Window::stride(2)));
        task!($c, "max_pool1d", $type, [x: [32, 16, 784]], x.max_pool1d(3, Window::stride(2).padding(1)));
    };
}

fn convolution(c: &mut Criterion) {
    autodiff::set_threads(1);
    tasks!(c, f32);
    tasks!(c, f64);
}

criterion_group!(benches, convolution);
criterion_main!(benches);
