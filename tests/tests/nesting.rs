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
