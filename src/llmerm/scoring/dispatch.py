"""Programs on an executor's workers: sent in units, and again where a worker is lost."""

from __future__ import annotations

import queue
import threading
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from llmerm.errors import ExecutorError
from llmerm.scoring.portions import Portion
from llmerm.scoring.troubles import TRIES, lost, not_done, not_taken, refusal
from llmerm.scoring.unit import Done, Outcome, Piece, Refused, Unit, work

_ENOUGH = 16  # units on their way: with more, errands wait for others to share a unit with
_UNIT_SECONDS = 0.1  # what a unit of several programs should take, while few are on their way
_MOST_PIECES = 32
_FEW_PIECES = 4  # while it is not known what programs take


@dataclass(eq=False)
class Errand:
    """A program on its way: its piece of work, and where its outcome goes."""

    piece: Piece
    outcome: Future[Outcome] = field(default_factory=Future)


@dataclass(eq=False)
class _Sent:
    """A unit that the executor has, or had."""

    unit: Unit
    errands: list[Errand]
    portion: Portion
    tries: int = 0
    asked_for_data: int = 0
    future: Future[Done | Refused] = field(default_factory=Future)

    def give_up(self) -> None:
        """Takes it back, once nobody waits for any outcome of it."""
        if all(errand.outcome.cancelled() for errand in self.errands):
            self.future.cancel()


@dataclass
class _Line:
    """Errands that may share a unit: of one portion, in one way."""

    unit: Unit
    portion: Portion
    errands: list[Errand] = field(default_factory=list)
    seconds: float | None = None  # that a program takes, as far as is known

    def room(self, flying: int) -> int:
        """How many errands a unit should have, with so many units on their way.

        The more there are, the larger: what limits the whole then is how many units an engine's
        driver can hand over in a second, and no worker waits for want of a unit.
        """
        guess = 0.002 + 1e-6 * (self.unit.first or len(self.portion.inputs))
        most = _MOST_PIECES if self.seconds else _FEW_PIECES
        wanted = _UNIT_SECONDS * (1 + flying / _ENOUGH)
        return max(1, min(most, int(wanted / (self.seconds or guess))))

    def leave(self, flying: int) -> list[Errand]:
        """The errands of the next unit, which wait no longer; none while a unit is not full.

        While few units are on their way, any number is enough.
        """
        room = self.room(flying)
        if len(self.errands) < room and flying >= _ENOUGH:
            return []
        some, self.errands = self.errands[:room], self.errands[room:]
        return some


_Event: TypeAlias = "tuple[Unit, Portion, Errand] | _Sent | None"


class Dispatcher:
    """Hands programs to an executor: those of one portion together where they are short.

    A portion travels with the first unit that needs it, and to each worker that says it lacks it.
    One thread does all of it; call `send` from any.

    Args:
        executor: any `concurrent.futures.Executor`.
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._lock = threading.Lock()
        self._closed = False
        self._flying: set[_Sent] = set()
        self._events: queue.SimpleQueue[_Event] = queue.SimpleQueue()
        self._lines: dict[tuple[str, int | None, int], _Line] = {}
        self._known: set[str] = set()  # digests of portions that some worker has been sent
        self._supplied: set[tuple[str, str]] = set()  # workers, and digests on their way to them
        self._thread = threading.Thread(target=self._serve, name="llmerm-dispatch", daemon=True)
        self._thread.start()

    def send(self, unit: Unit, portion: Portion, piece: Piece) -> Future[Outcome]:
        """What the program gives on the portion; cancel it to take the program back.

        Args:
            unit: the way to run it, with no pieces.
            portion: the unit's portion.
            piece: the program.
        """
        errand = Errand(piece)
        with self._lock:
            if self._closed:
                errand.outcome.cancel()
            else:
                self._events.put((unit, portion, errand))
        return errand.outcome

    def close(self) -> None:
        """Ends the thread, and takes back what is still on its way."""
        self._events.put(None)
        self._thread.join()

    def _serve(self) -> None:
        try:
            while (event := self._events.get()) is not None:
                self._handle(event)
        finally:  # whatever ends the thread, nobody waits for it any longer
            self._take_back()

    def _handle(self, event: tuple[Unit, Portion, Errand] | _Sent) -> None:
        if isinstance(event, _Sent):
            self._take(event)
        else:
            self._line_up(*event)
        for line in self._lines.values():
            while errands := line.leave(len(self._flying)):
                self._send(line, errands)

    def _take_back(self) -> None:
        with self._lock:
            self._closed = True
        waiting = [errand for line in self._lines.values() for errand in line.errands]
        waiting += [errand for sent in self._flying for errand in sent.errands]
        while not self._events.empty():
            event = self._events.get()
            waiting += [event[2]] if isinstance(event, tuple) else []
        for errand in waiting:
            errand.outcome.cancel()

    def _line_up(self, unit: Unit, portion: Portion, errand: Errand) -> None:
        key = unit.digest, unit.first, unit.hash_seed
        self._lines.setdefault(key, _Line(unit, portion)).errands.append(errand)

    def _send(self, line: _Line, errands: list[Errand]) -> None:
        wanted = [errand for errand in errands if not errand.outcome.cancelled()]
        if not wanted:
            return
        digest = line.unit.digest
        new = digest not in self._known
        self._known.add(digest)
        unit = replace(
            line.unit,
            portion=line.portion if new else None,
            pieces=tuple(errand.piece for errand in wanted),
        )
        sent = _Sent(unit, wanted, line.portion)
        for errand in wanted:
            errand.outcome.add_done_callback(lambda _: sent.give_up())
        self._hand_over(sent)

    def _hand_over(self, sent: _Sent) -> None:
        sent.tries += 1
        try:
            sent.future = self._executor.submit(work, sent.unit)
        except Exception as error:  # an executor is anybody's code
            _fail(sent, not_taken(error))
            return
        self._flying.add(sent)
        sent.future.add_done_callback(lambda _: self._events.put(sent))

    def _take(self, sent: _Sent) -> None:
        """Passes on what came back, or sends the unit again."""
        self._flying.discard(sent)
        future, sent.future = sent.future, Future()  # an engine keeps what a future still names
        try:
            reply = future.result()
        except Exception as error:  # all that `work` does not return comes from the executor
            self._lost(sent, error)
            return
        except BaseException as error:  # such as a worker's KeyboardInterrupt
            self._lost(sent, ExecutorError(repr(error)))
            return
        if isinstance(reply, Done):
            self._note(sent, reply)
            for errand, outcome in zip(sent.errands, reply.outcomes, strict=True):
                if errand.outcome.set_running_or_notify_cancel():
                    errand.outcome.set_result(outcome)
        elif not isinstance(reply, Refused):
            self._lost(sent, ExecutorError(f"the executor answered {reply!r:.60}."))
        elif reply.reason == "no data":
            self._supply(sent, reply.worker)
        else:
            _fail(sent, refusal(reply))

    def _note(self, sent: _Sent, reply: Done) -> None:
        key = sent.unit.digest, sent.unit.first, sent.unit.hash_seed
        line, each = self._lines[key], reply.seconds / len(reply.outcomes)
        line.seconds = each if line.seconds is None else 0.8 * line.seconds + 0.2 * each

    def _supply(self, sent: _Sent, worker: str) -> None:
        """Sends the portion along, unless another unit brings it to this worker already."""
        sent.asked_for_data += 1
        owed = worker, sent.unit.digest
        along = owed not in self._supplied or sent.asked_for_data > 2
        self._supplied.add(owed)
        sent.unit = replace(sent.unit, portion=sent.portion if along else None)
        sent.tries -= 1
        self._hand_over(sent)

    def _lost(self, sent: _Sent, error: Exception) -> None:
        """A worker died, or something of the executor did: what can be had from another is."""
        if all(errand.outcome.cancelled() for errand in sent.errands):
            return
        final = not_done(error)
        if final is None and sent.tries < TRIES:
            self._hand_over(sent)
        else:
            _fail(sent, final or lost(error))


def _fail(sent: _Sent, error: Exception) -> None:
    for errand in sent.errands:
        if errand.outcome.set_running_or_notify_cancel():
            errand.outcome.set_exception(error)
