"""A line of the terminal that shows how far work is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status

from llmerm.console.text import plain
from llmerm.progress import sentence
from llmerm.typing import Progress, ProgressHook


class LiveLine:
    """One line that is rewritten while work goes on; on no terminal only `keep` prints."""

    def __init__(self, console: Console, status: Status) -> None:
        self._console = console
        self._status = status
        self._title = ""

    def show(self, title: str) -> None:
        """Names the work that is under way."""
        self._title = title
        self._status.update(plain(title))

    def keep(self, line: str) -> None:
        """Prints a line that stays."""
        self._console.print(line, soft_wrap=True)

    def hook(self) -> ProgressHook:
        """A `progress` callable that shows how far a fit is."""

        def note(at: Progress) -> None:
            self._status.update(plain(f"{self._title} {sentence(at)}".strip()))

        return note


@contextmanager
def live_line(console: Console) -> Iterator[LiveLine]:
    """A live line on the console for as long as the block runs."""
    with console.status("") as status:
        yield LiveLine(console, status)
