//! Functions of arrays with random arguments. Most of the arguments are wrong. A function that panics does so at the caller's line,
//! under its own name and with the shapes of its operands; a function that returns an error never panics.

use crate::Numbers;
use crate::panics::caught;
use autodiff::prelude::*;
use autodiff::{Linear, Matmul, Op, Pointwise, custom};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use std::sync::Mutex;

/// Draws arguments.
struct Draw(StdRng);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0.random_range(0..n)
    }

    /// A shape of up to five axes.
    fn shape(&mut self) -> Vec<usize> {
        (0..self.below(6)).map(|_| *[0, 1, 1, 2, 2, 3, 5].choose(&mut self.0).expect("a size")).collect()
    }

    /// A size near those of the shapes, or one whose sums and products overflow. None between, which would fill the memory.
    fn size(&mut self) -> usize {
        let huge = [1 << 60, 1 << 62, isize::MAX as usize, isize::MAX as usize + 1, usize::MAX - 1, usize::MAX];
        if self.below(4) == 0 { *huge.choose(&mut self.0).expect("a size") } else { self.below(8) }
    }

    fn sizes(&mut self) -> Vec<usize> {
        (0..self.below(5)).map(|_| self.size()).collect()
    }

    fn axis(&mut self) -> isize {
        let far = [isize::MIN, isize::MAX, -100, 100];
        if self.below(8) == 0 { *far.choose(&mut self.0).expect("an axis") } else { self.below(12) as isize - 6 }
    }

    fn numbers(&mut self, shape: &[usize]) -> Numbers {
        Tensor::uniform(shape, -2.0, 2.0, &mut self.0)
    }

    /// An index of a shape like another, mostly with entries within its sizes.
    fn index(&mut self, like: &[usize]) -> Tensor<usize> {
        let shape = if self.below(3) == 0 { self.shape() } else { like.to_vec() };
        let bound = *[1, 2, 6].choose(&mut self.0).expect("a bound");
        let far = self.below(8) == 0;
        Tensor::from_fn(&shape[..], |_| if far { usize::MAX } else { self.0.random_range(0..bound) })
    }

    /// Three operands. Each has the shape of the first, or one that differs in some sizes or in all.
    fn operands(&mut self) -> [Numbers; 3] {
        let first = self.shape();
        let mut next = || match self.below(3) {
            0 => self.shape(),
            1 => first.iter().map(|&size| if self.below(4) == 0 { self.below(4) } else { size }).collect(),
            _ => first.clone(),
        };
        let (second, third) = (next(), next());
        [&first, &second, &third].map(|shape| self.numbers(shape))
    }

    fn op(&mut self) -> Op {
        use Pointwise::*;
        let (axis, start, size, step) = (self.below(6), self.size(), self.size(), self.size());
        let (shape, sizes) = (self.shape(), self.sizes());
        let pointwise = [Neg, Add, Mul, MulAdd, Select, Powi(i32::MIN.into()), Atan2];
        let linear = [
            Linear::Broadcast(sizes[..].into()),
            Linear::Broadcast(shape[..].into()),
            Linear::SumTo(shape[..].into()),
            Linear::Reshape(sizes[..].into()),
            Linear::Permute(shape[..].into()),
            Linear::Slice { axis, start, len: size, step },
            Linear::Pad { axis, start, size, step },
            Linear::Flip(axis),
            Linear::CumSum { axis, reverse: start > 3 },
            Linear::Unfold { axis, size, step },
            Linear::Fold { axis, size, step },
            Linear::Gather { axis, index: self.index(&shape).into() },
            Linear::ScatterAdd { axis, index: self.index(&shape).into(), size },
            Linear::Concat(axis),
        ];
        let bits = self.below(4);
        match self.below(4) {
            0 => (*pointwise.choose(&mut self.0).expect("an operation")).into(),
            1 => Matmul { transpose_lhs: bits & 1 == 1, transpose_rhs: bits & 2 == 2 }.into(),
            2 if bits == 0 => Op::LogSoftmax { axis },
            _ => linear.choose(&mut self.0).expect("an operation").clone().into(),
        }
    }
}

/// A function under the name that its messages bear, with all its arguments.
type Call<'a> = (&'static str, &'a dyn Fn());

/// Makes one of the calls, and checks its panic: the line, the name and the shapes.
fn try_one(draw: &mut Draw, calls: &[Call<'_>], shapes: &[Shape]) {
    let (name, call) = calls.choose(&mut draw.0).expect("a call");
    let Some((text, file, line)) = caught(call) else { return };
    assert_eq!(file, file!(), "{name} panics at {file}:{line}: {text}");
    assert!(text.starts_with(&format!("{name}: ")), "{name} speaks under another name: {text}");
    for shape in shapes {
        assert!(text.contains(&shape.to_string()), "{name} does not name the shape {shape}: {text}");
    }
}

/// Functions of one array.
fn functions_of_one<V: Value>(draw: &mut Draw, x: &V) {
    let (a, b, i, j, k) = (draw.axis(), draw.axis(), draw.size(), draw.size(), draw.size());
    let (shape, sizes) = (draw.shape(), draw.sizes());
    let index = draw.index(&x.shape());
    let calls: &[Call<'_>] = &[
        ("broadcast_to", &|| drop(x.broadcast_to(&shape[..]))),
        ("broadcast_to", &|| drop(x.broadcast_to(&sizes[..]))),
        ("sum_to", &|| drop(x.sum_to(&shape[..]))),
        ("sum_to", &|| drop(x.sum_to(&sizes[..]))),
        ("sum", &|| drop(x.sum())),
        ("sum_axis", &|| drop(x.sum_axis(a))),
        ("sum_keep", &|| drop(x.sum_keep(a))),
        ("reshape", &|| drop(x.reshape(&sizes[..]))),
        ("flatten", &|| drop(x.flatten())),
        ("squeeze", &|| drop(x.squeeze(a))),
        ("unsqueeze", &|| drop(x.unsqueeze(a))),
        ("permute", &|| drop(x.permute(&shape))),
        ("permute", &|| drop(x.permute(&sizes))),
        ("swap_axes", &|| drop(x.swap_axes(a, b))),
        ("t", &|| drop(x.t())),
        ("slice", &|| drop(x.slice(a, i, j))),
        ("slice_by", &|| drop(x.slice_by(a, i, j, k))),
        ("index_axis", &|| drop(x.index_axis(a, i))),
        ("pad", &|| drop(x.pad(a, i, j))),
        ("flip", &|| drop(x.flip(a))),
        ("cumsum", &|| drop(x.cumsum(a))),
        ("unfold", &|| drop(x.unfold(a, i, j))),
        ("max_pool1d", &|| drop(x.max_pool1d(i, Window { stride: [j], padding: [k] }))),
        ("max_pool2d", &|| drop(x.max_pool2d([i, j], Window { stride: [k, 1], padding: [1, i] }))),
        ("gather", &|| drop(x.gather(a, &index))),
        ("scatter_add", &|| drop(x.scatter_add(a, &index, i))),
        ("take", &|| drop(x.take(a, &sizes))),
        ("split", &|| drop(x.split(a, &sizes))),
        ("diagonal", &|| drop(x.diagonal())),
        ("diagonal_matrix", &|| drop(x.diagonal_matrix())),
        ("tril", &|| drop(x.tril(a))),
        ("triu", &|| drop(x.triu(a))),
        ("trace", &|| drop(x.trace())),
        ("mean", &|| drop(x.mean())),
        ("mean_axis", &|| drop(x.mean_axis(a))),
        ("var_axis", &|| drop(x.var_axis(a, 0))),
        ("std_axis", &|| drop(x.std_axis(a, 0))),
        ("norm", &|| drop(x.norm())),
        ("norm_axis", &|| drop(x.norm_axis(a))),
        ("logsumexp", &|| drop(x.logsumexp(a))),
        ("log_softmax", &|| drop(x.log_softmax(a))),
        ("softmax", &|| drop(x.softmax(a))),
        ("softmin", &|| drop(x.softmin(a))),
        ("prod_axis", &|| drop(x.prod_axis(a))),
        ("prod", &|| drop(x.prod())),
        ("cumprod", &|| drop(x.cumprod(a))),
        ("cummax", &|| drop(x.cummax(a))),
        ("max_axis", &|| drop(x.max_axis(a))),
        ("min_axis", &|| drop(x.min_axis(a))),
        ("max", &|| drop(x.max())),
        ("min", &|| drop(x.min())),
        ("top_k", &|| drop(x.top_k(a, i))),
        ("sort", &|| drop(x.sort(a))),
    ];
    try_one(draw, calls, &[x.shape()]);
}

/// Functions of several arrays. A message names the shapes of all of them.
fn functions_of_two<V: Value>(draw: &mut Draw, x: &V, y: &V) {
    let (a, i, j) = (draw.axis(), draw.size(), draw.size());
    let calls: &[Call<'_>] = &[
        ("add", &|| drop(x.clone() + y)),
        ("sub", &|| drop(x.clone() - y)),
        ("mul", &|| drop(x.clone() * y)),
        ("div", &|| drop(x.clone() / y)),
        ("rem", &|| drop(x.rem(y))),
        ("pow", &|| drop(x.pow(y))),
        ("atan2", &|| drop(x.atan2(y))),
        ("hypot", &|| drop(x.hypot(y))),
        ("maximum", &|| drop(x.maximum(y))),
        ("minimum", &|| drop(x.minimum(y))),
        ("logaddexp", &|| drop(x.logaddexp(y))),
        ("xlogy", &|| drop(x.xlogy(y))),
        ("conv1d", &|| drop(x.conv1d(y, Window { stride: [i], padding: [j] }))),
        ("conv2d", &|| drop(x.conv2d(y, Window { stride: [1, i], padding: [j, 1] }))),
        ("mul_strong_zero", &|| drop(x.mul_strong_zero(y))),
        ("greater", &|| drop(x.greater(y))),
        ("greater_equal", &|| drop(x.greater_equal(y))),
        ("less", &|| drop(x.less(y))),
        ("less_equal", &|| drop(x.less_equal(y))),
        ("equal", &|| drop(x.equal(y))),
        ("not_equal", &|| drop(x.not_equal(y))),
        ("dot", &|| drop(x.dot(y))),
        ("matmul", &|| drop(x.matmul(y))),
        ("matmul_t", &|| drop(x.matmul_t(y))),
        ("t_matmul", &|| drop(x.t_matmul(y))),
        ("summed", &|| drop(tests::table::summed(x, y))),
        ("accumulate", &|| x.clone().accumulate(y.clone())),
        ("Dual::new", &|| drop(Dual::new(x.clone(), y.clone()))),
        ("concat", &|| drop(V::concat(a, &[x, y]))),
        ("stack", &|| drop(V::stack(a, &[x, y]))),
        ("outer", &|| drop(x.outer(y))),
    ];
    try_one(draw, calls, &[x.shape(), y.shape()]);
}

fn functions_of_three<V: Value>(draw: &mut Draw, [x, y, z]: [&V; 3]) {
    let calls: &[Call<'_>] = &[
        ("select", &|| drop(x.select(y, z))),
        ("mul_add", &|| drop(x.mul_add(y, z))),
        ("affine", &|| drop(x.affine(y, z))),
        ("mixed", &|| drop(tests::table::mixed(x, y, z))),
    ];
    try_one(draw, calls, &[x.shape(), y.shape(), z.shape()]);
}

/// Operations with any number of operands. Their message names the operation.
fn operations<V: Value>(draw: &mut Draw, x: &[&V]) {
    let op = draw.op();
    let shapes: Vec<Shape> = x.iter().map(|x| x.shape()).collect();
    let mut inferred = op.infer(&shapes.iter().collect::<Vec<_>>());
    let applied = V::try_apply(&op, x).map(|y| y.shape());
    if V::SCALAR && inferred.as_ref().is_ok_and(|shape| shape.rank() > 0) {
        assert!(applied.is_err(), "{op}: a plain number has no axes");
        inferred = applied.clone();
    }
    assert_eq!(inferred, applied, "{op}");
    // In a batch, an index may have rows of its own, which the shapes of single values do not show.
    let is_indexed = matches!(op, Op::Linear(Linear::Gather { .. } | Linear::ScatterAdd { .. }));
    let may_have_rows = is_indexed && x.first().is_some_and(|x| x.batch_axes() > 0);
    match caught(|| V::apply(&op, x)) {
        None => assert!(inferred.is_ok() || may_have_rows, "{op}: {inferred:?}"),
        Some((text, file, line)) => {
            assert_eq!(file, file!(), "{op} panics at {file}:{line}: {text}");
            let named = text.starts_with(&format!("{}: ", op.name()));
            assert!(named && inferred.is_err(), "{op} panics: {text}, but its shape is {inferred:?}");
        }
    }
}

/// Functions that return an error.
fn checked_functions<V: Value>(draw: &mut Draw, x: &V, y: &V) {
    let sizes = draw.sizes();
    let texts = [
        x.try_add(y).err(),
        x.try_sub(y).err(),
        x.try_mul(y).err(),
        x.try_div(y).err(),
        x.try_matmul(y).err(),
        x.try_reshape(&sizes[..]).err(),
        x.try_broadcast_to(&sizes[..]).err(),
        Tensor::try_from_vec(&sizes[..], vec![0.0; 3]).err(),
    ];
    for text in texts.iter().flatten().map(ToString::to_string) {
        assert!(text.contains(": ["), "{text}");
    }
}

/// One random call with values that `make` makes from tensors.
fn with<V: Value>(draw: &mut Draw, make: &dyn Fn(Numbers) -> V) {
    let [x, y, z] = draw.operands().map(make);
    match draw.below(8) {
        0..=3 => functions_of_one(draw, &x),
        4..=5 => functions_of_two(draw, &x, &y),
        6 if draw.below(2) == 0 => functions_of_three(draw, [&x, &y, &z]),
        6 => checked_functions(draw, &x, &y),
        _ => {
            let n = draw.below(5);
            operations(draw, &[&x, &y, &z, &x][..n]);
        }
    }
}

/// Constructors and shapes.
fn constructors(draw: &mut Draw) {
    let (sizes, shape, i, axis) = (draw.sizes(), Shape::from(&draw.shape()[..]), draw.size(), draw.axis());
    let x = draw.numbers(&shape);
    let (sizes, index) = (&sizes[..], draw.sizes());
    let huge = Shape::from(sizes).checked_size().is_none();
    let of_sizes: &[Call<'_>] = &[
        ("zeros", &|| drop(Numbers::zeros(sizes))),
        ("ones", &|| drop(Tensor::<f32>::ones(sizes))),
        ("full", &|| drop(Tensor::full(sizes, 7usize))),
        ("from_vec", &|| drop(Tensor::from_vec(sizes, vec![0.0; 3]))),
        ("from_fn", &|| drop(Tensor::from_fn(sizes, |_| 0.0))),
        ("uniform", &|| drop(Numbers::uniform(sizes, 0.0, 1.0, &mut tests::domain::rng(1)))),
        ("normal", &|| drop(Numbers::normal(sizes, 0.0, 1.0, &mut tests::domain::rng(1)))),
        ("Shape::size", &|| drop(Shape::from(sizes).size().to_string())),
    ];
    // A shape within the bound may still have more elements than fit in memory.
    let stored_once = &of_sizes[..3];
    try_one(draw, if huge { of_sizes } else { stored_once }, &[sizes.into()]);
    let of_shape: &[Call<'_>] = &[
        ("Shape::with", &|| drop(shape.with(i, 1))),
        ("Shape::insert", &|| drop(shape.insert(i, 1))),
        ("Shape::remove", &|| drop(shape.remove(i))),
        ("item", &|| drop(x.item().to_string())),
        ("argmax", &|| drop(x.argmax(axis))),
        ("argmin", &|| drop(x.argmin(axis))),
        ("argsort", &|| drop(x.argsort(axis))),
        ("top_k_indices", &|| drop(x.top_k_indices(axis, i))),
        ("lift", &|| drop(1.0.lift(&x).to_string())),
        ("update_together", &|| Tensor::update_together([&mut x.clone()], &x.sum(), Unchanged)),
    ];
    try_one(draw, of_shape, std::slice::from_ref(&shape));
    assert!(x.get(&index).is_none_or(|found| *found == x[&index[..]]));
    if let Some((text, file, _)) = caught(|| x[&index[..]]) {
        assert!(file == file!() && text.starts_with("index ["), "{text}");
    }
}

/// Makes a call with values inside a primitive.
struct InPrimitive(Mutex<Draw>);

impl Primitive for InPrimitive {
    fn name(&self) -> &str {
        "in_primitive"
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        with(&mut self.0.lock().expect("no earlier panic"), &|numbers| x[0].lift(&numbers));
        x[0]
    }

    fn pull<'a>(&self, _x: &[Dyn<'a>], _y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        vec![g]
    }
}

/// Makes calls with every reading.
fn fuzz(calls: usize, seed: u64) {
    let mut draw = Draw(StdRng::seed_from_u64(seed));
    for _ in 0..calls / 10 {
        let (tape, of_duals, outer, of_variables) = (Tape::new(), Tape::new(), Tape::new(), Tape::new());
        with(&mut draw, &|x| x);
        with(&mut draw, &|x| x.map(|&x| x as f32));
        with(&mut draw, &|x| tape.variable(x));
        with(&mut draw, &|x| of_duals.variable(Dual::new(x.clone(), x)));
        with(&mut draw, &|x| of_variables.variable(outer.variable(x)));
        with(&mut draw, &|x| Dual::constant(tape.variable(x)));
        with(&mut draw, &Batched::shared);
        with(&mut draw, &|x| Batched::from_batch(Tensor::stack(0, &[&x, &x, &x, &x, &x, &x, &x])));
        with(&mut draw, &|x| x.iter().next().unwrap_or(1.0));
        let inside = InPrimitive(Mutex::new(Draw(StdRng::seed_from_u64(draw.0.random()))));
        custom(inside, &[&Tensor::<f64>::ones([1])]);
        constructors(&mut draw);
    }
}

#[test]
fn bad_arguments_are_named_at_the_line_of_the_caller() {
    fuzz(6000, 1);
}

/// `cargo test --release -p tests --test errors -- --ignored`
#[test]
#[ignore = "long"]
fn bad_arguments_are_named_at_the_line_of_the_caller_in_a_million_calls() {
    (0..10).for_each(|seed| fuzz(100_000, seed));
}

/// An update that keeps what is there.
#[derive(Clone, Copy)]
struct Unchanged;

impl autodiff::Update<1> for Unchanged {
    fn apply<V: Reading>(&self, y: [V; 1], _x: V) -> [V; 1] {
        y
    }
}
