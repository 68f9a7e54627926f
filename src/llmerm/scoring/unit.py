"""A unit of work as it travels to a worker, what the worker does with it, and what comes back.

Everything in here is a value: a unit may be lost, sent again, or done twice, and nothing changes.
"""

from __future__ import annotations

import atexit
import os
import platform
import sys
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from itertools import count
from typing import Literal, TypeAlias

from llmerm.errors import NoSandboxError, SandboxError
from llmerm.losses import Loss
from llmerm.sandbox.base import Sandbox
from llmerm.scoring.portions import Portion
from llmerm.scoring.score import Score, score
from llmerm.scoring.sessions import ROOM, Sessions
from llmerm.typing import Failed, Ran
from llmerm.version import __version__

VERSIONS = f"llmerm {__version__} on Python {sys.version_info[0]}.{sys.version_info[1]}"
"""What both ends must have in common, so that a program means the same on both."""

Outcome: TypeAlias = "Score | Ran | Failed"


@dataclass(frozen=True)
class Piece:
    """One program of a unit; `keep` as in `score`."""

    source: str
    keep: tuple[int, ...] = ()


@dataclass(frozen=True)
class Unit:
    """Programs, and the portion to run them on.

    Attributes:
        versions: of who sends it.
        sandbox: where the programs run; each worker opens its own.
        digest: of the portion.
        portion: the portion itself, for a worker that does not have it; else None.
        pieces: the programs.
        loss: to score them with; None to send their predictions back, for a loss that is the
            user's own function, which workers may not have.
        first: run on that many inputs alone; None for all.
        hash_seed: as in `Sandbox.session`.
    """

    versions: str
    sandbox: Sandbox
    digest: str
    portion: Portion | None
    pieces: tuple[Piece, ...]
    loss: Loss | None
    first: int | None = None
    hash_seed: int = 0

    def __dask_tokenize__(self) -> tuple[str, int]:
        """Never the same: Dask then neither reads a portion to name it nor takes two for one."""
        return self.digest, next(_tokens)


_tokens = count()


@dataclass(frozen=True)
class Done:
    """What came of each program, in their order, and the wall seconds that it took."""

    outcomes: tuple[Outcome, ...]
    seconds: float


@dataclass(frozen=True)
class Refused:
    """Why a worker did nothing: who it is, the reason, and the details in words."""

    worker: str
    reason: Literal["no data", "no sandbox", "broken sandbox", "versions"]
    detail: str = ""


class Kept:
    """The newest portions that a worker was sent, and sandboxes over them."""

    def __init__(self) -> None:
        self.sessions = Sessions(workers=os.cpu_count() or 1)
        self._lock = threading.Lock()
        self._portions: OrderedDict[str, Portion] = OrderedDict()

    def portion(self, unit: Unit) -> Portion | None:
        """The unit's portion, which is kept from now on; None if it never came."""
        with self._lock:
            found = unit.portion or self._portions.get(unit.digest)
            if found is not None:
                self._portions[unit.digest] = found
                self._portions.move_to_end(unit.digest)
                self._make_room()
            return found

    def _make_room(self) -> None:
        held = sum(len(portion.inputs) for portion in self._portions.values())
        while held > ROOM and len(self._portions) > 2:
            held -= len(self._portions.popitem(last=False)[1].inputs)


_kept = Kept()  # of this process, which outlives a single fit
atexit.register(_kept.sessions.close)


def work(unit: Unit) -> Done | Refused:
    """Runs and scores the programs of a unit, on the worker that calls it.

    What goes wrong on the worker is a `Refused`: all that is raised comes from the executor.
    """
    me = f"{platform.node()}, process {os.getpid()}"
    if unit.versions != VERSIONS:
        return Refused(me, "versions", VERSIONS)
    portion = _kept.portion(unit)
    if portion is None:
        return Refused(me, "no data")
    started = time.perf_counter()
    try:
        outcomes = tuple(_run(unit, portion))
    except NoSandboxError as error:
        return Refused(me, "no sandbox", str(error))
    except SandboxError as error:
        return Refused(me, "broken sandbox", str(error))
    return Done(outcomes, time.perf_counter() - started)


def _run(unit: Unit, portion: Portion) -> list[Outcome]:
    part = portion if unit.first is None else portion.first(unit.first)
    subset = None if unit.first is None else range(len(part.inputs))
    with _kept.sessions.session(
        unit.sandbox, unit.digest, portion.inputs, unit.hash_seed
    ) as session:
        return [
            _scored(session.run(piece.source, subset=subset), part, unit.loss, piece.keep)
            for piece in unit.pieces
        ]


def _scored(ran: Ran | Failed, part: Portion, loss: Loss | None, keep: tuple[int, ...]) -> Outcome:
    return ran if loss is None or isinstance(ran, Failed) else score(ran, part, loss, keep=keep)
