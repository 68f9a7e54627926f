"""The library's own searches as baselines: programs that run in the sandbox."""

from __future__ import annotations

import pytest

from llmerm import baselines, tasks
from llmerm.baselines import learned
from llmerm.errors import ProposerError
from llmerm.proposers.scripted import ScriptedProposer
from llmerm.typing import Failed, SampleError


@pytest.mark.parametrize("name", ["enumerate", "length_first"])
def test_a_short_rule_is_found_and_holds_at_other_lengths(name):
    """The parity of 20 bits is right on fresh strings of 20 and of 50."""
    samples = tasks.get("parity", n=20).sample(1200, seed=0)
    score = baselines.score(baselines.get(name), samples[:200], samples[200:])
    assert score.interpolates
    assert score.test_accuracy == 1.0
    longer = tasks.get("parity", n=50).sample(100, seed=0)
    predictor = baselines.get(name).fit(samples[:200])
    assert predictor.predict(longer.inputs) == list(longer.outputs)
    assert predictor.predict([]) == []


def test_a_program_that_raises_gives_errors_in_place_of_labels(odd):
    """The reason stays with the input; the others have their labels."""
    script = ScriptedProposer(["def f(x): return x % 2 if x < 100 else x[0]"])
    predictor = learned.learned(odd, script, k=1, held_out=0.5, seed=0)
    (one, wrong) = predictor.predict([3, 1000])
    assert one == 1
    assert isinstance(wrong, SampleError)
    assert wrong.kind == "TypeError"


def test_without_a_program_the_constant_is_left(odd):
    """Where no draw holds a program, or there is none, the best constant predicts."""
    for script in ([Failed("no_code")], []):
        predictor = learned.learned(odd, ScriptedProposer(script), k=1, held_out=0.5, seed=0)
        assert predictor.predict([1, 2]) == [0, 0]
    with pytest.raises(ProposerError):
        learned.fit_unattended(odd, 1, proposer=ScriptedProposer([]))
