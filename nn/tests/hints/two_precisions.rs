use autodiff::prelude::*;

fn main() {
    let (single, double) = (Tensor::<f32>::ones([2]), Tensor::<f64>::ones([2]));
    let _ = &single + &double;
    grad(&single, |x| (x * &double).sum());
    value_and_grad(&single, |tape, x| (x - tape.constant(double.clone())).sum());
}
