"""Inputs as sequences of characters, for networks that read any length."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self, final

import numpy as np
from numpy.typing import NDArray

from llmerm.baselines.columns import character_codes
from llmerm.typing import Value
from llmerm.values import canonical

_FILL, _BEGIN, _UNKNOWN = 0, 1, 2
_SPECIAL = 3


class Sequences(NamedTuple):
    """Token numbers, shape (inputs, longest), filled up with 0, and how many of them count."""

    tokens: NDArray[np.int64]
    lengths: NDArray[np.int64]


@final
@dataclass(frozen=True)
class Vocabulary:
    """The characters of the training inputs; texts as they are, other values as JSON.

    >>> Vocabulary.of(["01"]).sequences(["0", "1x"]).tokens.tolist()
    [[1, 3, 0], [1, 4, 2]]
    """

    characters: str

    @classmethod
    def of(cls, inputs: Sequence[Value]) -> Self:
        """All characters that occur in the inputs."""
        return cls("".join(sorted(set().union(*map(_text, inputs)))))

    @property
    def size(self) -> int:
        """How many tokens there are: the characters, and the ends, beginnings and unknown ones."""
        return len(self.characters) + _SPECIAL

    def sequences(self, inputs: Sequence[Value]) -> Sequences:
        """The inputs as tokens, each with a mark at its beginning."""
        texts = [_text(value) for value in inputs]
        lengths = np.array([len(text) for text in texts], np.int64)
        codes = character_codes(texts, int(lengths.max(initial=0)))
        known = np.array([ord(c) for c in self.characters], np.uint32)
        found = np.searchsorted(known, codes)
        is_known = np.isin(codes, known)
        tokens = np.where(is_known, found + _SPECIAL, _UNKNOWN)
        tokens[np.arange(codes.shape[1]) >= lengths[:, None]] = _FILL
        begin = np.full((len(texts), 1), _BEGIN, np.int64)
        return Sequences(np.hstack([begin, tokens.astype(np.int64)]), lengths + 1)


def _text(value: Value) -> str:
    return value if isinstance(value, str) else json.dumps(canonical(value), sort_keys=True)
