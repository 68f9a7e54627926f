"""The interface of a wire: one of OpenAI's two ways to be asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Literal

from llmerm.proposers.concessions import Body
from llmerm.proposers.gathering import Gathering
from llmerm.proposers.model import Prompt

if TYPE_CHECKING:
    from openai import AsyncOpenAI


class Wire(ABC):
    """What is sent to an API, and how its answers are read.

    Attributes:
        path: where on the server the API is.
        gives_several: whether a call can ask for several replies.
    """

    path: Literal["/v1/responses", "/v1/chat/completions"]
    gives_several: bool

    @abstractmethod
    def body(self, prompt: Prompt, *, draws: int, seed: int) -> Body:
        """What to send for so many replies, but for the model's name.

        Args:
            prompt: what is asked.
            draws: how many replies.
            seed: of the first one, for APIs that take one.
        """

    @abstractmethod
    async def stream(self, client: AsyncOpenAI, body: Body, into: Gathering) -> None:
        """Sends a body and gathers what comes; leaving early ends the call at the server."""

    @abstractmethod
    def whole(self, answer: object, into: Gathering) -> None:
        """Gathers an answer that came at once."""
