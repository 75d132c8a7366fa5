//! Values of a type of one's own: a wrapper that counts what it does, as a stand-in for arrays on a device.

use autodiff::prelude::*;
use autodiff::{Linear, Op, Pointwise, check};
use nn::{Adam, Init, Mlp, Optimizer, RmsProp, Sgd, Trainer, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

thread_local! {
    static KERNELS: Cell<usize> = const { Cell::new(0) };
    static COPIES: Cell<usize> = const { Cell::new(0) };
}

fn count(counter: &'static std::thread::LocalKey<Cell<usize>>) {
    counter.set(counter.get() + 1);
}

/// A tensor on a pretended device. A copy between the device and the host is counted unless it is of one number.
#[derive(Clone, Debug, PartialEq)]
struct Device<T>(Tensor<T>);

autodiff::operators!([T: Element] Device<T>);

impl<T: Element> Reading for Device<T> {
    type Elem = T;
    type Tangent = Option<Self>;

    fn apply(op: &Op, x: &[&Self]) -> Self {
        if let Op::Custom(primitive) = op {
            return primitive.eval(x);
        }
        count(&KERNELS);
        Self(Tensor::apply(op, &x.iter().map(|x| &x.0).collect::<Vec<_>>()))
    }

    fn shape(&self) -> Shape {
        self.0.shape().clone()
    }

    fn primal(&self) -> Tensor<T> {
        if self.0.size() > 1 {
            count(&COPIES);
        }
        self.0.clone()
    }

    fn lift(&self, numbers: &Tensor<T>) -> Self {
        if numbers.as_repeated().is_none() {
            count(&COPIES);
        }
        Self(numbers.clone())
    }

    fn identity(&self, n: usize) -> Self {
        Self(Tensor::eye(n))
    }

    fn argsort(&self, axis: isize) -> Tensor<usize> {
        self.0.argsort(axis)
    }

    fn top_k_indices(&self, axis: isize, k: usize) -> Tensor<usize> {
        self.0.top_k_indices(axis, k)
    }
}

fn device<T: Element>(x: &Tensor<T>) -> Device<T> {
    Device(x.clone())
}

/// The number of kernels and of copies that a program causes.
fn counted<R>(program: impl FnOnce() -> R) -> (R, usize, usize) {
    let before = (KERNELS.get(), COPIES.get());
    let result = program();
    (result, KERNELS.get() - before.0, COPIES.get() - before.1)
}

#[test]
fn every_reading_with_axes_agrees_with_tensors() {
    check::value(|x: &Tensor<f64>| x.clone()).unwrap();
    check::value(|x: &Tensor<f32>| x.clone()).unwrap();
    check::value(|x: &Tensor<f64>| Dual::constant(x.clone())).unwrap();
    check::value(|x: &Tensor<f64>| Batched::shared(x.clone())).unwrap();
    let tape = Tape::new();
    check::value(|x: &Tensor<f64>| tape.variable(x.clone())).unwrap();
    check::value(device::<f64>).unwrap();
    check::value(device::<f32>).unwrap();
}

/// Faults that a type of one's own may have, each with the words that name it.
#[test]
fn the_first_operation_that_disagrees_is_named() {
    let found = |fault: Fault| {
        FAULT.set(Some(fault));
        let found = check::value(Faulty::new).unwrap_err().to_string();
        FAULT.set(None);
        found
    };
    assert!(check::value(Faulty::new).is_ok(), "without a fault");
    for (fault, words) in [
        (Fault::Atan2, "atan2 on [225] × [225]: the value at "),
        (Fault::SlopeOfTanh, "tanh on [15]: the gradient with respect to operand 0 at "),
        (Fault::SumsRows, "sum_to[2, 1] on [4, 2, 3]: the value, its shape, is [1, 2, 1], but must be [2, 1]"),
        (Fault::NoSteps, "slice(axis 0, 1..+3 by 2) on [6, 2]: the value at "),
        (Fault::Broadcasts, "add on [2, 3] × [3]: the result is a value of shape [2, 3], but must be a panic"),
        (Fault::ChangesClones, "a clone made before `accumulate`: the result at "),
        (Fault::LiftIgnoresStrides, "lift: the result at "),
        (Fault::ChoosesLast, "argsort: the result is "),
    ] {
        let text = found(fault);
        assert!(text.starts_with(words), "{fault:?}: {text}");
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    Atan2,
    SlopeOfTanh,
    SumsRows,
    NoSteps,
    Broadcasts,
    ChangesClones,
    LiftIgnoresStrides,
    ChoosesLast,
}

thread_local! {
    static FAULT: Cell<Option<Fault>> = const { Cell::new(None) };
}

fn has(fault: Fault) -> bool {
    FAULT.get() == Some(fault)
}

/// A tensor with one fault. Clones share their elements.
#[derive(Clone)]
struct Faulty(Rc<RefCell<Tensor<f64>>>);

autodiff::operators!([] Faulty);

impl Faulty {
    fn new(x: &Tensor<f64>) -> Self {
        Self(Rc::new(RefCell::new(x.clone())))
    }
}

impl Reading for Faulty {
    type Elem = f64;
    type Tangent = Option<Self>;

    fn apply(op: &Op, x: &[&Self]) -> Self {
        let tensors: Vec<Tensor<f64>> = x.iter().map(|x| x.primal()).collect();
        let tensors: Vec<&Tensor<f64>> = tensors.iter().collect();
        Self::new(&match op {
            Op::Custom(primitive) => return primitive.eval(x),
            Op::Pointwise(Pointwise::Atan2) if has(Fault::Atan2) => tensors[1].atan2(tensors[0]),
            Op::Pointwise(Pointwise::Add) if has(Fault::Broadcasts) => tensors[0] + tensors[1],
            Op::Linear(Linear::SumTo(shape)) if has(Fault::SumsRows) && *shape == [2, 1] => {
                Tensor::apply(op, &tensors).unsqueeze(0)
            }
            Op::Linear(Linear::Slice { axis, start, len, .. }) if has(Fault::NoSteps) => {
                tensors[0].slice(*axis as isize, *start, start + len)
            }
            _ => Tensor::apply(op, &tensors),
        })
    }

    fn shape(&self) -> Shape {
        self.0.borrow().shape().clone()
    }

    fn primal(&self) -> Tensor<f64> {
        self.0.borrow().clone()
    }

    fn lift(&self, numbers: &Tensor<f64>) -> Self {
        let first = |numbers: &Tensor<f64>| Tensor::full(numbers.shape(), numbers.iter().next().unwrap_or(0.0));
        Self::new(&if has(Fault::LiftIgnoresStrides) { first(numbers) } else { numbers.clone() })
    }

    fn argsort(&self, axis: isize) -> Tensor<usize> {
        let places = self.primal().argsort(axis);
        if has(Fault::ChoosesLast) { places.map(|&place| place.saturating_sub(1)) } else { places }
    }

    fn own_pull(op: &Op, _i: usize, _x: &[&Self], _y: &Self, g: &Self) -> Option<Self> {
        (has(Fault::SlopeOfTanh) && matches!(op, Op::Pointwise(Pointwise::Tanh))).then(|| g.clone())
    }

    fn accumulate(&mut self, g: Self) {
        match has(Fault::ChangesClones) {
            true => self.0.borrow_mut().accumulate(g.primal()),
            false => *self = self.clone() + g,
        }
    }
}

/// A model whose leaves stand on the device.
fn on_device(mlp: &Mlp<Tensor<f64>>) -> Mlp<Device<f64>> {
    mlp.map(&mut |_, leaf| device(leaf))
}

/// Trains a classifier by tensors, and the same one on the device. The weights must agree to the last bit, and no step
/// may copy an array.
fn trains_alike<O, P>(tensors: O, devices: P)
where
    O: Optimizer<Tensor<f64>>,
    P: Optimizer<Device<f64>>,
{
    let rng = &mut StdRng::seed_from_u64(0);
    let mlp = Mlp::new(&[5, 7, 3], Transfer::Tanh, Init::GlorotUniform, rng);
    let (x, target) =
        (Tensor::normal([8, 5], 0.0, 1.0, rng), nn::data::one_hot(&Tensor::from([0, 1, 2, 1, 0, 2, 2, 1]), 3));
    let batch = (device(&x), device(&target));
    let mut here = Trainer::new(mlp.clone(), tensors).clip_norm(0.5);
    let mut there = Trainer::new(on_device(&mlp), devices).clip_norm(0.5);
    for _ in 0..5 {
        let expected = here.step(&(x.clone(), target.clone()), &mut (), |_, mlp, (x, target), _| {
            loss::soft_cross_entropy(&mlp.forward(x), mlp.layers[0].weight.lift(target))
        });
        let (found, kernels, copies) = counted(|| {
            there.step(&batch, &mut (), |tape, mlp, (x, target), _| {
                loss::soft_cross_entropy(&mlp.forward(tape.constant(x.clone())), tape.constant(target.clone()))
            })
        });
        assert_eq!(found.unwrap(), expected.unwrap());
        assert!(kernels > 20 && copies == 0, "{kernels} kernels, {copies} copies");
    }
    assert_eq!(there.model, on_device(&here.model));
}

#[test]
fn models_train_on_a_device_as_on_the_host() {
    trains_alike(Sgd::new(0.1), Sgd::new(0.1));
    trains_alike(Sgd::new(0.1).nesterov(0.9).decay(0.01), Sgd::new(0.1).nesterov(0.9).decay(0.01));
    trains_alike(Adam::new(0.1), Adam::new(0.1));
    trains_alike(RmsProp::new(0.1), RmsProp::new(0.1));
    trains_alike(nn::Adagrad::new(0.1), nn::Adagrad::new(0.1));
}

#[test]
fn nested_derivatives_make_no_copies() {
    let w = device(&Tensor::from([[0.5, -0.5, 0.1], [0.1, 0.2, -0.3]]));
    let x = device(&Tensor::from([[1.0, 2.0, 0.0], [3.0, 4.0, 1.0]]));
    let ((), _, copies) = counted(|| {
        grad(&w, |w| {
            let x = w.constant(x.clone());
            x.matmul_t(w).sigmoid().batch_jacobian(x).square().sum()
        });
        hvp(&w, &w, |w| w.tanh().square().sum());
        jacobian(&w, |w| w.tanh());
    });
    assert_eq!(copies, 0);
}

autodiff::fuse! {
    /// tanh²(x)·e⁻ˣ
    fn bump(x) { x.tanh().square() * x.neg().exp() }
}

#[test]
fn fused_formulas_run_on_a_device_operation_by_operation() {
    let x = device(&Tensor::from([0.5, -1.0, 2.0]));
    let ([found, second], _, copies) = counted(|| [grad(&x, |x| bump(&x).sum()), hvp(&x, &x, |x| bump(&x).sum())]);
    assert_eq!(copies, 0);
    assert!(found.0.approx(&grad(&x.0, |x| bump(&x).sum()), 1e-15).is_ok());
    assert!(second.0.approx(&hvp(&x.0, &x.0, |x| bump(&x).sum()), 1e-15).is_ok());
}

/// A device that sorts by itself: only places come to the host.
#[test]
fn choices_read_no_numbers_if_the_type_makes_them() {
    let x = device(&Tensor::from([[0.5, -1.0, 2.0], [3.0, 0.0, 3.0]]));
    let (found, _, copies) = counted(|| grad(&x, |x| of_choices(&x)));
    assert_eq!((found.0, copies), (grad(&x.0, |x| of_choices(&x)), 0));
}

/// A function of softmax, sorted and largest elements.
fn of_choices<V: Reading>(x: &V) -> V {
    (x.softmax(-1) * x.sort(-1) + x.top_k(-1, 2).sum()).square().sum() + x.max()
}

#[test]
fn checkpoints_and_primitives_of_ones_own_make_no_copies() {
    let x = device(&Tensor::from([0.5, -1.0, 2.0]));
    let (gradient, _, copies) = counted(|| grad(&x, |x| checkpoint(|x| x[0].sin().exp(), &[&x]).sum()));
    assert_eq!((gradient.0, copies), (grad(&x.0, |x| x.sin().exp().sum()), 0));
}
