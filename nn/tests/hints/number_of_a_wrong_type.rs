use autodiff::prelude::*;

fn bump<V: Value>(x: &V) -> V {
    (-x.square() * 2.0).exp()
}

fn main() {
    grad(&2, |x| x);
    grad(&[2.0, 3.0], |x| x);
    grad(&Tensor::from([1, 2]), |x| x);
    bump(&1.0f32);
    bump(&2);
}
