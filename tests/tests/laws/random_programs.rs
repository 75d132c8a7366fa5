//! The gradient checker on random expressions and networks, drawn by the public strategies.

use autodiff::prelude::*;
use autodiff::strategy::{expressions, networks, shapes, tensors};
use proptest::prelude::*;

fn passes(result: Result<autodiff::check::Report, Box<autodiff::check::Failure>>) -> Result<(), TestCaseError> {
    let report = result.map_err(|failure| TestCaseError::fail(failure.to_string()))?;
    prop_assert!(report.comparisons > 0, "the checker compared nothing");
    Ok(())
}

proptest! {
    #![proptest_config(tests::cases(64))]

    #[test]
    fn derivatives_of_random_expressions_pass_the_checker_to_third_order(
        f in expressions(8),
        x in tensors(shapes(2, 3), -2.0..2.0),
    ) {
        passes(check_grads(&x, &Options { directions: 1, ..Options::order(3) }, |x| f.call(&x)))?;
    }

    #[test]
    fn gradient_penalties_of_random_networks_pass_the_checker(
        net in networks(3, 3, 4),
        x in tensors(Just([5, 3].into()), -2.0..2.0),
    ) {
        passes(check_grads_tree(&net, &Options::order(2), |tape, net| {
            let x = tape.constant(x.clone());
            let [slope] = net.forward(&x).square().sum().grad([x]);
            slope.square().mean()
        }))?;
    }

    #[test]
    fn vmap_of_a_gradient_equals_the_gradient_of_each_row(
        f in expressions(8),
        x in tensors(Just([3, 4].into()), -2.0..2.0),
    ) {
        let each: Vec<_> = (0..3).map(|i| grad(&x.index_axis(0, i), |x| f.call(&x).sum())).collect();
        let rows = Tensor::stack(0, &each.iter().collect::<Vec<_>>());
        let batched = vmap(&x, |x| grad(&x, |x| f.call(&x).sum()));
        batched.approx(&rows, 1e-12).map_err(|mismatch| TestCaseError::fail(mismatch.to_string()))?;
    }
}

/// The loss has a wrong gradient for more than two elements, so the smallest failing case has three.
#[test]
fn failing_cases_shrink_to_the_smallest_tensor() {
    let mut runner = proptest::test_runner::TestRunner::new(tests::cases(256));
    let result = runner.run(&tensors(shapes(1, 9), -2.0..2.0), |x| {
        let wrong = |x: &Tensor<f64>| x.size() > 2;
        passes(check_grads(&x, &Options::order(1), |v| if wrong(&x) { v * v.detach() } else { v.square() }))
    });
    let Err(proptest::test_runner::TestError::Fail(_, smallest)) = result else { panic!("{result:?}") };
    assert_eq!(smallest.shape(), &Shape::from([3]));
}
