"""Drafts steer the search: they are draws themselves, and their operators order what follows."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

import llmerm
from llmerm.errors import ArgumentError, ProposerError
from llmerm.proposers import Enumerate, Guided, resolve
from llmerm.proposers.base import Proposer
from llmerm.proposers.length_first import LengthFirst
from llmerm.samples import Samples
from llmerm.search import Grammar, operator_counts
from llmerm.typing import Budget, Failed, Proposal, Usage

BITS = [f"{i:07b}" for i in range(0, 128, 2)]
MIRRORED = Samples.of([(x, int(x == x[::-1])) for x in [*BITS, *(b + b[::-1] for b in BITS)]])
DRAFTS = ["def f(x): return x[::-1]", "def f(x):\n    return x.startswith('1'", "no Python"]
SEARCH = Enumerate(seconds=20, solvers=(), goal_directed=False)


class Silent(Proposer):
    """Makes no draw at all."""

    name = "silent"

    async def propose(self, train, k, seed):
        for proposal in ():
            yield proposal


class Breaks(Proposer):
    """Fails after its first draw."""

    name = "breaks"

    async def propose(self, train, k, seed):
        yield Proposal(0, "def f(x): return 0")
        raise RuntimeError("it broke")


def scripted(drafts=DRAFTS, **options) -> llmerm.ScriptedProposer:
    return llmerm.ScriptedProposer(drafts, **options)


def drawn(proposer: Proposer, train: Samples, k: int) -> list[Proposal]:
    async def read() -> list[Proposal]:
        return [proposal async for proposal in proposer.propose(train, k, 0)]

    return asyncio.run(read())


def test_the_drafts_are_the_first_draws_and_the_search_under_their_prior_the_others():
    """What follows is what `Enumerate` draws with the operators counted in the same sources."""
    found = drawn(Guided(scripted(), SEARCH, drafts=3), MIRRORED, 5)
    prior = operator_counts(Grammar.infer(MIRRORED), DRAFTS)
    same = Enumerate(seconds=20, solvers=(), goal_directed=False, prior=dict(prior))
    steered = drawn(same, MIRRORED, 2)
    assert prior["reverse"] == 1
    assert [proposal.draw for proposal in found] == [0, 1, 2, 3, 4]
    assert [proposal.source for proposal in found[:3]] == DRAFTS
    assert [proposal.source for proposal in found[3:]] == [p.source for p in steered]
    assert "x == x[::-1]" in found[3].source


def test_a_prior_that_saw_the_training_labels_prices_no_program():
    """The search's programs have no `prior_bits`, though those of the search alone have."""
    found = drawn(Guided(scripted(), SEARCH, drafts=3), MIRRORED, 4)
    assert [proposal.prior_bits for proposal in found] == [None] * 4
    assert drawn(SEARCH, MIRRORED, 1)[0].prior_bits is not None


def test_a_prior_of_the_search_itself_counts_as_well():
    """Its counts are added to those of the drafts."""
    search = Enumerate(seconds=20, solvers=(), goal_directed=False, prior={"reverse": 2.0})
    guided = Guided(scripted(), search, drafts=3)
    grammar = Grammar.infer(MIRRORED)
    counts = operator_counts(grammar, DRAFTS)
    assert guided._prior(grammar, DRAFTS) == {**counts, "reverse": counts["reverse"] + 2.0}


def test_a_right_draft_ends_the_run_before_the_search(odd):
    """Drafts are candidates like any other: here the second of three is the rule."""
    drafts = ["def f(x): return 7", "def f(x): return x & 1", "def f(x): return 0"]
    result = llmerm.fit(odd, proposer=Guided(scripted(drafts), drafts=3))
    assert result.program.source == drafts[1]
    assert len(result.candidates) == 2


def test_wrong_drafts_cost_draws_and_no_more(odd):
    """k is shared, the certificate pays for all of it, and failures keep their reasons."""
    script = [Failed("refused"), "def f(x): return 7"]
    guided = Guided(scripted(script, usage=Usage(calls=1)), Enumerate(seconds=5), drafts=2)
    result = llmerm.fit(odd, k=6, proposer=guided)
    assert str(result.candidates[0].verdict) == "refused"
    assert result.predict([10, 11]) == [0, 1]
    assert result.certificate.count == 6
    assert result.usage.calls == 2
    assert result.provenance.proposer == "scripted>enumerate"


def test_draws_that_the_model_lacks_are_no_candidates(odd):
    """One draft of four comes: the search's draws still start at four."""
    result = llmerm.fit(odd, k=8, proposer=Guided(scripted(["def f(x): return 7"]), drafts=4))
    assert [one.draw for one in result.candidates] == [0, 4]
    assert result.held_out_error == 0


def test_a_resumed_run_pays_no_draft_twice_and_draws_the_same(odd, tmp_path):
    """The kept drafts steer the search as they did."""
    ledger = tmp_path / "l.sqlite"
    script = scripted(["def f(x): return x % 3"] * 2)
    guided = Guided(script, Enumerate(seconds=20), drafts=2)
    first = llmerm.fit(odd, k=4, proposer=guided, ledger=ledger)
    again = llmerm.fit(odd, k=5, proposer=guided, ledger=ledger)
    fresh = llmerm.fit(odd, k=5, proposer=guided)
    assert script.paid == [0, 1, 0, 1]  # of the first fit and of the one without a ledger
    sources = [[one.proposal.source for one in r.candidates] for r in (first, again, fresh)]
    assert sources[0] == sources[1] == sources[2]


@pytest.mark.parametrize(
    ("model", "error", "words"),
    [(Breaks(), RuntimeError, "it broke"), (Silent(), ProposerError, "'silent' made no draft")],
    ids=["breaks", "silent"],
)
def test_a_model_that_fails_is_an_error(odd, model, error, words):
    """The search does not step in for it without a word."""
    with pytest.raises(error, match=words):
        llmerm.fit(odd, k=4, proposer=Guided(model, drafts=2))


def test_a_budget_that_the_drafts_use_up_ends_the_run(odd):
    """And the result says so."""
    script = scripted(["def f(x): return 7"] * 3, usage=Usage(calls=1))
    result = llmerm.fit(odd, k=9, proposer=Guided(script, drafts=3), budget=Budget(calls=2))
    assert len(result.candidates) == 2
    assert "calls=2" in result.stopped


def test_no_draw_left_for_the_search_is_an_error(odd):
    """The message has both numbers."""
    with pytest.raises(ArgumentError, match=r"k=8 .* 8 drafts"):
        llmerm.fit(odd, k=8, proposer=Guided(scripted()))


@pytest.mark.parametrize("drafts", [0, -1, 1.5, True])
def test_the_number_of_drafts_is_checked(drafts):
    """It is refused with its value."""
    with pytest.raises(ArgumentError, match=f"`drafts`.*{drafts}"):
        Guided(scripted(), drafts=drafts)


def test_it_is_known_by_name_and_says_what_it_is_made_of():
    """`guided:` takes the model's name; the forecast is the drafts' alone."""
    guided = resolve("guided:length_first").proposer
    assert isinstance(guided, Guided)
    assert guided.name == "length_first>enumerate"
    assert guided.parameters["drafts"] == 8
    assert guided.parameters["model"]["parameters"] == LengthFirst().parameters
    assert guided.priced
    with pytest.raises(ArgumentError, match="'guided' cannot be made"):
        resolve("guided")


def test_the_forecast_is_that_of_the_drafts():
    """The search costs nothing."""
    model = "openai:gpt-5"
    samples = [(i, i % 2) for i in range(80)]
    alone = llmerm.forecast(samples, k=8, proposer=model)
    guided = llmerm.forecast(samples, k=32, proposer=f"guided:{model}")
    assert guided.most == alone.most
    assert guided.most.calls == 8
    assert guided.prompt == alone.prompt


def test_closing_the_stream_ends_the_search():
    """The worker thread is gone soon after."""

    async def read_one() -> str:
        stream = Guided(scripted(), Enumerate(seconds=60), drafts=3).propose(MIRRORED, 9, 0)
        async for proposal in stream:
            if proposal.draw == 3:
                break
        await stream.aclose()
        return proposal.source

    assert "x[::-1]" in asyncio.run(read_one())
    deadline = time.monotonic() + 10
    while any(t.name == "llmerm-search" for t in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
