"""The Walsh-Hadamard transform: all Fourier sums of a truth table at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from llmerm.errors import ArgumentError


def walsh_hadamard(table: NDArray[np.integer]) -> NDArray[np.int64]:
    """At s: the sum over all x of table[x] times -1 to the number of ones in s & x.

    Divided by the table's length it is the Fourier coefficient of the set s.

    Args:
        table: integers, shape (2**d,); at x the value for the input whose bit i is bit i of x.

    Raises:
        ArgumentError: if the length is no power of 2.

    >>> walsh_hadamard(np.array([1, -1, -1, 1])).tolist()
    [0, 0, 0, 4]
    """
    if table.ndim != 1 or table.size.bit_count() != 1:
        raise ArgumentError(f"`table` must have 2**d values, got the shape {table.shape}.")
    sums = table.astype(np.int64)
    half = 1
    while half < sums.size:
        low, high = np.moveaxis(sums.reshape(-1, 2, half), 1, 0)
        sums = np.stack((low + high, low - high), axis=1).reshape(-1)
        half *= 2
    return sums
