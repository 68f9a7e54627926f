"""Every draw and verdict, on disk as it happens: one SQLite file that a later run can resume."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Self

from pydantic import TypeAdapter, ValidationError

from llmerm.errors import LedgerError
from llmerm.typing import Proposal, Value, Verdict

FORMAT = 1
"""The layout of the file; a ledger of another format is refused."""

_TABLES = """
CREATE TABLE runs (
    key TEXT PRIMARY KEY, proposer TEXT NOT NULL, parameters TEXT NOT NULL, train TEXT NOT NULL,
    description TEXT, seed INTEGER NOT NULL, at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE draws (
    key TEXT NOT NULL REFERENCES runs, draw INTEGER NOT NULL, proposal TEXT NOT NULL,
    at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (key, draw));
CREATE TABLE verdicts (
    key TEXT NOT NULL REFERENCES runs, draw INTEGER NOT NULL, held_out TEXT NOT NULL,
    verdict TEXT NOT NULL, at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (key, draw, held_out));
"""


@dataclass(frozen=True)
class Run:
    """What identifies a stream of draws: the same run, seed and number are the same draw.

    Attributes:
        proposer: its name.
        parameters: all that decides what it draws.
        train: the fingerprint of the training samples.
        description: what was said of the rule in words, or None.
        seed: the proposer's seed.
    """

    proposer: str
    parameters: Mapping[str, Value]
    train: str
    description: str | None
    seed: int

    @cached_property
    def key(self) -> str:
        """SHA-256 of all of the above, in hex."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


class Ledger:
    """One SQLite file (write-ahead log). A draw is on disk before `record` returns.

    Several processes may write at once. It never holds a key or a label.

    Args:
        path: the file; made if there is none and `create` is true.

    Raises:
        LedgerError: if the file cannot be opened, is no ledger, or has another format.
    """

    def __init__(self, path: str | os.PathLike[str], *, create: bool = True) -> None:
        self.path = os.fspath(path)
        if not create and not os.path.exists(self.path):
            raise LedgerError(f"there is no ledger at {self.path}. Check the path.")
        try:
            self._connection = sqlite3.connect(self.path, timeout=30, isolation_level=None)
            self._prepare()
        except sqlite3.Error as error:
            raise LedgerError(
                f"{self.path} cannot be used as a ledger: {error}. Pass a path to a new file in a "
                "folder that can be written, or an existing ledger."
            ) from error

    def _prepare(self) -> None:
        try:
            self._connection.execute("PRAGMA busy_timeout=30000")
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._create_or_check()
        except BaseException:
            self._connection.close()
            raise

    def _create_or_check(self) -> None:
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            (found,) = self._connection.execute("PRAGMA user_version").fetchone()
            (tables,) = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if found == 0 and tables == 0:
                for statement in filter(str.strip, _TABLES.split(";")):
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version={FORMAT}")
            elif found != FORMAT:
                raise LedgerError(
                    f"{self.path} has ledger format {found}, this version writes {FORMAT}. "
                    "Use another file."
                )

    def begin(self, run: Run) -> None:
        """Notes the run, unless it is known already."""
        parameters = json.dumps(dict(run.parameters), sort_keys=True)
        self._write(
            "INSERT OR IGNORE INTO runs (key, proposer, parameters, train, description, seed) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (run.key, run.proposer, parameters, run.train, run.description, run.seed),
        )

    def record(self, run: Run, proposal: Proposal) -> None:
        """Keeps a draw; the first one kept under its number stays."""
        self._write(
            "INSERT OR IGNORE INTO draws (key, draw, proposal) VALUES (?, ?, ?)",
            (run.key, proposal.draw, json.dumps(asdict(proposal))),
        )

    def judge(self, run: Run, draw: int, held_out: str, verdict: Verdict) -> None:
        """Keeps the verdict on a draw, for the held-out set with this fingerprint."""
        kind = {"verdict": type(verdict).__name__.lower(), **asdict(verdict)}
        self._write(
            "INSERT OR REPLACE INTO verdicts (key, draw, held_out, verdict) VALUES (?, ?, ?, ?)",
            (run.key, draw, held_out, json.dumps(kind)),
        )

    def draws(self, run: Run) -> dict[int, Proposal]:
        """The draws of a run by their numbers."""
        rows = self._connection.execute(
            "SELECT draw, proposal FROM draws WHERE key = ?", (run.key,)
        )
        return {draw: self._proposal(text) for draw, text in rows}

    def runs(self) -> list[Run]:
        """All runs, the oldest first."""
        rows = self._connection.execute(
            "SELECT proposer, parameters, train, description, seed FROM runs ORDER BY rowid"
        )
        return [Run(row[0], json.loads(row[1]), *row[2:]) for row in rows]

    def verdicts(self, run: Run) -> dict[int, str]:
        """The JSON text of each judged draw's last verdict, by the draw's number."""
        rows = self._connection.execute(
            "SELECT draw, verdict FROM verdicts WHERE key = ? ORDER BY at", (run.key,)
        )
        return dict(rows)

    def close(self) -> None:
        """Closes the file; closing twice is harmless."""
        self._connection.close()

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        try:
            self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise LedgerError(
                f"{self.path} cannot be written: {error}. What was drawn before is kept; free "
                "space or fix the rights, then run again to resume."
            ) from error

    def _proposal(self, text: str) -> Proposal:
        try:
            return TypeAdapter(Proposal).validate_python(json.loads(text))
        except (ValueError, ValidationError) as error:
            raise LedgerError(f"{self.path} holds a draw that cannot be read: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
