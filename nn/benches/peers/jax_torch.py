"""The tasks of `cargo bench -p nn` in JAX (jit) and PyTorch (eager), with the same shapes, in float32.

    python -m venv peers && peers/bin/pip install jax torch
    peers/bin/python nn/benches/peers/jax_torch.py

Prints the median of 15 samples per task, in microseconds. A library that is not installed is left out. With the argument
`linear_algebra`, the tasks are those of `cargo bench -p autodiff --features linalg --bench linear_algebra`, in float64. With
the argument `convolution`, they are those of `cargo bench -p autodiff --bench convolution`, in PyTorch on one thread.

With a case of `nn/benches/derivatives` and a number of steps, JAX computes this case alone, on one thread. It prints the
loss, the norm of the gradient, and the shortest and the median time of a step, as the Rust program does:

    peers/bin/python nn/benches/peers/jax_torch.py maml_1-40-40-1_b10 1000
"""

import functools
import os
import statistics
import sys
import time

if len(sys.argv) > 2:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

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


def sines(seed, scale, *shape):
    """Numbers that the Rust program computes too."""
    return (scale * numpy.sin(seed + 12.9898 * numpy.arange(numpy.prod(shape)))).astype("f").reshape(shape)


def derivatives(name):
    """A loss that contains derivatives, and its parameters: the programs of `nn/benches/derivatives`."""
    import jax
    import jax.numpy as jnp

    def layer(seed, n, m):
        return sines(seed, (4 / (n + m)) ** 0.5, m, n), sines(seed + 0.5, 0.1, m)

    def network(*sizes):
        return [layer(i + 1, n, m) for i, (n, m) in enumerate(zip(sizes, sizes[1:]))]

    def forward(model, x, hidden=jnp.tanh, last=lambda x: x):
        for i, (w, b) in enumerate(model):
            x = (hidden if i + 1 < len(model) else last)(x @ w.T + b)
        return x

    def hamiltonian():
        x, velocity = sines(7, 1, 200, 2), sines(8, 1, 200, 2)
        rotation = numpy.array([[0, -1], [1, 0]], "f")
        gradient = lambda model: jax.vmap(jax.grad(lambda x: forward(model, x)[0]))(x)
        return lambda model: jnp.mean((gradient(model) @ rotation - velocity) ** 2), network(2, 200, 200, 1)

    def heat_equation(n):
        points = sines(7, 1, n, 2)

        def residual(model, t, x):
            u = lambda t, x: forward(model, jnp.stack([t, x]))[0]
            return jax.grad(u, 0)(t, x) - 0.1 * jax.grad(jax.grad(u, 1), 1)(t, x)

        residuals = jax.vmap(residual, (None, 0, 0))
        return lambda model: jnp.mean(residuals(model, points[:, 0], points[:, 1]) ** 2), network(2, 32, 32, 32, 1)

    def maml():
        x, y, new_x, new_y = (sines(seed, 1, 10, 1) for seed in (7, 8, 9, 10))
        error = lambda model, x, y: jnp.sum((forward(model, x, jax.nn.relu) - y) ** 2) / 10

        def loss(model):
            adapted = jax.tree.map(lambda w, g: w - 0.01 * g, model, jax.grad(error)(model, x, y))
            return error(adapted, new_x, new_y)

        return loss, network(1, 40, 40, 1)

    def neural_ode():
        start, targets, size = sines(7, 1, 20, 2), numpy.stack([sines(8 + i, 1, 20, 2) for i in range(20)]), 0.05

        def loss(model):
            def step(y, target):
                k1 = forward(model, y)
                k2 = forward(model, y + k1 * (size / 2))
                k3 = forward(model, y + k2 * (size / 2))
                k4 = forward(model, y + k3 * size)
                y += (k1 + (k2 + k3) * 2 + k4) * (size / 6)
                return y, jnp.mean((y - target) ** 2)

            return jnp.sum(jax.lax.scan(step, start, targets)[1])

        return loss, network(2, 50, 2)

    def lstm():
        inputs, target = numpy.stack([sines(8 + i, 1, 16, 8) for i in range(20)]), sines(7, 1, 16, 1)

        def loss(model):
            (w, b), recurrent, (last_w, last_b) = model

            def step(state, x):
                h, c = state
                gates = jnp.split(x @ w.T + b + h @ recurrent.T, 4, 1)
                c = jax.nn.sigmoid(gates[0]) * c + jax.nn.sigmoid(gates[1]) * jnp.tanh(gates[2])
                return (jax.nn.sigmoid(gates[3]) * jnp.tanh(c), c), None

            zero = jnp.zeros((16, 32))
            h, _ = jax.lax.scan(step, (zero, zero), inputs)[0]
            return jnp.mean((h @ last_w.T + last_b - target) ** 2)

        return loss, (layer(1, 8, 128), layer(2, 32, 128)[0], layer(3, 32, 1))

    def score_matching():
        x = sines(7, 1, 128, 10)

        def one(model, x):
            energy = lambda x: forward(model, x)[0]
            # Faster than `jax.hessian`, which takes five times as long.
            return jnp.sum(jax.grad(energy)(x) ** 2) / 2 - jnp.trace(jax.jacrev(jax.grad(energy))(x))

        return lambda model: jnp.mean(jax.vmap(one, (None, 0))(model, x)), network(10, 64, 64, 1)

    def contractive():
        x = sines(7, 1, 64, 784)
        jacobians = lambda model: jax.vmap(jax.jacrev(lambda x: forward(model, x, jnp.tanh, jnp.tanh)))(x)
        return lambda model: jnp.sum(jacobians(model) ** 2) / 64, network(784, 256, 32)

    cases = {
        "hamiltonian_2-200-200-1_b200": hamiltonian,
        "heat_equation_2-32-32-32-1_b128": lambda: heat_equation(128),
        "heat_equation_2-32-32-32-1_b1024": lambda: heat_equation(1024),
        "maml_1-40-40-1_b10": maml,
        "neural_ode_2-50-2_b20": neural_ode,
        "lstm_32_b16": lstm,
        "score_matching_10-64-64-1_b128": score_matching,
        "contractive_784-256-32_b64": contractive,
    }
    return cases[name]()


def alone(name, steps):
    import jax
    import jax.numpy as jnp

    loss, model = derivatives(name)
    model, step, times = jax.tree.map(jnp.asarray, model), jax.jit(jax.value_and_grad(loss)), []
    y, gradient = jax.block_until_ready(step(model))
    norm = sum(float(jnp.sum(g**2)) for g in jax.tree.leaves(gradient)) ** 0.5
    for _ in range(steps):
        start = time.perf_counter()
        jax.block_until_ready(step(model))
        times.append((time.perf_counter() - start) * 1e6)
    print(f"{name} {float(y):.6e} {norm:.6e} {min(times):.1f} {statistics.median(times):.1f}")


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


def matrices():
    """For each size, its name, a matrix, a positive definite one, and a right side."""
    rng = numpy.random.default_rng(0)
    for size, shape in [("8", (8, 8)), ("64", (64, 64)), ("512", (512, 512)), ("1000x8", (1000, 8, 8))]:
        a, n = rng.standard_normal(shape), shape[-1]
        yield size, a, a @ a.swapaxes(-1, -2) / n + numpy.eye(n), rng.standard_normal(shape[:-1] + (1,))


@functools.cache
def cotangent(shape):
    """cos i for the i-th element of a result, computed once."""
    return numpy.cos(numpy.arange(numpy.prod(shape, dtype=int), dtype=float)).reshape(shape)


def matrices_with_jax():
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    linalg = jnp.linalg

    def weighted(*parts):
        return sum(jnp.sum(cotangent(tuple(y.shape)) * y) for y in parts)

    for size, a, positive, b in matrices():
        tasks = {
            "cholesky": (lambda a: (linalg.cholesky(a),), positive),
            "solve": (lambda a: (linalg.solve(a, b),), a),
            "inverse": (lambda a: (linalg.inv(a),), a),
            "log_det": (lambda a: (linalg.slogdet(a)[1],), a),
            "qr": (lambda a: tuple(linalg.qr(a)), a),
            "eigh": (lambda a: tuple(linalg.eigh(a)), positive),
            "singular_values": (lambda a: (linalg.svd(a, compute_uv=False),), a),
        }
        for name, (f, x) in tasks.items():
            for kind, g in (("value", f), ("gradient", jax.grad(lambda x: weighted(*f(x))))):
                g = jax.jit(g)
                print(f"jax {name} {size} {kind:12} {measure(lambda: jax.block_until_ready(g(x))):12.1f}")


def matrices_with_torch():
    import torch

    torch.set_num_threads(2)
    linalg = torch.linalg

    @functools.cache
    def tensor_cotangent(shape):
        return torch.tensor(cotangent(shape))

    def weighted(parts):
        return sum((tensor_cotangent(tuple(y.shape)) * y).sum() for y in parts)

    for size, a, positive, b in matrices():
        a, positive, b = torch.tensor(a), torch.tensor(positive), torch.tensor(b)
        tasks = {
            "cholesky": (lambda a: (linalg.cholesky(a),), positive),
            "solve": (lambda a: (linalg.solve(a, b),), a),
            "inverse": (lambda a: (linalg.inv(a),), a),
            "log_det": (lambda a: (linalg.slogdet(a)[1],), a),
            "qr": (lambda a: linalg.qr(a), a),
            "eigh": (lambda a: linalg.eigh(a), positive),
            "singular_values": (lambda a: (linalg.svdvals(a),), a),
        }
        for name, (f, x) in tasks.items():
            print(f"torch {name} {size} {'value':12} {measure(lambda: f(x)):12.1f}")
            x = x.clone().requires_grad_()
            print(f"torch {name} {size} {'gradient':12} {measure(lambda: torch.autograd.grad(weighted(f(x)), x)):12.1f}")


def convolution_with_torch():
    import torch
    from torch.nn import functional

    torch.set_num_threads(1)
    for kind, dtype in (("f32", torch.float32), ("f64", torch.float64)):
        normal = lambda *shape: torch.randn(shape, dtype=dtype, requires_grad=True)
        image, sequence = normal(32, 16, 28, 28), normal(32, 16, 784)
        tasks = {
            "conv2d": (functional.conv2d, [image, normal(32, 16, 5, 5)]),
            "conv2d_by_2": (lambda x, k: functional.conv2d(x, k, stride=2, padding=1), [image, normal(32, 16, 3, 3)]),
            "conv1d": (functional.conv1d, [sequence, normal(32, 16, 5)]),
            "max_pool2d": (lambda x: functional.max_pool2d(x, 2), [image]),
            "max_pool1d": (lambda x: functional.max_pool1d(x, 3, stride=2, padding=1), [sequence]),
        }
        for name, (f, x) in tasks.items():
            constants = [x.detach() for x in x]
            print(f"torch {name} {kind} {'value':12} {measure(lambda: f(*constants)):12.1f}")
            print(f"torch {name} {kind} {'gradient':12} {measure(lambda: torch.autograd.grad((f(*x) ** 2).sum(), x)):12.1f}")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit(alone(sys.argv[1], int(sys.argv[2])))
    of_argument = {"linear_algebra": (matrices_with_jax, matrices_with_torch), "convolution": (convolution_with_torch,)}
    for library in of_argument[sys.argv[1]] if len(sys.argv) > 1 else (with_jax, with_torch):
        try:
            library()
        except ImportError as missing:
            print(f"left out: {missing}")
