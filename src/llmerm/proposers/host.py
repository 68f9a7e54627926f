"""The server of a local model from its first call to `aclose`, and the line to it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from llmerm.errors import LlmermError
from llmerm.proposers import engines
from llmerm.proposers.clients import openai_client
from llmerm.proposers.concessions import Concessions
from llmerm.proposers.endpoint import Endpoint
from llmerm.proposers.line import Line
from llmerm.proposers.model import Fault
from llmerm.proposers.server import Server
from llmerm.typing import Usage

if TYPE_CHECKING:
    from openai import AsyncOpenAI

CALL_SECONDS = 1200.0


@dataclass
class Host:
    """Starts a server when it is needed, and anew where it has died.

    Attributes:
        path: the model's file, or None for the packaged one.
        program: the path of a `llama-server`, or None to look for one.
        slots: replies to write at a time, where the engine can.
        context: tokens of a prompt and its reply together.
        threads: to compute with; None for the default.
        start_seconds: wall seconds that loading may take.
        server: the one that runs or starts, if any.
    """

    path: str | os.PathLike[str] | None
    program: str | None
    slots: int
    context: int
    threads: int | None
    start_seconds: float
    server: Server | None = None
    _line: Line[AsyncOpenAI] | None = None
    _starting: threading.Lock = field(default_factory=threading.Lock)

    @property
    def replies_per_call(self) -> int:
        """How many replies a call can give; where there is no engine yet, as many as asked for."""
        with contextlib.suppress(LlmermError):
            if not engines.find(self.program).gives_many:
                return 1
        return self.slots

    @property
    def weights(self) -> str | None:
        """The name and the size of the model's file; None where it is not there."""
        with contextlib.suppress(LlmermError):
            file = engines.weights(self.path)
            return f"{file.name}, {file.stat().st_size} bytes"
        return None

    def line(self) -> Line[AsyncOpenAI]:
        """The line to the server, which is started if it does not run. It blocks meanwhile.

        Raises:
            Fault: if it cannot be started.
        """
        with self._starting:
            if self.server is None or self._line is None or not self.server.is_alive:
                self._line = self._started()
            return self._line

    def explained(self, fault: Fault) -> Fault:
        """The fault, with the last lines of a server that has died; the next call starts anew."""
        if self.server is None or self.server.is_alive:
            return fault
        message = f"the local server ended. What it wrote last:\n{self.server.said()}"
        return Fault(message, "transient", usage=fault.usage)

    async def aclose(self) -> None:
        """Closes the connections and stops the server, one that is still starting as well."""
        line, self._line = self._line, None
        server, self.server = self.server, None
        if line is not None:
            await line.aclose()
        if server is not None:
            await asyncio.to_thread(server.stop)

    def _started(self) -> Line[AsyncOpenAI]:
        try:
            self.server = server = self._made()
            server.start()
        except LlmermError as error:
            raise Fault(str(error), "fatal", usage=Usage()) from error
        if self.server is not server:  # closed meanwhile: nobody waits for it any more
            server.stop()
        return _line_to(server)

    def _made(self) -> Server:
        engine, file = engines.find(self.program), engines.weights(self.path)
        slots = self.slots if engine.gives_many else 1
        threads = self.threads or engines.threads()
        load = engines.Load(file, slots=slots, context=self.context, threads=threads)
        return Server(engine, load, start_seconds=self.start_seconds)


def _line_to(server: Server) -> Line[AsyncOpenAI]:
    endpoint = Endpoint(server.url, "LLMERM_LOCAL_KEY", server.key)
    return Line(endpoint, openai_client, concessions=Concessions(), timeout=CALL_SECONDS)
