"""Early stopping: the result is the one of exhaustive scoring, for less work."""

from __future__ import annotations

import random
import time
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import llmerm
from llmerm.incumbents import Incumbents
from llmerm.losses import ABSOLUTE, SQUARED, ZERO_ONE, average
from llmerm.program import Program
from llmerm.sandbox.base import CHUNK, Sandbox, Session
from llmerm.typing import Failed, Ran, Scored
from llmerm.verifier import ABANDONED, Verifier

SAMPLES = llmerm.Samples.of([(i, i % 2) for i in range(600)])


class Here(Sandbox):
    """Runs trusted sources in this process, a chunk at a time, each after a pause of its own.

    A source with the word "impure" predicts otherwise under another hash seed.
    """

    isolation = "none"

    def __init__(self, pauses: random.Random | None = None) -> None:
        self.pauses = pauses
        self.answers = 0

    def session(self, inputs, *, workers=1, hash_seed=0):
        return HereSession(self, inputs, hash_seed)


class HereSession(Session):
    def __init__(self, sandbox, inputs, hash_seed):
        self.sandbox, self.inputs, self.hash_seed = sandbox, inputs, hash_seed

    def run(self, source, *, subset=None, watch=None):
        names = {}
        exec(source, names)
        flip = "impure" in source and self.hash_seed
        answers = []
        for start in range(0, len(self.inputs), CHUNK):
            if self.sandbox.pauses:
                time.sleep(self.sandbox.pauses.choice([0, 0, 0.001]))
            answers += [names["f"](x) ^ bool(flip) for x in self.inputs[start : start + CHUNK]]
            if watch and len(answers) < len(self.inputs) and not watch(answers):
                self.sandbox.answers += len(answers)
                return Failed("abandoned")
        self.sandbox.answers += len(answers)
        return Ran(tuple(answers))

    def close(self):
        pass


@st.composite
def programs(draw: st.DrawFn) -> list[str]:
    """Programs that are wrong on a share of the inputs, evenly or on the large ones; some twice."""
    shapes = (
        "def f(x): return (x % 2) ^ (x * 7919 % 600 < {})",
        "def f(x): return (x % 2) ^ (x >= 600 - {})",
        "def f(x): return (x % 2) ^ (x < {})",
        "def f(x): return (x % 2) ^ (x * 7919 % 600 < {})  # impure",
        "def f(x): return (x % 2) ^ (x * 7919 % 600 < {}) + 0 * len('impure')",
    )
    size = st.sampled_from([0, 1, 2, 20, 40, 200, 600])
    one = st.builds(str.format, st.sampled_from(shapes), size)
    return draw(st.lists(one, min_size=1, max_size=8))


def fitted(sources, *, exhaustive=False, pauses=None, **options):
    box = Here(pauses)
    given = mock.patch("llmerm.algorithm.Incumbents", return_value=None)
    with given if exhaustive else mock.MagicMock():
        proposer = llmerm.ScriptedProposer(sources)
        result = llmerm.fit(SAMPLES, k=8, proposer=proposer, sandbox=box, **options)
    return result, box


def selected(result):
    if result.chosen is None:
        return None
    chosen = result.candidates[result.chosen]
    scores = chosen.train_error, chosen.held_out_error, chosen.verdict.behaviour
    return chosen.draw, chosen.source, scores


@settings(deadline=None, max_examples=60)
@given(
    sources=programs(),
    tolerance=st.sampled_from([0.0, 0.03, 0.2]),
    batch_size=st.sampled_from([1, 3]),
    held_out=st.sampled_from([0.1, 0.5, 0.9]),
    loss=st.sampled_from(["zero_one", "absolute", "squared"]),
    seed=st.integers(0, 3),
)
def test_same_as_exhaustive(sources, tolerance, batch_size, held_out, loss, seed):
    """The selected program, its errors, the certificate and the end of drawing are the same."""
    same = {"tolerance": tolerance, "batch_size": batch_size, "held_out": held_out, "loss": loss}
    full, _ = fitted(sources, exhaustive=True, seed=seed, **same)
    early, _ = fitted(sources, pauses=random.Random(seed), seed=seed, **same)
    assert selected(early) == selected(full)
    assert early.certificate == full.certificate
    assert early.stopped == full.stopped
    assert [c.draw for c in early.candidates] == [c.draw for c in full.candidates]


@settings(deadline=None, max_examples=25)
@given(sources=programs(), seeds=st.tuples(st.integers(0, 99), st.integers(100, 199)))
def test_timing_does_not_show(sources, seeds):
    """Which candidates count as abandoned does not depend on which ended first."""
    one, other = (fitted(sources, pauses=random.Random(seed))[0] for seed in seeds)
    assert [(c.verdict, c.duplicate_of) for c in one.candidates] == [
        (c.verdict, c.duplicate_of) for c in other.candidates
    ]


def wrong(share: int) -> str:
    return f"def f(x): return (x % 2) ^ (x * 7919 % 600 < {share})"


def test_less_is_run():
    """Of a loser one chunk is run, of a program that may still win all."""
    split, box = SAMPLES.split(0.5, seed=0), Here()
    with Verifier(box) as verifier:
        assert verifier.verify(Program(wrong(600)), *split, bar=lambda: 0.1) == ABANDONED
        assert box.answers == CHUNK
        assert isinstance(verifier.verify(Program(wrong(1)), *split, bar=lambda: 0.1), Scored)
        assert box.answers == CHUNK + len(SAMPLES)


def test_losers_say_why():
    """Each has failed, with one reason whether or not it ran to its end, and keeps no score."""
    sources = [wrong(1), *(wrong(share) for share in range(593, 600))]
    early, _ = fitted(sources)
    full, _ = fitted(sources, exhaustive=True)
    assert selected(early) == selected(full)
    assert [c.verdict for c in early.candidates[1:]] == 7 * [ABANDONED]
    assert {c.status for c in early.candidates[1:]} == {"failed"}
    assert all(isinstance(c.verdict, Scored) for c in full.candidates)


def test_an_impure_incumbent_costs_no_one_the_selection():
    """What lost against a program that turns out to be impure is scored after all."""
    sources = [wrong(1) + "  # impure", wrong(400), wrong(30), wrong(31)]
    early, _ = fitted(sources)
    full, _ = fitted(sources, exhaustive=True)
    assert early.candidates[0].verdict.reason == "impure"
    assert selected(early) == selected(full)
    assert early.program.source == wrong(30)


def test_the_real_sandbox(box):
    """In real processes the result is the same, too."""
    sources = [wrong(share) for share in (60, 400, 500, 30, 600, 2)]
    proposer = llmerm.ScriptedProposer(sources)
    early = llmerm.fit(SAMPLES, proposer=proposer, sandbox=box)
    full, _ = fitted(sources, exhaustive=True)
    assert selected(early) == selected(full)
    abandoned = [c.draw for c in early.candidates if c.verdict == ABANDONED]
    assert abandoned == [1, 2, 4]


@pytest.mark.parametrize("options", [{"held_out": 0.0}, {}])
def test_nothing_is_abandoned_without_need(options):
    """Not without a held-out part, and not where all answers come at once."""
    samples = SAMPLES if options else SAMPLES.take(range(CHUNK))
    proposer = llmerm.ScriptedProposer([wrong(1), wrong(600)])
    result = llmerm.fit(samples, proposer=proposer, sandbox=Here(), **options)
    assert all(isinstance(c.verdict, Scored) for c in result.candidates)


def test_verify_scores_every_program():
    """Who brings programs wants the errors of all of them."""
    result = llmerm.verify([wrong(1), wrong(600)], SAMPLES, sandbox=Here())
    assert [c.held_out_error for c in result.candidates] == [1 / 600, 1.0]


def test_the_bar():
    """It is the least error of earlier draws; later ones, failures and the tolerance do not lower it."""
    incumbents = Incumbents(SAMPLES.split(0.5, seed=0), 0.1)
    assert incumbents.bar(5) == float("inf")
    incumbents.add(3, Scored(0.0, 0.4, 1.0))
    incumbents.add(4, Failed("timeout"))
    incumbents.add(5, Scored(0.0, 0.2, 1.0))
    assert [incumbents.bar(draw) for draw in (3, 4, 5, 6)] == [float("inf"), 0.4, 0.4, 0.2]
    incumbents.add(6, Scored(0.0, 0.0, 1.0))
    assert incumbents.bar(7) == 0.1


@given(
    losses=st.lists(st.floats(0, allow_nan=False), min_size=1, max_size=30), cut=st.integers(0, 30)
)
def test_a_part_is_a_lower_bound(losses, cut):
    """The mean over the first losses never exceeds the mean over all, in floats as they are."""
    assert average(losses[:cut], len(losses)) <= average(losses, len(losses))


def test_losses_that_are_watched_are_not_negative():
    """The bound needs that, also where a program gives no prediction."""
    assert min(loss.failure for loss in (ZERO_ONE, ABSOLUTE, SQUARED)) >= 0
