"""What comes back from a candidate: bytes that are not believed, read into predictions.

A reply is ASCII JSON of a known shape, a bounded size and exact types, or it is refused.
"""

from __future__ import annotations

import json
import math
import re
import signal
from typing import Any, NoReturn

from llmerm.errors import SandboxError
from llmerm.sandbox import relay
from llmerm.sandbox.child import (
    CHUNK,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_SIZE,
    OUT_OF_MEMORY,
    is_unicode,
)
from llmerm.sandbox.text import clean
from llmerm.typing import Failed, Prediction, Ran, Reason, SampleError

_LOAD_REASONS: dict[str, Reason] = {
    "memory": "memory",
    "syntax_error": "syntax_error",
    "load_error": "load_error",
    "no_function": "no_function",
}
_MAX_LINE = CHUNK * (MAX_SIZE + 1_000)
_LONG_NUMBER = re.compile(rf"(?<![0-9])[0-9]{{{MAX_DIGITS + 1}}}")  # linear: runs are tried once
_MAX_PARTS = 2_000_000  # of all answers together: small parts take much more room here than as JSON


def outcome(reply: Reply, flaw: str, how: int, status: int, cpu: float) -> Ran | Failed:
    """What to make of a candidate, once its process has ended.

    Args:
        reply: what it answered.
        flaw: what was wrong with the reply; empty for nothing.
        how: whether it ended by itself, or which of its limits ended it.
        status: the exit code, or minus the signal.
        cpu: seconds of CPU time used.

    Raises:
        SandboxError: if the process could not be locked down.
    """
    if reply.abandoned:
        return Failed("abandoned", "its first answers were enough to see that it loses")
    if how in _LIMITS:
        return _LIMITS[how]
    if flaw:
        return Failed("bad_reply", flaw)
    if reply.failure is not None:
        return reply.failure
    if reply.complete:
        return Ran(tuple(reply.predictions), cpu)
    return _ended_early(reply, status)


_LIMITS = {
    relay.OUT_OF_CPU: Failed("timeout", "its CPU time is up"),
    relay.OUT_OF_WALL: Failed("timeout", "its wall time is up: it slept, or the host is busy"),
    relay.OUT_OF_ROOM: Failed("bad_reply", f"more than {relay.MAX_REPLY >> 20} MiB of answers"),
}


def _ended_early(reply: Reply, status: int) -> Failed:
    if status == OUT_OF_MEMORY:
        return Failed("memory", "no memory was left to answer with")
    if status == -signal.SIGXCPU:
        return _LIMITS[relay.OUT_OF_CPU]
    if status < 0:
        return Failed("crash", f"ended by signal {-status} ({signal.strsignal(-status)})")
    if not reply.locked_down:
        raise SandboxError(
            "a process of the sandbox could not lock itself down, and ended without running "
            "anything. See `llmerm.sandbox.probe.probe()` for what this host offers."
        )
    done = len(reply.predictions)
    return Failed("exit", f"exit code {status} after {done} of {reply.calls} answers")


class BadReply(Exception):
    """The reply is not what the protocol says."""


class Reply:
    """What a candidate has answered so far. See child.py for the lines.

    Args:
        calls: how many answers there must be.

    Attributes:
        abandoned: whether whoever watches it wants no more of it.
    """

    def __init__(self, calls: int) -> None:
        self.calls = calls
        self.locked_down = self.abandoned = False
        self.failure: Failed | None = None
        self.predictions: list[Prediction] = []
        self._loaded = False
        self._rest = bytearray()
        self._parts = 0

    @property
    def complete(self) -> bool:
        """Whether every answer is there, and nothing more."""
        return self._loaded and len(self.predictions) == self.calls and not self._rest

    @property
    def unfinished(self) -> bool:
        """Whether some answers are there, and others are still missing."""
        return 0 < len(self.predictions) < self.calls

    def feed(self, data: bytes) -> None:
        """Takes the next bytes.

        Raises:
            BadReply: if they do not go on as the protocol says.
        """
        *ends, rest = data.split(b"\n")
        for end in ends:
            self._take(bytes(self._rest) + end)
            self._rest.clear()
        self._rest += rest
        if len(self._rest) > _MAX_LINE:
            raise BadReply("a line that is too long")

    def _take(self, line: bytes) -> None:
        if not self.locked_down:
            self.locked_down = line == b"ready"
        elif self.failure is not None:
            raise BadReply("more after a failure to load")
        elif not self._loaded:
            self._take_outcome(_decoded(line))
        else:
            self._parts += sum(map(line.count, (b",", b"[", b"{")))
            if self._parts > _MAX_PARTS:
                raise BadReply(f"answers of more than {_MAX_PARTS:,} parts in all")
            self._take_answers(_decoded(line))

    def _take_outcome(self, outcome: object) -> None:
        match outcome:
            case ["loaded", str()]:
                self._loaded = True
            case [str(reason), str(detail)] if reason in _LOAD_REASONS:
                self.failure = Failed(_LOAD_REASONS[reason], clean(detail))
            case _:
                raise BadReply("no word on whether the module loaded")

    def _take_answers(self, line: object) -> None:
        match line:
            case [list(answers), dict(errors)]:
                pass
            case _:
                raise BadReply("a line that holds no answers")
        if len(answers) != min(CHUNK, self.calls - len(self.predictions)) or not answers:
            raise BadReply("another number of answers than inputs")
        _check(answers)
        for position, error in errors.items():
            answers[_position(position, len(answers))] = _sample_error(error)
        self.predictions += answers


def _decoded(line: bytes) -> object:
    try:
        text = line.decode("ascii")
        long = len(text) > MAX_DIGITS and _LONG_NUMBER.search(text)
        decoder = _GUARDED if long else _DECODER
        return decoder.decode(text)
    except (ValueError, RecursionError) as error:
        raise BadReply(f"no JSON: {type(error).__name__}") from None


def _refuse(text: str) -> NoReturn:
    raise ValueError(text)


def _guarded_int(text: str) -> int:
    return int(text) if len(text.lstrip("-")) <= MAX_DIGITS else _refuse("a huge integer")


_DECODER = json.JSONDecoder(parse_constant=_refuse)
_GUARDED = json.JSONDecoder(parse_constant=_refuse, parse_int=_guarded_int)


def _check(answers: list[Any]) -> None:
    """Refuses what JSON can write and a prediction must not be."""
    if {*map(type, answers)} <= {int, bool, type(None)}:
        return
    rest = [(answer, 0) for answer in answers]
    while rest:
        value, depth = rest.pop()
        if isinstance(value, (list, dict)):
            if depth == MAX_DEPTH:
                raise BadReply("a value nested too deeply")
            parts = value if isinstance(value, list) else [*value, *value.values()]
            rest += [(part, depth + 1) for part in parts]
        elif not _is_sound(value):
            raise BadReply("a number that is not finite, or a string that is not Unicode")


def _is_sound(atom: object) -> bool:
    if isinstance(atom, float):
        return math.isfinite(atom)
    return not isinstance(atom, str) or atom.isascii() or is_unicode(atom)


def _position(text: str, size: int) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= 3 and int(text) < size:
        return int(text)
    raise BadReply("an error at a place that is none")


def _sample_error(error: object) -> SampleError:
    match error:
        case [str(kind), str(detail)]:
            return SampleError(clean(kind) or "Exception", clean(detail))
        case _:
            raise BadReply("an error without kind and detail")
