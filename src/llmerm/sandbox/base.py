"""The interface of a sandbox: run untrusted source on a fixed set of inputs, get values back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Self, TypeAlias

from llmerm.sandbox.modules import MODULES
from llmerm.typing import Failed, Prediction, Ran, Value

CHUNK = 256
"""Answers that come together: on no more inputs than this, a candidate is never watched."""

Watch: TypeAlias = Callable[[Sequence[Prediction]], bool]
"""Given a candidate's answers so far, in the order of its inputs: whether it may go on."""


class Session(ABC):
    """A set of inputs, held ready inside the sandbox. Close it, or use it as a context manager.

    The law: `run` may be called from several threads at once; a candidate can neither see the
    labels (they are never passed in), nor another candidate, nor anything of the host; whatever
    it does, `run` returns within the limits, and the next candidate runs as if it had not been.
    """

    @abstractmethod
    def run(
        self, source: str, *, subset: Sequence[int] | None = None, watch: Watch | None = None
    ) -> Ran | Failed:
        """One prediction or `SampleError` per input, or the reason why there is none.

        Args:
            source: the candidate.
            subset: the inputs to run on, by index and in that order; None runs on all.
            watch: called in this process and thread while answers are still missing, after each
                `CHUNK` of them, after several, or never. Once it says False the candidate is
                ended, and has `Failed("abandoned")`; the next one finds the session as ever.
        """

    @abstractmethod
    def close(self) -> None:
        """End every process of this session. Closing twice is harmless."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Sandbox(ABC):
    """A way to run untrusted source, with its limits. Immutable, and picklable for executors."""

    @property
    @abstractmethod
    def isolation(self) -> str:
        """What this host really enforces, layer by layer, as one short line."""

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules that a candidate may import, for whoever writes candidates."""
        return MODULES

    @abstractmethod
    def session(self, inputs: Sequence[Value], *, workers: int = 1, hash_seed: int = 0) -> Session:
        """A session over `inputs` with up to `workers` candidates at a time.

        `hash_seed` fixes the order of sets and the `hash` of strings inside the sandbox.
        Raises `DataError` naming the first input that cannot be carried by value.
        """

    def run(self, source: str, inputs: Sequence[Value]) -> Ran | Failed:
        """One program on inputs that no other program will need: as a session that runs it.

        Raises `DataError` naming the first input that cannot be carried by value.
        """
        with self.session(inputs) as session:
            return session.run(source)
