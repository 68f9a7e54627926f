"""What arrives on a stream, gathered into replies, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from llmerm.proposers.model import Began, Reply, Stop
from llmerm.proposers.pricing import Price
from llmerm.typing import Usage

LONGEST_REPLY = 1_000_000
"""Characters of a reply that are kept: far more than a program has, and no more than fits."""


MOST_COUNTED = 10**12
"""Of anything that a server counts: what is beyond it has no price, and no place in a ledger."""


class BrokenReplyError(Exception):
    """A stream that ended before its reply did."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Tokens of one call, as its server counts them; those in are all of them."""

    tokens_in: int = 0
    cached: int = 0
    written: int = 0
    out: int = 0
    reasoning: int = 0


@dataclass
class Draft:
    """One reply as far as it has come.

    Attributes:
        parts: the text so far.
        pieces: how many parts of text and of reasoning have arrived; about one a token.
        stop: why it ended, or None while it goes on.
        room: how many more characters are kept; below 0 once some were not.
    """

    parts: list[str] = field(default_factory=list)
    pieces: int = 0
    stop: Stop | None = None
    room: int = LONGEST_REPLY

    def add(self, text: str) -> None:
        """Takes a part in; what is beyond `LONGEST_REPLY` is cut off."""
        self.pieces += 1
        self.parts.append(text[: max(0, self.room)])
        self.room -= len(text)
        if self.is_full:
            self.stop = "length"

    @property
    def is_full(self) -> bool:
        """Whether some of it was cut off, and no more would be kept."""
        return self.room < 0


class Gathering:
    """The replies of one call, as they come.

    Args:
        size: how many replies were asked for.
        began: called when the first part of any of them arrives.
        most_in: an upper bound of the tokens in, for servers that count none.
    """

    def __init__(self, size: int, began: Began, *, most_in: int) -> None:
        self.drafts = [Draft() for _ in range(size)]
        self.counts: Counts | None = None
        self.has_begun = False
        self._began = began
        self._most_in = most_in

    def begin(self) -> None:
        """Notes that the server has read the prompt and writes."""
        if not self.has_begun:
            self.has_begun = True
            self._began()

    def draft(self, index: object) -> Draft:
        """The reply with this number; one that nobody asked for is taken and thrown away."""
        if type(index) is int and 0 <= index < len(self.drafts):
            return self.drafts[index]
        return Draft()

    @property
    def is_full(self) -> bool:
        """Whether nothing more would be kept, as some reply has no end."""
        some = any(draft.is_full for draft in self.drafts)
        return some and all(draft.stop is not None for draft in self.drafts)

    def check(self) -> None:
        """Nothing, if what came is whole.

        Raises:
            BrokenReplyError: if the stream ended in the middle, or without any reply.
        """
        if not any(draft.stop for draft in self.drafts):
            raise BrokenReplyError("the stream ended before a reply was complete")
        if any(draft.stop is None and draft.parts for draft in self.drafts):
            raise BrokenReplyError("the stream ended in the middle of a reply")

    def replies(self, price: Price | None) -> list[Reply]:
        """Those replies that came, with what they cost; the first bears the prompt's cost."""
        done = [draft for draft in self.drafts if draft.stop is not None]
        if not done:
            return []
        usages = self._usages(done, price)
        return [
            Reply("".join(draft.parts), draft.stop or "end", usage)
            for draft, usage in zip(done, usages, strict=True)
        ]

    def spent(self, price: Price | None) -> Usage:
        """What a call that broke off has cost: nothing but a call, before it began."""
        if not self.has_begun:
            return Usage(calls=1)
        return sum(self._usages(self.drafts, price), Usage())

    def _usages(self, drafts: Sequence[Draft], price: Price | None) -> list[Usage]:
        pieces = [draft.pieces for draft in drafts]
        counts = self._all_counted(pieces)
        outs = shares(counts.out, pieces)
        reasonings = shares(min(counts.reasoning, counts.out), pieces)
        usages = [
            Usage(tokens_out=out, tokens_reasoning=r)
            for out, r in zip(outs, reasonings, strict=True)
        ]
        usages[0] = replace(
            usages[0],
            calls=1,
            tokens_in=counts.tokens_in,
            tokens_cached=counts.cached,
            tokens_written=counts.written,
        )
        return [_priced(usage, price, counts.tokens_in) for usage in usages]

    def _all_counted(self, pieces: Sequence[int]) -> Counts:
        """The server's counts, mended: some count one reply of several, some count nothing."""
        if self.counts is None:
            return Counts(self._most_in, out=sum(pieces))
        counts = self.counts
        counts = replace(counts, out=_all_out(counts.out, pieces))
        if counts.tokens_in == 0:
            return replace(counts, tokens_in=self._most_in, cached=0, written=0)
        cached = min(counts.cached, counts.tokens_in)
        return replace(
            counts, cached=cached, written=min(counts.written, counts.tokens_in - cached)
        )


def _all_out(counted: int, pieces: Sequence[int]) -> int:
    """Tokens of all replies, where a server may have counted those of one, or none.

    A piece is a token or more. Where fewer tokens are counted than pieces came, they are those of
    one reply, taken as the longest; the others are as long as their pieces say.
    """
    if (len(pieces) == 1 and counted) or counted >= sum(pieces):
        return counted
    return max(sum(pieces), counted * sum(pieces) // max(pieces))


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """A total in whole parts as the weights are, and evenly where they are all zero.

    >>> shares(10, [1, 3])
    [2, 8]
    """
    if not any(weights):
        weights = [1] * len(weights)
    parts = [total * weight // sum(weights) for weight in weights]
    parts[-1] += total - sum(parts)
    return parts


def _priced(usage: Usage, price: Price | None, prompt: int) -> Usage:
    return usage if price is None else replace(usage, usd=price.of(usage, prompt))


def of(thing: object, *path: str) -> object:
    """What lies at the end of a path of attributes or keys; None where it breaks off."""
    for name in path:
        thing = thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)
    return thing


def text_of(thing: object, *path: str) -> str:
    """The text at the end of a path; empty where there is none."""
    found = of(thing, *path)
    return found if isinstance(found, str) else ""


def count_of(thing: object, *path: str) -> int:
    """The count at the end of a path, up to `MOST_COUNTED`; 0 where there is none, or below."""
    found = of(thing, *path)
    return min(max(0, found), MOST_COUNTED) if type(found) is int else 0


def items_of(thing: object, *path: str) -> Sequence[object]:
    """The list at the end of a path; empty where there is none."""
    found = of(thing, *path)
    return found if isinstance(found, list) else ()
