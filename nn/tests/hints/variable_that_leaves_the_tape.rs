use autodiff::prelude::*;

fn main() {
    value_and_grad_aux(&2.0, |_, x| (x.square(), x));
}
