//! The rows of the table.

use super::matrices::{joined, positive, regular, singular, spectral};
use super::{Cube, CustomProduct, SquareOfKnown, bump, mixed, summed};
use crate::domain::{Operand, nonzero, real, spaced, within};
use autodiff::prelude::*;
use autodiff::{Decomposition, Linear, Matmul};

table! {
    // Pointwise functions of one operand.
    neg(x: real()) = x.neg();
    scale(x: real()) = x.scale(-1.7);
    shift(x: real()) = x.shift(0.3);
    sub_from(x: real()) = x.sub_from(0.3);
    div_by(x: real()) = x.div_by(-1.7);
    div_into(x: nonzero(0.5, 2.0)) = x.div_into(1.3);
    recip(x: nonzero(0.5, 2.0)) = x.recip();
    square(x: real()) = x.square();
    sqrt(x: within(0.3, 3.0)) = x.sqrt();
    cbrt(x: nonzero(0.5, 2.0)) = x.cbrt();
    powi(x: real()) = x.powi(3);
    powi_of_1(x: real()) = x.powi(1);
    powi_of_0(x: real()) = x.powi(0);
    powi_negative(x: nonzero(0.5, 2.0)) = x.powi(-2);
    powf(x: within(0.3, 3.0)) = x.powf(1.7);
    exp(x: real()) = x.exp();
    expm1(x: real()) = x.expm1();
    exp2(x: real()) = x.exp2();
    ln(x: within(0.3, 3.0)) = x.ln();
    log2(x: within(0.3, 3.0)) = x.log2();
    log10(x: within(0.3, 3.0)) = x.log10();
    ln1p(x: within(-0.6, 2.0)) = x.ln1p();
    sin(x: real()) = x.sin();
    cos(x: real()) = x.cos();
    tan(x: within(-1.2, 1.2)) = x.tan();
    asin(x: within(-0.8, 0.8)) = x.asin();
    acos(x: within(-0.8, 0.8)) = x.acos();
    atan(x: real()) = x.atan();
    sinh(x: real()) = x.sinh();
    cosh(x: real()) = x.cosh();
    tanh(x: real()) = x.tanh();
    sech_squared(x: real()) = x.sech_squared();
    asinh(x: real()) = x.asinh();
    acosh(x: within(1.4, 3.0)) = x.acosh();
    atanh(x: within(-0.8, 0.8)) = x.atanh();
    sigmoid(x: real()) = x.sigmoid();
    softplus(x: real()) = x.softplus();
    erf(x: real()) = x.erf();
    erfc(x: real()) = x.erfc();
    lgamma(x: within(0.6, 4.0)) = x.lgamma();
    lgamma_of_negative(x: within(-1.8, -1.2)) = x.lgamma();
    digamma(x: within(0.6, 4.0)) = x.digamma();
    polygamma(x: within(0.6, 4.0)) = x.polygamma(2);
    sinc(x: real()) = x.sinc();
    logit(x: within(0.1, 0.9)) = x.logit();
    relu(x: spaced()) = x.relu();
    abs(x: spaced()) = x.abs();
    clamp_min(x: spaced()) = x.clamp_min(0.25);
    clamp_max(x: spaced()) = x.clamp_max(0.25);
    clamp(x: spaced()) = x.clamp(-0.5, 0.25);
    sign(x: spaced()) = x.sign();
    step(x: spaced()) = x.step();
    floor(x: spaced()) = x.floor();
    detach(x: real()) = x.detach();

    // Pointwise functions of several operands.
    add(x: real(), y: real()) = x.clone() + y;
    sub(x: real(), y: real()) = x.clone() - y;
    mul(x: real(), y: real()) = x.clone() * y;
    mul_strong_zero(x: real(), y: real()) = x.mul_strong_zero(y);
    div(x: real(), y: nonzero(0.5, 2.0)) = x.clone() / y;
    rem(x: within(2.5, 2.9), y: within(1.0, 1.2)) = x.rem(y);
    mul_add(x: real(), a: real(), b: real()) = x.mul_add(a, b);
    pow(x: within(0.3, 2.0), y: real()) = x.pow(y);
    atan2(x: nonzero(0.4, 2.0), y: nonzero(0.4, 2.0)) = x.atan2(y);
    hypot(x: nonzero(0.4, 2.0), y: nonzero(0.4, 2.0)) = x.hypot(y);
    logaddexp(x: real(), y: real()) = x.logaddexp(y);
    xlogy(x: real(), y: within(0.3, 3.0)) = x.xlogy(y);
    maximum(x: spaced(), y: spaced()) = x.maximum(y);
    minimum(x: spaced(), y: spaced()) = x.minimum(y);
    greater(x: spaced(), y: spaced()) = x.greater(y);
    greater_equal(x: spaced(), y: spaced()) = x.greater_equal(y);
    less(x: spaced(), y: spaced()) = x.less(y);
    less_equal(x: spaced(), y: spaced()) = x.less_equal(y);
    equal(x: spaced(), y: spaced()) = x.equal(y);
    not_equal(x: spaced(), y: spaced()) = x.not_equal(y);
    select(mask: spaced(), x: real(), y: real()) = mask.step().select(x, y);

    // Pointwise functions that broadcast their operands.
    add_column(x: real(), y: real().of([2, 1])) = x.clone() + y;
    sub_row(x: real().of([3]), y: real()) = x.clone() - y;
    mul_scalar(x: real(), y: real().of([])) = x.clone() * y;
    div_outer(x: real().of([2, 1]), y: nonzero(0.5, 2.0).of([1, 3])) = x.clone() / y;
    select_broadcast(mask: spaced().of([2, 1]), x: real().of([3]), y: real().of([])) = mask.step().select(x, y);

    // Linear functions.
    broadcast(x: real().of([3, 1])) = x.broadcast_to([2, 3, 4]);
    sum_to(x: real().of([2, 3, 4])) = x.sum_to([3, 1]);
    sum(x: real()) = x.sum();
    sum_axis(x: real().of([2, 3, 2])) = x.sum_axis(1);
    sum_keep(x: real().of([2, 3, 2])) = x.sum_keep(1);
    reshape(x: real()) = x.reshape([3, 2]);
    flatten(x: real()) = x.flatten();
    squeeze(x: real().of([2, 1, 3])) = x.squeeze(1);
    unsqueeze(x: real()) = x.unsqueeze(1);
    permute(x: real().of([2, 3, 4])) = x.permute(&[2, 0, 1]);
    t(x: real()) = x.t();
    swap_axes(x: real().of([2, 3, 2])) = x.swap_axes(0, 1);
    slice(x: real().of([2, 5])) = x.slice(1, 1, 4);
    slice_by(x: real().of([2, 5])) = x.slice_by(-1, 1, 5, 2);
    index_axis(x: real()) = x.index_axis(1, 2);
    at(x: real()) = x.at([1, 2]);
    pad(x: real()) = x.pad(1, 2, 1);
    pad_by(x: real()) = V::apply(&Linear::Pad { axis: 1, start: 1, size: 7, step: 2 }.into(), &[x]);
    flip(x: real()) = x.flip(1);
    cumsum(x: real()) = x.cumsum(1);
    cumsum_from_end(x: real()) = V::apply(&Linear::CumSum { axis: 0, reverse: true }.into(), &[x]);
    unfold(x: real().of([2, 5, 2])) = x.unfold(1, 2, 1);
    unfold_by(x: real().of([2, 6])) = x.unfold(1, 3, 2);
    fold(x: real().of([2, 2, 3])) = V::apply(&Linear::Fold { axis: 1, size: 6, step: 2 }.into(), &[x]);
    gather(x: real()) = x.gather(1, &Tensor::from([[0, 2, 2, 1], [1, 1, 1, 0]]));
    scatter_add(x: real()) = x.scatter_add(1, &Tensor::from([[0, 2, 2], [3, 1, 3]]), 4);
    take(x: real()) = x.take(1, &[2, 0, 2]);
    concat(x: real(), y: real().of([2, 2])) = V::concat(1, &[x, y, x]);
    stack(x: real(), y: real()) = V::stack(-1, &[x, y]);
    split(x: real().of([2, 5])) = {
        let parts = x.split(1, &[2, 1, 2]);
        (parts[0].clone() * &parts[1]) - &parts[2]
    };
    diagonal(x: real().of([2, 3, 4])) = x.diagonal();
    diagonal_matrix(x: real()) = x.diagonal_matrix();
    tril(x: real().of([2, 3, 3])) = x.tril(0);
    triu(x: real().of([3, 4])) = x.triu(1);
    trace(x: real().of([2, 3, 3])) = x.trace();

    // Products of vectors and matrices.
    matmul(x: real(), y: real().of([3, 4])) = x.matmul(y);
    matmul_t(x: real(), y: real().of([4, 3])) = x.matmul_t(y);
    t_matmul(x: real(), y: real().of([2, 4])) = x.t_matmul(y);
    t_matmul_t(x: real(), y: real().of([4, 2])) =
        V::apply(&Matmul { transpose_lhs: true, transpose_rhs: true }.into(), &[x, y]);
    matmul_batched(x: real().of([2, 1, 2, 3]), y: real().of([2, 3, 2])) = x.matmul(y);
    matmul_folded(x: real().of([2, 2, 3]), y: real().of([4, 3])) = x.matmul_t(y);
    t_matmul_batched(x: real().of([2, 3, 2]), y: real().of([3, 2])) = x.t_matmul(y);
    matmul_of_vectors(x: real().of([3]), y: real().of([3])) = x.matmul(y);
    matmul_by_vector(x: real(), y: real().of([3])) = x.matmul(y);
    affine(x: real(), w: real().of([4, 3]), b: real().of([4])) = x.affine(w, b);
    affine_folded(x: real().of([2, 2, 3]), w: real().of([4, 3]), b: real().of([4])) = x.affine(w, b);
    dot(x: real(), y: real()) = x.dot(y);
    outer(x: real().of([2]), y: real().of([3])) = x.outer(y);
    einsum(x: real(), y: real().of([4, 3]), z: real().of([4, 2])) = V::einsum("ij,kj,kl->li", &[x, y, z]);
    einsum_batched(x: real().of([2, 2, 3]), y: real().of([3, 2, 2])) = V::einsum("bij,jbk->bki", &[x, y]);
    einsum_of_a_diagonal(x: real().of([3, 2, 3]), y: real().of([3])) = V::einsum("iji,i->ji", &[x, y]);

    // Systems of linear equations, determinants and decompositions.
    solve(a: real().of([3, 3]), b: real().of([3, 2])) = regular(a).solve(b);
    solve_for_a_vector(a: real().of([3, 3]), b: real().of([3])) = regular(a).solve(b);
    solve_batched(a: real().of([2, 1, 2, 2]), b: real().of([2, 2, 3])) = regular(a).solve(b);
    solve_folded(a: real().of([2, 2]), b: real().of([3, 2, 1])) = regular(a).solve(b);
    solve_transposed(a: real().of([3, 3]), b: real().of([3, 2])) =
        V::apply(&Decomposition::Solve { transpose: true, factors: Default::default() }.into(), &[&regular(a), b]);
    triangular_solve(a: real().of([3, 3]), b: real().of([3, 2])) = regular(a).triangular_solve(Triangle::Lower, b);
    triangular_solve_upper(a: real().of([3, 3]), b: real().of([2, 3])) =
        regular(a).t().triangular_solve(Triangle::Upper, b.unsqueeze(-1)).squeeze(-1);
    inverse(a: real().of([2, 3, 3])) = regular(a).inverse();
    cholesky(a: real().of([3, 3])) = positive(a).cholesky();
    cholesky_batched(a: real().of([2, 2, 2])) = positive(a).cholesky();
    det(a: real().of([3, 3])) = a.det();
    log_det(a: real().of([2, 3, 3])) = regular(a).log_det();
    qr(a: real().of([4, 3])) = joined(regular(a).qr());
    qr_of_wide(a: real().of([2, 3])) = joined(regular(a).qr());
    eigh(a: real().of([3, 3])) = spectral(&positive(a));
    svd(a: real().of([4, 3])) = singular(&regular(a));
    singular_values(a: real().of([2, 3])) = regular(a).singular_values();

    // User-defined primitives, fused formulas and checkpoints.
    custom_cube(x: real()) = custom(Cube, &[x]);
    custom_product(x: real(), y: real()) = custom(CustomProduct, &[x, y]);
    custom_with_a_constant_operand(x: real(), y: real()) = custom(SquareOfKnown, &[x, y, &(x.clone() * y)]);
    fused(x: real()) = bump(x, 0.7);
    fused_of_three(x: real(), y: real(), z: real().of([3])) = mixed(x, y, z);
    fused_sum(x: real(), y: real().of([3])) = summed(x, y);
    checkpointed(x: real(), y: real().of([3, 2])) = checkpoint(|x| x[0].tanh().matmul(x[1]).sin(), &[x, y]);

    // Compositions.
    mean(x: real()) = x.mean();
    mean_axis(x: real()) = x.mean_axis(0);
    var_axis(x: real()) = x.var_axis(1, 1);
    std_axis(x: spaced()) = x.std_axis(1, 0);
    var(x: real()) = x.var(0);
    std(x: spaced()) = x.std(1);
    norm_l1(x: spaced()) = x.norm_l1();
    norm(x: nonzero(0.3, 2.0)) = x.norm();
    norm_axis(x: nonzero(0.3, 2.0)) = x.norm_axis(1);
    norm_squared(x: real()) = x.norm_squared();
    norm_squared_axis(x: real()) = x.norm_squared_axis(1);
    logsumexp(x: real()) = x.logsumexp(1);
    log_softmax(x: real()) = x.log_softmax(-1);
    log_softmax_of_first_axis(x: real()) = x.log_softmax(0);
    softmax(x: real()) = x.softmax(0);
    softmin(x: real()) = x.softmin(1);
    prod_axis(x: real().of([2, 5])) = x.prod_axis(1);
    prod(x: real()) = x.prod();
    cumprod(x: real().of([4, 2])) = x.cumprod(0);
    cummax(x: spaced().of([2, 4])) = x.cummax(1);
    max_axis(x: spaced()) = x.max_axis(1);
    min_axis(x: spaced()) = x.min_axis(0);
    max(x: spaced()) = x.max();
    min(x: spaced()) = x.min();
    top_k(x: spaced()) = x.top_k(1, 2);
    sort(x: spaced().of([2, 4])) = x.sort(1);
    softsign(x: spaced()) = x.softsign();
    leaky_relu(x: spaced()) = x.leaky_relu(0.1);
    elu(x: spaced()) = x.elu(1.3);
    selu(x: spaced()) = x.selu();
    gelu(x: real()) = x.gelu();
    silu(x: real()) = x.silu();

    // Convolutions and pooling.
    conv1d(x: real().of([2, 2, 5]), k: real().of([3, 2, 3])) = x.conv1d(k, Window::default());
    conv1d_by(x: real().of([2, 6]), k: real().of([1, 2, 3])) = x.conv1d(k, Window::stride(2).padding(1));
    conv2d(x: real().of([2, 2, 3, 4]), k: real().of([2, 2, 2, 3])) = x.conv2d(k, Window::default());
    conv2d_by(x: real().of([2, 4, 5]), k: real().of([2, 2, 3, 2])) =
        x.conv2d(k, Window { stride: [2, 1], padding: [1, 2] });
    max_pool1d(x: spaced().of([2, 6])) = x.max_pool1d(3, Window::stride(2).padding(1));
    max_pool2d(x: spaced().of([2, 4, 5])) = x.max_pool2d([2, 3], Window { stride: [2, 1], padding: [0, 1] });
}
