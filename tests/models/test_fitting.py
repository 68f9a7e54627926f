"""Whole fits beyond the common way: batches, rounds, mixtures, dollars, prompts too long."""

from __future__ import annotations

import pytest

import llmerm
from llmerm.errors import ArgumentError, ProposerError
from llmerm.proposers import ModelProposer, Price
from llmerm.proposers import batch as batches
from llmerm.typing import Budget

from .conftest import model_at
from .stub import RIGHT, Step, Stub, as_json

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

WRONG = as_json("def f(x):\n    return 0")


@pytest.fixture(autouse=True)
def quick_polls(monkeypatch):
    """Asks for a batch again at once."""
    waits = (0.01, 0.02)
    monkeypatch.setattr(batches.wait_for, "__kwdefaults__", {
        **batches.wait_for.__kwdefaults__, "first": waits[0], "longest": waits[1],
    })  # fmt: skip


@pytest.mark.parametrize("api", ["responses", "messages"])
def test_a_batch_gives_all_draws_and_is_found_again(stub, odd, tmp_path, api):
    """One submission, however often the run is made; what lies in the ledger costs nothing."""
    server = stub(default=Step(WRONG))
    proposer = ModelProposer(model_at(server, api), mode="batch")
    ledger = tmp_path / "l.sqlite"
    first = llmerm.fit(odd, k=6, proposer=proposer, ledger=ledger)
    assert [c.draw for c in first.candidates] == list(range(6))
    calls = server.log.calls
    again = llmerm.fit(odd, k=6, proposer=proposer, ledger=ledger)
    assert server.log.calls == calls
    assert [c.source for c in again.candidates] == [c.source for c in first.candidates]


def test_rounds_show_training_failures_alone(stub, odd):
    """The second round's prompt has the first draft and inputs of the training part only."""
    server = stub(*[Step(WRONG)] * 2, default=Step(as_json(RIGHT)))
    proposer = ModelProposer(model_at(server, "responses"), rounds=2)
    result = llmerm.fit(odd, k=4, proposer=proposer)
    assert result.verified
    first, second = str(server.log.bodies[0]), str(server.log.bodies[2])
    assert "An earlier draft is wrong on 20 of the 40 samples" in second
    assert "An earlier draft" not in first
    train, held_out = odd.split(0.5, seed=0)
    shown = second.partition("It fails, for instance, here:")[2]
    cases = [int(line.split(" -> ")[0]) for line in shown.split("\\n") if " -> " in line]
    assert cases
    assert set(cases) <= set(train.inputs)
    assert not set(cases) & set(held_out.inputs)


def test_a_budget_in_dollars_is_never_exceeded(stub, odd):
    """Each call may cost 1.3 cents at most, so three fit into four, whatever they turn out to be."""
    server = stub(default=Step(WRONG), latency=0.05)
    price = Price(1.0, 10.0)
    model = model_at(server, "responses", max_output_tokens=1000, price=price)
    result = llmerm.fit(odd, k=40, proposer=model, budget=Budget(usd=0.02))
    assert 0 < result.usage.usd <= 0.02
    assert "usd=0.02" in result.stopped
    assert result.usage.calls == server.log.calls < 40


def test_dollars_cannot_be_held_without_a_price(odd):
    """It says so before anything is called."""
    model = llmerm.proposers.OpenAI(
        "no-such-model", base_url="https://example.org/v1", api_key="none"
    )
    with pytest.raises(ArgumentError, match="no price is known"):
        llmerm.fit(odd, proposer=model, budget=Budget(usd=1.0))


def test_a_model_and_the_search_share_k(stub, odd):
    """The model's draws are even, the search's odd."""
    server = stub(default=Step(WRONG))
    result = llmerm.fit(odd, k=8, proposer=[model_at(server, "responses"), "enumerate"])
    assert result.verified
    assert result.best.draw % 2 == 1
    assert result.provenance.proposer == "openai:gpt-5+enumerate"


def test_a_prompt_that_is_too_long_says_how_many_samples_fit(stub):
    """The number that it names does fit."""
    samples = [("ab " * 400 + str(i), i % 2) for i in range(80)]
    server = stub()
    with pytest.raises(ProposerError, match=r"About (\d+) of the 40 samples fit") as told:
        llmerm.fit(samples, k=1, proposer=model_at(server, "chat", name="tiny"))
    fit = int(str(told.value).partition("About ")[2].split()[0])
    proposer = ModelProposer(model_at(server, "chat", name="tiny"), max_prompt_samples=fit)
    assert llmerm.fit(samples, k=1, proposer=proposer).usage.calls == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"rounds": 0}, "`rounds` must be an integer of at least 1"),
        ({"attempts": True}, "`attempts` must be an integer"),
        ({"mode": "slow"}, "`mode` must be 'live' or 'batch'"),
    ],
)
def test_options_out_of_range_are_refused(stub, options, says):
    """At once, with the value."""
    with pytest.raises(ArgumentError, match=says):
        ModelProposer(model_at(stub(), "chat"), **options)


@pytest.mark.parametrize("replies_per_call", [1, 2])
def test_what_a_budget_has_paid_for_is_judged(stub, odd, tmp_path, replies_per_call):
    """Replies that arrive together with the last affordable one are candidates, and kept."""
    server = stub(default=Step(WRONG), latency=0.2)
    model = model_at(server, "chat", replies_per_call=replies_per_call)
    options = {"k": 12, "budget": Budget(calls=4), "ledger": tmp_path / "l.sqlite"}
    result = llmerm.fit(odd, proposer=model, **options)
    assert server.log.calls == result.usage.calls == 4
    assert len(result.candidates) == 4 * replies_per_call
    again = llmerm.fit(odd, proposer=model, **options)
    assert server.log.calls == 4
    assert len(again.candidates) == 4 * replies_per_call


def test_calls_that_fail_together_do_not_wait_for_each_other(stub, odd):
    """Two attempts that no budget is left to repeat end the run; what was paid is its result."""
    server = stub(Step(WRONG), default=Step(fault="500"))
    result = llmerm.fit(odd, k=3, proposer=model_at(server, "chat"), budget=Budget(calls=3))
    assert server.log.calls == result.usage.calls == 3
    assert len(result.candidates) == 1
    assert "calls=3" in result.stopped


def test_a_mixture_of_models_counts_each_call_once(stub, odd):
    """As many calls and tokens as the server served, with draws numbered by the mixture."""
    server = stub(default=Step(WRONG), latency=0.1)
    models = [model_at(server, "chat"), model_at(server, "chat")]
    result = llmerm.fit(odd, k=6, proposer=models)
    assert len(result.candidates) == server.log.calls == result.usage.calls == 6
    assert result.usage.tokens_in == server.log.tokens_in


class Few(Stub):
    """A server that gives one reply a call, whatever it is asked for."""

    def texts(self, body, step):
        body["n"] = 1
        return super().texts(body, step)


@pytest.mark.parametrize("calls", [1, 3])
def test_a_server_that_gives_fewer_replies_is_called_within_the_budget(odd, calls):
    """Each further call is reserved like the first, and what was paid for is kept."""
    with Few(default=Step(WRONG)) as server:
        model = model_at(server, "chat", replies_per_call=8)
        result = llmerm.fit(odd, k=8, proposer=model, budget=Budget(calls=calls))
        assert server.log.calls == calls == len(result.candidates)


def test_a_server_that_asks_for_a_day_is_given_up(stub, odd):
    """At once, and the run goes on."""
    server = stub(Step(fault="429", after=86_400), default=Step(as_json(RIGHT)))
    result = llmerm.fit(odd, k=2, proposer=model_at(server, "responses"))
    assert [candidate.status for candidate in result.candidates] == ["failed", "scored"]
