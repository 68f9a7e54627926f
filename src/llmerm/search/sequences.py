"""How strings and lists of numbers are held: padded, with their lengths beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from llmerm.search.values import INT_LIMIT, Array, Block, Kind, Mask, Ragged, every


class Sequences(Kind):
    """What strings and lists share: rows of padded items, with a length each. Abstract."""

    def row_bytes(self, samples: int) -> int:
        """What one row costs in memory."""
        return super().row_bytes(samples) * self.width + 8 * samples

    def empty(self, rows: int, samples: int) -> Block:
        """Room for `rows` rows."""
        data = np.empty((rows, samples, self.width), self.dtype)
        return Ragged(data, np.empty((rows, samples), np.int64))

    def put(self, store: Block, at: int, block: Block) -> None:
        """Write rows into a store."""
        put_ragged(store, at, block)

    def spread(self, block: Block, samples: int) -> Block:
        """The block over all samples."""
        return spread_ragged(block, samples, self.width)


class Texts(Sequences):
    """Strings: code points plus one, so that the padding is 0; a byte each where that does."""

    def __init__(self, width: int, *, wide: bool = False) -> None:
        super().__init__(-(-max(width, 1) // 8) * 8)
        self.dtype = np.uint32 if wide else np.uint8

    def encode(self, values: Sequence[Any]) -> Block:
        """One row of values."""
        if not all(isinstance(v, str) for v in values):
            raise TypeError("a str was expected")
        if max(map(len, values), default=0) > self.width:
            raise OverflowError(f"a string is longer than {self.width}")
        data = np.zeros((1, len(values), self.width), self.dtype)
        for i, text in enumerate(values):
            data[0, i, : len(text)] = self._codes(text)
        return Ragged(data, np.array([[len(v) for v in values]], np.int64))

    def _codes(self, text: str) -> Array:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4") + 1
        if codes.max(initial=0) > np.iinfo(self.dtype).max:
            raise OverflowError("a character does not fit one byte")
        return codes

    def decode(self, row: Block) -> list[Any]:
        """The values of one row."""
        assert isinstance(row, Ragged)
        codes = (row.data.astype(np.uint32) - np.uint32(1)).astype("<u4")
        return [
            codes[i, :n].tobytes().decode("utf-32-le", "surrogatepass")
            for i, n in enumerate(row.lengths)
        ]

    def fits(self, block: Block) -> Mask:
        """True for the rows whose values are small enough."""
        return lengths_fit(block, self.width)

    def words(self, block: Block) -> Array:
        """The content as 64-bit words."""
        assert isinstance(block, Ragged)
        return np.ascontiguousarray(block.data).view(np.uint64)


class Lists(Sequences):
    """Lists of whole numbers of at most 31 bits, or of 15 where `narrow`."""

    def __init__(self, width: int, *, narrow: bool = False) -> None:
        super().__init__(-(-max(width, 1) // 4) * 4)
        self.dtype = np.int16 if narrow else np.int32
        self._limit = 2**15 if narrow else INT_LIMIT

    def encode(self, values: Sequence[Any]) -> Block:
        """One row of values."""
        for value in values:
            if not isinstance(value, list) or not all(isinstance(v, int) for v in value):
                raise TypeError("a list of int was expected")
            if len(value) > self.width or any(abs(v) >= self._limit for v in value):
                raise OverflowError(f"a list is longer than {self.width} or has a large number")
        data = np.zeros((1, len(values), self.width), self.dtype)
        for i, value in enumerate(values):
            data[0, i, : len(value)] = value
        return Ragged(data, np.array([[len(v) for v in values]], np.int64))

    def decode(self, row: Block) -> list[Any]:
        """The values of one row."""
        assert isinstance(row, Ragged)
        return [row.data[i, :n].tolist() for i, n in enumerate(row.lengths)]

    def fits(self, block: Block) -> Mask:
        """True for the rows whose values are small enough."""
        assert isinstance(block, Ragged)
        if block.data.dtype == self.dtype:
            return lengths_fit(block, self.width)
        flat = block.data.reshape(len(block.data), -1)
        low, high = flat.min(1, initial=0), flat.max(1, initial=0)
        small: Mask = (low > -self._limit) & (high < self._limit)
        return small & lengths_fit(block, self.width)

    def words(self, block: Block) -> Array:
        """The lengths count too: a trailing 0 is not padding."""
        assert isinstance(block, Ragged)
        data = np.ascontiguousarray(block.data, self.dtype).view(np.uint64)
        return np.concatenate([data, block.lengths[..., None].astype(np.uint64)], axis=-1)


def put_ragged(store: Block, at: int, block: Block) -> None:
    """Write the rows of a ragged block into a store as wide or wider."""
    assert isinstance(store, Ragged)
    assert isinstance(block, Ragged)
    rows = slice(at, at + len(block.lengths))
    store.data[rows] = block.data
    store.lengths[rows] = block.lengths


def spread_ragged(block: Block, samples: int, width: int) -> Block:
    """`block` over all samples, padded or cut to `width`; the lengths still tell what was cut."""
    assert isinstance(block, Ragged)
    data = block.data[..., :width]
    if data.shape[-1] < width:
        pad = np.zeros((*data.shape[:-1], width - data.shape[-1]), data.dtype)
        data = np.concatenate([data, pad], axis=-1)
    rows = len(data)
    return Ragged(
        np.broadcast_to(data, (rows, samples, width)),
        np.broadcast_to(block.lengths, (rows, samples)),
    )


def lengths_fit(block: Block, width: int) -> Mask:
    """True for the rows in which nothing is longer than `width`."""
    assert isinstance(block, Ragged)
    return every(block.lengths <= width)
