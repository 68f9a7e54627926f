"""Hostile programs get nothing, and the next honest program scores right."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from unittest.mock import patch

import pytest

from llmerm.losses import ZERO_ONE
from llmerm.program import Program
from llmerm.samples import Samples
from llmerm.sandbox.pool import PooledSession
from llmerm.typing import Failed, Ran, SampleError, Scored, Verdict
from llmerm.verifier import Verifier

from .attacks import ATTACKS, ESCAPED, MARK, SECRET_FILE, Attack
from .conftest import BITS, at_level

IMPURE = [name for name in ATTACKS if name.startswith("purity:")]
WITH_NUMPY = [name for name in ATTACKS if name.startswith("packages:")]
CONTAINED = [name for name in ATTACKS if name not in {*IMPURE, *WITH_NUMPY}]
HONEST = "def f(x): return x.count('1') % 2"
HONEST_WITH_NUMPY = """
import numpy as np
def f(x):
    bits = np.frombuffer(x.encode(), np.uint8) - ord("0")
    return np.sum(bits) % 2 + np.float64(0) * np.linalg.det(np.eye(3))
"""
BEFORE = f"{HONEST}\n" * 60  # so long that the memory it was in is not soon used again
LABELS = [x.count("1") % 2 for x in BITS]
PLAIN = {int, bool, float, str, type(None), list, dict, SampleError}
SECRET = "sk-secret"


@pytest.fixture(scope="module", autouse=True)
def _something_to_steal() -> Iterator[None]:
    """A secret in the environment, and one in a file."""
    SECRET_FILE.write_text(SECRET)
    SECRET_FILE.chmod(0o600)
    with patch.dict(os.environ, {"LLMERM_SECRET": SECRET}):
        yield
    SECRET_FILE.unlink(missing_ok=True)


def left_behind() -> list[Path]:
    return list(chain(Path("/tmp").glob(f"{MARK}*"), Path("/var/tmp").glob(f"{MARK}*")))


@pytest.fixture(scope="module")
def with_numpy(level: str) -> Iterator[PooledSession]:
    """The same with numpy among what a candidate may import."""
    tight = at_level(level, cpu_seconds=0.3, memory_mb=128)
    with replace(tight, allow=("numpy",)).session(BITS) as session:
        yield session


@pytest.fixture(scope="module")
def target(level: str) -> Iterator[PooledSession]:
    """A session whose host has something to steal and something to spoil."""
    with at_level(level, cpu_seconds=0.1, memory_mb=64).session(BITS) as session:
        yield session


def test_enough() -> None:
    """None of the files is lost on the way into this suite."""
    assert len(ATTACKS) >= 250
    assert len({attack.source for attack in ATTACKS.values()}) == len(ATTACKS)


@pytest.mark.parametrize("name", CONTAINED)
def test_contained(name: str, target: PooledSession) -> None:
    """It does not get what it wants, ends as it must, and the next program is unharmed."""
    contain(ATTACKS[name], target, HONEST)


@pytest.mark.parametrize("name", WITH_NUMPY)
def test_contained_with_numpy(name: str, with_numpy: PooledSession) -> None:
    """What numpy can reach is behind the same walls, and the next program's numpy is unharmed."""
    contain(ATTACKS[name], with_numpy, HONEST_WITH_NUMPY)


def contain(attack: Attack, target: PooledSession, honest: str) -> None:
    assert target.run(BEFORE) == ran_with(LABELS)
    outcome = target.run(attack.source)
    assert ESCAPED not in str(outcome)
    if isinstance(outcome, Failed):
        assert outcome.reason in attack.reasons, outcome
    else:
        assert attack.runs, outcome
        assert {*map(type, outcome.predictions)} <= PLAIN
        assert ZERO_ONE.mean(outcome.predictions, LABELS) > 0
    assert target.run(honest) == ran_with(LABELS)
    assert not left_behind()
    assert SECRET_FILE.read_text() == SECRET
    assert SECRET_FILE.stat().st_mode & 0o777 == 0o600


class ran_with:
    """Equal to a `Ran` with these predictions, whatever time it took."""

    def __init__(self, predictions: list[int]) -> None:
        self.predictions = predictions

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ran) and list(other.predictions) == self.predictions

    def __repr__(self) -> str:
        return f"Ran with {self.predictions}"


@pytest.fixture(scope="module")
def judge(level: str) -> Iterator[Verifier]:
    with Verifier(at_level(level, cpu_seconds=0.1, memory_mb=64), workers=1) as verifier:
        yield verifier


@pytest.mark.parametrize("name", IMPURE)
def test_impure(name: str, judge: Verifier) -> None:
    """A program that is no function of its input runs, is then refused, and harms no other."""
    verdict = verified(ATTACKS[name].source, judge)
    assert isinstance(verdict, Failed), verdict
    assert {verdict.reason} == ATTACKS[name].reasons
    honest = verified(HONEST, judge)
    assert isinstance(honest, Scored), honest
    assert honest.train_error == honest.held_out_error == 0


def verified(source: str, judge: Verifier) -> Verdict:
    """The verdict after the second run; the first must give a score."""
    train, held_out = Samples.of(list(zip(BITS, LABELS, strict=True))).split()
    program = Program(source)
    verdict = judge.verify(program, train, held_out)
    assert isinstance(verdict, Scored), verdict
    return judge.confirm(program, train, held_out, verdict=verdict)


@pytest.mark.parametrize("name", [name for name, a in ATTACKS.items() if a.works_bare])
def test_would_work_outside(name: str) -> None:
    """The attack succeeds in a plain interpreter, so that its failure above means something."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", ATTACKS[name].source + "\nprint(f('0'))"],
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
    finally:
        for path in left_behind():
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    assert done.stdout.strip() == ESCAPED, done.stderr
