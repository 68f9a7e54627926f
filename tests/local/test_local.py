"""The local model: what its server really does with what it is sent. Nothing about its wits."""

from __future__ import annotations

import ast
import asyncio
import json
import os
import signal
import urllib.request
from dataclasses import replace

import pytest

import llmerm
from llmerm.proposers import Enumerate, Guided, engines
from llmerm.proposers.local import Local
from llmerm.proposers.model import Fault, Prompt, Request
from llmerm.proposers.model_proposer import ModelProposer
from llmerm.proposers.typed_prompt import TypedPrompt, typed_prompt
from llmerm.samples import Samples

from .conftest import CONTEXT, SLOTS, ended

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

BITS = Samples.of([(f"{i:06b}", i % 2) for i in range(40)]).described(
    "the last character of x, as an integer"
)
QUESTION = Prompt("", "Name ten colours.")


@pytest.fixture
def local(program, weights) -> Local:
    return Local(weights, program=program, context=CONTEXT, threads=1, replies_per_call=SLOTS)


def asked(model: Local, request: Request, began=lambda: None):
    """The replies to one request; the server is stopped at the end."""

    async def ask():
        try:
            return await model.ask(request, began)
        finally:
            await model.aclose()

    return asyncio.run(ask())


def test_every_reply_under_the_grammar_is_a_program_or_cut_off(local):
    """What ended by itself parses, and defines f with one return."""
    prompt = typed_prompt(BITS)
    replies = asked(local, Request(prompt, tuple(range(8)), seed=1))
    whole = [reply.text for reply in replies if reply.stop == "end"]
    assert len(replies) == 8
    assert whole
    for source in whole:
        function = ast.parse(source).body[-1]
        assert isinstance(function, ast.FunctionDef)
        assert function.name == "f"
        assert isinstance(function.body[0], ast.Return)


def test_a_draw_is_the_same_alone_and_among_others(program, weights):
    """Reply i of a call is seeded with the call's seed + i, so draw d is draw d in any company."""
    prompt = typed_prompt(BITS)
    options = {"program": program, "context": CONTEXT, "threads": 1}
    together = asked(Local(weights, **options), Request(prompt, (0, 1, 2, 3), seed=7))
    alone = asked(Local(weights, replies_per_call=1, **options), Request(prompt, (0, 1, 2, 3), 7))
    later = asked(Local(weights, **options), Request(prompt, (2, 3), seed=7))
    texts = [reply.text for reply in together]
    assert len(set(texts)) > 1
    assert [reply.text for reply in alone] == texts
    assert [reply.text for reply in later] == texts[2:]


def test_draws_that_are_no_neighbours_take_a_call_each(local):
    """A gap is no seed's loss: the replies are those of their own draws."""
    prompt = typed_prompt(BITS)
    first = asked(local, Request(prompt, (0, 1, 2, 3), seed=3))
    gaps = asked(local, Request(prompt, (0, 2, 3), seed=3))
    assert [reply.text for reply in gaps] == [first[d].text for d in (0, 2, 3)]
    assert sum(reply.usage.calls for reply in gaps) == 2


def test_what_was_written_is_counted_for_every_reply(local):
    """The server counts one reply of several; the usage counts all, and the prompt once."""
    replies = asked(local, Request(in_words(QUESTION), tuple(range(SLOTS))))
    usage = sum((reply.usage for reply in replies), llmerm.typing.Usage())
    texts = sum(len(reply.text.split()) for reply in replies)
    assert usage.calls == 1
    assert 5 < replies[0].usage.tokens_in < 100
    assert all(reply.usage.tokens_in == 0 for reply in replies[1:])
    assert usage.tokens_out >= texts > 2 * SLOTS
    assert usage.usd == 0


def in_words(prompt: Prompt) -> TypedPrompt:
    """The prompt with a grammar of words, so that replies are short."""
    grammar = 'root ::= ([a-z]{1,8} " "){4,12}\n'
    return TypedPrompt(prompt.system, prompt.shared, grammar=grammar)


def test_the_first_part_of_a_reply_says_that_the_prompt_is_read(local):
    """`began` is called once a call, before the replies are there."""
    calls = []
    asked(local, Request(typed_prompt(BITS), (0, 1)), lambda: calls.append(1))
    assert calls == [1]


def test_a_cancelled_call_ends_at_the_server(program, weights):
    """The slots are free soon after the task is cancelled, though a thousand tokens were asked."""
    local = Local(
        weights, program=program, context=4096, threads=1, grammar=False, max_output_tokens=3000
    )

    async def cancel():
        began = asyncio.Event()
        prompt = replace(in_words(QUESTION), grammar='root ::= ("a " | "b "){1900,1950}\n')
        task = asyncio.ensure_future(local.ask(Request(prompt, (0, 1)), began.set))
        waiting = asyncio.ensure_future(began.wait())
        await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
        assert not task.done()
        assert await busy(local) == 2
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(30):
            while await busy(local):
                await asyncio.sleep(0.1)
        await local.aclose()

    asyncio.run(cancel())


async def busy(local: Local) -> int:
    """How many slots of the server write a reply."""
    server = local._host.server
    request = urllib.request.Request(
        server.url.replace("/v1", "/slots"), headers={"Authorization": f"Bearer {server.key}"}
    )

    def look() -> int:
        with urllib.request.urlopen(request) as answer:
            return sum(slot["is_processing"] for slot in json.load(answer))

    return await asyncio.to_thread(look)


def test_a_grammar_that_the_server_does_not_take_is_an_error(local):
    """The server's own words are in the fault, and no retry is promised."""
    wrong = replace(typed_prompt(BITS), grammar="root ::= nothing\n")
    with pytest.raises(Fault, match="grammar") as told:
        asked(local, Request(wrong, (0,)))
    assert told.value.kind == "fatal"


@pytest.mark.parametrize(
    "data",
    [
        [("a b", "A"), ("Ab1", "B"), ("'\"\\z\n", "C")],
        [(10**20, True), (3, False)],
        [(1.5, 3.0), (2.5, 5.0), (-1.0, -2.0)],
        [([1, 2], [2, 1]), ([3, 4, 5], [5, 4, 3])],
        [({"a": 1, "it's": "u"}, "yes"), ({"a": 2, "it's": "v"}, "no")],
    ],
    ids=["text", "big", "float", "list", "row"],
)
def test_the_server_takes_the_grammar_of_every_kind_of_samples(local, data):
    """llama.cpp reads what we write, for each type of inputs and labels."""
    replies = asked(local, Request(typed_prompt(Samples.of(data)), (0,)))
    assert replies[0].text.startswith(("def f(x):\n    return ", "import", "from"))


def test_a_prompt_that_is_too_long_says_how_many_samples_fit(local):
    """The fault has the prompt's length and the context's, in tokens."""
    samples = Samples.of([(format(i, "060b"), i % 2) for i in range(100)])
    proposer = ModelProposer(local, prompt="fenced")
    with pytest.raises(llmerm.errors.ProposerError, match="fit") as told:
        llmerm.fit(samples, k=4, proposer=proposer)
    assert str(CONTEXT) in str(told.value)
    assert "max_prompt_samples" in str(told.value)


def test_a_server_that_was_killed_is_started_again_by_the_next_call(local):
    """The call that met the dead server is worth another try."""
    prompt = typed_prompt(BITS)

    async def twice():
        first = await local.ask(Request(prompt, (0,)), lambda: None)
        local._host.server.stop()
        second = await local.ask(Request(prompt, (0,)), lambda: None)
        await local.aclose()
        return first[0].text, second[0].text

    first, second = asyncio.run(twice())
    assert first == second


def test_a_server_that_dies_while_it_writes_is_worth_another_try(local):
    """The fault is transient, and has what the server wrote last."""

    async def kill():
        prompt = replace(in_words(QUESTION), grammar='root ::= ("a " | "b "){900,950}\n')
        began = asyncio.Event()
        task = asyncio.ensure_future(local.ask(Request(prompt, (0, 1)), began.set))
        waiting = asyncio.ensure_future(began.wait())
        await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
        assert not task.done()
        os.killpg(local._host.server.pid, signal.SIGKILL)
        with pytest.raises(Fault, match="local server ended") as told:
            await task
        await local.aclose()
        return told.value

    fault = asyncio.run(kill())
    assert fault.kind == "transient"
    assert len(str(fault)) > 100


def test_a_call_that_is_cancelled_while_the_model_loads_leaves_no_server_behind(tmp_path):
    """The server that nobody waits for any more is stopped, though it never answered."""
    program, model, pid = tmp_path / "server", tmp_path / "m.gguf", tmp_path / "pid"
    program.write_text(f"#!/bin/sh\necho $$ > {pid}.new && mv {pid}.new {pid}\nexec sleep 600\n")
    program.chmod(0o755)
    model.write_bytes(b"GGUF")
    local = Local(model, program=str(program))

    async def cancel():
        task = asyncio.ensure_future(local.ask(Request(QUESTION, (0,)), lambda: None))
        while not pid.exists():
            await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await local.aclose()

    asyncio.run(cancel())
    assert ended(int(pid.read_text()))


def test_a_fit_leaves_no_server_behind(local):
    """When the fit is over the server is stopped, and the run is in the result."""
    result = llmerm.fit(BITS, k=8, description=BITS.description, proposer=local, seed=0)
    assert local._host.server is None
    assert result.usage.calls == len(result.candidates) / SLOTS
    assert result.usage.tokens_out > 0


def test_its_drafts_steer_the_search(local):
    """Four drafts are its own and paid for; the server has ended before the search begins."""
    seen = []

    class Watched(Enumerate):
        def propose(self, train, k, seed):
            seen.append(local._host.server)
            return super().propose(train, k, seed)

    wrong = BITS.described("the number 7")
    guided = Guided(local, Watched(seconds=20), drafts=SLOTS)
    result = llmerm.fit(wrong, k=2 * SLOTS, proposer=guided)
    assert result.usage.calls == 1
    assert result.provenance.proposer == "local>enumerate"
    assert result.held_out_error == 0
    assert seen == [None] or len(result.candidates) <= SLOTS


def test_without_the_grammar_it_is_asked_as_any_other_model(local):
    """Its own prompt is None then, so the common one is taken."""
    assert Local(grammar=False).prompt(BITS, ("math",)) is None
    assert isinstance(local.prompt(BITS, ("math",)), TypedPrompt)


def test_labels_that_no_expression_has_leave_the_grammar_aside():
    """Dictionaries as labels: there is no typed prompt."""
    assert typed_prompt(Samples.of([(1, {"a": 1}), (2, {"a": 2}), (3, {"a": 3})])) is None


def test_a_missing_program_is_a_fault_that_says_what_to_do(monkeypatch):
    """Nothing is tried again: the message is that of the engine."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    with pytest.raises(llmerm.errors.ProposerError, match=r"pip install 'llmerm\[local\]'"):
        llmerm.fit(BITS, k=2, proposer="local")


def test_a_call_can_cost_no_more_than_was_said_before(local):
    """The bound is on the tokens in and out; it costs no money."""
    prompt = typed_prompt(BITS)
    bound = local.cost(prompt, SLOTS)
    replies = asked(local, Request(prompt, tuple(range(SLOTS))))
    spent = sum((reply.usage for reply in replies), llmerm.typing.Usage())
    assert 0 < spent.tokens_in <= bound.tokens_in
    assert 0 < spent.tokens_out <= bound.tokens_out
    assert bound.usd == spent.usd == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("replies_per_call", 0), ("context", 0), ("threads", -1), ("max_output_tokens", 0)],
)
def test_counts_below_one_are_refused(name, value):
    """The message has the name and the value."""
    with pytest.raises(llmerm.errors.ArgumentError, match=f"`{name}`.*{value}"):
        Local(**{name: value})
