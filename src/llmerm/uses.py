"""How often samples were used to choose a program: places in a series, kept in a ledger."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

TABLES = """
CREATE TABLE uses (
    key TEXT NOT NULL REFERENCES runs, held_out TEXT NOT NULL, data TEXT NOT NULL,
    loss TEXT NOT NULL, k INTEGER NOT NULL, series TEXT NOT NULL, position INTEGER NOT NULL,
    at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE INDEX uses_by_key ON uses (key);
CREATE INDEX uses_by_held_out ON uses (held_out);
CREATE INDEX uses_by_data ON uses (data);
CREATE INDEX uses_by_series ON uses (series);
"""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A fit that is about to score candidates on held-out samples.

    Attributes:
        held_out: the digest of these samples, whatever their order.
        data: the digest of all samples that they are a part of.
        loss: the name of the loss that candidates are scored by.
        k: candidates that may be scored.
    """

    held_out: str
    data: str
    loss: str
    k: int


@dataclass(frozen=True, kw_only=True)
class Use(Wanted):
    """A fit that has its place among all that used the same samples.

    Attributes:
        position: the place, from 1; it was given before any candidate was scored.
        before: candidates that earlier uses of the series may have scored.
    """

    position: int
    before: int = 0


_USES = (
    "SELECT held_out, data, loss, k, position, (SELECT coalesce(sum(earlier.k), 0) FROM uses "
    "AS earlier WHERE earlier.series = uses.series AND earlier.rowid < uses.rowid) FROM uses"
)


def allot(connection: sqlite3.Connection, key: str, wanted: Wanted) -> Use:
    """The use that the run `key` has already, or else the next one of its series.

    The caller holds the transaction, so that two processes never get one place. A run that is
    resumed scores the same candidates again, so it keeps its place and the `k` that it declared;
    with a larger `k`, or by another loss, it is a new use.
    """
    kept = connection.execute(
        f"{_USES} WHERE key = ? AND held_out = ? "
        "AND data = ? AND loss = ? AND k >= ? ORDER BY rowid LIMIT 1",
        (key, wanted.held_out, wanted.data, wanted.loss, wanted.k),
    ).fetchone()
    return _next(connection, key, wanted) if kept is None else _use(*kept)


def of_run(connection: sqlite3.Connection, key: str) -> list[Use]:
    """All uses of a run, the oldest first."""
    rows = connection.execute(f"{_USES} WHERE key = ? ORDER BY rowid", (key,))
    return [_use(*row) for row in rows]


def _next(connection: sqlite3.Connection, key: str, wanted: Wanted) -> Use:
    name = series(connection, wanted)
    uses, before = connection.execute(
        "SELECT count(*), coalesce(sum(k), 0) FROM uses WHERE series = ?", (name,)
    ).fetchone()
    use = _use(wanted.held_out, wanted.data, wanted.loss, wanted.k, uses + 1, before)
    connection.execute(
        "INSERT INTO uses (key, series, held_out, data, loss, k, position) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (key, name, use.held_out, use.data, use.loss, use.k, use.position),
    )
    return use


def series(connection: sqlite3.Connection, wanted: Wanted) -> str:
    """The name of the series: one for all uses that share held-out or whole samples.

    Where the use joins two series that had nothing in common before, they are one from now on.
    """
    same = (wanted.held_out, wanted.data)
    rows = connection.execute(
        "SELECT series FROM uses WHERE held_out IN (?, ?) UNION "
        "SELECT series FROM uses WHERE data IN (?, ?) ORDER BY series",
        (*same, *same),
    ).fetchall()
    names = [name for (name,) in rows] or [wanted.data]
    for other in names[1:]:
        connection.execute("UPDATE uses SET series = ? WHERE series = ?", (names[0], other))
    return str(names[0])


def _use(held_out: str, data: str, loss: str, k: int, position: int, before: int) -> Use:
    return Use(held_out=held_out, data=data, loss=loss, k=k, position=position, before=before)
