"""Computes golden.txt: convolutions and pooling with their gradients, by PyTorch in f64.

    pip install torch && python golden.py > golden.txt

A line holds the name of a case, a part and its numbers: the result y, and the gradients of Σ cos(i)·yᵢ·(1 + yᵢ/2) by the
operand x and by the kernel k. The operands are formulas, so that the test has the same ones.
"""

import torch
from torch.nn import functional


def formula(seed, *shape):
    """sin(seed + 1.3·i) for the i-th element."""
    count = torch.arange(torch.Size(shape).numel(), dtype=torch.float64)
    return torch.sin(seed + 1.3 * count).reshape(shape)


CASES = {
    "conv1d": ([(2, 3, 9), (4, 3, 3)], lambda x, k: functional.conv1d(x, k)),
    "conv1d_by": ([(2, 3, 10), (2, 3, 4)], lambda x, k: functional.conv1d(x, k, stride=3, padding=2)),
    "conv2d": ([(2, 2, 5, 6), (3, 2, 3, 2)], lambda x, k: functional.conv2d(x, k)),
    "conv2d_by": ([(1, 2, 7, 6), (2, 2, 3, 3)], lambda x, k: functional.conv2d(x, k, stride=2, padding=1)),
    "conv2d_axes": ([(1, 2, 5, 7), (2, 2, 4, 2)], lambda x, k: functional.conv2d(x, k, stride=(3, 2), padding=(2, 1))),
    "max_pool1d": ([(2, 3, 9)], lambda x: functional.max_pool1d(x, 3, stride=2, padding=1)),
    "max_pool2d": ([(2, 2, 6, 6)], lambda x: functional.max_pool2d(x, 2)),
    "max_pool2d_axes": ([(1, 2, 7, 8)], lambda x: functional.max_pool2d(x, (3, 2), stride=(1, 3), padding=(1, 0))),
}


def main():
    for name, (shapes, f) in CASES.items():
        operands = [formula(1.0 + i, *shape).requires_grad_() for i, shape in enumerate(shapes)]
        y = f(*operands)
        weights = torch.cos(torch.arange(y.numel(), dtype=torch.float64)).reshape(y.shape)
        gradients = torch.autograd.grad((weights * y * (1 + y / 2)).sum(), operands)
        for part, numbers in zip("yxk", (y, *gradients)):
            print(name, part, *(repr(float(number)) for number in numbers.detach().flatten()))


main()
