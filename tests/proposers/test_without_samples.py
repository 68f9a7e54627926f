"""Every built-in proposer copes with an empty training part: it proposes less, and raises nothing."""

from __future__ import annotations

import asyncio

import pytest

from llmerm.proposers import Enumerate, MixtureProposer
from llmerm.proposers.guided import Guided
from llmerm.proposers.length_first import LengthFirst
from llmerm.proposers.prompt import render
from llmerm.proposers.random_grammar import RandomGrammar
from llmerm.proposers.scripted import ScriptedProposer
from llmerm.proposers.typed_prompt import typed_prompt
from llmerm.samples import Samples

NONE = Samples((), (), description="the parity of x")
SCRIPT = ScriptedProposer(["def f(x): return 0", "def f(x): return 1"])


@pytest.mark.parametrize(
    ("proposer", "programs"),
    [
        (Enumerate(), 0),
        (LengthFirst(), 0),
        (RandomGrammar(), 0),
        (SCRIPT, 2),
        (Guided(SCRIPT, drafts=2), 2),
        (MixtureProposer([Enumerate(), SCRIPT]), 2),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_what_needs_no_samples_is_proposed(proposer, programs):
    """Searches have nothing to search for; drafts that need no samples come all the same."""

    async def drawn():
        return [proposal async for proposal in proposer.propose(NONE, 4, 0)]

    assert sum(bool(proposal.source) for proposal in asyncio.run(drawn())) == programs


def test_a_prompt_without_samples_has_the_description():
    """And no line of a sample; a prompt that rests on a grammar needs the types of samples."""
    prompt = str(render(NONE, modules=["math"]))
    assert "What is known of the rule: the parity of x" in prompt
    assert "->" not in prompt
    assert typed_prompt(NONE) is None
