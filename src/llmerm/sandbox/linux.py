"""The Linux sandbox: a pool of zygotes, each behind every wall that the host offers."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from llmerm.errors import ArgumentError, NoSandboxError
from llmerm.sandbox import bwrap, filter, interpreter, modules, packages, standby
from llmerm.sandbox.base import Sandbox, Session
from llmerm.sandbox.inputs import Inputs, pack
from llmerm.sandbox.limits import check_limits
from llmerm.sandbox.pool import PooledSession
from llmerm.sandbox.probe import Host, probe
from llmerm.sandbox.strict import StrictSession
from llmerm.sandbox.worker import Worker, source
from llmerm.typing import Failed, Ran, Value

if TYPE_CHECKING:
    from llmerm.sandbox.zygote import Setup

LAYERS = ("seccomp", "landlock", "namespaces")
"""The walls, from the main one to the outer ones; limits on resources always apply."""


@dataclass(frozen=True)
class LinuxSandbox(Sandbox):
    """Runs candidates in forks of a process that holds the inputs, behind seccomp and more.

    Args:
        cpu_seconds: CPU time for loading a module, and again for each started block of 1,000
            inputs that it runs on. Wall time is limited to four times that and a second.
        memory_mb: address space in MiB beyond what the process has before the candidate comes.
        unsafe: run without seccomp where the host does not have it.
        strict: make each call in a process of its own, which holds no other input; see
            `StrictSession`. That costs some 2 to 3 ms an input.
        allow: installed packages, such as "numpy", that candidates may import beyond the standard
            library. They are loaded before any candidate comes, behind the same walls.

    Raises:
        ArgumentError: if a limit is not positive, or a package is not to be had.

    >>> sandbox = LinuxSandbox(cpu_seconds=0.5)
    >>> with sandbox.session([1, 2, 3]) as session:
    ...     session.run("def f(x): return x * x").predictions
    (1, 4, 9)
    """

    cpu_seconds: float = 1.0
    memory_mb: int = 512
    unsafe: bool = False
    strict: bool = False
    allow: tuple[str, ...] = ()
    _layers: tuple[str, ...] | None = None  # for tests: exactly these, instead of the best

    def __post_init__(self) -> None:
        check_limits(self.cpu_seconds, self.memory_mb)
        object.__setattr__(self, "allow", packages.checked(self.allow))

    def layers(self) -> tuple[str, ...]:
        """The walls that this host puts around a candidate.

        Raises:
            NoSandboxError: if seccomp is not among them, and `unsafe` was not asked for.
        """
        offered = _offered(probe())
        layers = offered if self._layers is None else self._layers
        if lacking := [name for name in layers if name not in offered]:
            raise NoSandboxError(
                f"this host does not offer {', '.join(lacking)}. {probe().lacks()}"
            )
        if not probe().fork or ("seccomp" not in layers and not self.unsafe):
            raise probe().unsafe()
        return layers

    @property
    def isolation(self) -> str:
        """What this host really enforces, layer by layer, as one short line."""
        layers = self.layers()
        parts = [f"landlock {probe().landlock}" if name == "landlock" else name for name in layers]
        parts += ["user nobody"] if _drops_root(layers) else []
        parts += ["one input at a time"] if self.strict else []
        parts += ["resource limits"]
        parts += [f"with {packages.versions(self.allow)}"] if self.allow else []
        line = ", ".join(parts)
        return line if "seccomp" in layers else f"UNSAFE, no seccomp: {line}"

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules that a candidate may import: of the standard library, and `allow`."""
        return modules.MODULES + self.allow

    def session(self, inputs: Sequence[Value], *, workers: int = 1, hash_seed: int = 0) -> Session:
        """A session over `inputs` with up to `workers` candidates at a time; see `Sandbox`."""
        packed = pack(inputs)
        if not self.strict:
            return self._pool(packed, workers, hash_seed)
        pool = self._pool(Inputs(), workers, hash_seed)
        return StrictSession(pool, packed, cpu_seconds=self.cpu_seconds)

    def run(self, source: str, inputs: Sequence[Value]) -> Ran | Failed:
        """One program on inputs that no other program will need, on several cores."""
        if self.strict:
            return super().run(source, inputs)
        with standby.ready(self, self._empty) as pool:
            return standby.run(pool, source, inputs)

    def _empty(self) -> PooledSession:
        return self._pool(Inputs(), standby.WORKERS, hash_seed=0)

    def _pool(self, packed: Inputs, workers: int, hash_seed: int) -> PooledSession:
        if workers < 1:
            raise ArgumentError(f"`workers` must be at least 1, got {workers}.")
        if not 0 <= hash_seed < 2**32:
            raise ArgumentError(f"`hash_seed` must be from 0 to 2**32 - 1, got {hash_seed}.")
        layers = self.layers()
        folders = packages.folders(self.allow)
        environment = interpreter.environment(hash_seed, packages=bool(folders))
        command = [interpreter.path()]
        if "namespaces" in layers:
            command = [*bwrap.command(probe().bwrap, environment, folders), *command]
        setup = self._setup(packed, layers, folders, hash_seed)
        return PooledSession(
            lambda: Worker(command, environment, setup), inputs=len(packed), workers=workers
        )

    def _setup(
        self, packed: Inputs, layers: tuple[str, ...], folders: tuple[str, ...], hash_seed: int
    ) -> Setup:
        return {
            "child": source("child"),
            "held": source("held"),
            "relay": source("relay"),
            "modules": modules.MODULES + modules.LOADED_ON_USE,
            "packages": self.allow,
            "folders": folders,
            "inputs": packed.sent(),
            "filter": filter.program() if "seccomp" in layers else b"",
            "landlock": _ruleset(probe().landlock) if "landlock" in layers else b"",
            "nobody": _drops_root(layers),
            "cpu_seconds": float(self.cpu_seconds),
            "memory_bytes": int(self.memory_mb * 2**20),
            "seed": hash_seed,
        }


def _offered(host: Host) -> tuple[str, ...]:
    has = {"seccomp": host.seccomp, "landlock": host.landlock, "namespaces": host.bwrap}
    return tuple(name for name in LAYERS if has[name])


def _drops_root(layers: tuple[str, ...]) -> bool:
    return probe().root and "namespaces" not in layers


def _ruleset(abi: int) -> bytes:
    """The landlock ruleset that denies all this ABI knows: struct landlock_ruleset_attr.

    The access rights are those of linux/landlock.h: 13 on files, then refer, truncate and device
    ioctls; two on TCP; two scopes, abstract sockets and signals.
    """
    files = 13 + (abi >= 2) + (abi >= 3) + (abi >= 5)
    parts = [2**files - 1, *([0b11] if abi >= 4 else []), *([0b11] if abi >= 6 else [])]
    return struct.pack(f"<{len(parts)}Q", *parts)
