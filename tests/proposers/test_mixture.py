"""Several proposers as one: draws in turn, no gap that anything waits for, one budget."""

from __future__ import annotations

import pytest

import llmerm
from llmerm.errors import ArgumentError
from llmerm.proposers.base import Proposer
from llmerm.proposers.mixture import MixtureProposer
from llmerm.proposers.scripted import ScriptedProposer
from llmerm.typing import Budget, Proposal, Usage

WRONG = "def f(x): return 2"
RIGHT = "def f(x): return x % 2"


class Breaks(Proposer):
    """Fails before its first draw."""

    name = "breaks"

    async def propose(self, train, k, seed):
        raise RuntimeError("it broke")
        yield Proposal(0)


def test_members_draw_in_turn_and_share_k(odd):
    """Draw i belongs to member i modulo their number; k counts all draws together."""
    first, second = ScriptedProposer([WRONG] * 9), ScriptedProposer([WRONG + "2"] * 9)
    result = llmerm.fit(odd, k=5, proposer=[first, second])
    sources = [candidate.source for candidate in result.candidates]
    assert sources == [WRONG, WRONG + "2", WRONG, WRONG + "2", WRONG]
    assert result.provenance.proposer == "scripted+scripted"
    assert (first.paid, second.paid) == ([0, 1, 2], [0, 1])


def test_a_member_that_ends_early_leaves_no_trace(odd):
    """Its missing draws are no candidates, and nothing waits for them."""
    mixture = MixtureProposer([ScriptedProposer([WRONG]), ScriptedProposer([WRONG] * 3 + [RIGHT])])
    result = llmerm.fit(odd, k=8, proposer=mixture)
    assert [candidate.draw for candidate in result.candidates] == [0, 1, 3, 5, 7]
    assert result.program.source == RIGHT
    assert result.certificate.count == 8


def test_a_mixture_resumes_member_by_member(odd, tmp_path):
    """Each member is told what it has already drawn, under its own numbers."""
    ledger = tmp_path / "l.sqlite"
    script = [ScriptedProposer([WRONG] * 9, usage=Usage(calls=1)) for _ in range(2)]
    llmerm.fit(odd, k=3, proposer=script, ledger=ledger)
    result = llmerm.fit(odd, k=6, proposer=script, ledger=ledger)
    assert [one.paid for one in script] == [[0, 1, 2], [0, 1, 2]]
    assert result.usage.calls == 6


def test_one_budget_holds_for_all_members(odd):
    """Calls of all members count."""
    script = [ScriptedProposer([WRONG] * 9, usage=Usage(calls=1)) for _ in range(2)]
    result = llmerm.fit(odd, k=9, proposer=script, budget=Budget(calls=4))
    assert result.usage.calls == 4
    assert "calls=4" in result.stopped


def test_a_member_that_breaks_is_an_error(odd):
    """Its error is raised as it is, not hidden behind the other's candidates."""
    with pytest.raises(RuntimeError, match="it broke"):
        llmerm.fit(odd, k=4, proposer=[ScriptedProposer([WRONG] * 4), Breaks()])


def test_one_proposer_is_no_mixture():
    """It says how many it takes."""
    with pytest.raises(ArgumentError, match="2 proposers or more, got 1"):
        MixtureProposer([ScriptedProposer([WRONG])])
