"""Samples cut into portions that fit a message, each known by a digest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_hex

from llmerm.columns import Rows, joined
from llmerm.samples import Samples
from llmerm.typing import Value
from llmerm.values import canonical

MOST = 100_000
"""Inputs of a portion at most; fewer where they are long, so that a portion has about 8 MiB."""

PIECE = 25_000
"""Inputs of a portion at most where one program alone is run on them: more can go side by side."""

_BYTES = 8 << 20
_FEWEST = 1_000
_LOOKED_AT = 100  # inputs whose length is taken for that of all


@dataclass(frozen=True)
class Portion:
    """Inputs that follow one another, with their labels.

    Attributes:
        digest: what tells it from all others.
        start: how many inputs of the data come before it.
        inputs: one value per sample.
        labels: their labels, in the form in which predictions come back.
        held_out: how many of them, the first ones, are held out; the others are train samples.
    """

    digest: str
    start: int
    inputs: tuple[Value, ...] | Rows
    labels: tuple[Value, ...]
    held_out: int

    def first(self, count: int) -> Portion:
        """The portion without what comes after its first `count` inputs."""
        return Portion(
            self.digest,
            self.start,
            self.inputs[:count],
            self.labels[:count],
            min(count, self.held_out),
        )


@dataclass(frozen=True)
class Data:
    """Both parts of a split, held-out inputs first: they decide what can still be selected.

    Attributes:
        digest: what tells it from all others.
        inputs: all inputs.
        portions: the same in portions, in that order.
        held_out: how many samples are held out.
        train: and how many are not.
    """

    digest: str
    inputs: tuple[Value, ...] | Rows
    portions: tuple[Portion, ...]
    held_out: int
    train: int


def data_of(train: Samples, held_out: Samples, *, most: int = MOST) -> Data:
    """The two parts as one, in portions of at most `most` inputs.

    >>> from llmerm.samples import Samples
    >>> train, held_out = Samples.of([(i, i % 2) for i in range(8)]).split()
    >>> [portion.held_out for portion in data_of(train, held_out, most=3).portions]
    [3, 1, 0]
    """
    digest = held_out.fingerprint + train.fingerprint
    inputs = joined(held_out.inputs, train.inputs)
    labels = tuple(map(canonical, held_out.outputs + train.outputs))
    return Data(
        digest,
        inputs,
        _portions(digest, inputs, labels, held_out=len(held_out), most=most),
        len(held_out),
        len(train),
    )


def unlabelled(inputs: list[Value] | Rows, *, most: int = PIECE) -> Data:
    """Inputs that no worker will need twice: without labels, and with a digest of chance.

    >>> [portion.inputs for portion in unlabelled([1, 2, 3], most=2).portions]
    [(1, 2), (3,)]
    """
    kept = inputs if isinstance(inputs, Rows) else tuple(inputs)
    digest, labels = token_hex(), (None,) * len(kept)
    portions = _portions(digest, kept, labels, held_out=0, most=most)
    return Data(digest, kept, portions, 0, len(kept))


def _portions(
    digest: str,
    inputs: tuple[Value, ...] | Rows,
    labels: tuple[Value, ...],
    *,
    held_out: int,
    most: int,
) -> tuple[Portion, ...]:
    size = _size(inputs, most)
    return tuple(
        Portion(
            f"{digest}:{start}+{size}",
            start,
            inputs[start : start + size],
            labels[start : start + size],
            min(max(held_out - start, 0), size),
        )
        for start in range(0, max(len(inputs), 1), size)
    )


def _size(inputs: Sequence[Value], most: int) -> int:
    few = [*inputs[:_LOOKED_AT]]
    length = len(json.dumps(few)) / max(len(few), 1)
    return min(most, max(_FEWEST, int(_BYTES / length)))
