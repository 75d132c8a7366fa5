"""The tasks of `cargo bench -p nn` in JAX (jit) and PyTorch (eager), with the same shapes, in float32.

    python -m venv peers && peers/bin/pip install jax torch
    peers/bin/python nn/benches/peers/jax_torch.py

Prints the median of 15 samples per task, in microseconds. A library that is not installed is left out.
"""

import statistics
import time

import numpy

NETWORKS = [
    # name, sizes, batch, hidden, cost
    ("mlp_2-8-1_b4", [2, 8, 1], 4, "sigmoid", "squared"),
    ("mlp_64-32-10_b32", [64, 32, 10], 32, "relu", "entropy"),
    ("mlp_784-256-64-10_b128", [784, 256, 64, 10], 128, "relu", "entropy"),
    ("mlp_784-1024-1024-10_b512", [784, 1024, 1024, 10], 512, "relu", "entropy"),
    ("ae_784-256-64-256-784_b128", [784, 256, 64, 256, 784], 128, "sigmoid", "squared"),
]


def measure(step):
    """The median time of a step in microseconds. The step must wait for its own result."""
    for _ in range(5):
        step()
    samples, repeats = [], 1
    while True:
        start = time.perf_counter()
        for _ in range(repeats):
            step()
        taken = time.perf_counter() - start
        if taken < 0.05:
            repeats *= 2
            continue
        samples.append(taken / repeats * 1e6)
        if len(samples) == 15:
            return statistics.median(samples)


def weights(sizes):
    rng = numpy.random.default_rng(0)
    layer = lambda n, m: (rng.uniform(-1, 1, (m, n)).astype("f") * (6 / (n + m)) ** 0.5, numpy.zeros(m, "f"))
    return [layer(n, m) for n, m in zip(sizes, sizes[1:])]


def batch(n, features):
    return numpy.random.default_rng(1).uniform(0, 1, (n, features)).astype("f")


def with_jax():
    import jax
    import jax.numpy as jnp

    def forward(model, x, hidden, last=lambda x: x):
        for i, (w, b) in enumerate(model):
            x = (hidden if i + 1 < len(model) else last)(x @ w.T + b)
        return x

    def report(name, f, *arguments):
        f = jax.jit(f)
        print(f"jax {name:44} {measure(lambda: jax.block_until_ready(f(*arguments))):12.1f}")

    functions = {"relu": jax.nn.relu, "sigmoid": jax.nn.sigmoid}
    for name, sizes, n, hidden, cost in NETWORKS:
        x, classes, target = batch(n, sizes[0]), numpy.arange(n) % sizes[-1], batch(n, sizes[-1])

        def loss(model):
            y = forward(model, x, functions[hidden])
            if cost == "entropy":
                return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(y), classes[:, None], 1))
            return jnp.sum((y - target) ** 2) / n

        step = lambda model: jax.tree.map(lambda w, g: w - 0.01 * g, model, jax.grad(loss)(model))
        report(name, step, weights(sizes))

    for name, sizes, n, f in [
        ("cae_784-256-32_b64", [784, 256, 32], 64, jnp.tanh),
        ("cae_64-64-16_b128", [64, 64, 16], 128, jnp.tanh),
        ("cae_784-128_b64", [784, 128], 64, jax.nn.sigmoid),
    ]:
        x = batch(n, sizes[0])
        jacobians = lambda model: jax.vmap(jax.jacrev(lambda x: forward(model, x, f, f)))(x)
        report(name, jax.value_and_grad(lambda model: jnp.sum(jacobians(model) ** 2) / n), weights(sizes))

    x, classes, model = batch(32, 64), numpy.arange(32) % 10, weights([64, 32, 10])
    loss = lambda m: -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(forward(m, x, jnp.tanh)), classes[:, None], 1))
    report("hvp_64-32-10_b32", lambda m, v: jax.jvp(jax.grad(loss), (m,), (v,))[1], model, model)

    chain = lambda x: jnp.sum(jnp.tanh(0.7 * x + 0.1) ** 2 * jnp.exp(-x))
    report("chain_1e6", jax.value_and_grad(chain), numpy.linspace(-2, 2, 1 << 20, dtype="f"))


def with_torch():
    import torch
    from torch.nn import functional

    torch.set_num_threads(2)
    tensors = lambda model: [tuple(torch.tensor(p, requires_grad=True) for p in layer) for layer in model]

    def forward(model, x, hidden, last=lambda x: x):
        for i, (w, b) in enumerate(model):
            x = (hidden if i + 1 < len(model) else last)(functional.linear(x, w, b))
        return x

    for name, sizes, n, hidden, cost in NETWORKS:
        x, target = torch.tensor(batch(n, sizes[0])), torch.tensor(batch(n, sizes[-1]))
        classes, model = torch.arange(n) % sizes[-1], tensors(weights(sizes))
        parameters = [p for layer in model for p in layer]
        optimizer = torch.optim.SGD(parameters, 0.01)

        def step():
            optimizer.zero_grad()
            y = forward(model, x, getattr(torch, hidden))
            loss = functional.cross_entropy(y, classes) if cost == "entropy" else ((y - target) ** 2).sum() / n
            loss.backward()
            optimizer.step()

        print(f"torch {name:42} {measure(step):12.1f}")

    x, model = torch.tensor(batch(64, 784)), tensors(weights([784, 256, 32]))
    parameters = [p for layer in model for p in layer]

    def penalty(parameters):
        model = list(zip(parameters[::2], parameters[1::2]))
        jacobians = torch.vmap(torch.func.jacrev(lambda x: forward(model, x, torch.tanh, torch.tanh)))(x)
        return (jacobians**2).sum() / 64

    print(f"torch {'cae_784-256-32_b64':42} {measure(lambda: torch.autograd.grad(penalty(parameters), parameters, allow_unused=True)):12.1f}")

    x = torch.linspace(-2, 2, 1 << 20, requires_grad=True)
    chain = lambda: torch.autograd.grad((torch.tanh(0.7 * x + 0.1) ** 2 * torch.exp(-x)).sum(), x)
    print(f"torch {'chain_1e6':42} {measure(chain):12.1f}")


if __name__ == "__main__":
    for library in (with_jax, with_torch):
        try:
            library()
        except ImportError as missing:
            print(f"left out: {missing}")
