//! Gradients that are handed over leaf by leaf are those that come together, to the bit; each comes once, and as soon as
//! it is complete.

use autodiff::prelude::*;
use autodiff::strategy::{networks, tensors};
use proptest::prelude::*;
use tests::law::every_row;

/// The numbers of the leaves in the order in which they came, and the gradients in the order of the tree.
fn in_turn<V: Value, T: Tree<Leaf = V>>(
    x: &T,
    f: impl for<'t> FnOnce(&'t Tape<V>, OnTape<'t, T>) -> Var<'t, V>,
) -> (V, Vec<usize>, Vec<V>) {
    let mut handed = Vec::new();
    let y = Tape::new().value_and_each_grad(x, f, |leaf, gradient| handed.push((leaf, gradient)));
    let order = handed.iter().map(|(leaf, _)| *leaf).collect();
    handed.sort_by_key(|(leaf, _)| *leaf);
    assert!(handed.iter().map(|(leaf, _)| *leaf).eq(0..x.leaves().len()), "each leaf comes once: {order:?}");
    (y, order, handed.into_iter().map(|(_, gradient)| gradient).collect())
}

fn bits<'a>(values: impl IntoIterator<Item = &'a Tensor<f64>>) -> Vec<u64> {
    values.into_iter().flat_map(|x| x.iter().map(f64::to_bits)).collect()
}

#[test]
fn gradients_in_turn_of_each_row_have_the_bits_of_those_together() {
    every_row(|row| {
        let x = (row.point(1), row.point(2));
        let (y, _, each) = in_turn(&x, |_, (x, _)| row.loss(&x));
        let (value, gradient) = value_and_grad(&x, |_, (x, _)| row.loss(&x));
        match bits([&y].into_iter().chain(&each)) == bits([&value, &gradient.0, &gradient.1]) {
            true => Ok(()),
            false => Err("the gradients in turn have other bits".into()),
        }
    });
}

proptest! {
    #![proptest_config(tests::cases(64))]

    #[test]
    fn gradients_in_turn_of_random_networks_come_from_the_last_layer_and_have_the_same_bits(
        network in networks(3, 4, 4),
        x in tensors(Just([5, 3].into()), -2.0..2.0),
    ) {
        let (y, order, each) = in_turn(&network, |tape, network| network.forward(&tape.constant(x.clone())).square().sum());
        let (value, gradient) =
            value_and_grad(&network, |tape, network| network.forward(&tape.constant(x.clone())).square().sum());
        let layers: Vec<usize> = order.iter().map(|leaf| leaf / 2).collect();
        prop_assert!(layers.is_sorted_by(|a, b| a >= b), "{:?}", order);
        prop_assert_eq!(bits([&y].into_iter().chain(&each)), bits([&value].into_iter().chain(&gradient.leaves())));
    }
}

#[test]
fn gradients_in_turn_of_numbers_have_the_bits_of_those_together() {
    fn f<'t>(_: &'t Tape<f64>, x: Vec<Var<'t, f64>>) -> Var<'t, f64> {
        let h = (x[0] * x[1]).sin() + x[2].exp() * x[0];
        (h / x[3] - x[1]).square().tanh() + h.powi(3)
    }
    let x = vec![0.3, -1.7, 0.9, 2.1, 5.0];
    let (y, order, each) = in_turn(&x, f);
    assert_eq!((y, each), value_and_grad(&x, f));
    assert_eq!(order, [4, 3, 2, 1, 0]);
}

/// A shared leaf is complete after its first use, and one that the output does not depend on may come late.
#[test]
fn shared_leaf_comes_once_after_its_first_use_and_unused_leaves_come_first() {
    let x = vec![1.5, 2.0, 4.0, 8.0];
    let (_, order, each) = in_turn(&x, |_, x| {
        let [shared, _unused, middle, dead] = x[..] else { unreachable!("four leaves") };
        let _ = dead * shared;
        (shared.square() * middle) * shared
    });
    assert_eq!(order, [1, 2, 3, 0]);
    assert_eq!(each, [3.0 * 1.5 * 1.5 * 4.0, 0.0, 1.5f64.powi(3), 0.0]);
}

#[test]
fn output_that_is_a_leaf_has_the_gradient_one() {
    let (y, order, each) = in_turn(&vec![3.0, 7.0, 9.0], |_, x| x[1]);
    assert_eq!((y, order, each), (7.0, vec![2, 1, 0], vec![0.0, 1.0, 0.0]));
}
