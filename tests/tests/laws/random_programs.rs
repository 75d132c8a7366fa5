//! Random expressions and networks: the checker on functions that nobody chose, by the strategies that users have.

use autodiff::prelude::*;
use autodiff::strategy::{expressions, networks, shapes, tensors};
use proptest::prelude::*;

fn passes(result: Result<autodiff::check::Report, Box<autodiff::check::Failure>>) -> Result<(), TestCaseError> {
    let report = result.map_err(|failure| TestCaseError::fail(failure.to_string()))?;
    prop_assert!(report.comparisons > 0);
    Ok(())
}

proptest! {
    #![proptest_config(tests::cases(64))]

    #[test]
    fn expressions_to_the_third_order(f in expressions(8), x in tensors(shapes(2, 3), -2.0..2.0)) {
        passes(check_grads(&x, &Options { directions: 1, ..Options::order(3) }, |x| f.call(&x)))?;
    }

    #[test]
    fn gradient_penalties_of_networks(net in networks(3, 3, 4), x in tensors(Just([5, 3].into()), -2.0..2.0)) {
        passes(check_grads_tree(&net, &Options::order(2), |tape, net| {
            let x = tape.constant(x.clone());
            let [slope] = net.forward(&x).square().sum().grad([x]);
            slope.square().mean()
        }))?;
    }

    /// Equal to the same on a batch of one, and in the other order.
    #[test]
    fn expressions_of_rows_are_rows_of_expressions(f in expressions(8), x in tensors(Just([3, 4].into()), -2.0..2.0)) {
        let each: Vec<_> = (0..3).map(|i| grad(&x.at(0, i), |x| f.call(&x).sum())).collect();
        let rows = Tensor::stack(0, &each.iter().collect::<Vec<_>>());
        prop_assert!(vmap(&x, |x| grad(&x, |x| f.call(&x).sum())).approx(&rows, 1e-12).is_ok());
    }
}

/// What fails is shrunk: a loss that is wrong for more than two elements fails at three.
#[test]
fn a_failure_is_shrunk() {
    let mut runner = proptest::test_runner::TestRunner::new(tests::cases(256));
    let result = runner.run(&tensors(shapes(1, 9), -2.0..2.0), |x| {
        let wrong = |x: &Tensor<f64>| x.size() > 2;
        passes(check_grads(&x, &Options::order(1), |v| if wrong(&x) { v * v.detach() } else { v.square() }))
    });
    let Err(proptest::test_runner::TestError::Fail(_, smallest)) = result else { panic!("{result:?}") };
    assert_eq!(smallest.shape(), &Shape::from([3]));
}
