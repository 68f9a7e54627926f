"""How the search holds values: one numpy block for many expressions over all samples at once.

A block's leading axes are expressions and samples, `[K, N]`; text and lists have the position in
the text as their last axis, padded, with the lengths beside it. A literal does not depend on the
sample and is held as `[K, 1]`; numpy's broadcasting does the rest.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from llmerm.search import arrays

Array: TypeAlias = NDArray[Any]
Keys: TypeAlias = NDArray[np.uint64]
Mask: TypeAlias = NDArray[np.bool_]

MOST_BITS = 4096
"""Unbounded integers beyond this leave the block too."""

INT_LIMIT = 2**31
"""Integers beyond this leave the block: the sum and product of any two below it fit 64 bits."""


@dataclass(frozen=True, slots=True)
class Ragged:
    """Sequences of different lengths in one block: `data[..., L]`, zero beyond `lengths[...]`."""

    data: Array
    lengths: Array

    def __getitem__(self, rows: Any) -> Ragged:  # noqa: ANN401  (what numpy takes as an index)
        return Ragged(self.data[rows], self.lengths[rows])

    @property
    def inside(self) -> Mask:
        """True where a position lies inside its sequence; shape of `data`."""
        return arrays.inside(self.lengths, self.data.shape[-1])


Block: TypeAlias = Array | Ragged


def every(mask: Array) -> Mask:
    """True for the rows `[K]` of a mask `[K, ...]` that are all True."""
    return np.asarray(mask.all(axis=-1), np.bool_)


class Kind(ABC):
    """How the values of one type are held; `width` is the longest text or list with room."""

    dtype: Any = np.int64

    def __init__(self, width: int = 0) -> None:
        self.width = width

    @abstractmethod
    def encode(self, values: Sequence[Any]) -> Block:
        """One row `[1, N]` of Python values.

        Raises:
            TypeError: if a value is not of this type.
            OverflowError: if one does not fit.
        """

    def decode(self, row: Block) -> list[Any]:
        """The Python values of one row `[N]`."""
        values: list[Any] = row.tolist()  # type: ignore[union-attr]  # Ragged kinds override
        return values

    def row_bytes(self, samples: int) -> int:
        """What one row costs in memory."""
        return int(np.dtype(self.dtype).itemsize) * samples

    def empty(self, rows: int, samples: int) -> Block:
        """Room for `rows` rows; the system gives the memory only as they are written."""
        return np.empty((rows, samples), self.dtype)

    def put(self, store: Block, at: int, block: Block) -> None:
        """Write the rows of `block` into `store`, beginning at row `at`."""
        assert isinstance(store, np.ndarray)
        assert isinstance(block, np.ndarray)
        store[at : at + len(block)] = block

    def spread(self, block: Block, samples: int) -> Block:
        """`block` with one value per sample, where it had one for all."""
        assert isinstance(block, np.ndarray)
        return np.broadcast_to(block, (len(block), samples))

    def fits(self, block: Block) -> Mask:
        """True for the rows `[K]` whose values may be kept and computed with."""
        assert isinstance(block, np.ndarray)
        return np.ones(len(block), np.bool_)

    @abstractmethod
    def words(self, block: Block) -> Array:
        """The content as unsigned 64-bit words `[K, N, W]`: equal values have equal words."""

    def keys(self, block: Block) -> Keys:
        """A 64-bit number for each row `[K]`, equal for equal rows and hardly for others."""
        words = self.words(block)
        return digest(words.reshape(len(words), int(np.prod(words.shape[1:]))))


def digest(words: Array) -> Keys:
    """A 64-bit multilinear hash of each row of words `[K, W]`."""
    mixed = words * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(32)
    total: Keys = mixed @ _multipliers(words.shape[1])
    total ^= total >> np.uint64(31)
    return total * np.uint64(0xD6E8FEB86659FD93)


_MULTIPLIERS: dict[int, Keys] = {}


def _multipliers(count: int) -> Keys:
    if count not in _MULTIPLIERS:
        generator = np.random.Generator(np.random.PCG64(20))
        _MULTIPLIERS[count] = generator.integers(2**64, size=count, dtype=np.uint64) | np.uint64(1)
    return _MULTIPLIERS[count]


class Ints(Kind):
    """Whole numbers of at most 31 bits; a row with a larger one is dropped."""

    def encode(self, values: Sequence[Any]) -> Block:
        """One row of values."""
        if not all(isinstance(v, int) for v in values):
            raise TypeError("an int was expected")
        return np.array([values], np.int64)

    def fits(self, block: Block) -> Mask:
        """True for the rows whose values are small enough."""
        assert isinstance(block, np.ndarray)
        return every(np.abs(block) < INT_LIMIT)

    def words(self, block: Block) -> Array:
        """The content as 64-bit words."""
        return np.ascontiguousarray(block, np.int64)[..., None].view(np.uint64)


class Bools(Kind):
    """Truth values; the key of a row of at most 64 samples is the row itself, packed."""

    dtype = np.bool_

    def encode(self, values: Sequence[Any]) -> Block:
        """One row of values."""
        if not all(isinstance(v, (bool, np.bool_)) for v in values):
            raise TypeError("a bool was expected")
        return np.array([values], np.bool_)

    def words(self, block: Block) -> Array:
        """The content as 64-bit words."""
        return pack(block)[:, None, None]

    def keys(self, block: Block) -> Keys:
        """The rows, packed."""
        return pack(block)


def pack(block: Block) -> Keys:
    """Rows of at most 64 truth values as one word each; sample i is bit i."""
    assert isinstance(block, np.ndarray)
    if block.shape[1] > 64:
        raise OverflowError(f"at most 64 samples fit a word, got {block.shape[1]}")
    bits = np.zeros((len(block), 64), np.bool_)
    bits[:, : block.shape[1]] = block
    return np.packbits(bits, axis=1, bitorder="little").view("<u8")[:, 0].astype(np.uint64)


class Floats(Kind):
    """Floating-point numbers; a row with an infinity or a NaN is dropped."""

    dtype = np.float64

    def encode(self, values: Sequence[Any]) -> Block:
        """One row of values."""
        if not all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values):
            raise TypeError("a float was expected")
        return np.array([values], np.float64)

    def fits(self, block: Block) -> Mask:
        """True for the rows whose values are small enough."""
        assert isinstance(block, np.ndarray)
        return every(np.isfinite(block))

    def words(self, block: Block) -> Array:
        """Rounded to 36 bits of mantissa, so that a + b and b + a + 0.0 are one value."""
        assert isinstance(block, np.ndarray)
        mantissa, exponent = np.frexp(block)
        whole = np.round(mantissa * 2.0**36).astype(np.int64)
        return (whole * 4096 + exponent)[..., None].view(np.uint64)


class Bigs(Kind):
    """Whole numbers of any size, as Python integers."""

    dtype = np.object_

    def encode(self, values: Sequence[Any]) -> Block:
        """One row of values."""
        if not all(isinstance(v, int) for v in values):
            raise TypeError("an int was expected")
        row = np.empty((1, len(values)), np.object_)
        row[0, :] = values
        return row

    def row_bytes(self, samples: int) -> int:
        """What one row costs in memory."""
        return 100 * samples

    def fits(self, block: Block) -> Mask:
        """True for the rows whose values are small enough."""
        assert isinstance(block, np.ndarray)
        return np.array([all(v.bit_length() <= MOST_BITS for v in row) for row in block], np.bool_)

    def words(self, block: Block) -> Array:
        """The content as 64-bit words."""
        assert isinstance(block, np.ndarray)
        hashes = [[hash(v) % 2**64 for v in row] for row in block]
        return np.array(hashes, np.uint64).reshape(*block.shape, 1)
