"""The steps of `cargo bench` in PyTorch (eager), in float32, on the first CUDA device or on one thread of the CPU.

Prints µs a step, the shortest of 40 turns. A step ends when the loss has arrived on the host.
"""

import time

import torch
from torch.nn import functional

DEVICE = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")
TURNS, TURN = 40, 0.02


def turn(step, n):
    start = time.perf_counter()
    for _ in range(n):
        step()
    return time.perf_counter() - start


def measure(step):
    for _ in range(5):
        step()
    n = 1
    while turn(step, n) < TURN / 2:
        n *= 2
    return min(turn(step, 2 * n) for _ in range(TURNS)) / (2 * n) * 1e6


def network(sizes):
    torch.manual_seed(0)
    parameters = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        limit = (6 / (inputs + outputs)) ** 0.5
        weight = (torch.rand(outputs, inputs) * 2 - 1) * limit
        parameters += [p.to(DEVICE).requires_grad_() for p in (weight, torch.zeros(outputs))]
    return parameters


def layers(parameters):
    return list(zip(parameters[::2], parameters[1::2]))


def classifier(sizes, batch):
    parameters, x = network(sizes), torch.rand(batch, sizes[0]).to(DEVICE)
    classes = (torch.arange(batch) % 10).to(DEVICE)
    optimizer = torch.optim.SGD(parameters, 0.01)

    def step():
        optimizer.zero_grad()
        h = x
        for i, (weight, bias) in enumerate(layers(parameters)):
            h = functional.linear(torch.relu(h) if i else h, weight, bias)
        loss = functional.cross_entropy(h, classes)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def contraction(sizes, batch):
    parameters, x = network(sizes), torch.rand(batch, sizes[0]).to(DEVICE)

    def encode(x):
        for weight, bias in layers(parameters):
            x = torch.tanh(functional.linear(x, weight, bias))
        return x

    def step():
        loss = (torch.vmap(torch.func.jacrev(encode))(x) ** 2).sum() / batch
        torch.autograd.grad(loss, parameters, allow_unused=True)
        return loss.item()

    return step


if __name__ == "__main__":
    torch.set_num_threads(1)
    name = torch.cuda.get_device_name(0) if DEVICE.type == "cuda" else "one thread of the CPU"
    print(f"PyTorch {torch.__version__} on {name}; µs a step\n\n| step | PyTorch |\n|---|---:|")
    sizes = [([64, 32, 10], 32), ([784, 256, 64, 10], 128)]
    for sizes, batch in sizes + ([([784, 1024, 1024, 10], 512)] if DEVICE.type == "cuda" else []):
        print(f"| MLP {'-'.join(map(str, sizes))}, batch {batch} | {measure(classifier(sizes, batch)):.0f} |")
    for sizes, batch in [([64, 64, 16], 128), ([784, 256, 32], 64)]:
        row = f"contractive penalty {'-'.join(map(str, sizes))}, batch {batch}, nested"
        print(f"| {row} | {measure(contraction(sizes, batch)):.0f} |")
