"""What an experiment is asked for; what is left out takes the experiment's own default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llmerm.errors import ArgumentError
from llmerm.experiments.methods import Method, Subject
from llmerm.tasks.base import Task


@dataclass(frozen=True, kw_only=True)
class Options:
    """The choices that every experiment shares. Empty or None takes the experiment's default.

    Attributes:
        tasks: names out of `llmerm.tasks`, titles of the published table, or tasks.
        methods: proposers and baselines, by name or as objects.
        m: numbers of samples.
        n: the length of the inputs that are learned from.
        lengths: lengths to test at, for experiments that ask for them.
        seeds: one cell for each.
        k: programs that a proposer may draw.
        n_test: fresh test samples.

    Raises:
        ArgumentError: if a number is out of its range, or one thing is there in place of several.

    >>> Options(seeds=(0,)).k
    16
    """

    tasks: tuple[str | Task, ...] = ()
    methods: tuple[Subject | Method, ...] = ()
    m: tuple[int, ...] = ()
    n: int | None = None
    lengths: tuple[int, ...] = ()
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)
    k: int = 16
    n_test: int = 10_000

    def __post_init__(self) -> None:
        for name in ("tasks", "methods", "m", "lengths", "seeds"):
            value = getattr(self, name)
            if isinstance(value, str) or not isinstance(value, Sequence):
                raise ArgumentError(
                    f"`{name}` is {value!r:.60}, expected several: ({value!r:.60},)."
                )
        for name, least in (("m", 2), ("lengths", 1), ("seeds", 0)):
            for value in getattr(self, name):
                _check(name, value, least)
        for name in ("k", "n_test", *(("n",) if self.n is not None else ())):
            _check(name, getattr(self, name), 1)
        if not self.seeds:
            raise ArgumentError("`seeds` is empty, expected at least one: (0,), say.")


def _check(name: str, value: object, least: int) -> None:
    if type(value) is not int or value < least:
        raise ArgumentError(f"`{name}` must be integers of at least {least}, got {value!r}.")
