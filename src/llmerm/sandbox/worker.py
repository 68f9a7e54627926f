"""A zygote as the parent sees it: started, asked, read with a deadline, and ended."""

from __future__ import annotations

import contextlib
import functools
import marshal
import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import IO, TYPE_CHECKING, Any, NamedTuple, NoReturn, cast

from llmerm.errors import SandboxError
from llmerm.sandbox import relay, zygote
from llmerm.sandbox.base import Watch
from llmerm.sandbox.inputs import Inputs
from llmerm.sandbox.interpreter import FLAGS
from llmerm.sandbox.reply import BadReply, Reply, outcome
from llmerm.sandbox.text import clean
from llmerm.typing import Failed, Ran

if TYPE_CHECKING:
    from llmerm.sandbox.zygote import Setup

_START_SECONDS = 60.0
_GRACE_SECONDS = 10.0


class WorkerLost(Exception):
    """The zygote was gone before it took the request; no candidate is to blame."""


class Request(NamedTuple):
    """One candidate: its source, the indices to run on (None for all), and how many these are.

    `given` are inputs to run on in place of those that the zygote holds.
    """

    source: str
    subset: list[int] | range | None
    calls: int
    given: Inputs | None = None

    def packed(self) -> bytes:
        """The request as the zygote takes it."""
        some = self.subset
        places = (some.start, some.stop, some.step) if isinstance(some, range) else some
        given = None if self.given is None else self.given.sent()
        return marshal.dumps((self.source, places, given))


class Worker:
    """One zygote. One thread at a time may use it; only `kill` may be called from another.

    Args:
        command: what starts the interpreter.
        environment: all that it finds in its environment.
        setup: the first message.

    Raises:
        SandboxError: if it cannot be started.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], setup: Setup
    ) -> None:
        self._cpu_seconds = setup["cpu_seconds"]
        self._serving = self._busy = False
        ours, theirs = socket.socketpair()
        with theirs, contextlib.ExitStack() as undo:
            undo.enter_context(ours)
            self._process = _start(command, environment, theirs.fileno())
            undo.pop_all()
        self._socket, self._frames = ours, ours.makefile("rb")
        self._socket.settimeout(_START_SECONDS)
        message = marshal.dumps(cast("dict[str, Any]", setup))
        try:
            self._socket.sendall(zygote.LENGTH.pack(len(message)))
            self._socket.sendall(message)
        except (ConnectionError, TimeoutError):
            self._give_up()

    @property
    def ready(self) -> bool:
        """Whether it can take a request: no reply is half read, and its process runs."""
        return not self._busy and self._process.poll() is None

    def run(self, request: Request, watch: Watch | None = None) -> Ran | Failed:
        """What the candidate answered, or the reason why there is nothing.

        Args:
            request: the candidate.
            watch: shown the answers so far; the candidate is ended once it says False.

        Raises:
            WorkerLost: if the zygote was gone before it took the request.
            SandboxError: if it never came up.
        """
        self._busy = True  # until the reply is read to its end, whatever interrupts this
        self._await_serving()
        body = request.packed()
        try:
            self._socket.sendall(zygote.REQUEST.pack(len(body), request.calls) + body)
        except (ConnectionError, TimeoutError) as error:
            raise WorkerLost from error
        return self._outcome(Reply(request.calls), watch)

    def _await_serving(self) -> None:
        if self._serving:
            return
        try:
            self._serving = self._frame()[0] == zygote.SERVING
        except (ConnectionError, TimeoutError):
            self._give_up()
        self._stderr.close()

    def _outcome(self, reply: Reply, watch: Watch | None) -> Ran | Failed:
        seconds = relay.wall_seconds(self._cpu_seconds, reply.calls)
        self._socket.settimeout(_GRACE_SECONDS + seconds)
        try:
            flaw, report = self._read(reply, watch)
            self._busy = False
        except (ConnectionError, TimeoutError) as error:
            if not reply.locked_down:  # so nothing of the candidate has run yet
                raise WorkerLost from error
            return Failed("crash", "its process was lost, and with it the reply")
        return outcome(reply, flaw, *zygote.REPORT.unpack(report))

    def _read(self, reply: Reply, watch: Watch | None) -> tuple[str, bytes]:
        """What is wrong with the reply, empty for nothing, and the report of the end."""
        flaw = ""
        while (frame := self._frame())[0] == zygote.DATA:
            if flaw or reply.abandoned:
                continue
            known = len(reply.predictions)
            try:
                reply.feed(frame[1])
            except BadReply as error:
                flaw = str(error)
            if not watch or flaw or not reply.unfinished or len(reply.predictions) == known:
                continue
            if not watch(reply.predictions):
                reply.abandoned = True
                self._socket.sendall(zygote.STOP)
        return flaw, frame[1]

    def _frame(self) -> tuple[int, bytes]:
        kind, size = zygote.FRAME.unpack(self._exactly(zygote.FRAME.size))
        return kind, self._exactly(size)

    def _exactly(self, size: int) -> bytes:
        data = self._frames.read(size)
        if len(data) < size:
            raise ConnectionError("the zygote closed its end")
        return data

    @property
    def _stderr(self) -> IO[bytes]:
        assert self._process.stderr is not None
        return self._process.stderr

    def _give_up(self) -> NoReturn:
        self.kill()
        said = self._stderr.read().decode(errors="replace").strip().splitlines()
        self.close()
        raise SandboxError(
            f"a sandbox process did not start: {clean(said[-1]) if said else 'it said nothing'}. "
            "See `llmerm.sandbox.probe.probe()` for what this host offers."
        ) from None

    def kill(self) -> None:
        """Ends every process of this worker at once; `run` then ends with a reason."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Ends it and gives its resources back."""
        self.kill()
        self._process.wait()
        self._stderr.close()
        self._frames.close()
        self._socket.close()


def _start(
    command: Sequence[str], environment: Mapping[str, str], fd: int
) -> subprocess.Popen[bytes]:
    proc = _open_proc()
    inside = [fd] if proc < 0 else [fd, proc]
    try:
        return subprocess.Popen(
            [*command, *FLAGS, "-c", source("zygote"), str(fd), str(proc)],
            pass_fds=inside,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=dict(environment),
            start_new_session=True,  # Ctrl-C does not reach it, and `kill` reaches all of it
            cwd="/",
        )
    except OSError as error:
        raise SandboxError(f"a sandbox process could not be started: {error}") from error
    finally:
        if proc >= 0:
            os.close(proc)


def _open_proc() -> int:
    """A descriptor of /proc: inside the namespaces, the zygote cannot reach it by name."""
    try:
        return os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return -1


@functools.cache
def source(module: str) -> str:
    """The source of a module of this folder, which runs where the library cannot be imported."""
    return (resources.files("llmerm.sandbox") / f"{module}.py").read_text(encoding="utf-8")
