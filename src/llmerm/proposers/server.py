"""A model's server as a child process on loopback, which never outlives this process."""

from __future__ import annotations

import contextlib
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import weakref
from pathlib import Path
from types import TracebackType
from typing import IO

from llmerm.errors import ArgumentError, ProposerError
from llmerm.proposers import watch
from llmerm.proposers.engines import HOST, Engine, Load, environment

TRIES = 3
"""Another program may take a free port before the server does."""

LOOK_SECONDS = 0.05
END_SECONDS = watch.END_SECONDS + 2.0
LOG_BYTES = 2_000


class Server:
    """A server that runs from `start` to `stop`, or inside of a `with` block.

    A small process of its own watches over it: it ends the server when this process ends,
    however that happens. Ctrl-C in a terminal reaches this process alone.

    Args:
        engine: the program.
        load: what it serves.
        port: to listen on; 0 for a free one.
        start_seconds: wall seconds that loading may take.

    Attributes:
        key: what opens the server, for this process alone.
    """

    def __init__(
        self, engine: Engine, load: Load, *, port: int = 0, start_seconds: float = 300.0
    ) -> None:
        self.engine = engine
        self.load = load
        self.key = secrets.token_hex(16)
        self._wanted_port = port
        self._start_seconds = start_seconds
        self._port = 0
        self._log: IO[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._end: weakref.finalize[..., Server] | None = None

    @property
    def url(self) -> str:
        """The base URL of its API."""
        return f"http://{HOST}:{self._port}/v1"

    @property
    def pid(self) -> int | None:
        """The process that watches over the server, and leads its process group."""
        return self._process.pid if self._process else None

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> Server:
        """Starts it and waits until the model is loaded; nothing where it runs already.

        Raises:
            ArgumentError: if the port is taken.
            ProposerError: if it dies or takes too long, with the last lines that it wrote.
        """
        for tries_left in reversed(range(TRIES)):
            if self.is_alive:
                break
            with contextlib.ExitStack() as undo:
                undo.callback(self.stop)
                self._launch()
                if self._wait() or not tries_left or not self._lost_port():
                    self._check()
                    undo.pop_all()
        return self

    def stop(self) -> None:
        """Ends it and all that it started; nothing where it does not run."""
        if self._end is not None:
            self._end()

    def said(self) -> str:
        """The last lines that it wrote."""
        if self._log is None or self._log.closed:
            return ""
        size = os.fstat(self._log.fileno()).st_size
        tail = os.pread(self._log.fileno(), LOG_BYTES, max(0, size - LOG_BYTES))
        text = tail.decode(errors="replace").replace(self.key, "[key]")
        return text[-LOG_BYTES:].strip()

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _launch(self) -> None:
        self._port = _free_port(self._wanted_port)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - it is read as long as the server runs
        command = self.engine.command(self.load, self._port)
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(watch.__file__)), str(os.getpid()), *command],
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            env=environment(self.key),
            start_new_session=True,
        )
        self._end = weakref.finalize(self, _end, self._process, self._log)

    def _wait(self) -> bool:
        """Whether it answers in time; it may have died instead."""
        until = time.monotonic() + self._start_seconds
        while self.is_alive and time.monotonic() < until:
            if self._answers():
                return self.is_alive
            time.sleep(LOOK_SECONDS)
        return False

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self._port, timeout=5)
        with (
            contextlib.closing(connection),
            contextlib.suppress(OSError, http.client.HTTPException),
        ):
            connection.request(
                "GET", self.engine.health, headers={"Authorization": f"Bearer {self.key}"}
            )
            return connection.getresponse().status == 200
        return False

    def _lost_port(self) -> bool:
        """Whether it died because another program took its port meanwhile."""
        return not (self.is_alive or self._wanted_port) and _is_taken(self._port)

    def _check(self) -> None:
        name, file = self.engine.name, self.load.weights
        if not self.is_alive:
            raise ProposerError(
                f"{name} ended before it served {file}. What it wrote last:\n{self.said()}"
            )
        if not self._answers():
            raise ProposerError(
                f"{name} did not serve {file} within {self._start_seconds:g} seconds. "
                f"What it wrote last:\n{self.said()}"
            )


def _end(process: subprocess.Popen[bytes], log: IO[bytes]) -> None:
    """Tells the watcher to end the server, and ends both if it does not."""
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    log.close()


def _free_port(wanted: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted))
        except OSError as error:
            raise ArgumentError(
                f"the port {wanted} of {HOST} cannot be used: {error.strerror}. "
                "Take another, or 0 for a free one."
            ) from error
        port: int = probe.getsockname()[1]
        return port


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
