"""Several ledgers made one: what two of them hold is there once."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from llmerm.errors import ArgumentError, LedgerError
from llmerm.ledger import Ledger

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
}


@dataclass(frozen=True)
class Merged:
    """What a merge has added, and what it has left out.

    Attributes:
        runs: streams of draws that were new; likewise for all that follow.
        draws: programs drawn.
        verdicts: on draws.
        cells: of experiments.
        clashes: draws left out, with what was said of them, as another draw has their number:
            the same run was paid for twice.
    """

    runs: int = 0
    draws: int = 0
    verdicts: int = 0
    cells: int = 0
    clashes: int = 0

    def __add__(self, other: Merged) -> Merged:
        return Merged(
            self.runs + other.runs,
            self.draws + other.draws,
            self.verdicts + other.verdicts,
            self.cells + other.cells,
            self.clashes + other.clashes,
        )


def merge(ledgers: Sequence[str | os.PathLike[str]], out: str | os.PathLike[str]) -> Merged:
    """One ledger of all that several drivers have kept; nothing is counted twice.

    Of two draws with one number, and of two outcomes of one cell, the first stays. To merge again
    adds nothing. The ledgers are left as they are.

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
    return sum((_merged(path, os.fspath(out)) for path in paths), Merged())


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
    return Merged(added["runs"], added["draws"], added["verdicts"], added["cells"], clashes)
