use autodiff::prelude::*;

// No attribute reaches these messages. The documentation of `function_of`, the remedy, quotes them.
fn bare() {
    let square = |x| x;
    grad(&2.0, square);
}

fn annotated() {
    let square = |x: Var<'_, f64>| x.square();
    grad(&2.0, square);
}

fn main() {}
