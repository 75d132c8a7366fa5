"""Computes golden.txt: the value and the first three derivatives of each pointwise function, at points that f32 holds.

    pip install mpmath sympy && python golden.py > golden.txt

The derivatives are symbolic (sympy), and evaluated in so many digits (mpmath) that no cancellation shows. A line holds
the function, its operands, and for each operand and order the derivative, as the shortest text of the nearest f64. Three
derivatives: the third bounds the change of the second when x is rounded.
"""

import struct
from random import Random

import mpmath
import sympy
from sympy import Rational, acosh, asin, acos, asinh, atan, atanh, cos, cosh, erf, erfc, exp, log, loggamma, pi, polygamma
from sympy import sin, sinh, sqrt, tan, tanh

mpmath.mp.dps = 120
x, y = sympy.symbols("x y", real=True)
third = Rational(1, 3)


def single(value):
    """The f32 nearest to a number, so that f32 and f64 are asked at the same point."""
    return struct.unpack("f", struct.pack("f", value))[0]


SIGNED = [1e-30, 1e-12, 1e-6, 1e-3, 0.03, 0.3, 0.45, 0.7, 1.0, 1.5, 2.5, 4.0, 6.0, 9.0, 14.0, 20.0, 30.0, 60.0, 85.0]
HUGE = SIGNED + [1e3, 1e7, 1e12, 1e18, 1e25, 1e36]
BETWEEN_POLES = [-0.03, -0.3, -0.45, -0.7, -0.99, -1.5, -2.5, -4.3, -9.3, -14.7, -30.2, -60.4]
GAMMA = HUGE + [0.999, 1.001, 1.46, 1.999, 2.0, 2.001] + BETWEEN_POLES
UNIT = [1e-30, 1e-12, 1e-6, 1e-3, 0.03, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999, 0.9999, 0.999999]


def between(points):
    """Random points between neighbours, always the same, after the given ones."""
    random = Random(str(points))
    points = sorted(points)
    pairs = [(a, b) for a, b in zip(points, points[1:]) if a * b > 0]
    drawn = [random.choice(pairs) for _ in range(10)]
    return [a * (b / a) ** random.random() for a, b in drawn]


def both(points):
    return [-p for p in points] + points


FUNCTIONS = {
    "div_into": (Rational(3, 2) / x, both(HUGE)),
    "recip": (1 / x, both(HUGE)),
    "square": (x**2, both(SIGNED)),
    "sqrt": (sqrt(x), HUGE),
    "cbrt": (x**third, HUGE),
    "powi": (x**3, both(SIGNED)),
    "powi_negative": (x**-2, both(SIGNED)),
    "powf": (x ** Rational(3, 4), HUGE),
    "exp": (exp(x), both(SIGNED)),
    "expm1": (exp(x) - 1, both(SIGNED)),
    "exp2": (2**x, both(SIGNED)),
    "ln": (log(x), HUGE + [0.999, 1.001]),
    "log2": (log(x) / log(2), HUGE + [0.999, 1.001]),
    "log10": (log(x) / log(10), HUGE + [0.999, 1.001]),
    "ln1p": (log(1 + x), HUGE + [-p for p in UNIT]),
    "sin": (sin(x), both(SIGNED)),
    "cos": (cos(x), both(SIGNED)),
    "tan": (tan(x), both([p for p in SIGNED if p < 10])),
    "asin": (asin(x), both(UNIT)),
    "acos": (acos(x), both(UNIT)),
    "atan": (atan(x), both(HUGE)),
    "sinh": (sinh(x), both(SIGNED)),
    "cosh": (cosh(x), both(SIGNED)),
    "tanh": (tanh(x), both(SIGNED)),
    "sech_squared": (1 / cosh(x) ** 2, both(SIGNED)),
    "asinh": (asinh(x), both(HUGE)),
    "acosh": (acosh(x), [1.000001, 1.0001, 1.01] + [p for p in HUGE if p > 1]),
    "atanh": (atanh(x), both(UNIT)),
    "sigmoid": (1 / (1 + exp(-x)), both(SIGNED)),
    "softplus": (log(1 + exp(x)), both(SIGNED)),
    "erf": (erf(x), both([p for p in SIGNED if p < 10])),
    "erfc": (erfc(x), both([p for p in SIGNED if p < 10])),
    "softsign": (x / (1 + x), HUGE),
    "gelu": (x * erfc(-x / sqrt(2)) / 2, both([p for p in SIGNED if p < 13])),
    "silu": (x / (1 + exp(-x)), both(SIGNED)),
    "lgamma": (loggamma(x), GAMMA),
    "digamma": (polygamma(0, x), GAMMA),
    "polygamma": (polygamma(2, x), GAMMA),
    "sinc": (sin(pi * x) / (pi * x), both(SIGNED + [0.5, 0.95, 1.05, 2.0, 3.5])),
    "logit": (log(x / (1 - x)), UNIT + [0.2, 0.249, 0.251, 0.4, 0.499, 0.501]),
}

PAIRS = [(p, q) for p in [-700.0, -1.0, 1e-20, 0.3, 1.0, 3.0, 700.0, 1e12] for q in [-1e-20, -0.7, 0.3, 1.0, 2.5, 1e15]]
NEAR = [-40.0, -3.0, -0.5, 1e-20, 0.25, 1.0, 40.0]
FUNCTIONS_OF_TWO = {
    "div": (x / y, PAIRS),
    "pow": (x**y, [(p, q) for p in [1e-10, 0.3, 0.999, 1.0, 2.5, 1e5] for q in [-2.5, -0.3, 0.5, 1.0, 3.0, 5.5]]),
    "atan2": (sympy.atan2(x, y), PAIRS),
    "hypot": (sqrt(x**2 + y**2), PAIRS),
    "logaddexp": (log(exp(x) + exp(y)), [(p, q) for p in NEAR for q in NEAR]),
    "xlogy": (x * log(y), [(p, q) for p in [-700.0, -1.0, 1e-20, 0.3, 1e12] for q in [1e-10, 0.3, 0.999, 1.0, 2.5, 1e15]]),
}


def number(value):
    """The nearest f64, in full; numbers below the range are 0."""
    return repr(float(mpmath.re(value)))


def evaluate(f, *point):
    """In enough digits: until two evaluations agree."""
    for digits in (120, 600, 1500, 4000):
        mpmath.mp.dps = digits
        one = mpmath.re(f(*[mpmath.mpf(p) for p in point]))
        mpmath.mp.dps = 2 * digits
        other = mpmath.re(f(*[mpmath.mpf(p) for p in point]))
        if one == other == 0 or other != 0 and abs(one / other - 1) < mpmath.mpf(10) ** -30:
            return other
    return other


def main():
    for name, (formula, points) in FUNCTIONS.items():
        orders = [sympy.lambdify(x, sympy.diff(formula, x, n), "mpmath") for n in range(4)]
        for point in points + between(points):
            point = single(point)
            print(name, repr(point), *[number(evaluate(f, point)) for f in orders])
    for name, (formula, points) in FUNCTIONS_OF_TWO.items():
        for variable in (x, y):
            orders = [sympy.lambdify((x, y), sympy.diff(formula, variable, n), "mpmath") for n in range(4)]
            for point in points:
                point = [single(p) for p in point]
                print(f"{name}.{variable}", *map(repr, point), *[number(evaluate(f, *point)) for f in orders])


main()
