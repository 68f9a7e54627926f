"""The interface of a model: one prompt in, independent replies out, through somebody's API."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from llmerm.errors import LlmermError
from llmerm.samples import Samples
from llmerm.typing import Usage, Value

if TYPE_CHECKING:
    from llmerm.proposers.batch import Batches

Stop: TypeAlias = Literal["end", "length", "refusal"]
"""Why a reply ended: by itself, cut off at the token limit, or because the model declined."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is asked.

    Attributes:
        system: who the model is to be; the same in all draws.
        shared: the training samples and the task; the same in all draws, byte by byte, so that a
            provider can cache it.
        last: what differs between draws; empty by default.
        asks_program: whether the reply is to be a program; then it is held to the schema of one,
            where the model takes a schema.
    """

    system: str
    shared: str
    last: str = ""
    asks_program: bool = True

    @property
    def user(self) -> str:
        """The user's message: what is shared, then what differs."""
        return self.shared + self.last

    def __str__(self) -> str:
        return f"{self.system}\n\n{self.user}"


@dataclass(frozen=True, slots=True)
class Request:
    """One call: a prompt, and the draws that its replies stand for.

    Attributes:
        prompt: what is asked.
        draws: the numbers of the draws; at most `Model.replies_per_call` of them.
        seed: of the run. The reply for draw d is seeded with seed + d where the server takes one.
        number: by which a batch of several runs knows a request of one draw; None for the draw's.
    """

    prompt: Prompt
    draws: tuple[int, ...]
    seed: int = 0
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model answered for one draw, and what it cost.

    `usage.calls` and the tokens in are counted once a call, with the call's first reply.
    """

    text: str
    stop: Stop = "end"
    usage: Usage = field(default_factory=Usage)


class Fault(LlmermError):
    """A call that failed, in the words of the server, without a key in it.

    Attributes:
        kind: "transient" (try again), "overloaded" (try again, with fewer calls at a time),
            "rejected" (the server will not answer this request), or "fatal" (it will answer no
            request of this kind: a wrong key, no such model, no money).
        after: seconds that the server asks to wait, or None.
        usage: what the failed call is known to have cost.
        prompt_tokens: how long the server counts the prompt, if that is what is wrong with it.
        limit_tokens: how long it may be.
    """

    def __init__(
        self,
        message: str,
        kind: Literal["transient", "overloaded", "rejected", "fatal"],
        *,
        after: float | None = None,
        usage: Usage | None = None,
        prompt_tokens: int | None = None,
        limit_tokens: int | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.after = after
        self.usage = usage or Usage(calls=1)
        self.prompt_tokens = prompt_tokens
        self.limit_tokens = limit_tokens


Began: TypeAlias = Callable[[], None]
"""Called when the first part of a reply arrives: from then on its prompt is in the cache."""


class Model(ABC):
    """A model behind an API. Subclass it to speak to another kind of server.

    The law: one `ask` is one call. It never retries, and a cancelled `ask` ends the call at the
    server. It raises nothing but `Fault` (and cancellation).
    """

    name: str = "model"

    replies_per_call: int = 1
    """How many replies one call can give."""

    concurrency: int = 8
    """How many calls at a time, at most, over all fits of this process that ask the same."""

    @property
    def identity(self) -> Hashable:
        """What calls that a provider limits together have in common; by default the model itself.

        For models behind an API it stands for the endpoint, the key and the model's name, with no
        key in it. Fits side by side that ask the same find one limit together.
        """
        return id(self)

    @property
    def parameters(self) -> Mapping[str, Value]:
        """All that decides a reply beside prompt and seed; never a key."""
        return {}

    def prompt(self, train: Samples, modules: Sequence[str]) -> Prompt | None:
        """The model's own way to be asked, or None for the common one.

        `modules` is what programs may import.
        """
        return None

    @abstractmethod
    async def ask(self, request: Request, began: Began) -> Sequence[Reply]:
        """A reply for each of the request's draws, in their order, or for the first of them.

        One at the least: for draws that a call gave no reply to, there is another.

        Raises:
            Fault: if the server gave no reply.
        """

    @abstractmethod
    def cost(self, prompt: Prompt, replies: int) -> Usage:
        """The most that one call can cost: an upper bound of the tokens, and their price.

        `usd` is 0 where the price is unknown; see `priced`.
        """

    @property
    def priced(self) -> bool:
        """Whether a price is known, so that a budget in dollars can be held. Free counts."""
        return True

    @property
    def batches(self) -> Batches | None:
        """The provider's batch endpoint, or None if it has none."""
        return None

    async def aclose(self) -> None:  # noqa: B027 - many hold nothing
        """Ends what the model holds: connections, a server. A later `ask` opens them again."""
