"""Every level of isolation that this host can give, and a session at each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from llmerm.sandbox.linux import LinuxSandbox
from llmerm.sandbox.pool import PooledSession
from llmerm.sandbox.probe import probe
from llmerm.typing import Failed, Ran

HOST = probe()
LEVELS = {
    "full": ("seccomp", "landlock", "namespaces"),
    "plain": ("seccomp", "landlock"),
    "seccomp": ("seccomp",),
}
OFFERED = {"seccomp": HOST.seccomp, "landlock": HOST.landlock, "namespaces": HOST.bwrap}
BITS = [format(i, "08b") for i in range(24)]


def at_level(name: str, *, cpu_seconds: float = 0.3, memory_mb: int = 128) -> LinuxSandbox:
    if lacking := [layer for layer in LEVELS[name] if not OFFERED[layer]]:
        pytest.skip(f"this host does not offer {lacking}: {HOST.missing}")
    return LinuxSandbox(cpu_seconds, memory_mb, _layers=LEVELS[name])


@pytest.fixture(scope="package", params=LEVELS)
def level(request: pytest.FixtureRequest) -> str:
    """The name of a level of isolation."""
    return str(request.param)


@pytest.fixture(scope="package")
def limited(level: str) -> Iterator[PooledSession]:
    """A session over strings of eight bits, with tight limits."""
    with at_level(level).session(BITS) as session:
        yield session


@pytest.fixture
def sandbox() -> LinuxSandbox:
    """The best sandbox of this host, with limits that honest programs do not notice."""
    return LinuxSandbox(cpu_seconds=2.0)


def predictions(outcome: Ran | Failed) -> tuple[object, ...]:
    """What a candidate predicted, which must have run."""
    assert isinstance(outcome, Ran), outcome
    return tuple(outcome.predictions)
