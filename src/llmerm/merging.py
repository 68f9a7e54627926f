"""Several ledgers made one: what two of them hold is there once."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, fields, replace

from llmerm.errors import ArgumentError, LedgerError
from llmerm.ledger import Ledger
from llmerm.uses import Wanted, series

_CLASHES = """
SELECT key, draw FROM main.draws JOIN other.draws AS theirs USING (key, draw)
WHERE main.draws.proposal <> theirs.proposal"""

# What is said of a draw counts only where it is said of the same draw.
_COPIES = {
    "runs": "SELECT * FROM other.runs ORDER BY rowid",
    "draws": "SELECT * FROM other.draws ORDER BY rowid",
    "notes": "SELECT * FROM other.notes ORDER BY rowid",
    "cells": "SELECT * FROM other.cells ORDER BY rowid",
    "verdicts": "SELECT * FROM other.verdicts WHERE (key, draw) NOT IN clashes ORDER BY rowid",
    "selections": "SELECT * FROM other.selections "
    "WHERE key NOT IN (SELECT key FROM clashes) ORDER BY rowid",
    "openings": "SELECT * FROM other.openings ORDER BY rowid",
}

# The use of a run that both have is one, unless they drew differently: then it is two.
_USES = """
SELECT key, held_out, data, loss, k, position, at FROM other.uses AS theirs
WHERE NOT EXISTS (
    SELECT 1 FROM main.uses AS ours
    WHERE (ours.key, ours.held_out, ours.data, ours.loss, ours.k)
        = (theirs.key, theirs.held_out, theirs.data, theirs.loss, theirs.k)
    AND (ours.at = theirs.at OR theirs.key NOT IN (SELECT key FROM clashes)))
ORDER BY rowid"""

_SHARED = "SELECT count(*) - count(DISTINCT series || ' ' || position) FROM uses"
_OVERDRAWN = """
SELECT count(*) FROM (SELECT 1 FROM openings GROUP BY sealed HAVING count(*) > min(uses))"""


@dataclass(frozen=True)
class Merged:
    """What a merge has added, and what it has left out.

    Attributes:
        runs: streams of draws that were new; likewise for all that follow.
        draws: programs drawn.
        verdicts: on draws.
        cells: of experiments.
        uses: of held-out samples to choose by.
        openings: of sealed samples.
        clashes: draws left out, with what was said of them, as another draw has their number:
            the same run was paid for twice.
        shared_places: uses, in the merged ledger, whose place in a series another one has, too.
            Drivers that did not know of each other gave it to both. The certificates of each
            hold with its `delta`; those of n drivers together with n times that. What comes next
            is counted after all of them.
        overdrawn: sealed sets, in the merged ledger, that were opened more often than declared.
    """

    runs: int = 0
    draws: int = 0
    verdicts: int = 0
    cells: int = 0
    uses: int = 0
    openings: int = 0
    clashes: int = 0
    shared_places: int = 0
    overdrawn: int = 0

    def __add__(self, other: Merged) -> Merged:
        return Merged(
            *(getattr(self, part.name) + getattr(other, part.name) for part in fields(Merged))
        )


def merge(ledgers: Sequence[str | os.PathLike[str]], out: str | os.PathLike[str]) -> Merged:
    """One ledger of all that several drivers have kept; nothing is counted twice.

    Of two draws with one number, and of two outcomes of one cell, the first stays. To merge again
    adds nothing. The ledgers are left as they are. Uses of held-out samples keep the places that
    their certificates were made with.

    Args:
        ledgers: their paths; those that come first win.
        out: where all goes; made if there is none, else added to.

    Raises:
        ArgumentError: if there is no ledger, or `out` is one of them.
        LedgerError: if one cannot be read, or has another format.

    >>> import tempfile
    >>> folder = tempfile.mkdtemp()
    >>> with Ledger(f"{folder}/a.sqlite"): pass
    >>> merge([f"{folder}/a.sqlite"], f"{folder}/all.sqlite").draws
    0
    """
    paths = [os.fspath(path) for path in ledgers]
    if not paths:
        raise ArgumentError("there is no ledger to merge, expected one at least.")
    if os.path.realpath(out) in map(os.path.realpath, paths):
        raise ArgumentError(f"{os.fspath(out)!r} is one of the ledgers. Name a file of its own.")
    for path in paths:
        Ledger(path, create=False).close()
    Ledger(out).close()
    added = sum((_merged(path, os.fspath(out)) for path in paths), Merged())
    with closing(sqlite3.connect(out)) as connection:
        ((shared,), (overdrawn,)) = (
            connection.execute(asked).fetchone() for asked in (_SHARED, _OVERDRAWN)
        )
    return replace(added, shared_places=shared, overdrawn=overdrawn)


def _merged(path: str, out: str) -> Merged:
    try:
        with closing(sqlite3.connect(out, timeout=30, isolation_level=None)) as connection:
            connection.execute("ATTACH ? AS other", (path,))
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                return _copied(connection)
    except sqlite3.Error as error:
        raise LedgerError(
            f"{path} cannot be merged into {out}: {error}. What was merged before is kept."
        ) from error


def _copied(connection: sqlite3.Connection) -> Merged:
    connection.execute(f"CREATE TEMP TABLE clashes AS {_CLASHES}")
    (clashes,) = connection.execute("SELECT count(*) FROM clashes").fetchone()
    added = {
        table: connection.execute(f"INSERT OR IGNORE INTO main.{table} {rows}").rowcount
        for table, rows in _COPIES.items()
    }
    return Merged(
        runs=added["runs"],
        draws=added["draws"],
        verdicts=added["verdicts"],
        cells=added["cells"],
        uses=_copied_uses(connection),
        openings=added["openings"],
        clashes=clashes,
    )


def _copied_uses(connection: sqlite3.Connection) -> int:
    """Takes over the uses with the places that they were given; series that meet are one."""
    rows = connection.execute(_USES).fetchall()
    for key, held_out, data, loss, k, position, at in rows:
        name = series(connection, Wanted(held_out=held_out, data=data, loss=loss, k=k))
        connection.execute(
            "INSERT INTO main.uses (key, held_out, data, loss, k, series, position, at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (key, held_out, data, loss, k, name, position, at),
        )
    return len(rows)
