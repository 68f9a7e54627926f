"""What the tests of executors share: programs, samples, and what must not depend on where."""

from __future__ import annotations

from dataclasses import replace

import pytest

import llmerm
from llmerm.typing import Scored

SAMPLES = llmerm.Samples.of([(i, i % 2) for i in range(1200)])
RIGHT, WRONG = "def f(x): return x % 2", "def f(x): return 1 - x % 2"
SCRIPT = [
    WRONG,
    "def f(x): return x % 2 if x % 50 else 0",
    WRONG + "\n# again",
    "def f(x): return 0 * x",
    "def f(x): return 1 // 0",
    "this is no program",
    "def f(x): return x % 2 if x % 7 else [x]",
    RIGHT,
]


def essence(result: llmerm.FitResult) -> object:
    """What a result says, without the seconds that it took."""
    verdicts = [
        replace(c.verdict, cpu_seconds=0.0) if isinstance(c.verdict, Scored) else c.verdict
        for c in result.candidates
    ]
    return result.chosen, verdicts, result.certificate, result.stopped


@pytest.fixture(scope="session")
def on_this_machine() -> tuple[object, object]:
    """What `fit` and `verify` say without an executor."""
    return both(None)


def both(executor) -> tuple[object, object]:
    """What `fit` and `verify` say on an executor."""
    proposer = llmerm.ScriptedProposer(SCRIPT)
    fitted = llmerm.fit(SAMPLES, k=8, proposer=proposer, executor=executor)
    return essence(fitted), essence(llmerm.verify(SCRIPT, SAMPLES, executor=executor))
