"""Hostile programs get nothing, and the next honest program scores right."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from llmerm.sandbox.pool import PooledSession
from llmerm.typing import Failed, Ran

from .attacks import ATTACKS, ESCAPED, MARK
from .conftest import BITS, at_level

HONEST = "def f(x): return x.count('1') % 2"
EXPECTED = tuple(x.count("1") % 2 for x in BITS)


@pytest.fixture(scope="module")
def target(level: str) -> Iterator[PooledSession]:
    """A session whose host has something to steal and something to spoil."""
    os.environ["LLMERM_SECRET"] = "sk-secret"
    with at_level(level, cpu_seconds=0.2, memory_mb=64).session(BITS) as session:
        yield session
    del os.environ["LLMERM_SECRET"]


@pytest.mark.parametrize("name", ATTACKS)
def test_contained(name: str, target: PooledSession) -> None:
    """It does not get what it wants, ends with a fitting reason, and the next one is unharmed."""
    attack = ATTACKS[name]
    outcome = target.run(attack.source)
    if isinstance(outcome, Failed):
        assert outcome.reason in attack.reasons, outcome
    else:
        assert ESCAPED not in outcome.predictions
    honest = target.run(HONEST)
    assert isinstance(honest, Ran), honest
    assert honest.predictions == EXPECTED
    assert not list(Path("/tmp").glob(f"{MARK}*"))


@pytest.mark.parametrize("name", [name for name, a in ATTACKS.items() if a.works_bare])
def test_would_work_outside(name: str) -> None:
    """The attack succeeds in a plain interpreter, so that its failure above means something."""
    source = ATTACKS[name].source + "\nprint(f('0'))"
    try:
        done = subprocess.run(
            [sys.executable, "-c", source],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "LLMERM_SECRET": "sk-secret"},
        )
    finally:
        for path in Path("/tmp").glob(f"{MARK}*"):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    assert done.stdout.strip() == ESCAPED, done.stderr
