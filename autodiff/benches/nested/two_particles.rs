//! Two particles that attract each other on a line, over 1,000 steps: forward mode nested in itself, beside dual numbers
//! over dual numbers by hand. The force is the derivative of the potential energy, and the result is the derivative of the
//! final distance with respect to the strength of the attraction.

use crate::Program;
use autodiff::prelude::*;

const STEPS: usize = 1000;
const DT: f64 = 1e-3;

/// The potential energy at a distance: −k/√(d² + 0.01) + d²/2.
fn energy<V: Value>(strength: &V, distance: &V) -> V {
    let square = distance.square();
    square.clone() * 0.5 - strength.clone() / &(square + 0.01).sqrt()
}

/// The final distance, for a function that returns the derivative of the energy.
fn simulate<V: Value>(strength: &V, force: impl Fn(&V) -> V) -> V {
    let (mut a, mut b) = (strength.full_like(1.0), strength.full_like(-1.0));
    let (mut speed_a, mut speed_b) = (strength.full_like(0.1), strength.full_like(0.3));
    for _ in 0..STEPS {
        let slope = force(&(a.clone() - &b)) * DT;
        speed_a -= &slope;
        speed_b += &slope;
        a += &(speed_a.clone() * DT);
        b += &(speed_b.clone() * DT);
    }
    a - &b
}

fn doors() -> f64 {
    let distance = |k: Dual<f64>| simulate(&k, |d| jvp(d, &d.full_like(1.0), |d| energy(&Dual::constant(k), &d)).1);
    jvp(&1.0, &1.0, distance).1
}

fn by_hand() -> f64 {
    type Number = Dual<f64>;
    let k = Number { x: 1.0, dx: 1.0 };
    let force = |&x: &Number| {
        let [one, zero] = [1.0, 0.0].map(|c| Number { x: c, dx: 0.0 });
        energy(&Dual { x: k, dx: zero }, &Dual { x, dx: one }).dx
    };
    simulate(&k, force).dx
}

fn plain() -> f64 {
    let final_distance = |k: f64| simulate(&k, |d: &f64| d + k * d * (d * d + 0.01).powf(-1.5));
    (final_distance(1.0 + 1e-5) - final_distance(1.0 - 1e-5)) / 2e-5
}

pub(crate) fn program() -> Program {
    Program {
        name: "two_particles",
        contenders: vec![("by_hand", by_hand as fn() -> f64), ("doors", doors), ("closed_form_and_difference", plain)],
        tolerance: 1e-6,
    }
}
