"""How often sealed samples were opened, counted by their fingerprint."""

from __future__ import annotations

import sqlite3
import threading
from collections import defaultdict
from typing import NamedTuple, Protocol

from llmerm.errors import SealedError, UsedUpError

TABLES = """
CREATE TABLE openings (
    sealed TEXT NOT NULL, program TEXT NOT NULL, use INTEGER NOT NULL, uses INTEGER NOT NULL,
    at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (sealed, program));
"""


class Opening(NamedTuple):
    """One look at sealed samples: which of the declared uses it is, from 1, and how many."""

    use: int
    uses: int


class Openings(Protocol):
    """Where openings are kept: a `Ledger`, or this process's memory."""

    def unseal(self, sealed: str, program: str, uses: int) -> None:
        """Keeps one, unless all declared uses are over or other ones were declared at first."""

    def openings(self, sealed: str) -> dict[str, Opening]:
        """All of them by program, in order."""


def keep(connection: sqlite3.Connection, sealed: str, program: str, uses: int) -> None:
    """Keeps an opening in a ledger's table, as `Openings.unseal` does."""
    connection.execute(
        "INSERT OR IGNORE INTO openings (sealed, program, use, uses) "
        "SELECT ?1, ?2, use, ?3 FROM "
        "(SELECT count(*) + 1 AS use, min(uses) AS first FROM openings WHERE sealed = ?1) "
        "WHERE use <= ?3 AND coalesce(first, ?3) = ?3",
        (sealed, program, uses),
    )


def kept(connection: sqlite3.Connection, sealed: str) -> dict[str, Opening]:
    """The openings in a ledger's table, by program, in order."""
    rows = connection.execute(
        "SELECT program, use, uses FROM openings WHERE sealed = ? ORDER BY use", (sealed,)
    )
    return {program: Opening(use, uses) for program, use, uses in rows}


class Memory:
    """The openings of this process. Splitting the same samples again does not forget them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, dict[str, Opening]] = defaultdict(dict)

    def unseal(self, sealed: str, program: str, uses: int) -> None:
        """As in `Openings`."""
        with self._lock:
            kept = self._kept[sealed]
            fresh = program not in kept and len(kept) < uses
            if fresh and all(one.uses == uses for one in kept.values()):
                kept[program] = Opening(len(kept) + 1, uses)

    def openings(self, sealed: str) -> dict[str, Opening]:
        """As in `Openings`."""
        with self._lock:
            return dict(self._kept.get(sealed, {}))


MEMORY = Memory()
"""Where openings are counted without a ledger."""


def opening(where: Openings, sealed: str, program: str, uses: int) -> Opening:
    """The use of the sealed samples that this program is; the same as before if it is known.

    Args:
        where: where openings are counted.
        sealed: the fingerprint of the samples.
        program: a digest of the program and the loss.
        uses: how many programs may be shown them, as declared beforehand.

    Raises:
        UsedUpError: if all of them are over.
        SealedError: if another number was declared when they were first opened.

    >>> [opening(Memory(), "some samples", "a program", uses) for uses in (1, 3)]
    [Opening(use=1, uses=1), Opening(use=1, uses=3)]
    """
    where.unseal(sealed, program, uses)
    known = where.openings(sealed)
    if program in known:
        return known[program]
    declared = next(iter(known.values())).uses
    if declared != uses:
        raise SealedError(
            f"these sealed samples were opened {len(known)} time{'s' * (len(known) > 1)} with "
            f"uses={declared} declared, got uses={uses}. The number is declared before the first "
            "use, as it decides how wide each interval is. Draw new samples."
        )
    over = "the use that was declared for these sealed samples is over"
    if uses > 1:
        over = f"the {uses} uses that were declared for these sealed samples are over"
    raise UsedUpError(
        f"{over}, and this is another program. Draw new samples to test it on; next time declare "
        "beforehand as many uses as you need: llmerm.split(samples, uses=...)."
    )
