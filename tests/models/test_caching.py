"""Prompt caches, batches, and the rules of the stub itself, through the real SDKs."""

from __future__ import annotations

import asyncio

import openai
import pytest

import llmerm
from llmerm.errors import LedgerError, ProposerError
from llmerm.proposers.batch import wait_for
from llmerm.proposers.model import Prompt, Request
from llmerm.proposers.model_proposer import ModelProposer
from llmerm.proposers.openai_responses import Responses
from llmerm.proposers.settings import Settings

from .conftest import model_at
from .stub import KEY, RIGHT, Step, as_json, by_seed
from .stub.rules import Refusal, check

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

LONG = [(format(i * 7919, "0100b"), i % 2) for i in range(200)]
WRONG = as_json("def f(x):\n    return 2")


def test_all_calls_but_the_first_read_the_prompt_from_the_cache(stub, api):
    """They wait until the first reply has begun: before that a cache holds nothing."""
    server = stub(default=Step(WRONG), first=0.1, latency=0.15)
    result = llmerm.fit(LONG, 8, proposer=ModelProposer(model_at(server, api)))
    assert server.log.calls == result.usage.calls == 8
    assert result.usage.tokens_in == server.log.tokens_in
    assert result.usage.tokens_cached == server.log.tokens_cached
    assert 0.8 < server.log.tokens_cached / server.log.tokens_in <= 7 / 8
    assert server.log.arrived[1] - server.log.arrived[0] >= 0.1
    assert (result.usage.tokens_written > 0) == (api == "messages")


def test_calls_that_do_not_wait_read_nothing(stub):
    """The stub's cache is as documented: it is empty until a reply has begun."""
    server = stub(default=Step(WRONG), first=0.3)

    async def both():
        async with openai.AsyncOpenAI(api_key=KEY, base_url=server.url, max_retries=0) as client:
            text = " ".join(x for x, _ in LONG)
            calls = [client.responses.create(model="gpt-5", input=text) for _ in range(2)]
            return await asyncio.gather(*calls)

    assert sum(reply.usage.input_tokens_details.cached_tokens for reply in asyncio.run(both())) == 0


def test_a_batch_gives_a_reply_for_each_draw(stub, api):
    """Submitted once, asked for until it is done."""
    server = stub(polls=3)
    model = model_at(server, api)
    waits = []

    async def sleep(seconds):
        waits.append(seconds)

    async def work():
        requests = [Request(Prompt("s", "odd?"), (draw,)) for draw in range(5)]
        batch = await model.batches.submit(requests)
        found = await wait_for(model.batches, batch, sleep=sleep)
        await model.aclose()
        return found

    found = asyncio.run(work())
    assert sorted(found) == list(range(5))
    assert {reply.text for reply in found.values()} == {as_json(RIGHT)}
    assert all(reply.usage.tokens_out > 0 for reply in found.values())
    assert len(waits) == 2
    assert server.log.calls == 1


def test_a_model_that_never_answers_is_an_error(stub, odd, api):
    """After all attempts of all draws; never an empty success."""
    server = stub(default=Step(fault="500"))
    with pytest.raises(ProposerError, match="never answered"):
        llmerm.fit(odd, 2, proposer=ModelProposer(model_at(server, api), attempts=3))
    assert server.log.calls == 2 * 3


def test_a_draw_that_failed_for_good_is_one_candidate_and_is_made_again(stub, odd, tmp_path):
    """The run goes on without it; when it is resumed only that draw is asked for."""
    server = stub(*[Step(fault="500")] * 2, default=Step(WRONG))
    proposer = ModelProposer(model_at(server, "chat", concurrency=1), attempts=2)
    first = llmerm.fit(odd, 3, proposer=proposer, ledger=tmp_path / "l")
    reasons = [getattr(c.verdict, "reason", None) for c in first.candidates]
    assert reasons == ["provider", None, None]
    assert first.usage.calls == server.log.calls == 4
    again = llmerm.fit(odd, 3, proposer=proposer, ledger=tmp_path / "l")
    assert server.log.calls == 5
    assert [getattr(c.verdict, "reason", None) for c in again.candidates] == [None] * 3


def test_a_ledger_of_another_version_is_refused_before_any_call(stub, odd, tmp_path):
    """Nothing is paid that could not be kept."""
    server = stub()
    (tmp_path / "l").write_text("no ledger, but long enough to be looked at " * 20)
    with pytest.raises(LedgerError, match="cannot be used as a ledger"):
        llmerm.fit(odd, 2, proposer=ModelProposer(model_at(server, "chat")), ledger=tmp_path / "l")
    assert server.log.calls == 0


def test_crowded_out_calls_are_made_again(stub, odd):
    """A server that allows two calls at a time, and a model that is told eight."""
    server = stub(by_seed=by_seed, latency=0.02, at_a_time=2)
    proposer = ModelProposer(model_at(server, "chat"), attempts=30)
    result = llmerm.fit(odd, 12, proposer=proposer, seed=1000)
    assert [c.draw for c in result.candidates] == list(range(12))
    assert server.log.refused > 0
    assert server.log.served == 12


def test_what_openai_itself_is_sent_breaks_none_of_its_rules():
    """The body for the hosted API, whose host no test can reach."""
    prompt = Prompt("system", "shared", "last")
    for marks in (False, True):
        settings = Settings(effort="low", temperature=None, max_output_tokens=64, structured=True)
        body = Responses(settings, hosted=True, marks=marks).body(prompt, draws=1, seed=0)
        check("responses", {"model": "gpt-6.1-sol", "stream": True, **body})


@pytest.mark.parametrize(
    ("api", "body", "param"),
    [
        ("responses", {"input": "x", "n": 2}, "n"),
        ("responses", {"input": "x", "seed": 2}, "seed"),
        ("responses", {"input": "x", "stop": "a"}, "stop"),
        ("responses", {"input": "x", "temperature": 1}, "temperature"),
        ("responses", {"input": "x", "reasoning": {"effort": "none"}}, "reasoning.effort"),
        ("chat", {"messages": [], "n": 9}, "n"),
        ("chat", {"messages": [], "top_k": 9}, "top_k"),
        ("chat", {"messages": [], "stream_options": {"include_usage": True}}, "stream_options"),
        ("messages", {"messages": []}, "max_tokens"),
        ("messages", {"messages": [], "max_tokens": 9, "seed": 1}, "seed"),
        ("messages", {"messages": [], "max_tokens": 9, "temperature": 1}, None),
        ("messages", {"messages": [], "max_tokens": 9, "thinking": {"type": "enabled"}}, None),
    ],
)
def test_the_stub_refuses_what_hosted_apis_refuse(api, body, param):
    """With the parameter's name, where the real one gives it."""
    name = "claude-opus-5-5" if api == "messages" else "gpt-5"
    with pytest.raises(Refusal) as refused:
        check(api, {"model": name, **body})
    assert (refused.value.status, refused.value.param) == (400, param)
