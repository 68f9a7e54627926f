"""The SQLite file behind a ledger: made or checked, and safe to share between processes."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from tenacity import retry, retry_if_exception, stop_after_delay, wait_random

from llmerm.errors import LedgerError


def _is_busy(error: BaseException) -> bool:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return (code & 0xFF) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class LedgerFile:
    """One SQLite file (write-ahead log). What was written is on disk before `write` returns.

    Args:
        path: the file; made if there is none and `create` is true.
        tables: the statements that make its tables, each ended by a semicolon.
        form: the number of this layout; a file of another one is refused.
        create: whether a file that is not there is made.

    Raises:
        LedgerError: if the file cannot be opened, is no ledger, or has another format.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, tables: str, form: int, create: bool = True
    ) -> None:
        self.path = os.fspath(path)
        if not create and not os.path.exists(self.path):
            raise LedgerError(f"there is no ledger at {self.path}. Check the path.")
        try:
            self.connection = sqlite3.connect(self.path, timeout=30, isolation_level=None)
            self._prepare(tables, form)
        except sqlite3.Error as error:
            raise LedgerError(
                f"{self.path} cannot be used as a ledger: {error}. Pass a path to a new file in a "
                "folder that can be written, or an existing ledger."
            ) from error

    def read(self, statement: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        """The rows that a query finds."""
        return self.connection.execute(statement, values)

    def write(self, statement: str, values: tuple[object, ...]) -> None:
        """Runs one statement.

        Raises:
            LedgerError: if the file cannot be written.
        """
        try:
            self.connection.execute(statement, values)
        except sqlite3.Error as error:
            raise self._unwritten(error) from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection, while no other process writes; all that is done there, or nothing.

        Raises:
            LedgerError: if the file cannot be written.
        """
        try:
            with self.connection:
                self.connection.execute("BEGIN IMMEDIATE")
                yield self.connection
        except sqlite3.Error as error:
            raise self._unwritten(error) from error

    def close(self) -> None:
        """Closes the file; closing twice is harmless."""
        self.connection.close()

    def _prepare(self, tables: str, form: int) -> None:
        try:
            self._write_ahead()
            self.connection.execute("PRAGMA synchronous=FULL")
            self._create_or_check(tables, form)
        except BaseException:
            self.connection.close()
            raise

    @retry(
        retry=retry_if_exception(_is_busy),
        stop=stop_after_delay(30),
        wait=wait_random(0.001, 0.05),
        reraise=True,
    )
    def _write_ahead(self) -> None:
        """SQLite does not wait for another process while it changes the kind of journal."""
        self.connection.execute("PRAGMA journal_mode=WAL")

    def _create_or_check(self, tables: str, form: int) -> None:
        with self.connection:
            self.connection.execute("BEGIN IMMEDIATE")
            (found,) = self.connection.execute("PRAGMA user_version").fetchone()
            (known,) = self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if found == 0 and known == 0:
                for statement in filter(str.strip, tables.split(";")):
                    self.connection.execute(statement)
                self.connection.execute(f"PRAGMA user_version={form}")
            elif found != form:
                raise LedgerError(
                    f"{self.path} has ledger format {found}, this version writes {form}. "
                    "Use another file."
                )

    def _unwritten(self, error: sqlite3.Error) -> LedgerError:
        return LedgerError(
            f"{self.path} cannot be written: {error}. What was drawn before is kept; free "
            "space or fix the rights, then run again to resume."
        )
