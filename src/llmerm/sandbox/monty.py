"""The sandbox for hosts without seccomp: Monty, an interpreter with no way to the system.

Monty (the package pydantic-monty) runs a part of Python in a process of its own. Nothing there
makes a system call for the candidate, so no wall of the kernel is needed; but a flaw of that
interpreter is stopped by nothing else. What it does not cover is in `MontySandbox`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

import pydantic_monty
from pydantic_monty import MontyCrashedError, MontyError, MontyRuntimeError, MontySyntaxError

from llmerm.errors import ArgumentError, DataError, ProgramError, SandboxError
from llmerm.program import Program
from llmerm.sandbox.base import Sandbox, Session, Watch
from llmerm.sandbox.child import is_unicode, refusal_of
from llmerm.sandbox.inputs import as_input, refused
from llmerm.sandbox.limits import check_limits
from llmerm.sandbox.text import clean
from llmerm.typing import Failed, Prediction, Ran, Reason, SampleError, Value
from llmerm.values import canonical

_CALLS_PER_ALLOWANCE = 1_000  # `cpu_seconds` is allowed for each started block of this many calls
_TRANSPORT_SECONDS = 0.001  # a call's way to the interpreter and back, which is not the candidate's
_GRACE_SECONDS = 1.0  # after which an interpreter that does not see its time is up is killed
_CHUNK = 256  # answers between two looks of whoever watches a candidate
_MAX_REPLY = 16 << 20  # characters of one candidate's answers, written as JSON
_MODULE = "program"  # what a candidate's `__name__` is, so that a `__main__` block does not run
_INPUT = "_the_input"  # the global that holds the input of a call
_MODULES = (
    *("base64", "binascii", "bisect", "collections", "copy", "dataclasses", "datetime", "decimal"),
    *("functools", "hashlib", "itertools", "json", "math", "random", "re", "sys", "time", "typing"),
    "unicodedata",
)  # of modules.py, what Monty 1.4 has
_FROZEN = datetime(2000, 1, 1)  # what the clock of a candidate shows


@dataclass(frozen=True)
class MontySandbox(Sandbox):
    """Runs candidates in Monty, a fresh process each, for hosts that cannot filter system calls.

    It covers a part of Python, with Monty 1.4 about half of the honest programs in the tests; the
    others have a reason or errors, and none of them a wrong prediction. A candidate fails to load
    with class inheritance (so no exception classes and no enums of its own), `yield`, `del`,
    `@property` and its like, or one of the modules that Monty lacks: of the 54 in modules.py it has
    19, and not `heapq`, `string`, `operator`, `fractions`, `statistics` or `struct`. Some builtins
    are missing: `callable`, `globals`, `bytearray`, `int.from_bytes`; and methods such as `__lt__`
    are not called. The function to call must be a `def` or a lambda.

    Clocks stand still, and sleeping takes no time. Sets keep the order of insertion and hashes are
    fixed: `hash_seed` seeds `random` alone. A few answers arrive otherwise than from Python itself:
    a function or an iterator as its `repr`, a lone surrogate as U+FFFD.

    Args:
        cpu_seconds: time for loading a module, for each call, and for each started block of 1,000
            calls together. It is wall time: a busy host can end an honest program.
        memory_mb: heap in MiB of the interpreter.

    Raises:
        ArgumentError: if a limit is not positive.

    >>> with MontySandbox(cpu_seconds=0.5).session([1, 2, 3]) as session:
    ...     session.run("def f(x): return x * x").predictions
    (1, 4, 9)
    """

    cpu_seconds: float = 1.0
    memory_mb: int = 512

    def __post_init__(self) -> None:
        check_limits(self.cpu_seconds, self.memory_mb)

    @property
    def isolation(self) -> str:
        """What is enforced, as one short line."""
        version = pydantic_monty.__version__
        return f"monty {version} (an interpreter of part of Python, no system access), time, memory"

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules that a candidate may import, which are fewer than on Linux."""
        return _MODULES

    def session(
        self, inputs: Sequence[Value], *, workers: int = 1, hash_seed: int = 0
    ) -> MontySession:
        """A session over `inputs` with up to `workers` candidates at a time; see `Sandbox`."""
        if workers < 1:
            raise ArgumentError(f"`workers` must be at least 1, got {workers}.")
        values = [_as_input(x, index) for index, x in enumerate(inputs)]
        return MontySession(self, values, workers=workers, hash_seed=hash_seed)


def _as_input(thing: object, index: int) -> Value:
    value = as_input(thing, index)
    if not is_unicode(json.dumps(value, ensure_ascii=False)):
        raise DataError(
            f"input {index} has a lone surrogate, which Monty cannot take. Expected Unicode text."
        )
    return value


class MontySession(Session):
    """Candidates run one an interpreter, in up to `workers` processes; none serves two of them."""

    def __init__(
        self, sandbox: MontySandbox, inputs: list[Value], *, workers: int, hash_seed: int
    ) -> None:
        self._cpu_seconds = sandbox.cpu_seconds
        self._memory_bytes = int(sandbox.memory_mb * 2**20)
        self._inputs = inputs
        self._hash_seed = hash_seed
        self._closed = False
        self._pool = pydantic_monty.Monty(
            max_processes=workers,
            max_checkouts_per_worker=1,
            feed_duration_limit_grace=_GRACE_SECONDS,
        )
        try:
            self._pool.__enter__()
        except (OSError, RuntimeError, MontyError) as error:
            raise SandboxError(f"Monty did not start: {clean(str(error))}") from error

    def run(
        self, source: str, *, subset: Sequence[int] | None = None, watch: Watch | None = None
    ) -> Ran | Failed:
        """One prediction or `SampleError` per input, or the reason why there is none.

        Args:
            source: the candidate.
            subset: the inputs to run on, by index and in that order; None runs on all.
            watch: called with the answers so far after each 256 of them, while others are still
                missing; once it says False, the candidate has `Failed("abandoned")`.
        """
        inputs = self._chosen(subset)
        if self._closed:
            raise SandboxError("this session is closed. Open a new one for more candidates.")
        if failed := refused(source):
            return failed
        try:
            name = Program(source).name
        except ProgramError as error:
            return Failed(cast("Reason", error.reason), clean(str(error)))
        return self._ran(source, name, inputs, watch)

    def _chosen(self, subset: Sequence[int] | None) -> list[Value]:
        if subset is None:
            return self._inputs
        last = len(self._inputs) - 1
        if wrong := [index for index in subset if not 0 <= index <= last]:
            raise ArgumentError(
                f"`subset` holds the index {wrong[0]}. "
                f"Expected indices from 0 to {last}, the inputs of this session."
            )
        return [self._inputs[index] for index in subset]

    def _ran(
        self, source: str, name: str, inputs: list[Value], watch: Watch | None
    ) -> Ran | Failed:
        try:
            with self._interpreter(len(inputs)) as interpreter:
                candidate = _Candidate(interpreter, self._cpu_seconds, len(inputs))
                return candidate.load(source) or candidate.answers(name, inputs, watch)
        except _OutOfTime:
            return Failed("timeout", "its time is up")
        except _OutOfMemory:
            return Failed("memory", "its interpreter had no memory to go on")
        except MontyError as error:
            return Failed("crash", clean(str(error)))

    def _interpreter(self, calls: int) -> pydantic_monty.MontySession:
        return self._pool.checkout(
            limits={
                "max_feed_duration_secs": self._cpu_seconds,
                "max_memory": self._memory_bytes,
                "max_suspensions": calls + 1_000,  # names that are not defined, files that are not
                "max_total_sleep_secs": 0.0,
            },
            os_policy={
                "sleep": "zero",
                "datetime": _FROZEN,
                "process_time": "zero",
                "random_start": {"seed": self._hash_seed},
            },
            assert_message_annotations=False,
        )

    def close(self) -> None:
        """Ends every process of this session."""
        if not self._closed:
            self._closed = True
            self._pool.__exit__(None, None, None)


class _OutOfTime(Exception):
    """The candidate used up its time."""


class _OutOfMemory(Exception):
    """The candidate's interpreter ended, as it had no memory to go on."""


class _Candidate:
    """One candidate in its interpreter.

    Args:
        interpreter: a fresh one.
        cpu_seconds: what each step may take, and each block of calls.
        calls: how many calls there will be.
    """

    def __init__(
        self, interpreter: pydantic_monty.MontySession, cpu_seconds: float, calls: int
    ) -> None:
        self._interpreter = interpreter
        self._step = cpu_seconds
        blocks = 1 + max(1, -(-calls // _CALLS_PER_ALLOWANCE))
        self._allowance = cpu_seconds * blocks + _TRANSPORT_SECONDS * calls
        self._spent = 0.0

    def load(self, source: str) -> Failed | None:
        """Runs the module; the reason why it failed, or None."""
        try:
            self._feed(source, {"__name__": _MODULE})
        except MontySyntaxError as error:
            return Failed("syntax_error", clean(str(error)))
        except MontyRuntimeError as error:
            kind, detail = _described(error)
            return Failed("memory" if kind == "MemoryError" else "load_error", f"{kind}: {detail}")
        return None

    def answers(self, name: str, inputs: list[Value], watch: Watch | None) -> Ran | Failed:
        """One answer for each input, each of them in a step of its own."""
        predictions: list[Prediction] = []
        room = _MAX_REPLY
        for x in inputs:
            predictions.append(answer := self._answer(f"{name}({_INPUT})", x))
            room -= 100 if isinstance(answer, SampleError) else len(json.dumps(answer))
            if self._spent > self._allowance:
                raise _OutOfTime
            if room < 0:
                return Failed("bad_reply", f"more than {_MAX_REPLY >> 20} MiB of answers")
            due = len(predictions) % _CHUNK == 0 and len(predictions) < len(inputs)
            if due and watch and not watch(predictions):
                return Failed("abandoned", "its first answers were enough to see that it loses")
        return Ran(tuple(predictions), self._spent)

    def _answer(self, call: str, x: Value) -> Prediction:
        try:
            answer = self._feed(call, {_INPUT: x})
        except MontyRuntimeError as error:
            return SampleError(*_described(error))
        if refusal := refusal_of(answer):
            return SampleError("BadValue", clean(refusal))
        return canonical(cast("Value", answer))

    def _feed(self, code: str, names: dict[str, Value]) -> object:
        started = time.monotonic()
        try:
            return self._interpreter.feed_run(code, inputs=names, print_callback=_dropped)
        except (MontyRuntimeError, MontyCrashedError):
            if time.monotonic() - started >= self._step:  # whatever it is said to be
                raise _OutOfTime from None
            if self._interpreter.worker_pid is None:  # one allocation was beyond the limit
                raise _OutOfMemory from None
            raise
        finally:
            self._spent += time.monotonic() - started


def _dropped(_stream: Literal["stdout", "stderr"], _text: str) -> None:
    """Where the output of candidates goes."""


def _described(error: MontyRuntimeError) -> tuple[str, str]:
    """The name and the message of what the candidate raised: an exception of Python's own."""
    raised = error.exception()
    return type(raised).__name__, clean(str(raised))
