"""OpenAI's chat completions, as many servers speak them: what is sent, and how it is read."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterator, Sequence

from llmerm.proposers.concessions import Body
from llmerm.proposers.gathering import Counts, Draft, Gathering, count_of, items_of, of, text_of
from llmerm.proposers.model import Prompt, Stop
from llmerm.proposers.settings import SCHEMA, Settings

_STOPS: dict[str, Stop] = {"length": "length", "content_filter": "refusal"}


def body_of(prompt: Prompt, settings: Settings, *, draws: int, seed: int, hosted: bool) -> Body:
    """What to send, but for the model's name.

    Args:
        prompt: what is asked.
        settings: what is asked for.
        draws: how many replies.
        seed: of the first reply; servers that take one seed reply i with seed + i.
        hosted: whether the server is OpenAI's own, which names the limit of tokens otherwise.
    """
    limit = "max_completion_tokens" if hosted else "max_tokens"
    body: Body = {
        "messages": [
            {"role": "system", "content": prompt.system},
            {"role": "user", "content": prompt.user},
        ],
        limit: settings.max_output_tokens,
        "seed": seed % 2**31,
        "stream_options": {"include_usage": True},
    }
    if draws > 1:
        body["n"] = draws
    if settings.effort is not None:
        body["reasoning_effort"] = settings.effort
    if settings.temperature is not None:
        body["temperature"] = settings.temperature
    if settings.structured:
        schema: Body = {"name": "program", "strict": True, "schema": SCHEMA}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body


async def read(chunks: AsyncIterable[object], into: Gathering) -> None:
    """Gathers the replies of one call."""
    async for chunk in chunks:
        for choice in items_of(chunk, "choices"):
            into.begin()
            take(choice, into.draft(of(choice, "index")), "delta")
        if of(chunk, "usage") is not None:
            into.counts = counts_of(of(chunk, "usage"))
        if into.is_full:
            return


def take(choice: object, draft: Draft, part: str) -> None:
    """Adds what a choice says to its draft; `part` is "delta" on a stream, else "message"."""
    if text := text_of(choice, part, "content"):
        draft.add(text)
    elif text_of(choice, part, "reasoning_content") or text_of(choice, part, "reasoning"):
        draft.pieces += 1
    if refusal := text_of(choice, part, "refusal"):
        draft.add(refusal)
        draft.stop = "refusal"
    if (reason := text_of(choice, "finish_reason")) and draft.stop is None:
        draft.stop = _STOPS.get(reason, "end")


def counts_of(usage: object) -> Counts:
    """The tokens of a call, from the server's own fields."""
    return Counts(
        tokens_in=count_of(usage, "prompt_tokens"),
        cached=count_of(usage, "prompt_tokens_details", "cached_tokens"),
        written=count_of(usage, "prompt_tokens_details", "cache_write_tokens"),
        out=count_of(usage, "completion_tokens"),
        reasoning=count_of(usage, "completion_tokens_details", "reasoning_tokens"),
    )


def runs(draws: Sequence[int], most: int) -> Iterator[tuple[int, ...]]:
    """The draws in runs of consecutive numbers, none longer than `most`.

    Servers seed reply i of a call with its seed + i: a gap within a call would give one draw the
    seed, and so the very reply, of another.
    """
    run: tuple[int, ...] = ()
    for draw in draws:
        if run and (draw != run[-1] + 1 or len(run) == most):
            yield run
            run = ()
        run += (draw,)
    yield run
