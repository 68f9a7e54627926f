"""Parity of a cryptographic hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from llmerm.program import Program
from llmerm.tasks.bits import Bits, BitTask, bit_strings

_SOURCE = """\
import hashlib


def f(x):
    digest = hashlib.sha256(x.encode()).digest()
    return int.from_bytes(digest, 'big').bit_count() % 2
"""


@final
@dataclass(frozen=True, kw_only=True)
class Sha256Parity(BitTask):
    """Label 1 when SHA-256 of the text has an odd number of ones; uniform bits.

    A control: no method can learn it, and the honest answer is that nothing beats chance.
    Source: the LLM-ERM paper (arXiv 2510.14331), "SHA-256 parity".

    >>> Sha256Parity(n=3).label("011")
    1
    """

    name: ClassVar[str] = "sha256_parity"

    def labels(self, bits: Bits) -> Bits:
        """The parity of each row's digest."""
        digests = (hashlib.sha256(x.encode()).digest() for x in bit_strings(bits))
        return np.array([int.from_bytes(d, "big").bit_count() % 2 for d in digests], np.uint8)

    @property
    def program(self) -> Program:
        """The rule; it holds at every length."""
        return Program(_SOURCE)
