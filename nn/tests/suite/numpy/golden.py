"""Writes the golden files of this folder with numpy, or checks files that nn wrote.

    python golden.py                 # writes the golden files; done with numpy 2.4.6
    python golden.py check FOLDER    # loads what the test `numpy_reads_what_is_written` wrote
"""

import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
TYPES = ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"]


def numbers(dtype):
    """Numbers that the type holds, among them its extremes."""
    kind = np.dtype(dtype).kind
    if kind == "b":
        return [False, True, True, False, True, False]
    if kind == "f":
        limits = np.finfo(dtype)
        return [1.5, -0.0, np.inf, np.nan, limits.max, limits.smallest_subnormal]
    limits = np.iinfo(dtype)
    return [0, 1, 2, 100, limits.min, limits.max]


def write():
    matrix = np.array([[1.0, 2.5, -3.0], [4.0, 5.0, 1 / 3]])
    np.save(HERE / "matrix.npy", matrix)
    np.save(HERE / "single.npy", matrix.astype("<f4"))
    np.save(HERE / "index.npy", np.array([3, 0, 2**62]))
    np.save(HERE / "scalar.npy", np.array(0.25))
    np.save(HERE / "empty.npy", np.zeros((3, 0)))
    np.save(HERE / "fortran.npy", np.asfortranarray(np.arange(24, dtype="<i4").reshape(2, 3, 4)))
    np.save(HERE / "complex.npy", np.array([1 + 2j]))
    np.save(HERE / "records.npy", np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f8")]))
    np.save(HERE / "objects.npy", np.array([None]), allow_pickle=True)
    for version in [2, 3]:
        with open(HERE / f"version{version}.npy", "wb") as file:
            np.lib.format.write_array(file, matrix, version=(version, 0))
    types = {order + name: np.array(numbers(name), dtype=order + name).reshape(2, 3)
             for name in TYPES for order in "<>"}
    np.savez(HERE / "types.npz", **{name.replace("<", "little_").replace(">", "big_"): x for name, x in types.items()})
    np.savez_compressed(HERE / "packed.npz", matrix, zeros=np.zeros((40, 50)), μ=np.array([7], dtype=">i2"))


def check(folder):
    x = np.load(folder / "x.npy")
    assert x.dtype == np.float64 and np.array_equal(x, [[1.0, -0.0, np.inf], [np.nan, 5e-324, -1 / 3]], equal_nan=True)
    assert np.signbit(x[0, 1]) and x.flags.c_contiguous
    with np.load(folder / "arrays.npz") as arrays:
        assert sorted(arrays.files) == ["inner/w", "labels", "scalar", "μ"], arrays.files
        assert arrays["labels"].dtype == np.intp and arrays["labels"].tolist() == [2, 0, 1]
        assert arrays["scalar"].dtype == np.float32 and arrays["scalar"].shape == () and arrays["scalar"] == 0.5
        assert np.array_equal(arrays["inner/w"], np.arange(6.0).reshape(2, 3).T)
        assert arrays["μ"].shape == (0, 3)
    for axes in [70, 30000]:  # numpy has 64 axes at most, so it reads the header alone
        with open(folder / f"axes{axes}.npy", "rb") as file:
            version = np.lib.format.read_magic(file)
            assert version == ((1, 0) if axes == 70 else (2, 0)), version
            read = np.lib.format.read_array_header_1_0 if axes == 70 else np.lib.format.read_array_header_2_0
            assert read(file, max_header_size=10**6) == ((1,) * axes, False, np.dtype("<f8"))


if __name__ == "__main__":
    check(Path(sys.argv[2])) if sys.argv[1:2] == ["check"] else write()
