"""How far a fit is, in one line: rewritten in place in a notebook or a terminal."""

from __future__ import annotations

import asyncio
import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from typing import Literal, Protocol, TypeAlias
from uuid import uuid4

from llmerm.errors import ArgumentError
from llmerm.typing import Progress, ProgressHook

Show: TypeAlias = Callable[[Progress], None]
Shows: TypeAlias = "ProgressHook | Literal['auto'] | bool | None"
"""What `fit` takes: "auto" for a line in notebooks, True for one anywhere, a callable, or none."""

EVERY_SECONDS = 0.1


def sentence(at: Progress) -> str:
    """How far a fit is, in words.

    >>> sentence(Progress(12, 16, best_error=0.025, scored=9))
    '12 of at most 16 candidates, 9 scored, best error 0.025'
    """
    best = "" if math.isnan(at.best_error) else f", best error {at.best_error:.3g}"
    spent = f", ${at.usage.usd:.4f}" if at.usage.usd else ""
    taken = f", {at.usage.seconds:.1f} s" if at.usage.seconds else ""
    return f"{at.drawn} of at most {at.k} candidates, {at.scored} scored{best}{spent}{taken}"


@contextmanager
def shown(progress: Shows, k: int) -> Iterator[ProgressHook | None]:
    """What to call after each candidate, for as long as the block runs; None for nothing.

    Raises:
        ArgumentError: if `progress` is none of the choices.
    """
    if callable(progress) or progress is None or progress is False:
        yield progress or None
        return
    if progress is not True and progress != "auto":
        raise ArgumentError(
            f"`progress` must be 'auto', True, False or a function, got {progress!r:.60}."
        )
    if (shell := _notebook()) is not None:
        with _paced(_cell_line(shell), k) as hook:
            yield hook
    elif progress is True:
        with _terminal_line() as show, _paced(show, k) as hook:
            yield hook
    else:
        yield None


@contextmanager
def _paced(show: Show, k: int) -> Iterator[ProgressHook]:
    """Shows the beginning, at most ten states a second, and the last one of each burst."""
    state = on_show = Progress(0, k)
    show(state)
    since = time.monotonic()
    due: asyncio.TimerHandle | None = None

    def catch_up() -> None:
        nonlocal on_show, since, due
        on_show, since, due = state, time.monotonic(), None
        show(state)

    def note(at: Progress) -> None:
        nonlocal state, due
        state = at
        early = since + EVERY_SECONDS - time.monotonic()
        if due is None:
            due = asyncio.get_running_loop().call_later(max(early, 0.0), catch_up)

    try:
        yield note
    finally:
        if due is not None:
            due.cancel()
        if state is not on_show:
            show(state)


class _Publisher(Protocol):
    def publish(self, data: dict[str, str], *, transient: dict[str, str], update: bool) -> None: ...


class _Shell(Protocol):
    """What this needs of IPython's shell in a kernel."""

    @property
    def display_pub(self) -> _Publisher: ...


def _notebook() -> _Shell | None:
    """The shell of the notebook kernel that this process is; None anywhere else."""
    ipython = sys.modules.get("IPython")  # where a notebook runs, it is loaded already
    shell = ipython.get_ipython() if ipython is not None else None
    return shell if getattr(shell, "kernel", None) is not None else None


def _cell_line(shell: _Shell) -> Show:
    """Shows a line below the cell, and then rewrites it: a display that has a name."""
    name = {"display_id": f"llmerm-{uuid4().hex}"}
    begun = False

    def show(at: Progress) -> None:
        nonlocal begun
        bundle = {"text/plain": sentence(at), "text/html": _as_html(at)}
        shell.display_pub.publish(bundle, transient=name, update=begun)
        begun = True

    return show


def _as_html(at: Progress) -> str:
    bar = f'<progress value="{at.drawn}" max="{at.k}" style="width: 10em"></progress>'
    return f'<div style="font-variant-numeric: tabular-nums">{bar} {escape(sentence(at))}</div>'


@contextmanager
def _terminal_line() -> Iterator[Show]:
    """A line on standard error, gone at the end; nothing where that is no terminal."""
    from rich.console import Console  # only asked for here: it takes a while to load

    with Console(stderr=True, highlight=False).status("") as status:
        yield lambda at: status.update(sentence(at))
