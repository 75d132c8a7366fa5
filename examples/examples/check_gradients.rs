//! The checker compares derivatives with central differences, f′(x) ≈ (f(x + h) − f(x − h))/2h, and finds a derivative
//! rule that is wrong at first or at second order. The tape finds the operation that made a result non-finite.

use autodiff::check::{Cause, Failure};
use autodiff::prelude::*;
use nn::{Init, Mlp, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};

/// The function x·σ(b·x), with a hand-written derivative rule that is correct or wrong.
struct Swish {
    b: f64,
    rule: Rule,
}

#[derive(Clone, Copy, Debug)]
enum Rule {
    Correct,
    /// Lacks one term of the product rule.
    WrongFirstOrder,
    /// Detaches the derivative, so that its value is correct but its own derivative is 0.
    WrongSecondOrder,
}

impl Primitive for Swish {
    fn name(&self) -> &str {
        "swish"
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        x[0] * (x[0] * self.b).sigmoid()
    }

    fn pull<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        let s = (x[0] * self.b).sigmoid();
        let through_sigmoid = x[0] * s * (1.0 - s) * self.b;
        vec![match self.rule {
            Rule::Correct => g * (s + through_sigmoid),
            Rule::WrongFirstOrder => g * through_sigmoid,
            Rule::WrongSecondOrder => g * (s + through_sigmoid).detach(),
        }]
    }
}

fn main() {
    let rng = &mut StdRng::seed_from_u64(0);
    let mlp = Mlp::<Tensor<f64>>::new(&[4, 8, 3], Transfer::Linear, Init::GlorotUniform, rng);
    let x = Tensor::<f64>::normal([16, 4], 0.0, 1.0, rng);
    let labels = Tensor::from_fn([16], |i| i[0] % 3);
    let check = |rule: Rule, order: usize| {
        check_grads_tree(&mlp, &Options::order(order), |_, mlp| {
            let h = mlp.layers[0].forward(&x);
            let h = custom(Swish { b: 1.5, rule }, &[&h]);
            loss::cross_entropy(&mlp.layers[1].forward(h), &labels)
        })
    };

    let report = check(Rule::Correct, 3).unwrap();
    let worst = report.differences.max(report.methods);
    println!(
        "correct rule: {} comparisons up to order 3; worst error: {worst:.1e} of the tolerance",
        report.comparisons
    );
    assert!(worst < 1.0);

    println!("\nrule wrong at first order: {}", expect_failure(check(Rule::WrongFirstOrder, 3), 1));
    check(Rule::WrongSecondOrder, 1).expect("the rule is correct at first order");
    println!("\nrule wrong at second order: {}", expect_failure(check(Rule::WrongSecondOrder, 3), 2));
    find_non_finite();
}

/// The failure of a check, which must be of the given order and must name the primitive.
fn expect_failure<R>(result: Result<R, Box<Failure>>, order: usize) -> Box<Failure> {
    let failure = result.err().expect("the checker finds the wrong rule");
    assert_eq!(failure.order, order);
    let Cause::Rule { site, .. } = &failure.cause else { panic!("{failure}") };
    assert!(site.node.contains("swish") && site.location.is_some_and(|location| location.file() == file!()));
    failure
}

/// Finds the operation that makes the second derivative of √(x·x) non-finite at 0.
fn find_non_finite() {
    let tape = Tape::traced();
    let x = tape.variable(Tensor::<f64>::zeros([3])).named("x");
    let norm = x.square().sum().sqrt();
    let [gradient] = norm.grad([x]);
    let curvature = gradient.sum().grad([x])[0].square().sum();
    let site = curvature.first_not_finite().expect("the derivative divides by 0");
    println!("\nthe second derivative of √(x·x) at 0 is {}; the first non-finite result is\n{site}", curvature.value());
    assert_eq!(site.location.map(|location| location.line()), Some(norm.location().expect("a traced tape").line()));
}
