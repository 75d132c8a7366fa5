//! Derivatives inside of derivatives: no perturbation of one level is taken for another's.
//!
//! In a tower each level is a tape (or a dual number) of its own over the values of the level outside; an outer variable
//! enters an inner function by `constant`. On one tape there are no levels, only nodes.

use autodiff::prelude::*;
use autodiff::{assert_close, custom};
use tests::table::{Cube, Product as UserProduct};

/// The derivative of a function of a number, which may itself take derivatives.
fn d<V: Value>(x: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> V {
    grad(x, f)
}

/// The same by a dual number.
fn push<V: Value>(x: &V, f: impl FnOnce(Dual<V>) -> Dual<V>) -> V {
    f(Dual::new(x.clone(), x.full_like(1.0))).tangent()
}

/// Siskind and Pearlmutter, *Nesting forward-mode AD in a functional framework* (2008), section 2:
/// d/dx (x · d/dy (x + y)) at x = 1, y = 1 is 1; who confuses the perturbations gets 2.
#[test]
fn siskind_and_pearlmutter() {
    assert_eq!(d(&1.0, |x| x * d(&x.constant(1.0), |y| y.constant(x) + y)), 1.0);
    assert_eq!(push(&1.0, |x| x * push(&x.full_like(1.0), |y| Dual::constant(x) + y)), 1.0);
    assert_eq!(d(&1.0, |x| x * push(&x.full_like(1.0), |y| Dual::constant(x) + y)), 1.0);
    assert_eq!(push(&1.0, |x| x * d(&x.full_like(1.0), |y| y.constant(x) + y)), 1.0);
    let tape = Tape::new();
    let (x, y) = (tape.variable(1.0), tape.variable(1.0));
    let [inner] = (x + y).grad([y]);
    assert_eq!((x * inner).grad([x])[0].value(), 1.0);
    assert_eq!((x * (x + y).jvp([y], [x.constant(1.0)])).grad([x])[0].value(), 1.0);
}

/// Their second case: d/dx (x · d/dy (x · y)) at x = 2 is d/dx x² = 4, whatever y is.
#[test]
fn an_inner_slope_that_is_the_outer_variable() {
    assert_eq!(d(&2.0, |x| x * d(&x.constant(5.0), |y| y.constant(x) * y)), 4.0);
    assert_eq!(push(&2.0, |x| x * push(&x.full_like(5.0), |y| Dual::constant(x) * y)), 4.0);
    assert_eq!(d(&2.0, |x| x * push(&x.constant(5.0), |y| Dual::constant(x) * y)), 4.0);
    assert_eq!(push(&2.0, |x| x * d(&x.full_like(5.0), |y| y.constant(x) * y)), 4.0);
}

/// ForwardDiff issue 83: D(x → D(y → x·y)(x)·…) where the inner function closes over the outer variable and is taken at
/// the outer variable too. With f(x) = d/dy (y²·x³) at y = x, which is 2x⁴: f′(2) = 64.
#[test]
fn the_outer_variable_captured_and_as_the_point() {
    assert_eq!(d(&2.0, |x| d(&x, |y| y.square() * y.constant(x).powi(3))), 64.0);
    assert_eq!(push(&2.0, |x| push(&x, |y| y.square() * Dual::constant(x).powi(3))), 64.0);
    assert_eq!(d(&2.0, |x| push(&x, |y| y.square() * Dual::constant(x).powi(3))), 64.0);
    assert_eq!(push(&2.0, |x| d(&x, |y| y.square() * y.constant(x).powi(3))), 64.0);
    let tape = Tape::new();
    let x = tape.variable(2.0);
    let y = tape.variable(2.0);
    let [inner] = (y.square() * x.powi(3)).grad([y]); // 2y·x³, by x alone: 6y·x² = 48
    assert_eq!(inner.grad([x])[0].value(), 48.0);
    assert_eq!(inner.grad([y])[0].value(), 16.0);
}

/// f(w) = d/dx d/dy d/dz (w·x·y·z)² … with every level in the innermost expression: the mixed derivative of
/// (w·x·y·z)² by all four is 16·w·x·y·z.
#[test]
fn four_levels_of_captured_variables() {
    let expected = 16.0 * 2.0 * 3.0 * 5.0 * 7.0;
    let by_tapes = d(&2.0, |w| {
        d(&w.constant(3.0), |x| {
            d(&x.constant(w.constant(5.0)), |y| {
                d(&y.constant(x.constant(w.constant(7.0))), |z| {
                    let y = z.constant(y);
                    let x = z.constant(y.value().constant(x));
                    let w = z.constant(y.value().constant(x.value().value().constant(w)));
                    (w * x * y * z).square()
                })
            })
        })
    });
    assert_eq!(by_tapes, expected);
    let by_duals = push(&2.0, |w| {
        push(&w.full_like(3.0), |x| {
            push(&x.full_like(5.0), |y| {
                push(&y.full_like(7.0), |z| {
                    let w = Dual::constant(Dual::constant(Dual::constant(w)));
                    (w * Dual::constant(Dual::constant(x)) * Dual::constant(y) * z).square()
                })
            })
        })
    });
    assert_eq!(by_duals, expected);
    let tape = Tape::new();
    let [w, x, y, z] = [2.0, 3.0, 5.0, 7.0].map(|value| tape.variable(value));
    let mixed = [z, y, x, w].into_iter().fold((w * x * y * z).square(), |f, v| f.grad([v])[0]);
    assert_eq!(mixed.value(), expected);
    let forward = [w, z, x, y].into_iter().fold((w * x * y * z).square(), |f, v| f.jvp([v], [tape.constant(1.0)]));
    assert_eq!(forward.value(), expected);
}

/// The fourth derivative of sin(x²) at 0.7, by four nested tapes, four duals, and each alternation of the two.
#[test]
fn four_derivatives_of_one_variable() {
    let x = 0.7f64;
    let (s, c) = ((x * x).sin(), (x * x).cos());
    let expected = (16.0 * x.powi(4) - 12.0) * s - 48.0 * x * x * c;
    let near = |y: f64| assert!((y - expected).abs() < 1e-12, "{y}, not {expected}");
    near(d(&x, |x| d(&x, |x| d(&x, |x| d(&x, |x| x.square().sin())))));
    near(push(&x, |x| push(&x, |x| push(&x, |x| push(&x, |x| x.square().sin())))));
    near(d(&x, |x| push(&x, |x| d(&x, |x| push(&x, |x| x.square().sin())))));
    near(push(&x, |x| d(&x, |x| push(&x, |x| d(&x, |x| x.square().sin())))));
    near(d(&x, |x| d(&x, |x| push(&x, |x| push(&x, |x| x.square().sin())))));
    near(push(&x, |x| push(&x, |x| d(&x, |x| d(&x, |x| x.square().sin())))));
    near(nth_derivative(4, &x, |x| x.square().sin()));
    let tape = Tape::new();
    let v = tape.variable(x);
    near((0..4).fold(v.square().sin(), |y, _| y.jvp([v], [tape.constant(1.0)])).value());
}

/// Two derivatives side by side inside of a third: neither sees the other.
#[test]
fn siblings() {
    // f(x) = d/dy (x·y²) at 3 · d/dz (x²·z) at 5 = 6x·x²: f′(2) = 18·4.
    assert_eq!(
        d(&2.0, |x| d(&x.constant(3.0), |y| y.constant(x) * y.square()) * d(&x, |z| z.constant(x.square()) * z)),
        72.0
    );
    let tape = Tape::new();
    let x = tape.variable(2.0);
    let (y, z) = (tape.variable(3.0), tape.variable(5.0));
    let product = (x * y.square()).grad([y])[0] * (x.square() * z).grad([z])[0];
    assert_eq!(product.grad([x])[0].value(), 72.0);
    assert_eq!(product.grad([y])[0].value(), 2.0 * 2.0 * 4.0);
    assert!(product.grad([z])[0].is_unconnected());
}

/// A function that is given as an argument and used at two levels.
#[test]
fn one_function_at_two_levels() {
    fn cube<V: Value>(x: &V) -> V {
        x.powi(3)
    }
    // d/dx [x³ · d/dy y³ at x] = d/dx 3x⁵ = 15x⁴
    assert_eq!(d(&2.0, |x| cube(&x) * d(&x, |y| cube(&y))), 240.0);
    assert_eq!(push(&2.0, |x| cube(&x) * push(&x, |y| cube(&y))), 240.0);
}

#[test]
fn detach_inside_of_nests() {
    // At the level where it stands it cuts that level and all outside: the inner slope is x, and then it is a constant.
    assert_eq!(d(&2.0, |x| d(&x.constant(3.0), |y| y.constant(x) * y).detach() * x), 2.0);
    assert_eq!(d(&2.0, |x| d(&x.constant(3.0), |y| y.constant(x).detach() * y) * x), 2.0);
    assert_eq!(d(&2.0, |x| d(&x.constant(3.0), |y| y.constant(x) * y * y.detach()) * x), 12.0);
    assert_eq!(push(&2.0, |x| push(&x.full_like(3.0), |y| Dual::constant(x) * y * y.detach()) * x), 12.0);
    let tape = Tape::new();
    let x = tape.variable(2.0);
    let [slope] = (x.powi(3) * x.detach()).grad([x]); // 3x²·c, and c is 2: then by x again 6x·c
    assert_eq!((slope.value(), slope.grad([x])[0].value()), (24.0, 24.0));
}

#[test]
fn custom_primitives_inside_of_nests() {
    assert_eq!(d(&2.0, |x| d(&x, |y| custom(Cube, &[&(y * y.constant(x))]))), 3.0 * 5.0 * 16.0);
    assert_eq!(push(&2.0, |x| push(&x, |y| custom(Cube, &[&(y * Dual::constant(x))]))), 240.0);
    assert_eq!(d(&2.0, |x| push(&x, |y| custom(Cube, &[&(y * Dual::constant(x))]))), 240.0);
    assert_eq!(nth_derivative(3, &2.0, |x| custom(Cube, &[&x])), 6.0);
    assert_eq!(nth_derivative(4, &2.0, |x| custom(Cube, &[&x]) * x), 24.0);
    assert_eq!(d(&1.0, |x| x * d(&x.constant(1.0), |y| custom(UserProduct, &[&y.constant(x), &y]))), 2.0);
    assert_eq!(nth_derivative(2, &3.0, |x| custom(UserProduct, &[&x, &x])), 2.0);
}

#[test]
fn checkpoints_inside_of_nests() {
    let part = |x: f64| checkpoint(|x| x[0].square().sin(), &[&x]);
    assert_eq!(part(0.5), 0.25f64.sin());
    let plain = nth_derivative(3, &0.7, |x| x.square().sin());
    let kept = nth_derivative(3, &0.7, |x| checkpoint(|x| x[0].square().sin(), &[&x]));
    assert!((plain - kept).abs() < 1e-13);
    let nested = nth_derivative(3, &0.7, |x| checkpoint(|x| checkpoint(|x| x[0].square(), &[&x[0]]).sin(), &[&x]));
    assert!((plain - nested).abs() < 1e-13);
    // A derivative inside of a checkpoint inside of a derivative: d/dx [x · cos(x²)·2x].
    let inner = d(&0.7, |x| checkpoint(|x| x[0] * grad(&x[0], |y| y.square().sin()), &[&x]));
    let by_hand = d(&0.7, |x| x * x.square().cos() * x * 2.0);
    assert!((inner - by_hand).abs() < 1e-13);
}

/// The gradient of each row's function, inside of a function of all rows, and the other way round.
#[test]
fn gradients_and_batches() {
    let x = Tensor::from([[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]]);
    let row_function = |x: &Tensor<f64>| grad(x, |x| x.sin().product());
    let each: Vec<Tensor<f64>> = (0..3).map(|i| row_function(&x.at(0, i))).collect();
    let each = Tensor::stack(0, &each.iter().collect::<Vec<_>>());
    assert_close(&vmap(&x, |x| grad(&x, |x| x.sin().product())), &each, 1e-15);

    // Σ ‖∇f(row)‖², by the rows: a gradient of a batch of gradients, against three Hessian-vector products.
    let penalty = grad(&x, |x| vmap(&x, |x| grad(&x, |x| x.sin().product()).square().sum()).sum());
    let by_hand: Vec<_> = (0..3).map(|i| hvp(&x.at(0, i), &each.at(0, i), |x| x.sin().product()) * 2.0).collect();
    assert_close(&penalty, &Tensor::stack(0, &by_hand.iter().collect::<Vec<_>>()), 1e-14);

    // A batch inside of a gradient inside of a batch: d/dc Σᵢ (c·xᵢ)³ = 3c² Σ xᵢ³ for each c.
    let c = Tensor::from([1.0, 2.0]);
    let column = x.at(1, 0);
    let slopes = vmap(&c, |c| {
        grad(&c, |c| vmap(&c.constant(c.value().lift(&column)), |x| (x * Batched::shared(c)).powi(3)).sum())
    });
    assert_close(&slopes, &(c.square() * column.powi(3).sum() * 3.0), 1e-14);
}

/// Jacobians of each row inside of a batch, a batch of which is differentiated.
#[test]
fn jacobians_in_batches() {
    let x = Tensor::from([[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]]);
    let w = Tensor::from([[1.0, 2.0], [-0.5, 0.3], [0.2, 0.7]]);
    let by_rows = vmap(&x, |x| jacobian(&x, |x| x.constant(x.value().lift(&w)).matmul(&x).tanh()));
    assert_close(&by_rows, &jacobian_rows(&x, |x| x.matmul_t(&x.constant(w.clone())).tanh()), 1e-15);
    let penalty = |w: &Tensor<f64>| {
        grad(w, |w| {
            let x = w.constant(x.clone());
            x.matmul_t(&w).tanh().jacobian_rows(x).square().sum()
        })
    };
    let nested = grad(&w, |w| {
        vmap(&w.constant(x.clone()), |x| {
            jacobian(&x, |x| x.constant(Batched::shared(w)).matmul(&x).tanh()).square().sum()
        })
        .sum()
    });
    assert_close(&nested, &penalty(&w), 1e-14);
}

/// A tape on a tape on a tape shares nothing: handles of different tapes never meet in silence.
#[test]
fn the_same_numbers_on_two_tapes_do_not_meet() {
    let (a, b) = (Tape::new(), Tape::new());
    let (x, y) = (a.variable(1.0), b.variable(1.0));
    let together = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (x + y).value()));
    assert!(together.is_err());
    let seeded = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| x.grad_from(y, [x])[0].value()));
    assert!(seeded.is_err());
    let asked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| x.grad([y])[0].value()));
    assert!(asked.is_err());
    let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| x.backward().of(&y)));
    assert!(read.is_err());
}

/// One to six levels of tapes, of duals, and of both in turn, around one function, written out by the compiler: each
/// level is a type of its own. sin(2x) has the n-th derivative 2ⁿ·sin(2x + n·π/2).
#[test]
fn one_to_six_levels() {
    fn wave<V: Value>(x: &V) -> V {
        (x.clone() + x).sin()
    }
    let expected = |n: i32| 2f64.powi(n) * (0.6 + f64::from(n) * std::f64::consts::FRAC_PI_2).sin();
    let near = |n: i32, y: f64| assert!((y - expected(n)).abs() < 1e-11, "order {n}: {y}, not {}", expected(n));
    near(1, d(&0.3, |x| wave(&x)));
    near(2, push(&0.3, |x| d(&x, |x| wave(&x))));
    near(3, d(&0.3, |x| push(&x, |x| d(&x, |x| wave(&x)))));
    near(4, push(&0.3, |x| push(&x, |x| d(&x, |x| push(&x, |x| wave(&x))))));
    near(5, push(&0.3, |x| push(&x, |x| push(&x, |x| push(&x, |x| push(&x, |x| wave(&x)))))));
    near(6, push(&0.3, |x| push(&x, |x| push(&x, |x| push(&x, |x| push(&x, |x| push(&x, |x| wave(&x))))))));
    for n in 1..=6 {
        near(n, nth_derivative(n as usize, &0.3, |x| wave(&x)));
        let tape = Tape::new();
        let x = tape.variable(0.3);
        let turns = (0..n).fold(wave(&x), |y, level| match level % 2 {
            0 => y.grad([x])[0],
            _ => y.jvp([x], [tape.constant(1.0)]),
        });
        near(n, turns.value());
        // And each level through a primitive that is recomputed, and one with a rule by hand.
        near(n, nth_derivative(n as usize, &0.3, |x| checkpoint(|x| wave(&x[0]), &[&x])));
    }
}

/// Six captured variables, each by a derivative of its own on one tape: ∂⁶/∂a…∂f of exp(abcdef) at 1 is 203·e, the
/// Bell number of 6.
#[test]
fn six_levels_of_captured_variables() {
    let tape = Tape::new();
    let x: [Var<'_, f64>; 6] = std::array::from_fn(|_| tape.variable(1.0));
    let y = x.into_iter().reduce(|a, b| a * b).expect("six").exp();
    for order in [[0, 1, 2, 3, 4, 5], [5, 3, 1, 0, 2, 4]] {
        let mixed = order.into_iter().fold(y, |y, i| y.grad([x[i]])[0]);
        assert!((mixed.value() / 1f64.exp() - 203.0).abs() < 1e-10, "{}", mixed.value());
    }
}

/// `grad` in `vmap` in `grad` in `vmap`, with a checkpoint and a primitive inside: f(c) = d/dc Σⱼ (d/dx cube(c·x))(xⱼ),
/// which is Σⱼ 9c²·xⱼ².
#[test]
fn four_transforms_in_turn() {
    let points = Tensor::from([0.5, -1.0, 2.0]);
    let c = Tensor::from([1.0, -2.0]);
    let slopes = vmap(&c, |c| {
        grad(&c, |c| {
            let points = c.constant(c.value().lift(&points));
            vmap(&points, |x| {
                let c = Batched::shared(c);
                grad(&x, |x| checkpoint(|x| custom(Cube, &[&(x[0] * x[1])]), &[&x, &x.constant(c.clone())]))
            })
            .sum()
        })
    });
    assert_close(&slopes, &(c.square() * points.square().sum() * 9.0), 1e-13);
}

/// Manzyuk, Pearlmutter, Radul, Rush and Siskind, *Perturbation confusion in forward automatic differentiation of
/// higher-order functions* (2019), section 4: the derivative of a function that returns functions, s(u) = f ↦ (x ↦
/// f(x + u)), at u = 0, used twice: D̂(D̂ h)(y) must be h″(y); confused, it is 0.
#[test]
fn a_derivative_of_a_shift_used_twice() {
    fn shifted<V: Value>(h: &dyn Fn(&Dual<V>) -> Dual<V>, y: &V) -> V {
        push(&y.full_like(0.0), |u| h(&(Dual::constant(y.clone()) + u)))
    }
    let second = shifted(&|x: &Dual<f64>| shifted(&|x: &Dual<Dual<f64>>| x.exp() * x, x), &0.7);
    assert!((second - 2.7 * 0.7f64.exp()).abs() < 1e-14);
}

/// A number of value 0 that moves: what tells by the value alone whether it is 0 would lose its tangent.
#[test]
fn elements_that_are_dual_keep_the_tangents_of_zeros() {
    fn f<V: Value>(x: &V) -> V {
        (x.log_softmax(0).at(0, 0) * (x.at(0, 0) - x.at(0, 1))).sum()
    }
    let x = Tensor::from(vec![Dual::new(1.0, 1.0), Dual::constant(1.0)]);
    let moved: Vec<f64> = grad(&x, |x| f(&x)).iter().map(|g| g.tangent()).collect();
    let row = hvp(&Tensor::from([1.0, 1.0]), &Tensor::from([1.0, 0.0]), |x| f(&x));
    assert!(Tensor::from(moved).approx(&row, 1e-15).is_ok() && row.to_vec() != [0.0, 0.0], "{row}");
}
