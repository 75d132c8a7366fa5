use autodiff::prelude::*;

struct Line<V> {
    slope: V,
    offset: V,
}

fn paths<T: Tree>(tree: &T) -> Vec<String> {
    tree.paths()
}

fn main() {
    let line = Line { slope: 1.0, offset: 0.0 };
    paths(&line);
    paths(&(2.0, vec![line]));
}
