//! Is the gradient right? The checker on a loss of one's own: on one that is right, on rules that are wrong at first
//! and at second order, and on a number that is not finite.

use autodiff::check::{Cause, Failure};
use autodiff::prelude::*;
use nn::{Init, Mlp, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};

/// x·sigmoid(b·x) with a rule by hand, in three versions of which one is right.
struct Swish {
    b: f64,
    rule: Rule,
}

#[derive(Clone, Copy, Debug)]
enum Rule {
    Right,
    /// Without the part of the product rule by x.
    WrongSlope,
    /// The slope is right as a number, but it counts as a constant.
    WrongCurvature,
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
        let by_gate = x[0] * s * (1.0 - s) * self.b;
        vec![match self.rule {
            Rule::Right => g * (s + by_gate),
            Rule::WrongSlope => g * by_gate,
            Rule::WrongCurvature => g * (s + by_gate).detach(),
        }]
    }
}

fn main() {
    let rng = &mut StdRng::seed_from_u64(0);
    let mlp = Mlp::<Tensor<f64>>::new(&[4, 8, 3], Transfer::Linear, Init::GlorotUniform, rng);
    let x = Tensor::<f64>::normal([16, 4], 0.0, 1.0, rng);
    let labels = Tensor::from_fn([16], |i| i[0] % 3);
    let check = |rule: Rule, order: usize| {
        check_grads_tree(&mlp, &Options::order(order), |tape, mlp| {
            let h = mlp.layers[0].forward(&tape.constant(x.clone()));
            let h = custom(Swish { b: 1.5, rule }, &[&h]);
            loss::cross_entropy(&mlp.layers[1].forward(&h), &labels)
        })
    };

    let report = check(Rule::Right, 3).unwrap();
    println!("right: {} comparisons up to order 3, the worst at {:.1e} of what is allowed", report.comparisons, {
        report.differences.max(report.ways)
    });
    assert!(report.differences.max(report.ways) < 1.0);

    println!("\nwrong slope: {}", found(check(Rule::WrongSlope, 3), 1));
    check(Rule::WrongCurvature, 1).expect("at first order there is nothing to see");
    println!("\nwrong curvature: {}", found(check(Rule::WrongCurvature, 3), 2));
    not_finite();
}

/// The failure, which must be of an order, and of the rule.
fn found<R>(result: Result<R, Box<Failure>>, order: usize) -> Box<Failure> {
    let failure = result.err().expect("the fault is caught");
    assert_eq!(failure.order, order);
    let Cause::Rule { site, .. } = &failure.cause else { panic!("{failure}") };
    assert!(site.node.contains("swish") && site.location.is_some_and(|place| place.file() == file!()));
    failure
}

/// The second derivative of a norm that is guarded in the wrong place is not finite: where does that come from?
fn not_finite() {
    let tape = Tape::traced();
    let x = tape.variable(Tensor::<f64>::zeros([3])).named("x");
    let norm = x.square().sum().sqrt();
    let [slope] = norm.grad([x]);
    let curvature = slope.sum().grad([x])[0].square().sum();
    let site = curvature.first_not_finite().expect("1/0");
    println!("\nthe curvature of √(x·x) at 0 is {}, first at\n{site}", curvature.value());
    assert_eq!(site.location.map(|place| place.line()), Some(norm.location().expect("a traced tape").line()));
}
