"""Computes golden.txt: losses of matrices with their first three derivatives, by JAX in f64.

    pip install jax && python golden.py > golden.txt

A line holds the name of a loss and the numbers of an order: the loss, its gradient, the derivative of the gradient along
`u`, and the derivative of that along `v`. The matrices are formulas, so that the test has the same ones.
"""

import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)

N = 4


def formula(rows, columns, seed):
    """sin(seed + 3·i + 1.7·j), which is neither symmetric nor singular."""
    i, j = jnp.arange(rows)[:, None], jnp.arange(columns)[None, :]
    return jnp.sin(seed + 3.0 * i + 1.7 * j * (i + 1))


def positive(a):
    return (a + a.T) / 2 + jnp.diag(3.0 + jnp.arange(N))


def weighted(y):
    return jnp.sum(jnp.cos(jnp.arange(y.size)).reshape(y.shape) * y * (1 + y / 2))


def qr(a):
    q, r = jnp.linalg.qr(a)
    signs = jnp.sign(jnp.diag(r))
    return weighted(q * signs) + weighted(signs[:, None] * r)


def eigh(a):
    w, v = jnp.linalg.eigh(positive(a))
    return weighted(w) + weighted(v[:, :2] @ v[:, :2].T)


def svd(a):
    u, s, vt = jnp.linalg.svd(a, full_matrices=False)
    return weighted(s) + weighted(u[:, :2] @ vt[:2])


B = formula(N, 2, 5.0)
LOSSES = {
    "solve": (lambda a: weighted(jnp.linalg.solve(a + 2 * jnp.eye(N), B)), (N, N)),
    "inverse": (lambda a: weighted(jnp.linalg.inv(a + 2 * jnp.eye(N))), (N, N)),
    "cholesky": (lambda a: weighted(jnp.linalg.cholesky(positive(a))), (N, N)),
    "triangular_solve": (
        lambda a: weighted(jax.scipy.linalg.solve_triangular(jnp.tril(a + 2 * jnp.eye(N)), B, lower=True)),
        (N, N),
    ),
    "det": (lambda a: weighted(jnp.linalg.det(a + 2 * jnp.eye(N))), (N, N)),
    "log_det": (lambda a: weighted(jnp.linalg.slogdet(a + 2 * jnp.eye(N))[1]), (N, N)),
    "qr": (qr, (N + 1, N)),
    "eigh": (eigh, (N, N)),
    "singular_values": (lambda a: weighted(jnp.linalg.svd(a, compute_uv=False)), (N, N)),
    "svd": (svd, (N, N)),
    "einsum": (lambda a: weighted(jnp.einsum("ij,kj,il,lm->mk", a, a, B @ B.T, a)), (N, N)),
}

for name, (loss, shape) in LOSSES.items():
    a, u, v = formula(*shape, 1.0), formula(*shape, 2.0), formula(*shape, 3.0)
    first = jax.grad(loss)
    second = lambda a: jnp.sum(first(a) * u)
    third = lambda a: jnp.sum(jax.grad(second)(a) * v)
    for order, y in enumerate([loss(a), first(a), jax.grad(second)(a), jax.grad(third)(a)]):
        print(name, order, *(repr(float(x)) for x in jnp.ravel(y)))
