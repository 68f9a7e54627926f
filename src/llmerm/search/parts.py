"""How lists of strings and lists of floats are held: as Python's own, for they are few."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np

from llmerm.search.values import INT_LIMIT, Array, Block, Kind
from llmerm.typing import Value


class Parts(Kind):
    """Lists of strings, or of numbers that are not all whole.

    Args:
        items: the types that an item may have.
        width: about how many items, for the memory's account.
    """

    dtype = np.object_

    def __init__(self, items: tuple[type, ...], width: int) -> None:
        super().__init__(width)
        self._items = items

    def encode(self, values: Sequence[Any]) -> Block:
        """One row of values."""
        row = np.empty((1, len(values)), np.object_)
        for place, value in enumerate(values):
            if not isinstance(value, list) or not all(type(v) in self._items for v in value):
                raise TypeError(f"a list of {self._items[0].__name__} was expected")
            row[0, place] = value
        return row

    def row_bytes(self, samples: int) -> int:
        """What one row costs in memory."""
        return samples * (64 + 64 * self.width)

    def words(self, block: Block) -> Array:
        """Two words for each list, out of a digest of its text."""
        assert isinstance(block, np.ndarray)
        digests = b"".join(_digest(value) for value in block.ravel().tolist())
        return np.frombuffer(digests, np.uint64).reshape(*block.shape, 2)


def _digest(items: list[Any]) -> bytes:
    """Of floats only ten digits count, so that sums in another order are one value."""
    text = [f"{v:.10g}" if isinstance(v, float) else repr(v) for v in items]
    return blake2b("\n".join(text).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def list_kind(values: Sequence[Value]) -> str | None:
    """The type of the search that holds these lists; None where they are none, or are mixed."""
    lists = [v for v in values if isinstance(v, (list, tuple))]
    if len(lists) < len(values):
        return None
    types = {kind for v in lists for kind in set(map(type, v))}
    if types <= {int}:
        return "ints" if all(_small(v) for v in lists if v) else None
    if types <= {int, float}:
        return "floats"
    return "strs" if types == {str} else None


def _small(numbers: Sequence[Any]) -> bool:
    """True for integers that fit the blocks."""
    low, high = int(min(numbers)), int(max(numbers))
    return low > -INT_LIMIT and high < INT_LIMIT
