"""Every draw and verdict, on disk as it happens: one SQLite file that a later run can resume."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, astuple, dataclass
from functools import cached_property
from typing import Self

from pydantic import TypeAdapter, ValidationError

from llmerm import openings, uses
from llmerm.errors import LedgerError
from llmerm.ledger_file import LedgerFile
from llmerm.openings import Opening
from llmerm.typing import Proposal, Value, Verdict
from llmerm.uses import Use, Wanted

FORMAT = 4
"""The layout of the file; a ledger of another format is refused."""

ADAPTIVE = "adapts to held-out scores"
"""The parameter of a run, true, whose proposer says so of itself."""

_NOTHING = hashlib.sha256().hexdigest()
"""The fingerprint of no samples."""

_TABLES = """
CREATE TABLE runs (
    key TEXT PRIMARY KEY, proposer TEXT NOT NULL, parameters TEXT NOT NULL, train TEXT NOT NULL,
    description TEXT, seed INTEGER NOT NULL, prompt TEXT,
    at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE draws (
    key TEXT NOT NULL REFERENCES runs, draw INTEGER NOT NULL, proposal TEXT NOT NULL,
    at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (key, draw));
CREATE TABLE verdicts (
    key TEXT NOT NULL REFERENCES runs, draw INTEGER NOT NULL, held_out TEXT NOT NULL,
    verdict TEXT NOT NULL, at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (key, draw, held_out));
CREATE TABLE selections (
    key TEXT NOT NULL REFERENCES runs, held_out TEXT NOT NULL, selection TEXT NOT NULL,
    at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (key, held_out));
CREATE TABLE notes (
    key TEXT NOT NULL REFERENCES runs, name TEXT NOT NULL, note TEXT NOT NULL,
    at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (key, name));
CREATE TABLE cells (
    key TEXT PRIMARY KEY, cell TEXT NOT NULL, outcome TEXT NOT NULL,
    at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
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
        prompt: what the model was asked, for proposers that ask one.
    """

    proposer: str
    parameters: Mapping[str, Value]
    train: str
    description: str | None
    seed: int
    prompt: str | None = None

    @cached_property
    def key(self) -> str:
        """SHA-256 of all of the above, in hex."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


class Ledger:
    """One SQLite file (write-ahead log). A draw is on disk before `record` returns.

    Several processes may write at once. It holds prompts and replies, never a key.

    Args:
        path: the file; made if there is none and `create` is true.

    Raises:
        LedgerError: if the file cannot be opened, is no ledger, or has another format.
    """

    def __init__(self, path: str | os.PathLike[str], *, create: bool = True) -> None:
        tables = _TABLES + uses.TABLES + openings.TABLES
        self._file = LedgerFile(path, tables=tables, form=FORMAT, create=create)
        self.path = self._file.path

    def begin(self, run: Run) -> None:
        """Notes the run, unless it is known already."""
        parameters = json.dumps(dict(run.parameters), sort_keys=True)
        self._file.write(
            "INSERT OR IGNORE INTO runs (key, proposer, parameters, train, description, seed, "
            "prompt) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (run.key, run.proposer, parameters, *astuple(run)[2:]),
        )

    def record(self, run: Run, proposal: Proposal) -> Proposal:
        """Keeps a draw, and gives what is kept under its number: the first one stays.

        So processes that make one run at the same moment score the same k candidates.
        """
        self._file.write(
            "INSERT OR IGNORE INTO draws (key, draw, proposal) VALUES (?, ?, ?)",
            (run.key, proposal.draw, json.dumps(asdict(proposal))),
        )
        (text,) = self._file.read(
            "SELECT proposal FROM draws WHERE key = ? AND draw = ?", (run.key, proposal.draw)
        ).fetchone()
        return self._proposal(text)

    def judge(self, run: Run, draw: int, held_out: str, verdict: Verdict) -> None:
        """Keeps the verdict on a draw, for the held-out set with this fingerprint."""
        kind = {"verdict": type(verdict).__name__.lower(), **asdict(verdict)}
        self._file.write(
            "INSERT OR REPLACE INTO verdicts (key, draw, held_out, verdict) VALUES (?, ?, ?, ?)",
            (run.key, draw, held_out, json.dumps(kind)),
        )

    def choose(self, run: Run, held_out: str, selection: Mapping[str, Value]) -> None:
        """Keeps which draw was chosen on the held-out set with this fingerprint, and why."""
        self._file.write(
            "INSERT OR REPLACE INTO selections (key, held_out, selection) VALUES (?, ?, ?)",
            (run.key, held_out, json.dumps(dict(selection))),
        )

    def use(self, run: Run, wanted: Wanted) -> Use:
        """The run's place among all that choose by these samples, kept before it scores any.

        Processes that ask at the same moment get different places.
        """
        self.begin(run)
        with self._file.transaction() as connection:
            return uses.allot(connection, run.key, wanted)

    def uses(self, run: Run) -> list[Use]:
        """The places that `use` has given to a run, the oldest first."""
        return uses.of_run(self._file.connection, run.key)

    def made_from(self, data: str) -> set[str]:
        """The sources that fits drew from these samples, or from a part of them."""
        rows = self._file.read(
            "SELECT proposal FROM draws JOIN uses USING (key) WHERE data = ?1 AND held_out <> data "
            "UNION SELECT proposal FROM draws JOIN selections USING (key) JOIN runs USING (key) "
            "WHERE json_extract(selection, '$.contents') = ?1 AND train <> ?2",
            (data, _NOTHING),
        )
        return {self._proposal(text).source for (text,) in rows}

    def note(self, run: Run, name: str, note: str) -> None:
        """Keeps what a proposer must not forget, such as the number of a batch it has paid for."""
        self._file.write(
            "INSERT OR REPLACE INTO notes (key, name, note) VALUES (?, ?, ?)",
            (run.key, name, note),
        )

    def note_all(self, notes: Iterable[tuple[Run, str, str]]) -> None:
        """Keeps a run, a name and a note each, all of them or none."""
        with self._file.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO notes (key, name, note) VALUES (?, ?, ?)",
                [(run.key, name, note) for run, name, note in notes],
            )

    def notes(self, run: Run) -> dict[str, str]:
        """What `note` has kept for a run, by name."""
        return dict(self._file.read("SELECT name, note FROM notes WHERE key = ?", (run.key,)))

    def finish(self, key: str, cell: str, outcome: str) -> None:
        """Keeps what came of one cell of an experiment, both as JSON; the first one stays."""
        self._file.write(
            "INSERT OR IGNORE INTO cells (key, cell, outcome) VALUES (?, ?, ?)",
            (key, cell, outcome),
        )

    def finished(self) -> dict[str, str]:
        """The JSON text of the outcome of each finished cell, by the cell's key."""
        return dict(self._file.read("SELECT key, outcome FROM cells ORDER BY rowid"))

    def unseal(self, sealed: str, program: str, uses: int) -> None:
        """Keeps that a program is shown sealed samples, if one of the declared uses is left.

        Nothing is kept once these are over, or where another number of uses was declared at first.

        Args:
            sealed: the fingerprint of the samples.
            program: a digest of the program and the loss.
            uses: how many programs may be shown them.
        """
        with self._file.transaction() as connection:
            openings.keep(connection, sealed, program, uses)

    def openings(self, sealed: str) -> dict[str, Opening]:
        """Which programs were shown the sealed samples of this fingerprint, by their digests."""
        return openings.kept(self._file.connection, sealed)

    def draws(self, run: Run) -> dict[int, Proposal]:
        """The draws of a run by their numbers."""
        rows = self._file.read("SELECT draw, proposal FROM draws WHERE key = ?", (run.key,))
        return {draw: self._proposal(text) for draw, text in rows}

    def runs(self) -> list[Run]:
        """All runs, the oldest first."""
        rows = self._file.read(
            "SELECT proposer, parameters, train, description, seed, prompt FROM runs ORDER BY rowid"
        )
        return [Run(row[0], json.loads(row[1]), *row[2:]) for row in rows]

    def verdicts(self, run: Run) -> dict[int, str]:
        """The JSON text of each judged draw's last verdict, by the draw's number."""
        rows = self._file.read(
            "SELECT draw, verdict FROM verdicts WHERE key = ? ORDER BY at", (run.key,)
        )
        return dict(rows)

    def selections(self, run: Run) -> dict[str, str]:
        """The JSON text of what was chosen, by the fingerprint of the held-out set."""
        rows = self._file.read(
            "SELECT held_out, selection FROM selections WHERE key = ? ORDER BY at", (run.key,)
        )
        return dict(rows)

    def close(self) -> None:
        """Closes the file; closing twice is harmless."""
        self._file.close()

    def _proposal(self, text: str) -> Proposal:
        try:
            return TypeAdapter(Proposal).validate_python(json.loads(text))
        except (ValueError, ValidationError) as error:
            raise LedgerError(f"{self.path} holds a draw that cannot be read: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
