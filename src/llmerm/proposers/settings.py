"""What decides a model's replies beside prompt and seed."""

from __future__ import annotations

from dataclasses import dataclass

from llmerm.errors import ArgumentError
from llmerm.proposers.capabilities import check_effort
from llmerm.proposers.concessions import Body
from llmerm.proposers.model import Prompt

SCHEMA: Body = {
    "type": "object",
    "properties": {"code": {"type": "string"}},
    "required": ["code"],
    "additionalProperties": False,
}
"""What a structured reply is held to: one program as text."""

OVERHEAD = 512
"""Tokens that an API may add to a prompt: roles, the schema, what a model is told of a tool."""


@dataclass(frozen=True)
class Settings:
    """What a model is asked for.

    Attributes:
        effort: how hard it is to think, in its provider's words; None for its default.
        temperature: of sampling; None for its default.
        max_output_tokens: the most it may write, reasoning included.
        structured: whether its reply is to be held to `SCHEMA`.
        code_interpreter: whether it may run code at its provider.
    """

    effort: str | None
    temperature: float | None
    max_output_tokens: int
    structured: bool
    code_interpreter: bool = False

    def __post_init__(self) -> None:
        check_effort(self.effort)
        if self.max_output_tokens < 1:
            raise ArgumentError(
                f"`max_output_tokens` must be at least 1, got {self.max_output_tokens}."
            )
        if self.temperature is not None and not 0 <= self.temperature <= 2:
            raise ArgumentError(f"`temperature` must be from 0 to 2, got {self.temperature}.")


def check_above_zero(**given: float) -> None:
    """Nothing, if all are above zero.

    Raises:
        ArgumentError: with the name and the value of one that is not.
    """
    for name, value in given.items():
        if not value > 0:
            raise ArgumentError(f"`{name}` must be above 0, got {value!r}.")


def most_tokens(prompt: Prompt) -> int:
    """An upper bound of a prompt's tokens: none is shorter than a byte.

    >>> most_tokens(Prompt("", "0110")) - OVERHEAD
    4
    """
    return len(prompt.system.encode()) + len(prompt.user.encode()) + OVERHEAD
