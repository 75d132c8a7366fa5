struct Layer<V> {
    weight: V,
    rate: f64,
}
autodiff::tree!(Layer { weight, rate });

struct Incomplete<V>(V, V);
autodiff::tree!(Incomplete(0));

autodiff::tree!(struct Wrong { weight });

fn main() {}
